// The pair of this file differs in the letter of the routines' names alone.

import CBLAS
import RealModule

extension Double: MatrixScalar {

    // MARK: BLAS, row-major

    /// `cblas_dgemm`, or a kernel of our own where B has few columns.
    public static func _gemm(
        _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
        _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int, _ b: UnsafePointer<Double>, _ ldb: Int,
        _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ ldc: Int
    ) {
        if NarrowProduct.pays(transposeA, m, n, k), !transposeB, alpha == 1, beta == 0 || beta == 1 {
            return NarrowProduct.run(
                transposeA, m, n, k, a, lda, b, ldb, adding: beta == 1, c, ldc)
        }
        cblas_dgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
            Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
    }

    /// `cblas_dgemv`.
    public static func _gemv(
        _ transposeA: Bool, _ m: Int, _ n: Int, _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int,
        _ x: UnsafePointer<Double>, _ beta: Double, _ y: UnsafeMutablePointer<Double>
    ) {
        cblas_dgemv(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), alpha, a, Int32(lda),
            x, 1, beta, y, 1)
    }

    /// `cblas_dsyrk`.
    public static func _syrk(
        _ transposeA: Bool, _ n: Int, _ k: Int, _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int,
        _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ ldc: Int
    ) {
        cblas_dsyrk(
            CblasRowMajor, CblasUpper, transposeA ? CblasTrans : CblasNoTrans, Int32(n), Int32(k), alpha, a,
            Int32(lda), beta, c, Int32(ldc))
    }

    /// `cblas_dtrsm`.
    public static func _trsm(
        _ isLower: Bool, _ transposeT: Bool, _ m: Int, _ n: Int,
        _ t: UnsafePointer<Double>, _ ldt: Int, _ b: UnsafeMutablePointer<Double>, _ ldb: Int
    ) {
        cblas_dtrsm(
            CblasRowMajor, CblasLeft, isLower ? CblasLower : CblasUpper,
            transposeT ? CblasTrans : CblasNoTrans, CblasNonUnit, Int32(m), Int32(n), 1, t, Int32(ldt), b,
            Int32(ldb))
    }

    /// `cblas_daxpy`.
    public static func _axpy(
        _ n: Int, _ alpha: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
    ) {
        cblas_daxpy(Int32(n), alpha, x, 1, y, 1)
    }

    /// `cblas_ddot`.
    public static func _dot(_ n: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>) -> Double {
        cblas_ddot(Int32(n), x, 1, y, 1)
    }

    /// `cblas_dasum`.
    public static func _asum(_ n: Int, _ x: UnsafePointer<Double>) -> Double {
        cblas_dasum(Int32(n), x, 1)
    }

    // MARK: LAPACK, column-major

    /// `LAPACKE_dpotrf_work`.
    public static func _potrf(
        _ triangle: _LAPACKOption, _ n: Int, _ a: UnsafeMutablePointer<Double>, _ lda: Int
    ) -> Int {
        Int(LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, triangle.letter, Int32(n), a, Int32(lda)))
    }

    /// `LAPACKE_dpocon_work`.
    public static func _pocon(
        _ triangle: _LAPACKOption, _ n: Int, _ a: UnsafePointer<Double>, _ lda: Int, _ norm: Double,
        _ reciprocal: inout Double, _ work: UnsafeMutablePointer<Double>,
        _ integers: UnsafeMutablePointer<Int32>
    ) -> Int {
        Int(
            LAPACKE_dpocon_work(
                LAPACK_COL_MAJOR, triangle.letter, Int32(n), a, Int32(lda), norm, &reciprocal, work, integers)
        )
    }

    /// `LAPACKE_dtrcon_work`.
    public static func _trcon(
        _ norm: _LAPACKOption, _ triangle: _LAPACKOption, _ n: Int, _ a: UnsafePointer<Double>, _ lda: Int,
        _ reciprocal: inout Double, _ work: UnsafeMutablePointer<Double>,
        _ integers: UnsafeMutablePointer<Int32>
    ) -> Int {
        Int(
            LAPACKE_dtrcon_work(
                LAPACK_COL_MAJOR, norm.letter, triangle.letter, _LAPACKOption.none.letter, Int32(n), a,
                Int32(lda), &reciprocal, work, integers))
    }

    /// `LAPACKE_dtrtri_work`.
    public static func _trtri(
        _ triangle: _LAPACKOption, _ n: Int, _ a: UnsafeMutablePointer<Double>, _ lda: Int
    ) -> Int {
        Int(
            LAPACKE_dtrtri_work(
                LAPACK_COL_MAJOR, triangle.letter, _LAPACKOption.none.letter, Int32(n), a, Int32(lda)))
    }

    /// `LAPACKE_dgeqrf_work`.
    public static func _geqrf(
        _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Double>, _ lda: Int,
        _ tau: UnsafeMutablePointer<Double>, _ work: UnsafeMutablePointer<Double>, _ length: Int
    ) -> Int {
        Int(
            LAPACKE_dgeqrf_work(
                LAPACK_COL_MAJOR, Int32(m), Int32(n), a, Int32(lda), tau, work, Int32(length)))
    }

    /// `LAPACKE_dgelqf_work`.
    public static func _gelqf(
        _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Double>, _ lda: Int,
        _ tau: UnsafeMutablePointer<Double>, _ work: UnsafeMutablePointer<Double>, _ length: Int
    ) -> Int {
        Int(
            LAPACKE_dgelqf_work(
                LAPACK_COL_MAJOR, Int32(m), Int32(n), a, Int32(lda), tau, work, Int32(length)))
    }

    /// `LAPACKE_dgeqp3_work`.
    public static func _geqp3(
        _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Double>, _ lda: Int,
        _ pivots: UnsafeMutablePointer<Int32>, _ tau: UnsafeMutablePointer<Double>,
        _ work: UnsafeMutablePointer<Double>, _ length: Int
    ) -> Int {
        Int(
            LAPACKE_dgeqp3_work(
                LAPACK_COL_MAJOR, Int32(m), Int32(n), a, Int32(lda), pivots, tau, work, Int32(length)))
    }

    /// `LAPACKE_dormqr_work`.
    public static func _ormqr(
        _ side: _LAPACKOption, _ transposition: _LAPACKOption, _ m: Int, _ n: Int, _ k: Int,
        _ a: UnsafePointer<Double>, _ lda: Int, _ tau: UnsafePointer<Double>,
        _ c: UnsafeMutablePointer<Double>, _ ldc: Int, _ work: UnsafeMutablePointer<Double>, _ length: Int
    ) -> Int {
        Int(
            LAPACKE_dormqr_work(
                LAPACK_COL_MAJOR, side.letter, transposition.letter, Int32(m), Int32(n), Int32(k), a,
                Int32(lda), tau, c, Int32(ldc), work, Int32(length)))
    }

    /// `LAPACKE_dormlq_work`.
    public static func _ormlq(
        _ side: _LAPACKOption, _ transposition: _LAPACKOption, _ m: Int, _ n: Int, _ k: Int,
        _ a: UnsafePointer<Double>, _ lda: Int, _ tau: UnsafePointer<Double>,
        _ c: UnsafeMutablePointer<Double>, _ ldc: Int, _ work: UnsafeMutablePointer<Double>, _ length: Int
    ) -> Int {
        Int(
            LAPACKE_dormlq_work(
                LAPACK_COL_MAJOR, side.letter, transposition.letter, Int32(m), Int32(n), Int32(k), a,
                Int32(lda), tau, c, Int32(ldc), work, Int32(length)))
    }

    /// `LAPACKE_dgesdd_work`.
    public static func _gesdd(
        _ job: _LAPACKOption, _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Double>, _ lda: Int,
        _ s: UnsafeMutablePointer<Double>, _ u: UnsafeMutablePointer<Double>, _ ldu: Int,
        _ vt: UnsafeMutablePointer<Double>, _ ldvt: Int, _ work: UnsafeMutablePointer<Double>, _ length: Int,
        _ integers: UnsafeMutablePointer<Int32>
    ) -> Int {
        Int(
            LAPACKE_dgesdd_work(
                LAPACK_COL_MAJOR, job.letter, Int32(m), Int32(n), a, Int32(lda), s, u, Int32(ldu), vt,
                Int32(ldvt), work, Int32(length), integers))
    }

    /// `LAPACKE_dgesvd_work`.
    public static func _gesvd(
        _ job: _LAPACKOption, _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<Double>, _ lda: Int,
        _ s: UnsafeMutablePointer<Double>, _ u: UnsafeMutablePointer<Double>, _ ldu: Int,
        _ vt: UnsafeMutablePointer<Double>, _ ldvt: Int, _ work: UnsafeMutablePointer<Double>, _ length: Int
    ) -> Int {
        Int(
            LAPACKE_dgesvd_work(
                LAPACK_COL_MAJOR, job.letter, job.letter, Int32(m), Int32(n), a, Int32(lda), s, u, Int32(ldu),
                vt, Int32(ldvt), work, Int32(length)))
    }

    /// `LAPACKE_dsyevd_work`.
    public static func _syevd(
        _ job: _LAPACKOption, _ triangle: _LAPACKOption, _ n: Int, _ a: UnsafeMutablePointer<Double>,
        _ lda: Int, _ w: UnsafeMutablePointer<Double>, _ work: UnsafeMutablePointer<Double>, _ length: Int,
        _ integers: UnsafeMutablePointer<Int32>, _ integerLength: Int
    ) -> Int {
        Int(
            LAPACKE_dsyevd_work(
                LAPACK_COL_MAJOR, job.letter, triangle.letter, Int32(n), a, Int32(lda), w, work,
                Int32(length), integers, Int32(integerLength)))
    }
}
