import DescentLinearAlgebra

/// AdamW: Adam whose weight decay does not pass through the averages.
///
///     θ ← (1 − ηλ) θ,     then Adam's step with the bare gradient
///
/// The decay follows the learning rate, as in PyTorch and optax; in the paper it follows the schedule's multiplier only.
///
/// Loshchilov and Hutter, *Decoupled Weight Decay Regularization*, ICLR 2019; `torch.optim.AdamW`.
public struct AdamW: UpdateRule {
    /// The step size, η.
    public var learningRate: Double

    /// The decay of the running average of the gradient, β₁.
    public var beta1: Double

    /// The decay of the running average of the squared gradient, β₂.
    public var beta2: Double

    /// What keeps the denominator away from zero, ε.
    public var epsilon: Double

    /// The decoupled decay λ: every step takes the share ηλ off the parameters.
    public var weightDecay: Double

    /// Whether the denominator never shrinks: AMSGrad.
    public var amsgrad: Bool

    /// The vectors that the rule remembers.
    public var slots: [String] { amsgrad ? adamSlots.amsgrad : adamSlots.plain }

    /// AdamW, with PyTorch's defaults.
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
        weightDecay: Double = 1e-2, amsgrad: Bool = false
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
        let adam = Adam(
            learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad)
        adamStep(&parameters, gradient, &state, adam, coupled: 0, keeping: 1 - learningRate * weightDecay)
    }
}
