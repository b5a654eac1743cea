import DescentLinearAlgebra

/// How a gradient becomes a step: gradient descent, momentum, Adam….
///
/// A rule is an immutable bundle of hyperparameters. What it remembers between steps is a separate value, a
/// `RuleState`, that can be saved and restored. One call of `update` is one pass over memory, from parameters,
/// gradient and state to new parameters and state.
public protocol UpdateRule: Codable, Equatable, Sendable {
    /// The step size, η.
    var learningRate: Double { get set }

    /// The names of the vectors the rule remembers between steps, each as long as the parameters.
    var slots: [String] { get }

    /// Takes one step.
    ///
    /// - Parameters:
    ///   - parameters: θ, changed in place.
    ///   - gradient: The gradient at θ, as long as the parameters.
    ///   - state: The rule's memory, made by `initialState(parameterCount:)` and changed in place.
    func update<Scalar: MatrixScalar>(
        _ parameters: inout [Scalar], gradient: [Scalar], state: inout RuleState<Scalar>)
}

extension UpdateRule {
    /// The memory of a rule that has not taken a step: every slot zero.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int, of type: Scalar.Type = Scalar.self)
        -> RuleState<Scalar>
    {
        RuleState(slotCount: slots.count, parameterCount: parameterCount)
    }

    /// Checks that the vectors of a step belong together; part of every rule's `update`.
    @inlinable
    func checkShapes<Scalar>(_ parameters: [Scalar], _ gradient: [Scalar], _ state: RuleState<Scalar>) {
        precondition(
            parameters.count == gradient.count,
            "\(Self.self): \(parameters.count) parameters, but a gradient of \(gradient.count)")
        precondition(
            state.slots.count == slots.count && state.slots.allSatisfy { $0.count == parameters.count },
            """
            \(Self.self): a state of \(state.slots.count) slots of \(state.slots.map(\.count)) numbers does not \
            belong to \(parameters.count) parameters and the slots \(slots)
            """)
    }
}
