import DescentLinearAlgebra

/// LARS: momentum whose rate is in proportion to the length of the parameters over that of the gradient.
///
///     u = g + λθ
///     v ← μ v + η κ ‖θ‖ / (‖u‖ + ε) u,      the factor being 1 in place of κ ‖θ‖ / (‖u‖ + ε) where either norm is 0
///     θ ← θ − v,      Nesterov: θ ← θ − (μ v + the new term)
///
/// The norms are those of the whole vector that the rule sees; for norms by layer give each layer a range of its own
/// with `varied(in:)`. The rate stands inside the velocity.
///
/// You, Gitman and Ginsburg, *Large Batch Training of Convolutional Networks*, arXiv:1708.03888, 2017; `optax.lars`.
public struct LARS: UpdateRule {
    /// The step size, η.
    public var learningRate: Double

    /// The share of the velocity kept from step to step, μ.
    public var momentum: Double

    /// Whether to look ahead.
    public var nesterov: Bool

    /// The trust coefficient, κ.
    public var trust: Double

    /// What keeps the denominator away from zero, ε.
    public var epsilon: Double

    /// The coupled decay λ.
    public var weightDecay: Double

    /// The vectors that the rule remembers.
    public var slots: [String] { Self.slotNames }

    private static let slotNames = ["velocity"]

    /// LARS, with optax's defaults.
    ///
    /// - Parameters:
    ///   - learningRate: η, not negative.
    ///   - momentum: μ, not negative.
    ///   - nesterov: Look ahead.
    ///   - trust: κ, not negative.
    ///   - epsilon: ε, not negative.
    ///   - weightDecay: λ, not negative.
    public init(
        learningRate: Double = 1, momentum: Double = 0.9, nesterov: Bool = false, trust: Double = 1e-3,
        epsilon: Double = 0, weightDecay: Double = 0
    ) {
        requireNotNegative(learningRate, "learning rate", of: Self.self)
        requireNotNegative(momentum, "momentum", of: Self.self)
        requireNotNegative(trust, "trust coefficient", of: Self.self)
        requireNotNegative(epsilon, "ε", of: Self.self)
        requireNotNegative(weightDecay, "weight decay", of: Self.self)
        self.learningRate = learningRate
        self.momentum = momentum
        self.nesterov = nesterov
        self.trust = trust
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
        if weightDecay == 0 { return step(&parameters, along: gradient, &state) }
        var work = state.workspace.take(count: parameters.count)
        var direction = work.mutableSpan
        let λ = Scalar(weightDecay)
        sweep(&direction, gradient) { u, g in u = g }
        sweep(&direction, parameters.span) { u, θ in u += λ * θ }
        step(&parameters, along: direction.span, &state)
        swap(&work, &state.workspace.values)
    }

    @inline(__always)
    private func step<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, along direction: Span<Scalar>,
        _ state: inout RuleState<Scalar>
    ) {
        let (norm, length) = (euclideanNorm(parameters.span), euclideanNorm(direction))
        let factor = norm > 0 && length > 0 ? trust * norm / (length + epsilon) : 1
        let η = Scalar(learningRate * factor), μ = Scalar(momentum)
        let ahead: Scalar = nesterov ? 1 : 0, along: Scalar = nesterov ? μ : 1
        sweep(&parameters, direction, &state) { θ, u, v in
            let push = η * u
            v = μ * v + push
            θ -= ahead * push + along * v
        }
    }
}
