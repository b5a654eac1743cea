import DescentLinearAlgebra

/// Newton's method with a line search: solve ∇²f d = −∇f, then go along d.
///
/// Quadratic convergence near a minimum; n² numbers of memory and n³/3 operations an iteration, so for up to
/// a few thousand parameters. Where the Hessian is not positive definite its eigenvalues are replaced by
/// their absolute values (at least √ε times the largest), so that d always leads downhill and away from
/// saddles.
///
/// Source: Nocedal and Wright, Numerical Optimization, 2nd ed., section 3.4; the absolute values as in
/// Greenstadt, Math. Comp. 21 (1967) 360.
public struct Newton<Search: LineSearch>: CurvatureMinimizer {
    /// How far to go along a direction.
    public var lineSearch: Search

    /// When to stop.
    public var stopping: StoppingRule

    /// Newton's method with a line search of one's choice.
    public init(lineSearch: Search, stopping: StoppingRule = StoppingRule()) {
        self.lineSearch = lineSearch
        self.stopping = stopping
    }

    /// Minimizes an objective; see `CurvatureMinimizer`.
    public func minimize<O: HessianObjective>(
        _ objective: O, from start: [O.Scalar], observing observe: (MinimizerProgress<O.Scalar>) -> Void
    ) throws(MinimizerError) -> Solution<O.Scalar> {
        let evaluator = ObjectiveEvaluator(objective)
        return try DescentLoop(search: lineSearch, stopping: stopping).run(
            evaluator, from: start, rule: NewtonDirection(evaluator), observing: observe)
    }
}

extension Newton where Search == StrongWolfe {
    /// Newton's method with Moré and Thuente's line search, which rarely needs more than the full step.
    public init(stopping: StoppingRule = StoppingRule()) {
        self.init(lineSearch: StrongWolfe(decrease: 1e-4), stopping: stopping)
    }
}

/// −H⁻¹∇f, or the negative gradient after a step that failed.
struct NewtonDirection<O: HessianObjective>: DirectionRule {
    let evaluator: ObjectiveEvaluator<O>
    private(set) var isFresh = false

    init(_ evaluator: ObjectiveEvaluator<O>) {
        self.evaluator = evaluator
    }

    mutating func restart() {
        isFresh = true
    }

    mutating func choose(_ direction: inout [O.Scalar], at point: [O.Scalar], gradient: [O.Scalar]) {
        if !isFresh, let hessian = PositiveDefiniteHessian(evaluator.hessian(at: point)),
            let solved = hessian.solve(gradient)
        {
            direction = solved
        } else {
            isFresh = true
            direction = gradient
        }
        negate(&direction)
    }

    func firstStep(_ situation: DescentSituation) -> Double {
        isFresh ? min(1, 1 / situation.directionNorm) : 1
    }

    mutating func learn(
        from point: [O.Scalar], _ gradient: [O.Scalar], to newPoint: [O.Scalar], _ newGradient: [O.Scalar]
    ) {
        isFresh = false
    }
}
