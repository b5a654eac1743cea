import DescentLinearAlgebra

/// Momentum in the dialect of Sutskever et al., CS231n and most lectures: the learning rate stands inside the velocity.
///
///     v ← μ v − η g
///     θ ← θ + v                              plain
///     θ ← θ + μ v_new − η g                  Nesterov, which is θ − μ v_old + (1 + μ) v_new
///
/// With a constant rate the path is that of `SGD(momentum:)`, where the rate stands outside. They differ once the rate
/// changes: here the old velocity coasts on at the old rate.
///
/// Nesterov's method looks ahead: it takes the gradient at φ + μ v, φ being the point proper. What is kept here as the
/// parameters is that point ahead, θ = φ + μ v, so that the gradient at the parameters is the one the method wants.
///
/// Polyak, *Some methods of speeding up the convergence of iteration methods*, 1964; Sutskever, Martens, Dahl and
/// Hinton, *On the importance of initialization and momentum in deep learning*, ICML 2013.
public struct Momentum: UpdateRule {
    /// The step size, η.
    public var learningRate: Double

    /// The share of the velocity kept from step to step, μ.
    public var momentum: Double

    /// Whether the gradient is taken ahead, where the velocity leads.
    public var nesterov: Bool

    /// The coupled L2 penalty λ: λθ is added to the gradient.
    public var weightDecay: Double

    /// The vectors that the rule remembers.
    public var slots: [String] { Self.slotNames }

    private static let slotNames = ["velocity"]

    /// Momentum with the rate inside the velocity.
    ///
    /// - Parameters:
    ///   - learningRate: η, not negative.
    ///   - momentum: μ, not negative; below 1 as a rule.
    ///   - nesterov: Take the gradient ahead.
    ///   - weightDecay: λ, not negative.
    public init(
        learningRate: Double = 1e-2, momentum: Double = 0.9, nesterov: Bool = false, weightDecay: Double = 0
    ) {
        requireNotNegative(learningRate, "learning rate", of: Self.self)
        requireNotNegative(momentum, "momentum", of: Self.self)
        requireNotNegative(weightDecay, "weight decay", of: Self.self)
        self.learningRate = learningRate
        self.momentum = momentum
        self.nesterov = nesterov
        self.weightDecay = weightDecay
    }

    /// Takes one step; see `UpdateRule`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        let η = Scalar(learningRate), μ = Scalar(momentum), λ = Scalar(weightDecay)
        if nesterov {
            sweep(&parameters, gradient, &state) { θ, g, v in
                let push = η * (g + λ * θ)
                v = μ * v - push
                θ += μ * v - push
            }
        } else {
            sweep(&parameters, gradient, &state) { θ, g, v in
                v = μ * v - η * (g + λ * θ)
                θ += v
            }
        }
    }
}
