import DescentLinearAlgebra

/// Which points on the way go into an average.
public enum Averaging: Codable, Equatable, Sendable {
    /// The mean of the points after step `from` and after every `every`-th step from there on.
    ///
    /// Every point from some step on is Polyak's and Ruppert's averaging; one an epoch, late, is stochastic weight
    /// averaging.
    case mean(from: Int, every: Int)

    /// a ← δ a + (1 − δ) θ after each step, beginning with the point after the first.
    case exponential(decay: Double)

    /// The mean of every point after the steps `from`, `from` + 1…: Polyak and Ruppert.
    ///
    /// Polyak and Juditsky, *Acceleration of Stochastic Approximation by Averaging*, SIAM J. Control Optim. 30, 1992.
    public static func polyakRuppert(from: Int = 1) -> Averaging { .mean(from: from, every: 1) }

    /// The mean of a point every so many steps: SWA.
    ///
    /// Izmailov et al., *Averaging Weights Leads to Wider Optima and Better Generalization*, UAI 2018.
    public static func stochasticWeights(from: Int, every: Int) -> Averaging {
        .mean(from: from, every: every)
    }
}

/// A rule that keeps an average of its points beside them.
///
/// The path is that of the rule inside; the average is asked for with `averagedParameters(in:)`. Best put outermost.
///
/// `torch.optim.swa_utils.AveragedModel` computes the same averages.
public struct Averaged<Rule: UpdateRule>: UpdateRule {
    /// The rule that takes the steps.
    public var rule: Rule

    /// Which points go into the average.
    public var averaging: Averaging

    /// A rule with an average of its points.
    public init(_ rule: Rule, _ averaging: Averaging) {
        switch averaging {
        case .mean(let from, let every):
            precondition(
                from >= 1 && every >= 1, "Averaged: steps are counted from 1, not from \(from) by \(every)")
        case .exponential(let decay): requireFraction(decay, "the decay", of: Averaging.self)
        }
        self.rule = rule
        self.averaging = averaging
    }

    /// The step size of the rule inside.
    public var learningRate: Double {
        get { rule.learningRate }
        set { rule.learningRate = newValue }
    }

    /// The vectors that the rule remembers.
    public var slots: [String] { averageSlot }

    /// The memory of a rule that has not taken a step; its one scalar is the number of points in the average.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar> {
        RuleState(
            slotCount: 1, parameterCount: parameterCount, scalars: [0],
            inner: [rule.initialState(parameterCount: parameterCount)])
    }

    /// Takes one step; see `UpdateRule`.
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        rule.update(&parameters, gradient: gradient, state: &state.inner[0])
        let share: Double
        switch averaging {
        case .mean(let from, let every):
            guard state.step >= from, (state.step - from) % every == 0 else { return }
            share = 1 / (state.scalars[0] + 1)
        case .exponential(let decay):
            share = state.scalars[0] == 0 ? 1 : 1 - decay
        }
        accumulate(&state.slots[0], parameters.span, share: share)
        state.scalars[0] += 1
    }

    /// The average of the points so far; `nil` while there is none.
    public func averagedParameters<Scalar: MatrixScalar>(in state: RuleState<Scalar>) -> [Scalar]? {
        state.scalars[0] > 0 ? state.slots[0] : nil
    }

    /// The average of the points so far; while there is none, the point of the rule inside.
    public func result<Scalar: MatrixScalar>(_ parameters: [Scalar], in state: RuleState<Scalar>) -> [Scalar]
    {
        averagedParameters(in: state) ?? rule.result(parameters, in: state.inner[0])
    }

    /// Yes.
    public var averages: Bool { true }
}

private let averageSlot = ["average"]

extension UpdateRule {
    /// This rule, with an average of its points kept beside them.
    public func averaging(_ averaging: Averaging) -> Averaged<Self> { Averaged(self, averaging) }
}
