import CKernels
import DescentLinearAlgebra

/// Lion: steps of one length in every coordinate, along the sign of a momentum.
///
///     θ ← (1 − ηλ) θ − η sign(β₁ m + (1 − β₁) g)
///     m ← β₂ m + (1 − β₂) g
///
/// Every step has the size η, so η is best 3 to 10 times smaller than Adam's, and λ as much larger.
///
/// Chen et al., *Symbolic Discovery of Optimization Algorithms*, NeurIPS 2023; `optax.lion`.
public struct Lion: UpdateRule {
    /// The step size, η.
    public var learningRate: Double

    /// The weight of the momentum in the step, β₁.
    public var beta1: Double

    /// The decay of the momentum, β₂.
    public var beta2: Double

    /// The decoupled decay λ.
    public var weightDecay: Double

    /// The vectors that the rule remembers.
    public var slots: [String] { Self.slotNames }

    private static let slotNames = ["momentum"]

    /// Lion, with the paper's betas.
    ///
    /// - Parameters:
    ///   - learningRate: η, not negative.
    ///   - beta1: β₁, in 0..<1.
    ///   - beta2: β₂, in 0..<1.
    ///   - weightDecay: λ, not negative.
    public init(
        learningRate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0
    ) {
        requireNotNegative(learningRate, "learning rate", of: Self.self)
        requireFraction(beta1, "β₁", of: Self.self)
        requireFraction(beta2, "β₂", of: Self.self)
        requireNotNegative(weightDecay, "weight decay", of: Self.self)
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.weightDecay = weightDecay
    }

    /// Takes one step; see `UpdateRule`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        let constants = descent_lion(
            rate: learningRate, keep: 1 - learningRate * weightDecay, keep1: beta1, take1: 1 - beta1,
            keep2: beta2, take2: 1 - beta2)
        run(descent_lion_step, constants, &parameters, gradient, &state)
    }
}
