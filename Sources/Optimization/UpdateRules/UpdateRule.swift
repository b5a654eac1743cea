import DescentLinearAlgebra

/// How a gradient becomes a step: gradient descent, momentum, Adam….
///
/// A rule is an immutable bundle of hyperparameters. What it remembers between steps is a separate value, a
/// `RuleState`, that can be saved and restored. One call of `update` is one pass over memory, from parameters,
/// gradient and state to new parameters and state, and allocates nothing on one thread. The steps of the adaptive rules
/// spread vectors of 65,536 parameters and more over the threads there are, subnormal numbers being zero then; the bits do
/// not depend on how many there are.
///
/// Rules are composed by wrapping: `Adam().clipping(norm: 1)` is a rule again. The outermost wrapper sees the
/// gradient first, so `rule.clipping(norm: 1).addingNoise(…)` clips the noisy gradient.
public protocol UpdateRule: Codable, Equatable, Sendable {
    /// The step size, η.
    var learningRate: Double { get set }

    /// The names of the vectors the rule remembers between steps, each as long as the parameters.
    ///
    /// A wrapper names its own; those of the rule inside are in `RuleState.inner`.
    var slots: [String] { get }

    /// The memory of a rule that has not taken a step; every slot is zero unless the rule says otherwise.
    func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar>

    /// Takes one step.
    ///
    /// - Parameters:
    ///   - parameters: θ, changed in place.
    ///   - gradient: The gradient at θ, as long as the parameters.
    ///   - state: The rule's memory, made by `initialState(parameterCount:)` and changed in place.
    func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>)

    /// The point that training has come to: θ, or of a rule that averages its points their average.
    ///
    /// - Parameters:
    ///   - parameters: θ, as the last step left it.
    ///   - state: The rule's memory.
    func result<Scalar: MatrixScalar>(_ parameters: [Scalar], in state: RuleState<Scalar>) -> [Scalar]

    /// Whether `result` is another point than θ.
    var averages: Bool { get }
}

extension UpdateRule {
    /// The memory of a rule that has not taken a step: every slot zero.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar> {
        RuleState(slotCount: slots.count, parameterCount: parameterCount)
    }

    /// θ itself.
    public func result<Scalar: MatrixScalar>(_ parameters: [Scalar], in state: RuleState<Scalar>) -> [Scalar]
    {
        parameters
    }

    /// No.
    public var averages: Bool { false }

    /// The memory of a rule that has not taken a step, for parameters of a given type.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int, of type: Scalar.Type) -> RuleState<
        Scalar
    > {
        initialState(parameterCount: parameterCount)
    }

    /// Takes one step with parameters and gradient that are arrays.
    ///
    /// - Parameters:
    ///   - parameters: θ, changed in place.
    ///   - gradient: The gradient at θ, as long as the parameters.
    ///   - state: The rule's memory, made by `initialState(parameterCount:)` and changed in place.
    @inlinable
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout [Scalar], gradient: [Scalar], state: inout RuleState<Scalar>
    ) {
        var span = parameters.mutableSpan
        update(&span, gradient: gradient.span, state: &state)
    }

    /// Takes one step with the first `count` parameters; the others stay as they are.
    @inlinable
    package func update<Scalar: MatrixScalar>(
        _ parameters: inout [Scalar], gradient: [Scalar], first count: Int, state: inout RuleState<Scalar>
    ) {
        parameters.withUnsafeMutableBufferPointer { θ in
            var span = UnsafeMutableBufferPointer(rebasing: θ[..<count]).mutableSpan
            update(&span, gradient: gradient.span.extracting(first: count), state: &state)
        }
    }

    /// Checks that the vectors of a step belong together and counts the step; the start of every rule's `update`.
    @inline(__always)
    func begin<Scalar>(
        _ parameters: borrowing MutableSpan<Scalar>, _ gradient: Span<Scalar>,
        _ state: inout RuleState<Scalar>
    ) {
        precondition(
            parameters.count == gradient.count,
            "\(Self.self): \(parameters.count) parameters, but a gradient of \(gradient.count)")
        let (count, names) = (parameters.count, slots)
        precondition(
            state.fits(slotCount: names.count, parameterCount: count),
            """
            \(Self.self): a state of \(state.slots.count) slots of \(state.slots.map(\.count)) numbers does not \
            belong to \(count) parameters and the slots \(names)
            """)
        state.step += 1
    }
}
