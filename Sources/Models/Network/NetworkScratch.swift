import DescentLinearAlgebra

/// The buffers of one pass, allocated once and used again.
///
/// A pass over examples that do not know of each other goes block by block, each thread in a scratch of its own; one
/// that normalizes over the batch has the whole batch in one scratch, each thread in rows of its own.
final class NetworkScratch<Scalar: MatrixScalar> {
    /// The most examples that go through the network together where they need not.
    ///
    /// 128 rows of 784 floats are 400 KB: they stay in a second-level cache between the two products that read them.
    static var blockRows: Int { 128 }

    private let plan: NetworkPlan
    private let targetWidth: Int
    private(set) var capacity = 0

    /// The plan's buffers, row-major without padding; the first holds the inputs, the last the outputs.
    private(set) var buffers: [UnsafeMutablePointer<Scalar>] = []

    /// ∂ℓ/∂z of the layer at hand and of the one before it, in turn.
    private(set) var derivatives: [UnsafeMutablePointer<Scalar>] = []

    /// Mean and inverse deviation of each row at each layer norm.
    private(set) var rowStatistics: [UnsafeMutablePointer<Scalar>] = []

    /// Means, then inverse deviations, of the columns at each batch norm.
    let columnStatistics: [UnsafeMutablePointer<Scalar>]

    /// The labels of the rows.
    private(set) var labels: UnsafeMutablePointer<Int32>

    /// The targets of the rows, where the loss compares numbers with numbers.
    private(set) var targets: UnsafeMutablePointer<Scalar>

    /// The weights of the rows, where examples have weights.
    private(set) var weights: UnsafeMutablePointer<Scalar>

    /// A scratch.
    ///
    /// - Parameters:
    ///   - rows: For how many rows at first.
    ///   - targetWidth: The number of targets of an example, 0 where the loss goes by labels.
    init(_ plan: NetworkPlan, rows: Int, targetWidth: Int) {
        self.plan = plan
        self.targetWidth = targetWidth
        columnStatistics = plan.batchNorms.map { .aligned(count: 2 * plan.steps[$0].outputs) }
        labels = .allocate(capacity: 0)
        targets = .aligned(count: 0)
        weights = .aligned(count: 0)
        reserve(rows)
    }

    /// Makes room for so many rows.
    func reserve(_ rows: Int) {
        guard rows > capacity else { return }
        freeRows()
        capacity = rows
        buffers = plan.bufferWidths.map { .aligned(count: rows * $0) }
        derivatives = (0..<2).map { _ in .aligned(count: rows * plan.derivativeWidth) }
        rowStatistics = (0..<plan.layerNormCount).map { _ in .aligned(count: 2 * rows) }
        labels = .allocate(capacity: rows)
        targets = .aligned(count: rows * targetWidth)
        weights = .aligned(count: rows)
    }

    /// Where the derivative with respect to a step's result lies, for rows from `row` on.
    func derivative(_ place: Int, row: Int) -> UnsafeMutablePointer<Scalar> {
        // Each row has room for the widest derivative, so that rows of different threads do not meet.
        place < 0
            ? buffers[plan.outputBuffer] + row * plan.outputCount
            : derivatives[place] + row * plan.derivativeWidth
    }

    /// Calls `body` for one stretch of a range after another, each at most a block.
    static func forEachBlock(of range: Range<Int>, _ body: (Range<Int>) -> Void) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(start + blockRows, range.upperBound)
            body(start..<end)
            start = end
        }
    }

    private func freeRows() {
        for buffer in buffers + derivatives + rowStatistics + [targets, weights] {
            UnsafeMutableRawPointer(buffer).deallocate()
        }
        labels.deallocate()
    }

    deinit {
        freeRows()
        for buffer in columnStatistics { UnsafeMutableRawPointer(buffer).deallocate() }
    }
}

extension UnsafeMutablePointer {
    /// Uninitialized room for so many numbers, on a 64-byte boundary.
    static func aligned(count: Int) -> Self {
        UnsafeMutableRawPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<Pointee>.stride, alignment: 64
        )
        .bindMemory(to: Pointee.self, capacity: max(count, 1))
    }
}
