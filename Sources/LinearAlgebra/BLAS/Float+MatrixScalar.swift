// The pair of this file differs in the letter of the routines' names alone.

import CBLAS
import RealModule

extension Float: MatrixScalar {

    // MARK: BLAS, row-major

    /// `cblas_sgemm`, or a kernel of our own where B has few columns.
    public static func _gemm(
        _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
        _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int,
        _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: Int
    ) {
        if NarrowProduct.pays(transposeA, m, n, k), !transposeB, alpha == 1, beta == 0 || beta == 1 {
            return NarrowProduct.run(
                transposeA, m, n, k, a, lda, b, ldb, adding: beta == 1, c, ldc)
        }
        cblas_sgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
            Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
    }

    /// `cblas_sgemv`.
    public static func _gemv(
        _ transposeA: Bool, _ m: Int, _ n: Int, _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int,
        _ x: UnsafePointer<Float>, _ beta: Float, _ y: UnsafeMutablePointer<Float>
    ) {
        cblas_sgemv(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), alpha, a, Int32(lda),
            x, 1, beta, y, 1)
    }

    /// `cblas_ssyrk`.
    public static func _syrk(
        _ transposeA: Bool, _ n: Int, _ k: Int, _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int,
        _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: Int
    ) {
        cblas_ssyrk(
            CblasRowMajor, CblasUpper, transposeA ? CblasTrans : CblasNoTrans, Int32(n), Int32(k), alpha, a,
            Int32(lda), beta, c, Int32(ldc))
    }

    /// `cblas_strsm`.
    public static func _trsm(
        _ isLower: Bool, _ transposeT: Bool, _ m: Int, _ n: Int,
        _ t: UnsafePointer<Float>, _ ldt: Int, _ b: UnsafeMutablePointer<Float>, _ ldb: Int
    ) {
        cblas_strsm(
            CblasRowMajor, CblasLeft, isLower ? CblasLower : CblasUpper,
            transposeT ? CblasTrans : CblasNoTrans, CblasNonUnit, Int32(m), Int32(n), 1, t, Int32(ldt), b,
            Int32(ldb))
    }

    /// `cblas_saxpy`.
    public static func _axpy(
        _ n: Int, _ alpha: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
    ) {
        cblas_saxpy(Int32(n), alpha, x, 1, y, 1)
    }

    /// `cblas_sdot`.
    public static func _dot(_ n: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>) -> Float {
        cblas_sdot(Int32(n), x, 1, y, 1)
    }

    /// `cblas_sasum`.
    public static func _asum(_ n: Int, _ x: UnsafePointer<Float>) -> Float {
        cblas_sasum(Int32(n), x, 1)
    }

    // MARK: LAPACK, column-major

    /// `LAPACKE_spotrf_work`.
    public static func _potrf(
        _ triangle: _LAPACKOption, _ n: Int, _ a: UnsafeMutablePointer<Float>, _ lda: Int
    ) -> Int {
        Int(LAPACKE_spotrf_work(LAPACK_COL_MAJOR, triangle.letter, Int32(n), a, Int32(lda)))
    }

    /// `LAPACKE_spocon_work`.
    public static func _pocon(
        _ triangle: _LAPACKOption, _ n: Int, _ a: UnsafePointer<Float>, _ lda: Int, _ norm: Float,
        _ reciprocal: inout Float, _ work: UnsafeMutablePointer<Float>,
        _ integers: UnsafeMutablePointer<Int32>
    ) -> Int {
        Int(
            LAPACKE_spocon_work(
                LAPACK_COL_MAJOR, triangle.letter, Int32(n), a, Int32(lda), norm, &reciprocal, work, integers)
        )
    }

    /// `LAPACKE_strcon_work`.
    public static func _trcon(
        _ norm: _LAPACKOption, _ triangle: _LAPACKOption, _ n: Int, _ a: UnsafePointer<Float>, _ lda: Int,
        _ reciprocal: inout Float, _ work: UnsafeMutablePointer<Float>,
        _ integers: UnsafeMutablePointer<Int32>
    ) -> Int {
        Int(
            LAPACKE_strcon_work(
                LAPACK_COL_MAJOR, norm.letter, triangle.letter, _LAPACKOption.none.letter, Int32(n), a,
                Int32(lda), &reciprocal, work, integers))
    }

    /// `LAPACKE_strtri_work`.
    public static func _trtri(
        _ triangle: _LAPACKOption, _ n: Int, _ a: UnsafeMutablePointer<Float>, _ lda: Int
    ) -> Int {
        Int(
            LAPACKE_strtri_work(
                LAPACK_COL_MAJOR, triangle.letter, _LAPACKOption.none.letter, Int32(n), a, Int32(lda)))
    }

    /// `LAPACKE_sgeqrf_work`.
    public static func _geqrf(
        _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Float>, _ lda: Int,
        _ tau: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ length: Int
    ) -> Int {
        Int(
            LAPACKE_sgeqrf_work(
                LAPACK_COL_MAJOR, Int32(m), Int32(n), a, Int32(lda), tau, work, Int32(length)))
    }

    /// `LAPACKE_sgelqf_work`.
    public static func _gelqf(
        _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Float>, _ lda: Int,
        _ tau: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ length: Int
    ) -> Int {
        Int(
            LAPACKE_sgelqf_work(
                LAPACK_COL_MAJOR, Int32(m), Int32(n), a, Int32(lda), tau, work, Int32(length)))
    }

    /// `LAPACKE_sgeqp3_work`.
    public static func _geqp3(
        _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Float>, _ lda: Int,
        _ pivots: UnsafeMutablePointer<Int32>, _ tau: UnsafeMutablePointer<Float>,
        _ work: UnsafeMutablePointer<Float>, _ length: Int
    ) -> Int {
        Int(
            LAPACKE_sgeqp3_work(
                LAPACK_COL_MAJOR, Int32(m), Int32(n), a, Int32(lda), pivots, tau, work, Int32(length)))
    }

    /// `LAPACKE_sormqr_work`.
    public static func _ormqr(
        _ side: _LAPACKOption, _ transposition: _LAPACKOption, _ m: Int, _ n: Int, _ k: Int,
        _ a: UnsafePointer<Float>, _ lda: Int, _ tau: UnsafePointer<Float>,
        _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ work: UnsafeMutablePointer<Float>, _ length: Int
    ) -> Int {
        Int(
            LAPACKE_sormqr_work(
                LAPACK_COL_MAJOR, side.letter, transposition.letter, Int32(m), Int32(n), Int32(k), a,
                Int32(lda), tau, c, Int32(ldc), work, Int32(length)))
    }

    /// `LAPACKE_sormlq_work`.
    public static func _ormlq(
        _ side: _LAPACKOption, _ transposition: _LAPACKOption, _ m: Int, _ n: Int, _ k: Int,
        _ a: UnsafePointer<Float>, _ lda: Int, _ tau: UnsafePointer<Float>,
        _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ work: UnsafeMutablePointer<Float>, _ length: Int
    ) -> Int {
        Int(
            LAPACKE_sormlq_work(
                LAPACK_COL_MAJOR, side.letter, transposition.letter, Int32(m), Int32(n), Int32(k), a,
                Int32(lda), tau, c, Int32(ldc), work, Int32(length)))
    }

    /// `LAPACKE_sgesdd_work`.
    public static func _gesdd(
        _ job: _LAPACKOption, _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Float>, _ lda: Int,
        _ s: UnsafeMutablePointer<Float>, _ u: UnsafeMutablePointer<Float>, _ ldu: Int,
        _ vt: UnsafeMutablePointer<Float>, _ ldvt: Int, _ work: UnsafeMutablePointer<Float>, _ length: Int,
        _ integers: UnsafeMutablePointer<Int32>
    ) -> Int {
        Int(
            LAPACKE_sgesdd_work(
                LAPACK_COL_MAJOR, job.letter, Int32(m), Int32(n), a, Int32(lda), s, u, Int32(ldu), vt,
                Int32(ldvt), work, Int32(length), integers))
    }

    /// `LAPACKE_sgesvd_work`.
    public static func _gesvd(
        _ job: _LAPACKOption, _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Float>, _ lda: Int,
        _ s: UnsafeMutablePointer<Float>, _ u: UnsafeMutablePointer<Float>, _ ldu: Int,
        _ vt: UnsafeMutablePointer<Float>, _ ldvt: Int, _ work: UnsafeMutablePointer<Float>, _ length: Int
    ) -> Int {
        Int(
            LAPACKE_sgesvd_work(
                LAPACK_COL_MAJOR, job.letter, job.letter, Int32(m), Int32(n), a, Int32(lda), s, u, Int32(ldu),
                vt, Int32(ldvt), work, Int32(length)))
    }

    /// `LAPACKE_ssyevd_work`.
    public static func _syevd(
        _ job: _LAPACKOption, _ triangle: _LAPACKOption, _ n: Int, _ a: UnsafeMutablePointer<Float>,
        _ lda: Int, _ w: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ length: Int,
        _ integers: UnsafeMutablePointer<Int32>, _ integerLength: Int
    ) -> Int {
        Int(
            LAPACKE_ssyevd_work(
                LAPACK_COL_MAJOR, job.letter, triangle.letter, Int32(n), a, Int32(lda), w, work,
                Int32(length), integers, Int32(integerLength)))
    }
}
