import DescentLinearAlgebra
import RealModule

/// LAMB: Adam's direction, stretched to a length in proportion to that of the parameters.
///
///     u = m̂ / (√v̂ + ε) + λθ
///     θ ← θ − η (‖θ‖ / ‖u‖) u,      the factor being 1 where either norm is 0
///
/// The norms are those of the whole vector that the rule sees. The paper takes them by layer: give each layer a range of
/// its own with `varied(in:)`, which need change nothing there.
///
/// You et al., *Large Batch Optimization for Deep Learning: Training BERT in 76 minutes*, ICLR 2020; `optax.lamb`.
public struct LAMB: UpdateRule {
    /// The step size, η.
    public var learningRate: Double

    /// The decay of the running average of the gradient, β₁.
    public var beta1: Double

    /// The decay of the running average of the squared gradient, β₂.
    public var beta2: Double

    /// What keeps the denominator away from zero, ε.
    public var epsilon: Double

    /// The decay λ, part of the direction.
    public var weightDecay: Double

    /// The vectors that the rule remembers.
    public var slots: [String] { adamSlots.plain }

    /// LAMB, with optax's defaults.
    ///
    /// - Parameters:
    ///   - learningRate: η, not negative.
    ///   - beta1: β₁, in 0..<1.
    ///   - beta2: β₂, in 0..<1.
    ///   - epsilon: ε, not negative.
    ///   - weightDecay: λ, not negative.
    public init(
        learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6,
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
        var work = state.workspace.take(count: parameters.count)
        let norm = euclideanNorm(parameters.span)
        // Adam's step of size 1 from zero leaves the direction, negated; then λθ joins it.
        for i in work.indices { work[i] = 0 }
        var direction = work.mutableSpan
        let adam = Adam(learningRate: 1, beta1: beta1, beta2: beta2, epsilon: epsilon)
        adamStep(&direction, gradient, &state, adam, coupled: 0, keeping: 1)
        let λ = Scalar(weightDecay)
        sweep(&direction, parameters.span) { u, θ in u = λ * θ - u }
        let length = euclideanNorm(direction.span)
        let η = Scalar(learningRate * (norm > 0 && length > 0 ? norm / length : 1))
        sweep(&parameters, direction.span) { θ, u in θ -= η * u }
        swap(&work, &state.workspace.values)
    }
}
