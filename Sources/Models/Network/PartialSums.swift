import DescentLinearAlgebra

/// What the pieces of one pass over the examples add up to, before they are added to each other.
final class PartialSums<Scalar: MatrixScalar> {
    /// The most pieces that a sum is split into: enough for an even load on a desktop's cores, few enough that adding
    /// them costs nothing.
    static var pieceLimit: Int { 16 }

    /// One entry a piece.
    let losses = UnsafeMutablePointer<NetworkLossKernel<Scalar>.Sums>.allocate(capacity: pieceLimit)

    /// Sums over columns, one stretch a piece; in the first stretch their total, once they are added up.
    private(set) var columns = UnsafeMutablePointer<Double>.allocate(capacity: 0)
    private var columnCapacity = 0

    private let parameterCount: Int

    /// Where the pieces after the first write their gradients.
    private(set) var gradients: [UnsafeMutablePointer<Scalar>] = []

    init(parameterCount: Int) {
        self.parameterCount = parameterCount
        losses.initialize(repeating: .init(), count: Self.pieceLimit)
    }

    deinit {
        losses.deallocate()
        columns.deallocate()
        for buffer in gradients { UnsafeMutableRawPointer(buffer).deallocate() }
    }

    /// Makes sure that there are so many gradients to write to.
    func reserveGradients(_ count: Int) {
        while gradients.count < count { gradients.append(.aligned(count: parameterCount)) }
    }

    /// Adds the gradients of the pieces after the first to that of the first, in order.
    func addUp(_ pieces: Int, into first: UnsafeMutablePointer<Scalar>) {
        for index in 0..<pieces - 1 {
            accumulate(gradients[index], into: first, count: parameterCount)
        }
    }

    /// Makes sure that there is room for sums over so many columns by so many pieces.
    func reserveColumns(_ count: Int, pieces: Int) {
        guard count * pieces > columnCapacity else { return }
        columns.deallocate()
        columnCapacity = count * pieces
        columns = .allocate(capacity: columnCapacity)
    }

    /// Adds the sums of the pieces after the first to those of the first, in order.
    func addUpColumns(_ count: Int, pieces: Int) {
        for piece in 1..<max(pieces, 1) {
            for column in 0..<count { columns[column] += columns[piece * count + column] }
        }
    }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func accumulate<Scalar: MatrixScalar>(
    _ addend: UnsafePointer<Scalar>, into total: UnsafeMutablePointer<Scalar>, count: Int
) {
    for i in 0..<count { total[i] += addend[i] }
}
