import DescentLinearAlgebra

/// What tells one line-search method from another: where to go next, and what it remembers.
protocol DirectionRule<Scalar> {
    associatedtype Scalar: MatrixScalar

    /// Overwrites `direction`; it need not be one of descent, the descent loop looks.
    mutating func choose(_ direction: inout [Scalar], at point: [Scalar], gradient: [Scalar])

    /// The step that the line search tries first.
    func firstStep(_ situation: DescentSituation) -> Double

    /// Learns from a step that was accepted.
    mutating func learn(
        from point: [Scalar], _ gradient: [Scalar], to newPoint: [Scalar], _ newGradient: [Scalar])

    /// Forgets everything; the next direction is the negative gradient or as good.
    mutating func restart()

    /// Whether the next direction would be the same after `restart()`.
    var isFresh: Bool { get }
}

/// What a rule may look at to choose its first step.
struct DescentSituation {
    /// f.
    var value: Double
    /// ∇f · d, negative.
    var slope: Double
    /// ‖d‖₂.
    var directionNorm: Double
    /// ‖x‖∞.
    var size: Double
    /// The step before, its slope and the value before it, if there was one.
    var previous: (step: Double, slope: Double, value: Double)?
}
