import DescentLinearAlgebra

/// Muon: a momentum whose matrices are made nearly orthogonal before the step; AdamW for all that is no matrix.
///
/// For each matrix of weights, r × c, with g its gradient:
///
///     B ← μ B + g,       U = g + μ B  (Nesterov),   U = B  otherwise
///     θ ← (1 − ηλ) θ − η √max(1, r/c) · O(U)
///
/// O(U) is U with its singular values moved close to 1: five steps of the Newton–Schulz iteration
/// X ← aX + (bXXᵀ + c(XXᵀ)²) X from U / ‖U‖, all of them matrix products. The coefficients are chosen to lift small
/// singular values fast, and the values end between about 0.7 and 1.2 and not at 1.
///
/// Which ranges of the parameters are matrices has to be said. Input and output layers, biases and everything else
/// are best left to AdamW.
///
/// Jordan et al., *Muon: An optimizer for hidden layers in neural networks*, 2024; `torch.optim.Muon`, which does the
/// products in bfloat16.
public struct Muon: UpdateRule {
    /// A matrix in the flat vector of parameters.
    public struct Weights: Codable, Equatable, Sendable {
        /// Where its first number lies.
        public var offset: Int
        /// The number of rows; they lie one after the other.
        public var rows: Int
        /// The number of columns.
        public var columns: Int

        /// A matrix, row by row from `offset`.
        public init(offset: Int, rows: Int, columns: Int) {
            precondition(
                offset >= 0 && rows >= 1 && columns >= 1,
                "Muon: a matrix of \(rows) × \(columns) from \(offset)")
            self.offset = offset
            self.rows = rows
            self.columns = columns
        }

        var range: Range<Int> { offset..<offset + rows * columns }
    }

    /// The step size, η.
    public var learningRate: Double {
        didSet { others.learningRate = learningRate * rateFactor }
    }

    /// The share of the momentum kept from step to step, μ.
    public var momentum: Double

    /// Whether the step follows g + μB in place of B.
    public var nesterov: Bool

    /// The decoupled decay λ.
    public var weightDecay: Double

    /// The number of Newton–Schulz steps.
    public var iterations: Int

    /// The matrices, in the order in which they lie.
    public let matrices: [Weights]

    /// The rule for all other parameters; its rate stays in proportion to this one's.
    public private(set) var others: AdamW

    private let rateFactor: Double

    /// None of its own; the velocities are in `inner`, one state for each matrix and each stretch between.
    public var slots: [String] { [] }

    /// Muon, with PyTorch's defaults.
    ///
    /// - Parameters:
    ///   - matrices: Where matrices lie; apart from each other.
    ///   - others: The rule for all other parameters.
    ///   - learningRate: η, positive.
    ///   - momentum: μ, in 0..<1.
    ///   - nesterov: Look ahead.
    ///   - weightDecay: λ, not negative.
    ///   - iterations: The number of Newton–Schulz steps, at least 1.
    public init(
        matrices: [Weights], others: AdamW = AdamW(), learningRate: Double = 1e-3, momentum: Double = 0.95,
        nesterov: Bool = true, weightDecay: Double = 0.1, iterations: Int = 5
    ) {
        precondition(learningRate > 0, "Muon: a learning rate of \(learningRate) is not positive")
        requireFraction(momentum, "μ", of: Self.self)
        requireNotNegative(weightDecay, "weight decay", of: Self.self)
        precondition(iterations >= 1, "Muon: \(iterations) Newton–Schulz steps; at least one is needed")
        self.matrices = matrices.sorted { $0.offset < $1.offset }
        for (left, right) in zip(self.matrices, self.matrices.dropFirst()) {
            precondition(
                left.range.upperBound <= right.offset, "Muon: \(left.range) and \(right.range) overlap")
        }
        self.others = others
        self.learningRate = learningRate
        self.momentum = momentum
        self.nesterov = nesterov
        self.weightDecay = weightDecay
        self.iterations = iterations
        rateFactor = others.learningRate / learningRate
    }

