import DescentLinearAlgebra

/// What an update rule remembers between steps.
public struct RuleState<Scalar: MatrixScalar>: Codable, Equatable, Sendable {
    /// The number of steps taken.
    public var step: Int

    /// The rule's vectors, in the order of its `slots`; each as long as the parameters.
    public var slots: [[Scalar]]

    /// The state before the first step: every slot zero.
    public init(slotCount: Int, parameterCount: Int) {
        step = 0
        slots = Array(repeating: Array(repeating: 0, count: parameterCount), count: slotCount)
    }
}
