import DescentLinearAlgebra

/// Something done to a gradient, or to the parameters, before a rule takes its step: clipping, decay, noise.
///
/// A plain value, like a rule. Put in front of a rule it makes a rule again; see `Preceded`.
public protocol GradientStep: Codable, Equatable, Sendable {
    /// The generator that the step's random numbers begin with; `nil` if it draws none.
    var generator: RandomGenerator? { get }

    /// Does the step.
    ///
    /// - Parameters:
    ///   - gradient: What the rule would see.
    ///   - output: Room for the changed gradient, as long as the gradient.
    ///   - parameters: θ, as long as the gradient.
    ///   - learningRate: η, that of the rule behind.
    ///   - state: The count of steps, this one included, and the generator.
    /// - Returns: Whether the rule is to take the gradient from `output`; if not, it is `gradient` as it stands.
    func apply<Scalar: MatrixScalar>(
        to gradient: Span<Scalar>, output: inout MutableSpan<Scalar>, parameters: inout MutableSpan<Scalar>,
        learningRate: Double, state: inout RuleState<Scalar>
    ) -> Bool
}

extension GradientStep {
    /// No random numbers.
    public var generator: RandomGenerator? { nil }
}

/// A rule with a step in front of it; a rule again.
///
/// Made by methods of the rule, such as `clipping(norm:)`. What is added last sees the gradient first:
/// `Adam().clipping(norm: 1).addingNoise(gaussian: 0.1)` clips the noisy gradient.
///
/// The state of the rule is `inner[0]` of this one's. The changed gradient needs one more vector of memory, which is
/// asked for at the first step and is not saved.
public struct Preceded<Step: GradientStep, Rule: UpdateRule>: UpdateRule {
    /// What is done first.
    public var step: Step

    /// The rule behind.
    public var rule: Rule

    /// A rule behind a step.
    public init(_ step: Step, before rule: Rule) {
        self.step = step
        self.rule = rule
    }

    /// The step size of the rule behind.
    public var learningRate: Double {
        get { rule.learningRate }
        set { rule.learningRate = newValue }
    }

    /// None of its own.
    public var slots: [String] { [] }

    /// The memory of a rule that has not taken a step.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar> {
        RuleState(
            slotCount: 0, parameterCount: parameterCount, generator: step.generator,
            inner: [rule.initialState(parameterCount: parameterCount)])
    }

    /// That of the rule behind.
    public func result<Scalar: MatrixScalar>(_ parameters: [Scalar], in state: RuleState<Scalar>) -> [Scalar]
    {
        rule.result(parameters, in: state.inner[0])
    }

    /// Whether the rule behind does.
    public var averages: Bool { rule.averages }

    /// Takes one step; see `UpdateRule`.
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        var changed = state.workspace.take(count: parameters.count)
        var output = changed.mutableSpan
        let isChanged = step.apply(
            to: gradient, output: &output, parameters: &parameters, learningRate: learningRate, state: &state)
        if isChanged {
            rule.update(&parameters, gradient: changed.span, state: &state.inner[0])
        } else {
            rule.update(&parameters, gradient: gradient, state: &state.inner[0])
        }
        swap(&changed, &state.workspace.values)
    }
}

extension Preceded: CustomStringConvertible {
    /// The rule, and what stands before it.
    public var description: String { "\(step), then \(rule)" }
}
