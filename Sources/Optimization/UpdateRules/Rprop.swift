import CKernels
import DescentLinearAlgebra

/// Rprop: steps that look at the gradient's sign alone, longer while it stays, shorter when it turns.
///
/// For each coordinate, with g the gradient and p the one before:
///
///     Δ ← min(η₊ Δ, Δmax)                 gp > 0
///     Δ ← max(η₋ Δ, Δmin),  g ← 0         gp < 0: the minimum was passed, so stay this once
///     θ ← θ − sign(g) Δ,    p ← g
///
/// For full batches: the sign of a mini-batch's gradient is mostly noise. The learning rate is the first Δ and nothing
/// else, so a change in mid-run has no effect, as in PyTorch.
///
/// Riedmiller and Braun, *A direct adaptive method for faster backpropagation learning: the RPROP algorithm*, 1993,
/// in the variant without weight backtracking (iRprop⁻: Igel and Hüsken, 2003); `torch.optim.Rprop`.
public struct Rprop: UpdateRule {
    /// The length of the first step.
    public var learningRate: Double

    /// The factor when the sign turns, η₋.
    public var shrink: Double

    /// The factor while the sign stays, η₊.
    public var growth: Double

    /// The shortest and the longest step.
    public var stepSizes: ClosedRange<Double>

    /// The vectors that the rule remembers.
    public var slots: [String] { Self.slotNames }

    private static let slotNames = ["previousGradient", "stepSize"]

    /// Rprop, with PyTorch's defaults.
    ///
    /// - Parameters:
    ///   - learningRate: The length of the first step, not negative.
    ///   - shrink: η₋, between 0 and 1.
    ///   - growth: η₊, above 1.
    ///   - stepSizes: The shortest and the longest step.
    public init(
        learningRate: Double = 1e-2, shrink: Double = 0.5, growth: Double = 1.2,
        stepSizes: ClosedRange<Double> = 1e-6...50
    ) {
        requireNotNegative(learningRate, "learning rate", of: Self.self)
        precondition(
            shrink > 0 && shrink < 1 && growth > 1,
            "Rprop: factors of \(shrink) and \(growth) are not below and above 1")
        requireNotNegative(stepSizes.lowerBound, "step size", of: Self.self)
        self.learningRate = learningRate
        self.shrink = shrink
        self.growth = growth
        self.stepSizes = stepSizes
    }

    /// The memory of a rule that has not taken a step: no gradient yet, and steps of the learning rate.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar> {
        var state = RuleState<Scalar>(slotCount: 2, parameterCount: parameterCount)
        state.slots[1] = Array(repeating: Scalar(learningRate), count: parameterCount)
        return state
    }

    /// Takes one step; see `UpdateRule`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        let constants = descent_rprop(
            shrink: shrink, growth: growth, shortest: stepSizes.lowerBound, longest: stepSizes.upperBound)
        run(descent_rprop_step, constants, &parameters, gradient, &state)
    }
}