    /// The memory of a rule that has not taken a step.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar> {
        var state = RuleState<Scalar>(slotCount: 0, parameterCount: parameterCount)
        forEachPiece(of: parameterCount) { range, matrix, _ in
            state.inner.append(
                matrix == nil
                    ? others.initialState(parameterCount: range.count)
                    : RuleState(slotCount: 1, parameterCount: range.count))
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
            forEachPiece(of: count) { range, matrix, index in
                precondition(
                    index < state.inner.count, "Muon: the state has \(state.inner.count) pieces, too few")
                var part = UnsafeMutableBufferPointer(rebasing: θ[range]).mutableSpan
                if let matrix {
                    step(&part, gradient.extracting(range), &state.inner[index], matrix)
                } else {
                    others.update(&part, gradient: gradient.extracting(range), state: &state.inner[index])
                }
            }
        }
    }

    private func forEachPiece(of count: Int, _ body: (Range<Int>, Weights?, Int) -> Void) {
        let end = matrices.isEmpty ? 0 : matrices[matrices.count - 1].range.upperBound
        precondition(end <= count, "Muon: a matrix that ends at \(end), but \(count) parameters")
        var position = 0, index = 0
        // By index: an iterator would be allocated at every step.
        for number in matrices.indices {
            let matrix = matrices[number]
            if position < matrix.offset {
                body(position..<matrix.offset, nil, index)
                index += 1
            }
            body(matrix.range, matrix, index)
            index += 1
            position = matrix.range.upperBound
        }
        if position < count { body(position..<count, nil, index) }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func step<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, _ gradient: Span<Scalar>, _ state: inout RuleState<Scalar>,
        _ matrix: Weights
    ) {
        state.step += 1
        let size = matrix.rows * matrix.columns, side = min(matrix.rows, matrix.columns)
        // X, its successor, XXᵀ and the polynomial of it.
        var work = state.workspace.take(count: 2 * size + 2 * side * side)
        let μ = Scalar(momentum), ahead: Scalar = nesterov ? 1 : 0, along: Scalar = nesterov ? μ : 1
        work.withUnsafeMutableBufferPointer { work in
            var direction = UnsafeMutableBufferPointer(start: work.baseAddress!, count: size).mutableSpan
            sweep(&direction, gradient, &state) { u, g, b in
                b = μ * b + g
                u = ahead * g + along * b
            }
            let norm = euclideanNorm(direction.span)
            let scale = Scalar(1 / max(norm, 1e-7))
            sweep(&direction, gradient) { u, _ in u *= scale }
            let result = orthogonalize(work.baseAddress!, matrix.rows, matrix.columns)
            let keep = Scalar(1 - learningRate * weightDecay)
            let stretch = max(1, Double(matrix.rows) / Double(matrix.columns)).squareRoot()
            let η = Scalar(learningRate * stretch)
            let orthogonal = UnsafeBufferPointer(start: result, count: size).span
            sweep(&parameters, orthogonal) { θ, o in θ = keep * θ - η * o }
        }
        swap(&work, &state.workspace.values)
    }

    /// Newton–Schulz steps on the matrix at the start of `work`; returns where the result lies.
    ///
    /// A wide matrix uses XXᵀ, a tall one XᵀX, whichever is smaller; the iteration is the same.
    @inline(__always)
    private func orthogonalize<Scalar: MatrixScalar>(
        _ work: UnsafeMutablePointer<Scalar>, _ rows: Int, _ columns: Int
    ) -> UnsafeMutablePointer<Scalar> {
        let (a, b, c): (Scalar, Scalar, Scalar) = (3.4445, -4.7750, 2.0315)
        let size = rows * columns, side = min(rows, columns), isTall = rows > columns
        var (x, next) = (work, work + size)
        let gram = work + 2 * size
        let polynomial = gram + side * side
        for _ in 0..<iterations {
            Scalar._gemm(
                isTall, !isTall, side, side, max(rows, columns), 1, x, columns, x, columns, 0, gram, side)
            polynomial.update(from: gram, count: side * side)
            Scalar._gemm(false, false, side, side, side, c, gram, side, gram, side, b, polynomial, side)
            next.update(from: x, count: size)
            if isTall {
                Scalar._gemm(
                    false, false, rows, columns, side, 1, x, columns, polynomial, side, a, next, columns)
            } else {
                Scalar._gemm(
                    false, false, rows, columns, side, 1, polynomial, side, x, columns, a, next, columns)
            }
            swap(&x, &next)
        }
        return x
    }
}
