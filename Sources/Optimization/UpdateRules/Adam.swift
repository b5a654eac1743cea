import CKernels
import DescentLinearAlgebra
import RealModule

/// Adam: steps scaled by running averages of the gradient and of its square, both corrected for their start at zero.
///
/// At step t, with g the gradient plus λθ:
///
///     m ← β₁ m + (1 − β₁) g,       v ← β₂ v + (1 − β₂) g²
///     m̂ = m / (1 − β₁ᵗ),           v̂ = v / (1 − β₂ᵗ)
///     θ ← θ − η m̂ / (√v̂ + ε)
///
/// ε stands outside the root, as in the paper and in PyTorch. With `amsgrad`, the largest v so far takes the place of v,
/// before the correction, as in PyTorch (optax takes the largest v̂).
///
/// The penalty is coupled: it passes through the averages. For the other kind see `AdamW`.
///
/// Kingma and Ba, *Adam: A Method for Stochastic Optimization*, ICLR 2015, algorithm 1; Reddi, Kale and Kumar,
/// *On the Convergence of Adam and Beyond*, ICLR 2018; `torch.optim.Adam`.
public struct Adam: UpdateRule {
    /// The step size, η.
    public var learningRate: Double

    /// The decay of the running average of the gradient, β₁.
    public var beta1: Double

    /// The decay of the running average of the squared gradient, β₂.
    public var beta2: Double

    /// What keeps the denominator away from zero, ε.
    public var epsilon: Double

    /// The coupled L2 penalty λ: λθ is added to the gradient.
    public var weightDecay: Double

    /// Whether the denominator never shrinks: AMSGrad.
    public var amsgrad: Bool

    /// The vectors that the rule remembers.
    public var slots: [String] { amsgrad ? adamSlots.amsgrad : adamSlots.plain }

    /// Adam, with the paper's defaults.
    ///
    /// - Parameters:
    ///   - learningRate: η, about the size of a step in each coordinate; not negative.
    ///   - beta1: β₁, in 0..<1.
    ///   - beta2: β₂, in 0..<1.
    ///   - epsilon: ε, not negative.
    ///   - weightDecay: λ, not negative.
    ///   - amsgrad: Let the denominator never shrink.
    public init(
        learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
        weightDecay: Double = 0, amsgrad: Bool = false
    ) {
        requireAdam(learningRate, beta1, beta2, epsilon, weightDecay, of: Self.self)
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.amsgrad = amsgrad
    }

    /// Takes one step; see `UpdateRule`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        adamStep(&parameters, gradient, &state, self, coupled: weightDecay, keeping: 1)
    }
}

/// The slots of Adam and AdamW.
let adamSlots = (
    plain: ["firstMoment", "secondMoment"], amsgrad: ["firstMoment", "secondMoment", "largestSecondMoment"]
)

/// The step of Adam, after θ was multiplied by `keeping`.
@inline(__always)
func adamStep<Scalar: MatrixScalar>(
    _ parameters: inout MutableSpan<Scalar>, _ gradient: Span<Scalar>, _ state: inout RuleState<Scalar>,
    _ rule: Adam, coupled: Double, keeping: Double
) {
    // The corrections are computed in Double and folded into the rate and a factor of the root:
    // m̂ / (√v̂ + ε) = (m / c₁) / (√v / √c₂ + ε).
    let c1 = 1 - Double.pow(rule.beta1, state.step)
    let c2 = 1 - Double.pow(rule.beta2, state.step)
    let constants = descent_adam(
        rate: rule.learningRate / c1, keep: keeping, coupled: coupled, keep1: rule.beta1,
        take1: 1 - rule.beta1,
        keep2: rule.beta2, take2: 1 - rule.beta2, shrink: 1 / c2.squareRoot(), epsilon: rule.epsilon)
    run(rule.amsgrad ? descent_amsgrad_step : descent_adam_step, constants, &parameters, gradient, &state)
}
