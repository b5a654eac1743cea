import CKernels
import DescentLinearAlgebra

/// RMSprop: the gradient divided by the root of a running average of its square.
///
/// With g the gradient plus λθ:
///
///     s ← α s + (1 − α) g²,     a ← α a + (1 − α) g    (centred only)
///     d = g / (√(s − a²) + ε)
///     θ ← θ − η d                                      without momentum
///     b ← μ b + d,       θ ← θ − η b                   PyTorch's momentum
///     b ← μ b + η d,     θ ← θ − b                     optax's: the rate stands inside the velocity
///
/// The initializer speaks PyTorch's dialect; `RMSprop.optax(learningRate:)` gives optax's: α = 0.9, ε inside the root,
/// the rate inside the velocity.
///
/// Tieleman and Hinton, *Lecture 6.5: RMSProp*, Coursera, 2012; the centred form: Graves, *Generating Sequences With
/// Recurrent Neural Networks*, arXiv:1308.0850, 2013; `torch.optim.RMSprop`, `optax.rmsprop`.
public struct RMSprop: UpdateRule {
    /// The step size, η.
    public var learningRate: Double

    /// The decay of the running averages, α.
    public var decay: Double

    /// What keeps the denominator away from zero, ε.
    public var epsilon: Double

    /// Where ε stands.
    public var epsilonPlacement: EpsilonPlacement

    /// Whether the gradient's own average is taken out of its square: division by the standard deviation.
    public var centered: Bool

    /// The share of the velocity kept from step to step, μ; 0 for none.
    public var momentum: Double

    /// Whether the learning rate stands inside the velocity, as in optax.
    public var velocityHoldsRate: Bool

    /// The coupled L2 penalty λ: λθ is added to the gradient.
    public var weightDecay: Double

    /// The vectors that the rule remembers.
    public var slots: [String] {
        switch (centered, momentum != 0) {
        case (false, false): Self.slotNames.plain
        case (true, false): Self.slotNames.centered
        case (false, true): Self.slotNames.momentum
        case (true, true): Self.slotNames.both
        }
    }

    private static let slotNames = (
        plain: ["squareAverage"], centered: ["squareAverage", "average"],
        momentum: ["squareAverage", "velocity"], both: ["squareAverage", "average", "velocity"]
    )

    /// RMSprop, with PyTorch's defaults.
    ///
    /// - Parameters:
    ///   - learningRate: η, not negative.
    ///   - decay: α, in 0..<1.
    ///   - epsilon: ε, not negative.
    ///   - epsilonPlacement: Where ε stands.
    ///   - centered: Divide by the standard deviation in place of the root mean square.
    ///   - momentum: μ, not negative; 0 turns it off.
    ///   - velocityHoldsRate: Whether η stands inside the velocity.
    ///   - weightDecay: λ, not negative.
    public init(
        learningRate: Double = 1e-2, decay: Double = 0.99, epsilon: Double = 1e-8,
        epsilonPlacement: EpsilonPlacement = .outsideRoot, centered: Bool = false, momentum: Double = 0,
        velocityHoldsRate: Bool = false, weightDecay: Double = 0
    ) {
        requireNotNegative(learningRate, "learning rate", of: Self.self)
        requireFraction(decay, "α", of: Self.self)
        requireNotNegative(epsilon, "ε", of: Self.self)
        requireNotNegative(momentum, "momentum", of: Self.self)
        requireNotNegative(weightDecay, "weight decay", of: Self.self)
        self.learningRate = learningRate
        self.decay = decay
        self.epsilon = epsilon
        self.epsilonPlacement = epsilonPlacement
        self.centered = centered
        self.momentum = momentum
        self.velocityHoldsRate = velocityHoldsRate
        self.weightDecay = weightDecay
    }

    /// RMSprop in optax's dialect, with its defaults.
    public static func optax(
        learningRate: Double, decay: Double = 0.9, epsilon: Double = 1e-8, centered: Bool = false,
        momentum: Double = 0
    ) -> RMSprop {
        RMSprop(
            learningRate: learningRate, decay: decay, epsilon: epsilon, epsilonPlacement: .insideRoot,
            centered: centered, momentum: momentum, velocityHoldsRate: true)
    }

    /// Takes one step; see `UpdateRule`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        // The rate goes either into the velocity or onto it; without a velocity it is the same.
        let intoVelocity = velocityHoldsRate && momentum != 0
        let constants = descent_rmsprop(
            inner: intoVelocity ? learningRate : 1, outer: intoVelocity ? 1 : learningRate,
            coupled: weightDecay, keep: decay, take: 1 - decay, inside: epsilonPlacement.inside(epsilon),
            outside: epsilonPlacement.outside(epsilon), momentum: momentum, centered: centered,
            has_momentum: momentum != 0)
        run(descent_rmsprop_step, constants, &parameters, gradient, &state)
    }
}
