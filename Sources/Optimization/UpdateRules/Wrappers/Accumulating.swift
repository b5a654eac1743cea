import DescentLinearAlgebra

/// A rule that steps once in k gradients, along their mean.
///
/// So a batch that does not fit into memory is computed in k parts. Each part has the same weight; where the last batch
/// of an epoch is shorter, its examples weigh more. `optax.MultiSteps` does the same.
public struct Accumulating<Rule: UpdateRule>: UpdateRule {
    /// The rule that takes the step.
    public var rule: Rule

    /// The number of gradients a step, k.
    public let count: Int

    /// A rule that steps once in so many gradients.
    public init(_ rule: Rule, over count: Int) {
        precondition(count >= 1, "Accumulating: a step over \(count) gradients; at least one is needed")
        self.rule = rule
        self.count = count
    }

    /// The step size of the rule inside.
    public var learningRate: Double {
        get { rule.learningRate }
        set { rule.learningRate = newValue }
    }

    /// The vectors that the rule remembers.
    public var slots: [String] { gradientSumSlot }

    /// The memory of a rule that has not taken a step.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar> {
        RuleState(
            slotCount: 1, parameterCount: parameterCount,
            inner: [rule.initialState(parameterCount: parameterCount)])
    }

    /// That of the rule inside.
    public func result<Scalar: MatrixScalar>(_ parameters: [Scalar], in state: RuleState<Scalar>) -> [Scalar]
    {
        rule.result(parameters, in: state.inner[0])
    }

    /// Whether the rule inside does.
    public var averages: Bool { rule.averages }

    /// Takes in one gradient, and takes a step if it is the last of its group; see `UpdateRule`.
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        let place = (state.step - 1) % count
        // The mean so far, the first gradient overwriting the group before.
        accumulate(&state.slots[0], gradient, share: 1 / Double(place + 1))
        guard place == count - 1 else { return }
        var mean: [Scalar] = []
        swap(&mean, &state.slots[0])
        rule.update(&parameters, gradient: mean.span, state: &state.inner[0])
        swap(&mean, &state.slots[0])
    }
}

private let gradientSumSlot = ["gradientMean"]

/// a ← a + (x − a) · share; with a share of 1, x whatever a was.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func accumulate<Scalar: MatrixScalar>(_ average: inout [Scalar], _ x: Span<Scalar>, share: Double) {
    var average = average.mutableSpan
    if share == 1 {
        sweep(&average, x) { a, x in a = x }
    } else {
        let share = Scalar(share)
        sweep(&average, x) { a, x in a += share * (x - a) }
    }
}

extension UpdateRule {
    /// This rule, stepping once in so many gradients, along their mean.
    public func accumulating(over count: Int) -> Accumulating<Self> { Accumulating(self, over: count) }
}
