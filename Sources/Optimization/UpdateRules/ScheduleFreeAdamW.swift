import CKernels
import DescentLinearAlgebra
import RealModule

/// Schedule-free AdamW: as good as AdamW with a falling rate, without having to know when training ends.
///
/// `ScheduleFreeSGD` with Adam's denominator under the gradient and no first moment, whose place the mean x takes:
///
///     v ← β₂ v + (1 − β₂) g²,                 d = g / (√v̂ + ε) + λ y
///     z ← z − η d,                            c = η²max / Σ η²max
///     x ← (1 − c) x + c z,                    y = (1 − β₁) z + β₁ x
///
/// The parameters are y while training; `averagedParameters(_:in:)` gives x, which is the result.
///
/// Defazio, Yang, Mehta, Mishchenko, Khaled and Cutkosky, *The Road Less Scheduled*, NeurIPS 2024, algorithm 1.
public struct ScheduleFreeAdamW: UpdateRule {
    /// The step size, η.
    public var learningRate: Double

    /// How far y is on the way from z to x, β₁.
    public var beta1: Double

    /// The decay of the running average of the squared gradient, β₂.
    public var beta2: Double

    /// What keeps the denominator away from zero, ε.
    public var epsilon: Double

    /// The decay λ, taken at y.
    public var weightDecay: Double

    /// The vectors that the rule remembers.
    public var slots: [String] { Self.slotNames }

    private static let slotNames = ["steppingPoint", "secondMoment"]

    /// Schedule-free AdamW.
    ///
    /// - Parameters:
    ///   - learningRate: η, not negative.
    ///   - beta1: β₁, above 0 and below 1.
    ///   - beta2: β₂, in 0..<1.
    ///   - epsilon: ε, not negative.
    ///   - weightDecay: λ, not negative.
    public init(
        learningRate: Double = 2.5e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
        weightDecay: Double = 0
    ) {
        requireAdam(learningRate, beta1, beta2, epsilon, weightDecay, of: Self.self)
        precondition(beta1 > 0, "ScheduleFreeAdamW: β₁ is 0, and the mean cannot be had from y and z")
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
    }

    /// The memory of a rule that has not taken a step; its scalars are the largest rate and the sum of weights.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar> {
        RuleState(slotCount: 2, parameterCount: parameterCount, scalars: [0, 0])
    }

    /// Takes one step; see `UpdateRule`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        let isFirst = state.step == 1
        let share = scheduleFreeShare(learningRate, &state)
        let constants = descent_schedule_free(
            rate: learningRate, share: share, along: learningRate * (beta1 * (1 - share) - 1),
            coupled: weightDecay, keep2: beta2, take2: 1 - beta2,
            shrink: 1 / (1 - Double.pow(beta2, state.step)).squareRoot(), epsilon: epsilon, is_first: isFirst)
        run(descent_schedule_free_step, constants, &parameters, gradient, &state)
    }

    /// The mean of the points so far, x: what to evaluate and to keep.
    public func averagedParameters<Scalar: MatrixScalar>(
        _ parameters: [Scalar], in state: RuleState<Scalar>
    ) -> [Scalar] {
        scheduleFreeMean(parameters, state, beta: beta1)
    }

    /// x, the mean of the points so far.
    public func result<Scalar: MatrixScalar>(_ parameters: [Scalar], in state: RuleState<Scalar>) -> [Scalar]
    {
        averagedParameters(parameters, in: state)
    }

    /// Yes: x is the result, and not y.
    public var averages: Bool { true }
}
