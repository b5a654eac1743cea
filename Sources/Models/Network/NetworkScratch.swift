import DescentLinearAlgebra

/// The buffers of one pass over a block of examples, allocated once and used again.
final class NetworkScratch<Scalar: MatrixScalar> {
    /// The most examples that go through the network together.
    ///
    /// 128 rows of 784 floats are 400 KB: they stay in a second-level cache between the two products that read them.
    static var blockRows: Int { 128 }

    /// `activations[0]` is the block of inputs, `activations[l]` what layer l − 1 gives; row-major, no padding.
    let activations: [UnsafeMutablePointer<Scalar>]

    /// ∂ℓ/∂z of the layer at hand and of the one before it, in turn.
    let derivatives: (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>)

    /// The labels of the block.
    let labels: UnsafeMutablePointer<Int32>

    init(layout: NetworkLayout) {
        let rows = Self.blockRows
        activations = layout.sizes.map { .aligned(count: rows * $0) }
        let widest = layout.sizes.dropFirst().max()!
        derivatives = (.aligned(count: rows * widest), .aligned(count: rows * widest))
        labels = .allocate(capacity: rows)
    }

    deinit {
        for buffer in activations { UnsafeMutableRawPointer(buffer).deallocate() }
        UnsafeMutableRawPointer(derivatives.0).deallocate()
        UnsafeMutableRawPointer(derivatives.1).deallocate()
        labels.deallocate()
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
