import DescentLinearAlgebra

/// The buffers of one pass over a block of examples, allocated once and used again.
final class LogitScratch<Scalar: MatrixScalar> {
    /// The most examples of a block: few enough that the block stays in the cache between two products.
    static var blockRows: Int { 128 }

    /// The examples, rows × columns.
    let features: UnsafeMutablePointer<Scalar>
    /// One row a logit, `blockRows` apart.
    let logits: UnsafeMutablePointer<Scalar>
    /// Room for as many.
    let moreLogits: UnsafeMutablePointer<Scalar>
    let labels: UnsafeMutablePointer<Int32>
    let weights: UnsafeMutablePointer<Double>
    /// Which example the block begins with.
    var firstRow = 0

    private let columns: Int
    private let logitCount: Int
    private var secondFeatures: UnsafeMutablePointer<Scalar>?

    /// Room for a block of features a logit, made when it is first asked for.
    var moreFeatures: UnsafeMutablePointer<Scalar> {
        if let secondFeatures { return secondFeatures }
        let room = UnsafeMutablePointer<Scalar>.aligned(count: Self.blockRows * columns * logitCount)
        secondFeatures = room
        return room
    }

    init(columns: Int, logits count: Int) {
        self.columns = columns
        logitCount = count
        features = .aligned(count: Self.blockRows * columns)
        logits = .aligned(count: Self.blockRows * count)
        moreLogits = .aligned(count: Self.blockRows * count)
        labels = .allocate(capacity: Self.blockRows)
        weights = .allocate(capacity: Self.blockRows)
    }

    deinit {
        for buffer in [features, logits, moreLogits] { UnsafeMutableRawPointer(buffer).deallocate() }
        if let secondFeatures { UnsafeMutableRawPointer(secondFeatures).deallocate() }
        labels.deallocate()
        weights.deallocate()
    }
}

/// What the pieces of one pass add up to, before they are added to each other in order.
final class Accumulator<Scalar: MatrixScalar> {
    /// The sums of one piece.
    final class Piece {
        var value = 0.0
        let vector: UnsafeMutablePointer<Scalar>

        init(width: Int) {
            vector = .aligned(count: width)
            vector.initialize(repeating: 0, count: width)
        }

        deinit { UnsafeMutableRawPointer(vector).deallocate() }
    }

    let pieces: [Piece]
    private let width: Int

    init(pieces count: Int, width: Int) {
        self.width = width
        pieces = (0..<count).map { _ in Piece(width: width) }
    }

    var totalValue: Double { pieces.reduce(0) { $0 + $1.value } }

    func total(into result: inout [Scalar]) {
        precondition(result.count == width, "\(width) sums do not fit \(result.count) numbers")
        result.withUnsafeMutableBufferPointer { addUp($0) }
    }

    func totalMatrix(rows: Int) -> Matrix<Scalar> {
        Matrix(rows: rows, columns: rows == 0 ? 0 : width / rows) { addUp($0) }
    }

    private func addUp(_ result: UnsafeMutableBufferPointer<Scalar>) {
        guard let base = result.baseAddress else { return }
        base.initialize(from: pieces[0].vector, count: width)
        for piece in pieces.dropFirst() { accumulateSums(piece.vector, into: base, count: width) }
    }
}

/// total ← total + addend.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func accumulateSums<Scalar: MatrixScalar>(
    _ addend: UnsafePointer<Scalar>, into total: UnsafeMutablePointer<Scalar>, count: Int
) {
    for i in 0..<count { total[i] += addend[i] }
}
