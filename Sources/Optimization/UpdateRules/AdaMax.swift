import DescentLinearAlgebra
import RealModule

/// AdaMax: Adam with the largest gradient of late in place of the root mean square.
///
/// At step t, with g the gradient plus λθ:
///
///     m ← β₁ m + (1 − β₁) g
///     u ← max(β₂ u, |g| + ε)
///     θ ← θ − η / (1 − β₁ᵗ) · m / u
///
/// Kingma and Ba, *Adam: A Method for Stochastic Optimization*, ICLR 2015, algorithm 2; ε, which the paper does not
/// have, stands where `torch.optim.Adamax` and `optax.adamax` put it.
public struct AdaMax: UpdateRule {
    /// The step size, η.
    public var learningRate: Double

    /// The decay of the running average of the gradient, β₁.
    public var beta1: Double

    /// The decay of the running maximum, β₂.
    public var beta2: Double

    /// What keeps the denominator away from zero, ε.
    public var epsilon: Double

    /// The coupled L2 penalty λ: λθ is added to the gradient.
    public var weightDecay: Double

    /// The vectors that the rule remembers.
    public var slots: [String] { Self.slotNames }

    private static let slotNames = ["firstMoment", "infinityNorm"]

    /// AdaMax, with the paper's defaults.
    ///
    /// - Parameters:
    ///   - learningRate: η, not negative.
    ///   - beta1: β₁, in 0..<1.
    ///   - beta2: β₂, in 0..<1.
    ///   - epsilon: ε, not negative.
    ///   - weightDecay: λ, not negative.
    public init(
        learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
        weightDecay: Double = 0
    ) {
        requireAdam(learningRate, beta1, beta2, epsilon, weightDecay, of: Self.self)
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
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
        let η = Scalar(learningRate / (1 - Double.pow(beta1, state.step)))
        let keep1 = Scalar(beta1), take1 = Scalar(1 - beta1), keep2 = Scalar(beta2)
        let ε = Scalar(epsilon), λ = Scalar(weightDecay)
        sweep(&parameters, gradient, &state) { θ, g, m, u in
            let slope = g + λ * θ
            m = keep1 * m + take1 * slope
            let faded = keep2 * u, size = slope.magnitude + ε
            // Written so that a gradient that is NaN is not passed over.
            u = faded > size ? faded : size
            θ -= η * m / u
        }
    }
}
