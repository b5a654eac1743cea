import DescentLinearAlgebra
import RealModule

/// SOAP: Adam in the eigenbasis of Shampoo's preconditioners.
///
/// For each matrix of weights W, r × c, with G its gradient and the columns of Q_L and Q_R the eigenvectors of running
/// averages of GGᵀ and GᵀG:
///
///     M ← β₁ M + (1 − β₁) G,      V ← β₂ V + (1 − β₂) (Q_Lᵀ G Q_R)²
///     W ← (1 − ηλ) (W − η̂ Q_L [Q_Lᵀ M Q_R / (√V + ε)] Q_Rᵀ),     η̂ = η √(1 − β₂ᵏ) / (1 − β₁ᵏ)
///     L ← β₂ L + (1 − β₂) G Gᵀ,   R ← β₂ R + (1 − β₂) Gᵀ G
///
/// Every `interval` steps the bases follow L and R by one step of orthogonal iteration, Q ← qr(L Q), with their columns
/// sorted by the eigenvalues they stand for, and V along with them. The first step has no basis to work in: it makes
/// one, by an eigendecomposition, and leaves the weights where they are; k counts the steps after it.
///
/// It takes fewer steps than Adam and a step costs more: four products with r × r and c × c matrices, and r² + c²
/// numbers of memory twice. It is meant for layers of up to about a thousand rows and columns. What is no matrix is left
/// to another rule.
///
/// Vyas et al., *SOAP: Improving and Stabilizing Shampoo using Adam*, ICLR 2025, algorithm 3, and what the authors'
/// program adds to it: the first step, the correction, the sorting.
public struct SOAP: UpdateRule {
    /// The step size, η.
    public var learningRate: Double {
        didSet { others.learningRate = learningRate * rateFactor }
    }

    /// The decay of the running average of the gradient, β₁.
    public var beta1: Double

    /// The decay of the running averages of squares, V, L and R, β₂.
    public var beta2: Double

    /// What keeps the denominator away from zero, ε.
    public var epsilon: Double

    /// The decoupled decay λ.
    public var weightDecay: Double

    /// The number of steps from one change of the bases to the next.
    public var interval: Int

    /// The matrices, in the order in which they lie.
    public let matrices: [WeightMatrix]

    /// The rule for all other parameters; its rate stays in proportion to this one's.
    public private(set) var others: AdamW

    private let rateFactor: Double

    /// None of its own; what is remembered is in `inner`, one state for each matrix and each stretch between.
    public var slots: [String] { [] }

    /// SOAP, with the authors' defaults.
    ///
    /// - Parameters:
    ///   - matrices: Where matrices lie; apart from each other.
    ///   - others: The rule for all other parameters.
    ///   - learningRate: η, positive.
    ///   - beta1: β₁, in 0..<1.
    ///   - beta2: β₂, in 0..<1.
    ///   - epsilon: ε, not negative.
    ///   - weightDecay: λ, not negative.
    ///   - interval: Steps between changes of the bases, at least 1.
    public init(
        matrices: [WeightMatrix], others: AdamW = AdamW(), learningRate: Double = 3e-3, beta1: Double = 0.95,
        beta2: Double = 0.95, epsilon: Double = 1e-8, weightDecay: Double = 0.01, interval: Int = 10
    ) {
        precondition(learningRate > 0, "SOAP: a learning rate of \(learningRate) is not positive")
        requireFraction(beta1, "β₁", of: Self.self)
        requireFraction(beta2, "β₂", of: Self.self)
        requireNotNegative(epsilon, "ε", of: Self.self)
        requireNotNegative(weightDecay, "weight decay", of: Self.self)
        precondition(interval >= 1, "SOAP: new bases every \(interval) steps; at least one is needed")
        self.matrices = WeightPieces(matrices, of: Self.self).matrices
        self.others = others
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.interval = interval
        rateFactor = others.learningRate / learningRate
    }

