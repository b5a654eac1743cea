import CKernels
import DescentLinearAlgebra

/// Stochastic gradient descent with momentum, in PyTorch's dialect.
///
/// With g the gradient (negated first if `maximize`, so that decay always shrinks the weights) plus λθ:
///
///     b ← g                      at the first step
///     b ← μ b + (1 − τ) g        later
///     d = g + μ b  (Nesterov),   d = b  otherwise;   d = g without momentum
///     θ ← θ − η d
///
/// The learning rate stands outside the velocity, so changing it in mid-run acts at once; in the dialect of Sutskever
/// et al. and of many lectures it stands inside, which agrees only while the rate is constant.
///
/// Sutskever, Martens, Dahl and Hinton, *On the importance of initialization and momentum in deep learning*,
/// ICML 2013; `torch.optim.SGD`.
public struct SGD: UpdateRule {
    /// The step size, η.
    public var learningRate: Double

    /// The share of the velocity kept from step to step, μ; 0 for none.
    public var momentum: Double

    /// The share of a new gradient held back from the velocity, τ; the first step is not dampened.
    public var dampening: Double

    /// Whether to look ahead: the step follows g + μ b in place of b.
    public var nesterov: Bool

    /// The coupled L2 penalty λ: λθ is added to the gradient.
    public var weightDecay: Double

    /// Whether to climb in place of descending.
    public var maximize: Bool

    /// The vectors that the rule remembers.
    public var slots: [String] { momentum == 0 ? [] : Self.slotNames }

    private static let slotNames = ["velocity"]

    /// Stochastic gradient descent.
    ///
    /// - Parameters:
    ///   - learningRate: η, not negative.
    ///   - momentum: μ, in 0..<1 as a rule; 0 turns it off.
    ///   - dampening: τ, in 0...1.
    ///   - nesterov: Needs momentum and no dampening.
    ///   - weightDecay: λ, not negative.
    ///   - maximize: Climb in place of descending.
    public init(
        learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0, nesterov: Bool = false,
        weightDecay: Double = 0, maximize: Bool = false
    ) {
        precondition(learningRate >= 0, "SGD: a learning rate of \(learningRate) is negative or NaN")
        precondition(momentum >= 0, "SGD: a momentum of \(momentum) is negative or NaN")
        precondition(weightDecay >= 0, "SGD: a weight decay of \(weightDecay) is negative or NaN")
        precondition(
            !nesterov || (momentum > 0 && dampening == 0),
            "SGD: Nesterov needs momentum above 0 and no dampening, not \(momentum) and \(dampening)")
        self.learningRate = learningRate
        self.momentum = momentum
        self.dampening = dampening
        self.nesterov = nesterov
        self.weightDecay = weightDecay
        self.maximize = maximize
    }

    /// Takes one step; see `UpdateRule`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        guard momentum != 0 else {
            let η = Scalar(learningRate), λ = Scalar(weightDecay), sign: Scalar = maximize ? -1 : 1
            sweep(&parameters, gradient) { θ, g in θ -= η * (sign * g + λ * θ) }
            return
        }
        // The first velocity is the gradient itself, not dampened.
        let isFirst = state.step == 1
        let constants = descent_momentum(
            rate: learningRate, sign: maximize ? -1 : 1, coupled: weightDecay, keep: isFirst ? 0 : momentum,
            take: isFirst ? 1 : 1 - dampening, ahead: nesterov ? 1 : 0, along: nesterov ? momentum : 1)
        run(descent_momentum_step, constants, &parameters, gradient, &state)
    }
}
