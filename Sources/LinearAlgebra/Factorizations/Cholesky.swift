import RealModule

/// The Cholesky factorization A = L·Lᵀ of a symmetric positive definite matrix, L lower triangular.
///
/// The cheapest way to solve such a system, and the test whether a symmetric matrix is positive definite.
public struct Cholesky<Scalar: MatrixScalar>: LinearSolver {
    /// The condition number in the 1-norm, as LAPACK's `pocon` estimates it.
    public let conditionNumber: Scalar

    // L in the lower triangle; above it what was there before.
    private let factor: Matrix<Scalar>
    // The matrix is L·Lᵀ times two to this exponent, which is even.
    private let exponent: Int

    /// Factorizes a matrix.
    ///
    /// - Throws: ``LinearAlgebraError/notFinite(_:row:column:)``,
    ///   ``LinearAlgebraError/notSymmetric(row:column:)`` when an element and its mirror image differ by more
    ///   than 8nε times the largest element, and
    ///   ``LinearAlgebraError/notPositiveDefinite(leadingMinor:)``. A matrix that is barely positive definite
    ///   factorizes, and refuses to solve.
    /// - Precondition: the matrix is square.
    public init(_ matrix: some MatrixOperand<Scalar>) throws(LinearAlgebraError) {
        var input = try FactorizationInput(symmetric: matrix)
        let n = input.matrix.rows
        let norm = input.matrix.infinityNorm  // that of the columns too
        // Row-major lower is column-major upper.
        let info =
            n == 0
            ? 0 : input.matrix.withUnsafeMutableElements { Scalar._potrf(.upper, n, $0.baseAddress!, n) }
        guard info == 0 else { throw .notPositiveDefinite(leadingMinor: info) }
        conditionNumber = estimatedConditionNumber(size: n) { reciprocal, work, integers in
            input.matrix.withUnsafeElements {
                Scalar._pocon(.upper, n, $0.baseAddress!, n, norm, &reciprocal, work, integers)
            }
        }
        factor = input.matrix
        exponent = input.exponent
    }

    /// The number of rows of the matrix that was factorized.
    public var rows: Int { factor.rows }
    /// The number of columns of the matrix that was factorized, as many as rows.
    public var columns: Int { factor.columns }

    /// The lower triangular factor L.
    public var lower: Matrix<Scalar> {
        factor.triangle(rows: rows, columns: columns, isLower: true).scaled(byPowerOfTwo: exponent / 2)
    }

    /// Solves A·X = B.
    ///
    /// - Throws: ``LinearAlgebraError/singular(conditionNumber:)`` when the condition number is 1/ε or more,
    ///   ``LinearAlgebraError/notFinite(_:row:column:)``, ``LinearAlgebraError/solutionOverflows(conditionNumber:)``.
    /// - Precondition: B has as many rows as the matrix.
    public func solve(_ b: some MatrixOperand<Scalar>) throws(LinearAlgebraError) -> Matrix<Scalar> {
        var x = try rightHandSide(b)
        try checkCondition()
        guard x.count > 0 else { return x }
        let (n, count) = (x.rows, x.columns)
        x.withUnsafeMutableElements { target in
            factor.withUnsafeElements { l in
                Scalar._trsm(true, false, n, count, l.baseAddress!, n, target.baseAddress!, count)
                Scalar._trsm(true, true, n, count, l.baseAddress!, n, target.baseAddress!, count)
            }
        }
        return try finish(x, exponent: exponent)
    }

    /// The inverse of the matrix, symmetric to the last bit.
    ///
    /// To solve a system, use `solve`: it is faster and more accurate.
    public func inverse() throws(LinearAlgebraError) -> Matrix<Scalar> {
        var inverse = try solve(Matrix.identity(rows))
        let n = rows
        if n > 0 { inverse.withUnsafeMutableElements { mirrorUpperTriangle(n, $0.baseAddress!) } }
        return inverse
    }

    /// The natural logarithm of the determinant, which itself soon leaves the type's range.
    public var logDeterminant: Scalar {
        let sum = factor.diagonal.reduce(0) { $0 + Scalar.log($1) }
        return 2 * sum + Scalar(rows * exponent) * Scalar.log(2)
    }

    /// The determinant; 0 or infinite where it leaves the type's range.
    public var determinant: Scalar {
        lower.diagonal.reduce(1) { $0 * $1 * $1 }
    }
}
