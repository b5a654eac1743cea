import DescentLinearAlgebra

/// Nonlinear conjugate gradients: d ← −∇f + β d, with memory of one direction only.
///
/// Slower than L-BFGS per value as a rule, but it needs four vectors instead of twenty-four.
public struct ConjugateGradient<Search: LineSearch>: Minimizer {
    /// The formula for β.
    public var formula: ConjugateGradientFormula

    /// How far to go along a direction.
    public var lineSearch: Search

    /// When to stop.
    public var stopping: StoppingRule

    /// Conjugate gradients with a line search of one's choice.
    public init(
        formula: ConjugateGradientFormula = .polakRibierePlus, lineSearch: Search,
        stopping: StoppingRule = StoppingRule()
    ) {
        self.formula = formula
        self.lineSearch = lineSearch
        self.stopping = stopping
    }

    /// Minimizes an objective; see `Minimizer`.
    public func minimize<O: Objective>(
        _ objective: O, from start: [O.Scalar], observing observe: (MinimizerProgress<O.Scalar>) -> Void
    ) throws(MinimizerError) -> Solution<O.Scalar> {
        try DescentLoop(search: lineSearch, stopping: stopping).run(
            ObjectiveEvaluator(objective), from: start, rule: ConjugateDirection(formula: formula),
            observing: observe)
    }
}

extension ConjugateGradient where Search == StrongWolfe {
    /// Polak and Ribière's formula with a line search that is accurate enough for it, c₂ = 0.1.
    public init(stopping: StoppingRule = StoppingRule()) {
        self.init(
            formula: .polakRibierePlus, lineSearch: StrongWolfe(decrease: 1e-4, curvature: 0.1),
            stopping: stopping)
    }
}

/// The direction of conjugate gradients, with the one before.
struct ConjugateDirection<Scalar: MatrixScalar>: DirectionRule {
    let formula: ConjugateGradientFormula
    private var last: [Scalar] = []
    private var beta = 0.0

    init(formula: ConjugateGradientFormula) {
        self.formula = formula
    }

    var isFresh: Bool { beta == 0 }

    mutating func restart() {
        beta = 0
    }

    mutating func choose(_ direction: inout [Scalar], at point: [Scalar], gradient: [Scalar]) {
        // The buffer still holds the direction of the step before.
        if beta == 0 {
            direction = gradient
            negate(&direction)
        } else {
            combine(gradient, times: -1, with: &direction, times: beta)
        }
        last = direction
    }

    func firstStep(_ situation: DescentSituation) -> Double {
        guard let previous = situation.previous else { return min(1, 1 / situation.directionNorm) }
        // The step that changes the value as the last one did to first order.
        return min(previous.step * previous.slope / situation.slope, 10 * previous.step)
    }

    mutating func learn(
        from point: [Scalar], _ gradient: [Scalar], to newPoint: [Scalar], _ newGradient: [Scalar]
    ) {
        let newSquared = dot(newGradient, newGradient)
        let squared = dot(gradient, gradient)
        let product = dot(newGradient, gradient)
        switch formula {
        case .fletcherReeves:
            beta = abs(product) >= 0.2 * newSquared ? 0 : newSquared / squared
        case .polakRibierePlus:
            beta = abs(product) >= 0.2 * newSquared ? 0 : max(0, (newSquared - product) / squared)
        case .hagerZhang:
            // dᵀy, yᵀg₊, ‖y‖² and dᵀg₊, all from inner products of what is at hand.
            let descent = dot(last, newGradient)
            let curvature = descent - dot(last, gradient)
            let changeSquared = newSquared - 2 * product + squared
            let raw = (newSquared - product - 2 * changeSquared * descent / curvature) / curvature
            let floor = -1 / (dot(last, last).squareRoot() * min(0.01, squared.squareRoot()))
            beta = max(raw, floor)
        }
        if !beta.isFinite { beta = 0 }
    }
}
