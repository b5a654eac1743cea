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
/// ε stands outside the root, as in the paper and in PyTorch.
///
/// Kingma and Ba, *Adam: A Method for Stochastic Optimization*, ICLR 2015, algorithm 1; `torch.optim.Adam`.
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

    /// The vectors that the rule remembers.
    public var slots: [String] { Self.slotNames }

    private static let slotNames = ["firstMoment", "secondMoment"]

    /// Adam, with the paper's defaults.
    ///
    /// - Parameters:
    ///   - learningRate: η, about the size of a step in each coordinate; not negative.
    ///   - beta1: β₁, in 0..<1.
    ///   - beta2: β₂, in 0..<1.
    ///   - epsilon: ε, not negative.
    ///   - weightDecay: λ, not negative.
    public init(
        learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
        weightDecay: Double = 0
    ) {
        precondition(learningRate >= 0, "Adam: a learning rate of \(learningRate) is negative or NaN")
        precondition((0..<1).contains(beta1), "Adam: β₁ is \(beta1), outside 0..<1")
        precondition((0..<1).contains(beta2), "Adam: β₂ is \(beta2), outside 0..<1")
        precondition(epsilon >= 0, "Adam: an ε of \(epsilon) is negative or NaN")
        precondition(weightDecay >= 0, "Adam: a weight decay of \(weightDecay) is negative or NaN")
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
    }

    /// Takes one step; see `UpdateRule`.
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout [Scalar], gradient: [Scalar], state: inout RuleState<Scalar>
    ) {
        checkShapes(parameters, gradient, state)
        state.step += 1
        // Exclusive access to two slots at once: take them out of the array, which moves references, not numbers.
        var first = [Scalar](), second = [Scalar]()
        swap(&first, &state.slots[0])
        swap(&second, &state.slots[1])
        step(&parameters, gradient, &first, &second, number: state.step)
        swap(&first, &state.slots[0])
        swap(&second, &state.slots[1])
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func step<Scalar: MatrixScalar>(
        _ parameters: inout [Scalar], _ gradient: [Scalar], _ first: inout [Scalar], _ second: inout [Scalar],
        number t: Int
    ) {
        // The corrections are computed in Double and folded into the rate and a factor under the root:
        // m̂ / (√v̂ + ε) = (m / c₁) / (√v / √c₂ + ε).
        let correction1 = 1 - Double.pow(beta1, t)
        let correction2 = 1 - Double.pow(beta2, t)
        let rate = Scalar(learningRate / correction1)
        let shrink = Scalar(1 / correction2.squareRoot())
        let keep1 = Scalar(beta1), take1 = Scalar(1 - beta1)
        let keep2 = Scalar(beta2), take2 = Scalar(1 - beta2)
        let ε = Scalar(epsilon), decay = Scalar(weightDecay)
        let count = parameters.count
        parameters.withUnsafeMutableBufferPointer { θ in
            gradient.withUnsafeBufferPointer { g in
                first.withUnsafeMutableBufferPointer { m in
                    second.withUnsafeMutableBufferPointer { v in
                        for i in 0..<count {
                            let slope = g[i] + decay * θ[i]
                            let mean = keep1 * m[i] + take1 * slope
                            let square = keep2 * v[i] + take2 * slope * slope
                            m[i] = mean
                            v[i] = square
                            θ[i] -= rate * mean / (Scalar._squareRoot(square) * shrink + ε)
                        }
                    }
                }
            }
        }
    }
}
