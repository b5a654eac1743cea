import DescentLinearAlgebra

/// Limited-memory BFGS: a quasi-Newton direction from the last few steps.
///
/// d = −H∇f, where H is the BFGS approximation of the inverse Hessian built from the last m pairs s = xₖ₊₁ −
/// xₖ, y = ∇fₖ₊₁ − ∇fₖ, starting from (sᵀy / yᵀy) I, applied by the two-loop recursion in 4mn
/// multiplications. A pair with sᵀy ≤ ε yᵀy carries no curvature and is skipped. The first step of a run has
/// length min(1, 1/‖∇f‖₂), later ones are tried at 1. The choice for smooth functions of anything from two to
/// millions of parameters.
///
/// Source: Nocedal, Math. Comp. 35 (1980) 773; Liu and Nocedal, Math. Programming 45 (1989) 503.
public struct LBFGS<Search: LineSearch>: Minimizer {
    /// The number of pairs remembered, m.
    public let memory: Int

    /// How far to go along a direction; it has to see to the curvature condition.
    public var lineSearch: Search

    /// When to stop.
    public var stopping: StoppingRule

    /// L-BFGS with a line search of one's choice.
    ///
    /// - Precondition: `memory` ≥ 1.
    public init(memory: Int = 10, lineSearch: Search, stopping: StoppingRule = StoppingRule()) {
        precondition(memory >= 1, "LBFGS: a memory of \(memory) pairs is none")
        self.memory = memory
        self.lineSearch = lineSearch
        self.stopping = stopping
    }

    /// Minimizes an objective; see `Minimizer`.
    public func minimize<O: Objective>(
        _ objective: O, from start: [O.Scalar], observing observe: (MinimizerProgress<O.Scalar>) -> Void
    ) throws(MinimizerError) -> Solution<O.Scalar> {
        try minimize(objective, from: start, measuring: { largestMagnitude($0) }, observing: observe)
    }

    /// Minimizes an objective until its gradient is small in a measure of its own.
    ///
    /// - Parameter measure: Called with the gradient that was computed last, and no other.
    package func minimize<O: Objective>(
        _ objective: O, from start: [O.Scalar], measuring measure: ([O.Scalar]) -> Double,
        observing observe: (MinimizerProgress<O.Scalar>) -> Void
    ) throws(MinimizerError) -> Solution<O.Scalar> {
        try DescentLoop(search: lineSearch, stopping: stopping).run(
            ObjectiveEvaluator(objective), from: start, rule: LBFGSDirection(memory: memory),
            measuring: measure, observing: observe)
    }
}

extension LBFGS where Search == StrongWolfe {
    /// L-BFGS with Moré and Thuente's line search, c₁ = 10⁻³ and c₂ = 0.9.
    ///
    /// - Precondition: `memory` ≥ 1.
    public init(memory: Int = 10, stopping: StoppingRule = StoppingRule()) {
        self.init(memory: memory, lineSearch: StrongWolfe(), stopping: stopping)
    }
}

/// The two-loop recursion with its memory.
struct LBFGSDirection<Scalar: MatrixScalar>: DirectionRule {
    private(set) var history: CurvatureHistory<Scalar>

    init(memory: Int) {
        history = CurvatureHistory(capacity: memory)
    }

    var isFresh: Bool { history.isEmpty }

    mutating func restart() {
        history.removeAll()
    }

    mutating func choose(_ direction: inout [Scalar], at point: [Scalar], gradient: [Scalar]) {
        direction = gradient
        history.applyInverse(to: &direction)
        negate(&direction)
    }

    func firstStep(_ situation: DescentSituation) -> Double {
        history.isEmpty ? min(1, 1 / situation.directionNorm) : 1
    }

    mutating func learn(
        from point: [Scalar], _ gradient: [Scalar], to newPoint: [Scalar], _ newGradient: [Scalar]
    ) {
        history.append(from: point, gradient, to: newPoint, newGradient)
    }
}
