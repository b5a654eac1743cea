import RealModule

/// A floating-point type that matrices hold and BLAS computes with: `Float` or `Double`.
///
/// Conforming another type is not supported: the underscored requirements are the thin typed layer over
/// CBLAS and LAPACKE, one function for each routine in use, and are not API.
public protocol MatrixScalar: Real, BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
    /// C ← alpha · op(A) · op(B) + beta · C, row-major; `m × n` result, `k` the inner dimension.
    ///
    /// Leading dimensions are distances between rows, in elements.
    static func _gemm(
        _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
        _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int, _ b: UnsafePointer<Self>, _ ldb: Int,
        _ beta: Self, _ c: UnsafeMutablePointer<Self>, _ ldc: Int)
}
