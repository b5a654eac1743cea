import CKernels
import DescentLinearAlgebra

/// Adadelta: steps with the units of the parameters, scaled by the running size of earlier steps.
///
/// With g the gradient plus λθ:
///
///     s ← ρ s + (1 − ρ) g²
///     d = √(u + ε) / √(s + ε) · g
///     u ← ρ u + (1 − ρ) d²
///     θ ← θ − η d
///
/// The paper has no η; η = 1 is the paper's method.
///
/// Zeiler, *ADADELTA: An Adaptive Learning Rate Method*, arXiv:1212.5701, 2012; `torch.optim.Adadelta`.
public struct Adadelta: UpdateRule {
    /// A factor on the method's own steps, η.
    public var learningRate: Double

    /// The decay of both running averages, ρ.
    public var decay: Double

    /// What keeps the first steps away from zero, ε; it sets their size, √ε.
    public var epsilon: Double

    /// The coupled L2 penalty λ: λθ is added to the gradient.
    public var weightDecay: Double

    /// The vectors that the rule remembers.
    public var slots: [String] { Self.slotNames }

    private static let slotNames = ["squareAverage", "squaredStepAverage"]

    /// Adadelta, with PyTorch's defaults.
    ///
    /// - Parameters:
    ///   - learningRate: η, not negative.
    ///   - decay: ρ, in 0..<1.
    ///   - epsilon: ε, not negative.
    ///   - weightDecay: λ, not negative.
    public init(
        learningRate: Double = 1, decay: Double = 0.9, epsilon: Double = 1e-6, weightDecay: Double = 0
    ) {
        requireNotNegative(learningRate, "learning rate", of: Self.self)
        requireFraction(decay, "ρ", of: Self.self)
        requireNotNegative(epsilon, "ε", of: Self.self)
        requireNotNegative(weightDecay, "weight decay", of: Self.self)
        self.learningRate = learningRate
        self.decay = decay
        self.epsilon = epsilon
        self.weightDecay = weightDecay
    }

    /// Takes one step; see `UpdateRule`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        let constants = descent_adadelta(
            rate: learningRate, coupled: weightDecay, keep: decay, take: 1 - decay, epsilon: epsilon)
        run(descent_adadelta_step, constants, &parameters, gradient, &state)
    }
}
