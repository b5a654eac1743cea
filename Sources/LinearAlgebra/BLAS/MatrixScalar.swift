import RealModule

/// A floating-point type that matrices hold and BLAS computes with: `Float` or `Double`.
///
/// Conforming another type is not supported: the underscored requirements are the thin typed layer over
/// CBLAS and LAPACKE, one function for each routine in use, and are not API.
///
/// Conventions of the layer. The BLAS functions are row-major: a matrix is a pointer and a leading dimension,
/// the distance between the starts of two rows. The LAPACK functions are column-major throughout, the leading
/// dimension is the distance between columns, and they return LAPACK's `info`; those that need workspace take
/// it with its length, and −1 asks for the best length. Lengths must fit 32-bit integers, which the callers
/// check (`BLASLimit`). Nothing here checks shapes or finiteness.
public protocol MatrixScalar: Real, BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
    // MARK: BLAS, row-major

    /// C ← alpha · op(A) · op(B) + beta · C, row-major; `m × n` result, `k` the inner dimension.
    ///
    /// Leading dimensions are distances between rows, in elements.
    static func _gemm(
        _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
        _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int, _ b: UnsafePointer<Self>, _ ldb: Int,
        _ beta: Self, _ c: UnsafeMutablePointer<Self>, _ ldc: Int)

    /// y ← alpha · op(A) · x + beta · y, A `m × n` row-major before the transposition.
    static func _gemv(
        _ transposeA: Bool, _ m: Int, _ n: Int, _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int,
        _ x: UnsafePointer<Self>, _ beta: Self, _ y: UnsafeMutablePointer<Self>)

    /// The upper triangle of C ← alpha · A·Aᵀ + beta · C, or alpha · Aᵀ·A with `transposeA`; C `n × n`, `k` the
    /// inner dimension, row-major.
    static func _syrk(
        _ transposeA: Bool, _ n: Int, _ k: Int, _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int,
        _ beta: Self, _ c: UnsafeMutablePointer<Self>, _ ldc: Int)

    /// B ← op(T)⁻¹ · B, T a triangular `m × m` matrix, B `m × n`, row-major.
    static func _trsm(
        _ isLower: Bool, _ transposeT: Bool, _ m: Int, _ n: Int,
        _ t: UnsafePointer<Self>, _ ldt: Int, _ b: UnsafeMutablePointer<Self>, _ ldb: Int)

    /// y ← alpha · x + y.
    static func _axpy(_ n: Int, _ alpha: Self, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)

    /// xᵀ · y.
    static func _dot(_ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Self

    /// Σ |xᵢ|.
    static func _asum(_ n: Int, _ x: UnsafePointer<Self>) -> Self

    // MARK: LAPACK, column-major

    /// Cholesky factorization of the symmetric `n × n` A, one triangle of it.
    static func _potrf(_ triangle: _LAPACKOption, _ n: Int, _ a: UnsafeMutablePointer<Self>, _ lda: Int)
        -> Int

    /// Reciprocal 1-norm condition number from a Cholesky factor; `work` has 3n elements.
    static func _pocon(
        _ triangle: _LAPACKOption, _ n: Int, _ a: UnsafePointer<Self>, _ lda: Int, _ norm: Self,
        _ reciprocal: inout Self, _ work: UnsafeMutablePointer<Self>, _ integers: UnsafeMutablePointer<Int32>
    ) -> Int

    /// Reciprocal condition number of a triangular matrix in the 1-norm or ∞-norm; `work` has 3n elements.
    static func _trcon(
        _ norm: _LAPACKOption, _ triangle: _LAPACKOption, _ n: Int, _ a: UnsafePointer<Self>, _ lda: Int,
        _ reciprocal: inout Self, _ work: UnsafeMutablePointer<Self>, _ integers: UnsafeMutablePointer<Int32>
    ) -> Int

    /// The inverse of a triangular matrix in its place.
    static func _trtri(_ triangle: _LAPACKOption, _ n: Int, _ a: UnsafeMutablePointer<Self>, _ lda: Int)
        -> Int

    /// A = Q·R, A `m × n`.
    static func _geqrf(
        _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Self>, _ lda: Int, _ tau: UnsafeMutablePointer<Self>,
        _ work: UnsafeMutablePointer<Self>, _ length: Int
    ) -> Int

    /// A = L·Q, A `m × n`.
    static func _gelqf(
        _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Self>, _ lda: Int, _ tau: UnsafeMutablePointer<Self>,
        _ work: UnsafeMutablePointer<Self>, _ length: Int
    ) -> Int

    /// A·P = Q·R with column pivoting, A `m × n`; pivots count from 1.
    static func _geqp3(
        _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Self>, _ lda: Int,
        _ pivots: UnsafeMutablePointer<Int32>,
        _ tau: UnsafeMutablePointer<Self>, _ work: UnsafeMutablePointer<Self>, _ length: Int
    ) -> Int

    /// C ← op(Q)·C or C·op(Q), Q of `k` reflectors from `_geqrf` or `_geqp3`, C `m × n`.
    static func _ormqr(
        _ side: _LAPACKOption, _ transposition: _LAPACKOption, _ m: Int, _ n: Int, _ k: Int,
        _ a: UnsafePointer<Self>, _ lda: Int, _ tau: UnsafePointer<Self>,
        _ c: UnsafeMutablePointer<Self>, _ ldc: Int, _ work: UnsafeMutablePointer<Self>, _ length: Int
    ) -> Int

    /// C ← op(Q)·C or C·op(Q), Q of `k` reflectors from `_gelqf`, C `m × n`.
    static func _ormlq(
        _ side: _LAPACKOption, _ transposition: _LAPACKOption, _ m: Int, _ n: Int, _ k: Int,
        _ a: UnsafePointer<Self>, _ lda: Int, _ tau: UnsafePointer<Self>,
        _ c: UnsafeMutablePointer<Self>, _ ldc: Int, _ work: UnsafeMutablePointer<Self>, _ length: Int
    ) -> Int

    /// A = U·S·Vᵀ by divide and conquer, A `m × n`; `integers` has 8·min(m, n) elements.
    static func _gesdd(
        _ job: _LAPACKOption, _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Self>, _ lda: Int,
        _ s: UnsafeMutablePointer<Self>, _ u: UnsafeMutablePointer<Self>, _ ldu: Int,
        _ vt: UnsafeMutablePointer<Self>, _ ldvt: Int, _ work: UnsafeMutablePointer<Self>, _ length: Int,
        _ integers: UnsafeMutablePointer<Int32>
    ) -> Int

    /// A = U·S·Vᵀ by QR iteration, A `m × n`.
    static func _gesvd(
        _ job: _LAPACKOption, _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Self>, _ lda: Int,
        _ s: UnsafeMutablePointer<Self>, _ u: UnsafeMutablePointer<Self>, _ ldu: Int,
        _ vt: UnsafeMutablePointer<Self>, _ ldvt: Int, _ work: UnsafeMutablePointer<Self>, _ length: Int
    ) -> Int

    /// Eigenvalues, and with `.vectors` the eigenvectors in place of A, by divide and conquer.
    static func _syevd(
        _ job: _LAPACKOption, _ triangle: _LAPACKOption, _ n: Int, _ a: UnsafeMutablePointer<Self>,
        _ lda: Int,
        _ w: UnsafeMutablePointer<Self>, _ work: UnsafeMutablePointer<Self>, _ length: Int,
        _ integers: UnsafeMutablePointer<Int32>, _ integerLength: Int
    ) -> Int
}