    /// The memory of a rule that has not taken a step: of each matrix M, V, L, R, Q_L and Q_R.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar> {
        var state = RuleState<Scalar>(slotCount: 0, parameterCount: parameterCount)
        WeightPieces(matrices, of: Self.self).forEach(of: parameterCount) { range, matrix, _ in
            guard let matrix else {
                state.inner.append(others.initialState(parameterCount: range.count))
                return
            }
            let (r, c) = (matrix.rows, matrix.columns)
            state.inner.append(RuleState(lengths: [r * c, r * c, r * r, c * c, r * r, c * c]))
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
                    index < state.inner.count, "SOAP: the state has \(state.inner.count) pieces, too few")
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
        state.step += 1
        let k = state.step - 1
        if k > 0 { move(&parameters, gradient, &state, r, c, k) }
        gradient.withUnsafeBufferPointer { g in
            let g = g.baseAddress!, keep = Scalar(beta2), take = Scalar(1 - beta2)
            state.slots[2].withUnsafeMutableBufferPointer {
                Scalar._gemm(false, true, r, r, c, take, g, c, g, c, keep, $0.baseAddress!, r)
            }
            state.slots[3].withUnsafeMutableBufferPointer {
                Scalar._gemm(true, false, c, c, r, take, g, c, g, c, keep, $0.baseAddress!, c)
            }
        }
        if k == 0 {
            state.slots[4] = eigenbasis(state.slots[2], side: r)
            state.slots[5] = eigenbasis(state.slots[3], side: c)
            // Else a first gradient that is not a number would go unseen until the next step.
            if state.slots[4].contains(where: \.isNaN) {
                for i in parameters.indices { parameters[i] = .nan }
            }
        } else if k % interval == 0 {
            let left = followed(state.slots[4], state.slots[2], side: r)
            state.slots[1] = (0..<r * c).map { state.slots[1][left.order[$0 / c] * c + $0 % c] }
            state.slots[4] = left.basis
            let right = followed(state.slots[5], state.slots[3], side: c)
            state.slots[1] = (0..<r * c).map { state.slots[1][$0 / c * c + right.order[$0 % c]] }
            state.slots[5] = right.basis
        }
    }

    /// The step of the weights, the bases being there.
    @inline(__always)
    private func move<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, _ gradient: Span<Scalar>, _ state: inout RuleState<Scalar>,
        _ r: Int, _ c: Int, _ k: Int
    ) {
        let size = r * c
        // What is rotated, half way and at its end.
        var work = state.workspace.take(count: 2 * size)
        work.withUnsafeMutableBufferPointer { work in
            let half = work.baseAddress!, whole = half + size
            var rotated = UnsafeMutableBufferPointer(start: whole, count: size).mutableSpan
            func rotate(_ matrix: UnsafePointer<Scalar>, back: Bool) {
                Scalar._gemm(!back, false, r, c, r, 1, state.slots[4], r, matrix, c, 0, half, c)
                Scalar._gemm(false, back, r, c, c, 1, half, c, state.slots[5], c, 0, whole, c)
            }
            let keep1 = Scalar(beta1), take1 = Scalar(1 - beta1)
            let keep2 = Scalar(beta2), take2 = Scalar(1 - beta2)
            gradient.withUnsafeBufferPointer { g in
                rotate(g.baseAddress!, back: false)
                for i in 0..<size {
                    state.slots[0][i] = keep1 * state.slots[0][i] + take1 * g[i]
                    state.slots[1][i] = keep2 * state.slots[1][i] + take2 * whole[i] * whole[i]
                }
            }
            rotate(state.slots[0], back: false)
            let ε = Scalar(epsilon)
            for i in 0..<size { rotated[i] /= state.slots[1][i].squareRoot() + ε }
            // The second product reads what the first has written, so the direction can stand where it came from.
            rotate(whole, back: true)
            let correction =
                (1 - Double.pow(beta2, k)).squareRoot() / (1 - Double.pow(beta1, k))
            let η = Scalar(learningRate * correction), keep = Scalar(1 - learningRate * weightDecay)
            sweep(&parameters, rotated.span) { θ, d in θ = keep * (θ - η * d) }
        }
        swap(&work, &state.workspace.values)
    }
}

/// The eigenvectors of a symmetric matrix in columns, that of the largest eigenvalue first.
private func eigenbasis<Scalar: MatrixScalar>(_ matrix: [Scalar], side: Int) -> [Scalar] {
    guard
        let eigen = try? SymmetricEigen(
            Matrix(rows: side, columns: side, elements: symmetrized(matrix, side)))
    else { return [Scalar](repeating: .nan, count: side * side) }
    return (0..<side * side).map { Scalar(eigen.vectors[$0 / side, side - 1 - $0 % side]) }
}

/// One step of orthogonal iteration from a basis, its columns sorted by falling vᵀAv; and which column came where.
private func followed<Scalar: MatrixScalar>(
    _ basis: [Scalar], _ matrix: [Scalar], side: Int
) -> (basis: [Scalar], order: [Int]) {
    let q = Matrix<Double>(rows: side, columns: side, elements: basis.map(Double.init))
    let a = Matrix<Double>(rows: side, columns: side, elements: symmetrized(matrix, side))
    let product = a * q
    let sizes = (0..<side).map { column in
        (0..<side).reduce(0) { $0 + q[$1, column] * product[$1, column] }
    }
    let order = (0..<side).sorted { (-sizes[$0], $0) < (-sizes[$1], $1) }
    var sorted = Matrix<Double>(rows: side, columns: side)
    for (place, column) in order.enumerated() { sorted.setColumn(place, to: product.column(column)) }
    guard let factors = try? QR(sorted) else {
        return ([Scalar](repeating: .nan, count: side * side), Array(0..<side))
    }
    let next = factors.orthogonal
    return ((0..<side * side).map { Scalar(next[$0 / side, $0 % side]) }, order)
}
