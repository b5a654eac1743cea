import DescentLinearAlgebra

/// Newton's method without the Hessian: the system is solved roughly, by conjugate gradients on Hessian
/// products.
///
/// The inner iteration stops at a residual of min(½, √‖∇f‖₂) ‖∇f‖₂, which makes the outer one superlinear, or
/// at a direction of negative curvature, where it keeps what it has. Memory of a few vectors; the choice for
/// many parameters and an objective with a cheap Hessian product.
///
/// Source: Dembo and Steihaug, Math. Programming 26 (1983) 190; Nocedal and Wright, 2nd ed., algorithm 7.1.
public struct NewtonCG<Search: LineSearch>: CurvatureMinimizer {
    /// How far to go along a direction.
    public var lineSearch: Search

    /// When to stop.
    public var stopping: StoppingRule

    /// The most products for one direction; twice the number of parameters if `nil`, where exact arithmetic
    /// needs one for each.
    public var maximumProducts: Int?

    /// Newton-CG with a line search of one's choice.
    public init(lineSearch: Search, stopping: StoppingRule = StoppingRule(), maximumProducts: Int? = nil) {
        self.lineSearch = lineSearch
        self.stopping = stopping
        self.maximumProducts = maximumProducts
    }

    /// Minimizes an objective; see `CurvatureMinimizer`.
    public func minimize<O: HessianObjective>(
        _ objective: O, from start: [O.Scalar], observing observe: (MinimizerProgress<O.Scalar>) -> Void
    ) throws(MinimizerError) -> Solution<O.Scalar> {
        let evaluator = ObjectiveEvaluator(objective)
        let rule = TruncatedNewtonDirection(evaluator, limit: maximumProducts ?? 2 * start.count)
        return try DescentLoop(search: lineSearch, stopping: stopping).run(
            evaluator, from: start, rule: rule, observing: observe)
    }
}

extension NewtonCG where Search == StrongWolfe {
    /// Newton-CG with Moré and Thuente's line search.
    public init(stopping: StoppingRule = StoppingRule(), maximumProducts: Int? = nil) {
        self.init(
            lineSearch: StrongWolfe(decrease: 1e-4), stopping: stopping, maximumProducts: maximumProducts)
    }
}

struct TruncatedNewtonDirection<O: HessianObjective>: DirectionRule {
    let evaluator: ObjectiveEvaluator<O>
    let limit: Int
    private(set) var isFresh = false

    init(_ evaluator: ObjectiveEvaluator<O>, limit: Int) {
        self.evaluator = evaluator
        self.limit = limit
    }

    mutating func restart() {
        isFresh = true
    }

    mutating func choose(_ direction: inout [O.Scalar], at point: [O.Scalar], gradient: [O.Scalar]) {
        if isFresh {
            direction = gradient
            negate(&direction)
            return
        }
        let step = conjugateGradientStep(
            evaluator, at: point, gradient: gradient, radius: .infinity, limit: limit)
        direction = step.vector
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
