import CBLAS
import CKernels

/// Products with a matrix of a few columns, such as the weights of ten classes, by a kernel of our own where BLAS is slow.
///
/// BLAS packs both factors for tiles that are mostly padding here. Measured on Zen 4 against OpenBLAS 0.3.21 on one
/// thread, ten columns, 784 features: 1.7 to 2 times faster in both directions, with AVX-512 and with AVX2. Small products
/// go through other code there, which is the faster one, and so is BLAS at 16 columns.
enum NarrowProduct {
    /// Whether the kernel is the faster one for C ← op(A) B, m × n with the inner dimension k.
    ///
    /// The kernel runs on the calling thread, so that BLAS keeps the product if it may take several.
    @inline(__always)
    static func pays(_ transposeA: Bool, _ m: Int, _ n: Int, _ k: Int) -> Bool {
        guard (3..<16).contains(n), (transposeA ? m : k) >= 256, m * n * k > 1_000_000 else { return false }
        return descent_best_instructions() != descent_baseline && openblas_get_num_threads() == 1
    }

    /// C ← op(A) B, or C ← op(A) B + C, row-major; n is at most 16.
    static func run<Scalar: MatrixScalar>(
        _ transposeA: Bool, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Scalar>, _ lda: Int,
        _ b: UnsafePointer<Scalar>, _ ldb: Int, adding: Bool, _ c: UnsafeMutablePointer<Scalar>, _ ldc: Int,
        instructions: descent_instructions = descent_best_instructions()
    ) {
        precondition((1...16).contains(n), "a product of \(n) columns is not narrow")
        var product = descent_product(
            is_double: Scalar.self == Double.self, adding: adding, rows: m, columns: n, depth: k, x: a,
            x_stride: lda, w: b, w_stride: ldb, y: c, y_stride: ldc)
        if transposeA {
            descent_narrow_transposed_product(&product, instructions)
        } else {
            descent_narrow_product(&product, instructions)
        }
    }
}
