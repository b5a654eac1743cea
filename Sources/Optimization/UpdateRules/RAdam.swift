import CKernels
import DescentLinearAlgebra
import RealModule

/// RAdam: Adam that trusts its denominator only once enough gradients have gone into it.
///
/// At step t, with g the gradient plus λθ if the decay is coupled, ρ∞ = 2/(1 − β₂) − 1 and
/// ρₜ = ρ∞ − 2t β₂ᵗ/(1 − β₂ᵗ), the number of gradients that the average of squares is worth:
///
///     θ ← θ − η m̂                                                              ρₜ ≤ 5
///     θ ← θ − η m̂ r √(1 − β₂ᵗ) / (√v + ε),                                      otherwise, with
///     r² = (ρₜ − 4)(ρₜ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρₜ)
///
/// ε is added before the correction, as in PyTorch; optax adds it after.
///
/// Liu, Jiang, He, Chen, Liu, Gao and Han, *On the Variance of the Adaptive Learning Rate and Beyond*, ICLR 2020, which
/// has the threshold at 4; `torch.optim.RAdam`.
public struct RAdam: UpdateRule {
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

    /// The vectors that the rule remembers.
    public var slots: [String] { adamSlots.plain }

    /// RAdam, with PyTorch's defaults.
    ///
    /// - Parameters:
    ///   - learningRate: η, not negative.
    ///   - beta1: β₁, in 0..<1.
    ///   - beta2: β₂, in 0..<1.
    ///   - epsilon: ε, not negative.
    ///   - weightDecay: λ, not negative.
    ///   - decoupled: Keep the decay out of the averages.
    public init(
        learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
        weightDecay: Double = 0, decoupled: Bool = false
    ) {
        requireAdam(learningRate, beta1, beta2, epsilon, weightDecay, of: Self.self)
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.decoupled = decoupled
    }

    /// Takes one step; see `UpdateRule`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        let power = Double.pow(beta2, state.step)
        let limit = 2 / (1 - beta2) - 1
        let length = limit - 2 * Double(state.step) * power / (1 - power)
        let η = learningRate / (1 - Double.pow(beta1, state.step))
        let keep = decoupled ? 1 - learningRate * weightDecay : 1
        let coupled = decoupled ? 0 : weightDecay
        if length > 5 {
            let rectification =
                ((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)).squareRoot()
            let constants = descent_adam(
                rate: η * rectification * (1 - power).squareRoot(), keep: keep, coupled: coupled,
                keep1: beta1, take1: 1 - beta1, keep2: beta2, take2: 1 - beta2, shrink: 1, epsilon: epsilon)
            run(descent_adam_step, constants, &parameters, gradient, &state)
        } else {
            let rate = Scalar(η), keep = Scalar(keep), λ = Scalar(coupled)
            let keep1 = Scalar(beta1), take1 = Scalar(1 - beta1)
            let keep2 = Scalar(beta2), take2 = Scalar(1 - beta2)
            sweep(&parameters, gradient, &state) { θ, g, m, v in
                let slope = g + λ * θ
                m = keep1 * m + take1 * slope
                v = keep2 * v + take2 * slope * slope
                θ = keep * θ - rate * m
            }
        }
    }
}
