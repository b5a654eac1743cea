import DescentLinearAlgebra

/// Gradient descent with a line search: x ← x − α∇f, with α chosen anew at each step.
///
/// Linear convergence at the rate of the condition number: it is here to compare with, and for functions
/// whose gradient is too rough for a method that remembers. (The update rule with a fixed rate is
/// `GradientDescent`.) The first trial promises the same decrease as the step before gave.
///
/// Source: Nocedal and Wright, Numerical Optimization, 2nd ed., equation 3.60.
public struct SteepestDescent<Search: LineSearch>: Minimizer {
    /// How far to go.
    public var lineSearch: Search

    /// When to stop.
    public var stopping: StoppingRule

    /// Gradient descent with a line search of one's choice.
    public init(lineSearch: Search, stopping: StoppingRule = StoppingRule()) {
        self.lineSearch = lineSearch
        self.stopping = stopping
    }

    /// Minimizes an objective; see `Minimizer`.
    public func minimize<O: Objective>(
        _ objective: O, from start: [O.Scalar], observing observe: (MinimizerProgress<O.Scalar>) -> Void
    ) throws(MinimizerError) -> Solution<O.Scalar> {
        try DescentLoop(search: lineSearch, stopping: stopping).run(
            ObjectiveEvaluator(objective), from: start, rule: SteepestDirection<O.Scalar>(),
            observing: observe)
    }
}

extension SteepestDescent where Search == Backtracking {
    /// Gradient descent with backtracking.
    public init(stopping: StoppingRule = StoppingRule()) {
        self.init(lineSearch: Backtracking(), stopping: stopping)
    }
}

struct SteepestDirection<Scalar: MatrixScalar>: DirectionRule {
    var isFresh: Bool { true }

    mutating func restart() {}

    mutating func choose(_ direction: inout [Scalar], at point: [Scalar], gradient: [Scalar]) {
        direction = gradient
        negate(&direction)
    }

    func firstStep(_ situation: DescentSituation) -> Double {
        guard let previous = situation.previous else { return min(1, 1 / situation.directionNorm) }
        // Twice the last decrease over the slope, or twice the last step: enough to grow again, not to
        // overshoot far.
        let matching = 2.02 * (situation.value - previous.value) / situation.slope
        return matching > 0 ? min(matching, 10 * previous.step) : previous.step
    }

    mutating func learn(
        from point: [Scalar], _ gradient: [Scalar], to newPoint: [Scalar], _ newGradient: [Scalar]
    ) {}
}
