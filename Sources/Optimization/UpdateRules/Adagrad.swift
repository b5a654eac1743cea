import CKernels
import DescentLinearAlgebra

/// Adagrad: each coordinate's rate falls with the sum of its squared gradients.
///
/// At step t, with g the gradient plus λθ:
///
///     s ← s + g²
///     θ ← θ − η / (1 + (t − 1) κ) · g / (√s + ε)
///
/// The initializer speaks PyTorch's dialect; `Adagrad.optax(learningRate:)` gives optax's, where s begins at 0.1 and ε
/// stands inside the root.
///
/// Duchi, Hazan and Singer, *Adaptive Subgradient Methods for Online Learning and Stochastic Optimization*, JMLR 12,
/// 2011; `torch.optim.Adagrad`, `optax.adagrad`.
public struct Adagrad: UpdateRule {
    /// The step size, η.
    public var learningRate: Double

    /// How fast the rate falls of itself, κ.
    public var learningRateDecay: Double

    /// The coupled L2 penalty λ: λθ is added to the gradient.
    public var weightDecay: Double

    /// What the sum of squares starts from.
    public var initialAccumulator: Double

    /// What keeps the denominator away from zero, ε.
    public var epsilon: Double

    /// Where ε stands.
    public var epsilonPlacement: EpsilonPlacement

    /// The vectors that the rule remembers.
    public var slots: [String] { Self.slotNames }

    private static let slotNames = ["squareSum"]

    /// Adagrad, with PyTorch's defaults.
    ///
    /// - Parameters:
    ///   - learningRate: η, not negative.
    ///   - learningRateDecay: κ, not negative.
    ///   - weightDecay: λ, not negative.
    ///   - initialAccumulator: The start of the sum of squares, not negative.
    ///   - epsilon: ε, not negative.
    ///   - epsilonPlacement: Where ε stands.
    public init(
        learningRate: Double = 1e-2, learningRateDecay: Double = 0, weightDecay: Double = 0,
        initialAccumulator: Double = 0, epsilon: Double = 1e-10,
        epsilonPlacement: EpsilonPlacement = .outsideRoot
    ) {
        requireNotNegative(learningRate, "learning rate", of: Self.self)
        requireNotNegative(learningRateDecay, "learning-rate decay", of: Self.self)
        requireNotNegative(weightDecay, "weight decay", of: Self.self)
        requireNotNegative(initialAccumulator, "initial accumulator", of: Self.self)
        requireNotNegative(epsilon, "ε", of: Self.self)
        self.learningRate = learningRate
        self.learningRateDecay = learningRateDecay
        self.weightDecay = weightDecay
        self.initialAccumulator = initialAccumulator
        self.epsilon = epsilon
        self.epsilonPlacement = epsilonPlacement
    }

    /// Adagrad in optax's dialect, with its defaults: s begins at 0.1, ε = 1e-7 stands inside the root.
    public static func optax(learningRate: Double) -> Adagrad {
        Adagrad(
            learningRate: learningRate, initialAccumulator: 0.1, epsilon: 1e-7, epsilonPlacement: .insideRoot)
    }

    /// The memory of a rule that has not taken a step.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar> {
        var state = RuleState<Scalar>(slotCount: 1, parameterCount: parameterCount)
        state.slots[0] = Array(repeating: Scalar(initialAccumulator), count: parameterCount)
        return state
    }

    /// Takes one step; see `UpdateRule`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        // RMSprop that forgets nothing: a mean with weights 1 and 1 is a sum.
        let constants = descent_rmsprop(
            inner: 1, outer: learningRate / (1 + Double(state.step - 1) * learningRateDecay),
            coupled: weightDecay, keep: 1, take: 1, inside: epsilonPlacement.inside(epsilon),
            outside: epsilonPlacement.outside(epsilon), momentum: 0, centered: false, has_momentum: false)
        run(descent_rmsprop_step, constants, &parameters, gradient, &state)
    }
}
