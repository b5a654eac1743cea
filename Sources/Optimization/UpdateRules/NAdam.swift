import CKernels
import DescentLinearAlgebra
import RealModule

/// NAdam: Adam with Nesterov's look ahead.
///
/// At step t, with g the gradient plus λθ if the decay is coupled:
///
///     μₜ = β₁ (1 − ½ · 0.96^(tψ)),     Πₜ = μ₁ μ₂ … μₜ
///     m ← β₁ m + (1 − β₁) g,           v ← β₂ v + (1 − β₂) g²
///     θ ← θ − η [(1 − μₜ) / (1 − Πₜ) g + μₜ₊₁ / (1 − Πₜ₊₁) m] / (√v̂ + ε)
///
/// Without `momentumDecay` the momentum is constant, μₜ = β₁: the dialect of `optax.nadam`.
///
/// Dozat, *Incorporating Nesterov Momentum into Adam*, ICLR workshop, 2016; `torch.optim.NAdam`.
public struct NAdam: UpdateRule {
    /// The step size, η.
    public var learningRate: Double

    /// The decay of the running average of the gradient, β₁.
    public var beta1: Double

    /// The decay of the running average of the squared gradient, β₂.
    public var beta2: Double

    /// What keeps the denominator away from zero, ε.
    public var epsilon: Double

    /// The L2 penalty or decay, λ.
    public var weightDecay: Double

    /// Whether the decay shrinks the parameters by ηλ, as in AdamW, in place of being added to the gradient.
    public var decoupled: Bool

    /// How fast the momentum grows to β₁, ψ; `nil` for a constant momentum.
    public var momentumDecay: Double?

    /// The vectors that the rule remembers.
    public var slots: [String] { adamSlots.plain }

    /// NAdam, with PyTorch's defaults.
    ///
    /// - Parameters:
    ///   - learningRate: η, not negative.
    ///   - beta1: β₁, in 0..<1.
    ///   - beta2: β₂, in 0..<1.
    ///   - epsilon: ε, not negative.
    ///   - weightDecay: λ, not negative.
    ///   - decoupled: Keep the decay out of the averages.
    ///   - momentumDecay: ψ, not negative; `nil` for optax's dialect.
    public init(
        learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
        weightDecay: Double = 0, decoupled: Bool = false, momentumDecay: Double? = 4e-3
    ) {
        requireAdam(learningRate, beta1, beta2, epsilon, weightDecay, of: Self.self)
        requireNotNegative(momentumDecay ?? 0, "momentum decay", of: Self.self)
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.decoupled = decoupled
        self.momentumDecay = momentumDecay
    }

    /// The memory of a rule that has not taken a step; its one scalar is the product of the momenta so far.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar> {
        RuleState(slotCount: 2, parameterCount: parameterCount, scalars: [1])
    }

    /// Takes one step; see `UpdateRule`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        let (now, next) = (momentum(at: state.step), momentum(at: state.step + 1))
        let product = state.scalars[0] * now
        state.scalars[0] = product
        let constants = descent_nadam(
            rate: learningRate * next / (1 - product * next),
            gradient_rate: learningRate * (1 - now) / (1 - product),
            keep: decoupled ? 1 - learningRate * weightDecay : 1, coupled: decoupled ? 0 : weightDecay,
            keep1: beta1, take1: 1 - beta1, keep2: beta2, take2: 1 - beta2,
            shrink: 1 / (1 - Double.pow(beta2, state.step)).squareRoot(), epsilon: epsilon)
        run(descent_nadam_step, constants, &parameters, gradient, &state)
    }

    /// μₜ.
    private func momentum(at step: Int) -> Double {
        guard let momentumDecay else { return beta1 }
        return beta1 * (1 - 0.5 * Double.pow(0.96, Double(step) * momentumDecay))
    }
}
