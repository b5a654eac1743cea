import DescentLinearAlgebra
import RealModule

/// Shampoo: matrices are preconditioned from the left and from the right, by the fourth roots of sums of GGᵀ and GᵀG.
///
/// For each matrix of weights W, r × c, with G its gradient:
///
///     L ← L + G Gᵀ,       R ← R + Gᵀ G,       both from ε times the identity
///     B ← μ B + L^(−1/4) G R^(−1/4)
///     W ← (1 − ηλ) W − η B
///
/// L and R cost r² + c² numbers and as many for their roots; the roots, r³ + c³ operations in Double, are taken again
/// every `interval` steps. It is meant for layers of up to about a thousand rows and columns.
///
/// The sums never forget, as in the paper and as in Adagrad, of which this is the matrix form; the rate falls with them.
/// For running averages in their place see `SOAP`. What is no matrix is left to another rule.
///
/// Gupta, Koren and Singer, *Shampoo: Preconditioned Stochastic Tensor Optimization*, ICML 2018, algorithm 1.
public struct Shampoo: UpdateRule {
    /// The step size, η.
    public var learningRate: Double {
        didSet { others.learningRate = learningRate * rateFactor }
    }

    /// The share of the momentum kept from step to step, μ; 0 in the paper's algorithm.
    public var momentum: Double

    /// What L and R begin as, times the identity, ε.
    public let epsilon: Double

    /// The decoupled decay λ.
    public var weightDecay: Double

    /// The number of steps from one computation of the roots to the next.
    public var interval: Int

    /// The matrices, in the order in which they lie.
    public let matrices: [WeightMatrix]

    /// The rule for all other parameters; its rate stays in proportion to this one's.
    public private(set) var others: AdamW

    private let rateFactor: Double

    /// None of its own; what is remembered is in `inner`, one state for each matrix and each stretch between.
    public var slots: [String] { [] }

    /// Shampoo.
    ///
    /// - Parameters:
    ///   - matrices: Where matrices lie; apart from each other.
    ///   - others: The rule for all other parameters.
    ///   - learningRate: η, positive.
    ///   - momentum: μ, in 0..<1.
    ///   - epsilon: ε, positive.
    ///   - weightDecay: λ, not negative.
    ///   - interval: Steps between computations of the roots, at least 1.
    public init(
        matrices: [WeightMatrix], others: AdamW = AdamW(), learningRate: Double = 0.1, momentum: Double = 0,
        epsilon: Double = 1e-4, weightDecay: Double = 0, interval: Int = 1
    ) {
        precondition(learningRate > 0, "Shampoo: a learning rate of \(learningRate) is not positive")
        requireFraction(momentum, "μ", of: Self.self)
        precondition(epsilon > 0, "Shampoo: ε is \(epsilon), not positive")
        requireNotNegative(weightDecay, "weight decay", of: Self.self)
        precondition(interval >= 1, "Shampoo: roots every \(interval) steps; at least one is needed")
        self.matrices = WeightPieces(matrices, of: Self.self).matrices
        self.others = others
        self.learningRate = learningRate
        self.momentum = momentum
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.interval = interval
        rateFactor = others.learningRate / learningRate
    }

    /// The memory of a rule that has not taken a step: of each matrix B, L, R and the two roots.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar> {
        var state = RuleState<Scalar>(slotCount: 0, parameterCount: parameterCount)
        WeightPieces(matrices, of: Self.self).forEach(of: parameterCount) { range, matrix, _ in
            guard let matrix else {
                state.inner.append(others.initialState(parameterCount: range.count))
                return
            }
            let (r, c) = (matrix.rows, matrix.columns)
            var part = RuleState<Scalar>(lengths: [r * c, r * r, c * c, r * r, c * c])
            for i in 0..<r { part.slots[1][i * r + i] = Scalar(epsilon) }
            for i in 0..<c { part.slots[2][i * c + i] = Scalar(epsilon) }
            state.inner.append(part)
        }
        return state
    }

    /// Takes one step; see `UpdateRule`.
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        let count = parameters.count
        parameters.withUnsafeMutableBufferPointer { θ in
            WeightPieces(matrices, of: Self.self).forEach(of: count) { range, matrix, index in
                precondition(
                    index < state.inner.count, "Shampoo: the state has \(state.inner.count) pieces, too few")
                var part = UnsafeMutableBufferPointer(rebasing: θ[range]).mutableSpan
                if let matrix {
                    step(&part, gradient.extracting(range), &state.inner[index], matrix)
                } else {
                    others.update(&part, gradient: gradient.extracting(range), state: &state.inner[index])
                }
            }
        }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func step<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, _ gradient: Span<Scalar>, _ state: inout RuleState<Scalar>,
        _ matrix: WeightMatrix
    ) {
        let (r, c) = (matrix.rows, matrix.columns)
        let rootsAreDue = state.step % interval == 0
        state.step += 1
        gradient.withUnsafeBufferPointer { g in
            let g = g.baseAddress!
            state.slots[1].withUnsafeMutableBufferPointer {
                Scalar._gemm(false, true, r, r, c, 1, g, c, g, c, 1, $0.baseAddress!, r)
            }
            state.slots[2].withUnsafeMutableBufferPointer {
                Scalar._gemm(true, false, c, c, r, 1, g, c, g, c, 1, $0.baseAddress!, c)
            }
        }
        if rootsAreDue {
            state.slots[3] = symmetricPower(state.slots[1], side: r, exponent: -0.25)
            state.slots[4] = symmetricPower(state.slots[2], side: c, exponent: -0.25)
        }
        var work = state.workspace.take(count: 2 * r * c)
        work.withUnsafeMutableBufferPointer { work in
            let half = work.baseAddress!, whole = half + r * c
            gradient.withUnsafeBufferPointer { g in
                Scalar._gemm(false, false, r, c, r, 1, state.slots[3], r, g.baseAddress!, c, 0, half, c)
            }
            Scalar._gemm(false, false, r, c, c, 1, half, c, state.slots[4], c, 0, whole, c)
            let direction = UnsafeBufferPointer(start: whole, count: r * c).span
            let μ = Scalar(momentum), η = Scalar(learningRate)
            let keep = Scalar(1 - learningRate * weightDecay)
            sweep(&parameters, direction, &state) { θ, d, b in
                b = μ * b + d
                θ = keep * θ - η * b
            }
        }
        swap(&work, &state.workspace.values)
    }
}
