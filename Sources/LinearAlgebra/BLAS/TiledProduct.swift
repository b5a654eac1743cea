import CKernels
import Glibc

/// Consecutive terms of the sums of a product.
package struct SumStretch: Equatable, Sendable {
    /// The first term.
    package var start: Int

    /// How many there are.
    package var count: Int

    package init(start: Int, count: Int) {
        self.start = start
        self.count = count
    }
}

/// Matrix products by a kernel of our own, for parts of a product that threads share.
///
/// Why not BLAS: a batch of 64 through a layer of 128 is too small for what a BLAS does before it multiplies, and its
/// sums depend on the part that is asked for. Here an element's sum is the same whichever rows are computed with it,
/// so that rows may be split between any number of threads. Measured on Zen 5 with AVX-512, 64 × 784 × 128 on one
/// thread: 48 µs, 267 GF/s, where OpenBLAS 0.3.21 with its AVX2 kernels takes 105 µs (`make perf ARGS="kernels"`).
package enum TiledProduct {
    /// A factor: where it lies, and the distances between its rows and between its columns, in elements.
    ///
    /// The address is raw so that code that is not specialized needs no metadata for the type.
    package struct Factor {
        let address: UnsafeRawPointer
        let row: Int
        let column: Int

        /// A row-major matrix.
        package init(_ address: UnsafeRawPointer, stride: Int) {
            self.address = address
            row = stride
            column = 1
        }

        /// The transpose of a row-major matrix.
        package init(transposing address: UnsafeRawPointer, stride: Int) {
            self.address = address
            row = 1
            column = stride
        }
    }

    /// C ← A B, or C ← A B + C.
    ///
    /// - Parameters:
    ///   - rows: The rows of A and C.
    ///   - columns: The columns of B and C.
    ///   - depth: The columns of A and rows of B.
    ///   - a: A.
    ///   - b: B.
    ///   - adding: Whether the product is added to C.
    ///   - c: C, row-major.
    ///   - stretches: The terms of the sums that count; `nil` for all. With them, `depth` is at most 4096.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func multiply<Scalar: MatrixScalar>(
        rows: Int, columns: Int, depth: Int, _ a: Factor,
        _ b: Factor, adding: Bool = false, into c: UnsafeMutablePointer<Scalar>,
        stride: Int, stretches: UnsafeBufferPointer<SumStretch>? = nil
    ) {
        multiply(
            rows: rows, columns: columns, depth: depth, a, b, adding: adding, into: c, stride: stride,
            stretches: stretches, instructions: bestInstructions)
    }

    /// The same with one of the processor's instruction sets.
    @inline(__always)
    static func multiply<Scalar: MatrixScalar>(
        rows: Int, columns: Int, depth: Int, _ a: Factor,
        _ b: Factor, adding: Bool, into c: UnsafeMutablePointer<Scalar>,
        stride: Int, stretches: UnsafeBufferPointer<SumStretch>?,
        instructions: descent_instructions
    ) {
        var product = descent_matrix_product(
            is_double: Scalar.self == Double.self, adding: adding, rows: rows, columns: columns, depth: depth,
            a: a.address, a_row: a.row, a_depth: a.column, b: b.address, b_depth: b.row, b_column: b.column,
            c: c, c_stride: stride, stretches: nil, stretch_count: 0, room: room)
        if let stretches {
            stretches.withMemoryRebound(to: descent_stretch.self) {
                product.stretches = $0.baseAddress
                product.stretch_count = $0.count
                // No stretch is not the same as all of them.
                if $0.isEmpty { product.depth = 0 }
                descent_multiply(&product, instructions)
            }
        } else {
            descent_multiply(&product, instructions)
        }
    }

    /// The instruction set of this processor.
    private static let bestInstructions = descent_best_instructions()

    /// Where the calling thread's products put their factors in order; given back when the thread ends.
    private static var room: UnsafeMutableRawPointer {
        if let room = pthread_getspecific(key) { return room }
        let room = UnsafeMutableRawPointer.allocate(
            byteCount: descent_matrix_product_room() * MemoryLayout<Double>.stride, alignment: 64)
        pthread_setspecific(key, room)
        return room
    }

    private static let key = {
        var key = pthread_key_t()
        let result = pthread_key_create(&key) { $0?.deallocate() }
        precondition(result == 0, "the process has no room for a thread's own data")
        return key
    }()
}
