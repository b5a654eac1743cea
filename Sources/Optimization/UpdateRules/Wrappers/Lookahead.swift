import DescentLinearAlgebra

/// A rule that, every k steps, goes back part of the way it came.
///
/// Slow parameters φ begin at the start. After every k steps of the rule inside, φ ← φ + α (θ − φ) and θ ← φ.
///
/// Zhang, Lucas, Hinton and Ba, *Lookahead Optimizer: k steps forward, 1 step back*, NeurIPS 2019.
public struct Lookahead<Rule: UpdateRule>: UpdateRule {
    /// The rule that takes the steps.
    public var rule: Rule

    /// The number of steps between two looks, k.
    public var period: Int

    /// The share of the way that is kept, α.
    public var share: Double

    /// A rule that goes back part of the way.
    public init(_ rule: Rule, every period: Int, keeping share: Double) {
        precondition(period >= 1, "Lookahead: a look every \(period) steps")
        precondition(share > 0 && share <= 1, "Lookahead: a share of \(share) is not above 0 and at most 1")
        self.rule = rule
        self.period = period
        self.share = share
    }

    /// The step size of the rule inside.
    public var learningRate: Double {
        get { rule.learningRate }
        set { rule.learningRate = newValue }
    }

    /// The vectors that the rule remembers.
    public var slots: [String] { slowSlot }

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

    /// Takes one step; see `UpdateRule`.
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        if state.step == 1 { accumulate(&state.slots[0], parameters.span, share: 1) }
        rule.update(&parameters, gradient: gradient, state: &state.inner[0])
        guard state.step % period == 0 else { return }
        accumulate(&state.slots[0], parameters.span, share: share)
        assign(state.slots[0], to: &parameters)
    }
}

private let slowSlot = ["slowParameters"]

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func assign<Scalar: MatrixScalar>(_ source: [Scalar], to target: inout MutableSpan<Scalar>) {
    sweep(&target, source.span) { t, s in t = s }
}

extension UpdateRule {
    /// This rule, going back part of the way it came every so many steps; see `Lookahead`.
    public func lookingAhead(every period: Int = 6, keeping share: Double = 0.5) -> Lookahead<Self> {
        Lookahead(self, every: period, keeping: share)
    }
}
