import RealModule

/// The QR factorization of a matrix by Householder reflections, for square systems and least squares.
///
/// With m rows and n columns, m ≥ n, A = Q·R: Q has n orthonormal columns, R is n × n upper triangular, and
/// `solve` minimizes ‖A·x − b‖. A wide matrix, m < n, is factorized as A = L·Q, L m × m lower
/// triangular and Q with m orthonormal rows; then the solution is the one of least norm among those that
/// satisfy all equations.
///
/// The columns must be independent (the rows, of a wide matrix); ``PivotedQR`` and ``SVD`` do without.
public struct QR<Scalar: MatrixScalar>: LinearSolver {
    /// The condition number of the triangular factor in the 1-norm, as LAPACK's `trcon` estimates it.
    ///
    /// That of the matrix itself in the 2-norm is within a factor of min(m, n) of the exact value.
    public let conditionNumber: Scalar

    // Row-major: the triangle and the reflectors. LAPACK sees the transpose, so that the LQ routines do the QR
    // factorization of a tall matrix, and the QR routines the LQ factorization of a wide one.
    private let factors: Matrix<Scalar>
    private let tau: [Scalar]
    private let exponent: Int

    /// Factorizes a matrix of any shape.
    ///
    /// - Throws: ``LinearAlgebraError/notFinite(_:row:column:)``. A matrix with dependent columns factorizes,
    ///   and refuses to solve.
    public init(_ matrix: some MatrixOperand<Scalar>) throws(LinearAlgebraError) {
        var input = try FactorizationInput(matrix)
        let (m, n) = (input.matrix.rows, input.matrix.columns)
        let k = min(m, n)
        var tau = [Scalar](repeating: 0, count: k)
        if k > 0 {
            input.matrix.withUnsafeMutableElements { a in
                _ = withWorkspace { work, length in
                    m >= n
                        ? Scalar._gelqf(n, m, a.baseAddress!, n, &tau, work, length)
                        : Scalar._geqrf(n, m, a.baseAddress!, n, &tau, work, length)
                }
            }
        }
        // The triangle's transpose is what LAPACK sees: its ∞-norm is the triangle's 1-norm.
        conditionNumber = estimatedConditionNumber(size: k) { reciprocal, work, integers in
            input.matrix.withUnsafeElements {
                Scalar._trcon(
                    .infinityNorm, m >= n ? .lower : .upper, k, $0.baseAddress!, n, &reciprocal, work,
                    integers)
            }
        }
        factors = input.matrix
        exponent = input.exponent
        self.tau = tau
    }

    /// The number of rows of the matrix that was factorized.
    public var rows: Int { factors.rows }
    /// The number of columns of the matrix that was factorized.
    public var columns: Int { factors.columns }

    private var isTall: Bool { rows >= columns }

    /// The triangular factor: R, upper, or L, lower, of a wide matrix.
    public var triangle: Matrix<Scalar> {
        let k = min(rows, columns)
        return factors.triangle(rows: k, columns: k, isLower: !isTall).scaled(byPowerOfTwo: exponent)
    }

    /// The orthogonal factor: m × n with orthonormal columns, or orthonormal rows of a wide matrix.
    public var orthogonal: Matrix<Scalar> {
        // What the reflections make of the identity's first columns; rows are those of the transpose.
        var q = Matrix<Scalar>(rows: max(rows, columns), columns: min(rows, columns))
        for index in 0..<q.columns { q[index, index] = 1 }
        reflect(&q, transposed: false)
        return isTall ? q : q.transposed()
    }

    /// Solves A·X = B, in the least-squares sense for a tall matrix, with least norm for a wide one.
    ///
    /// - Throws: ``LinearAlgebraError/singular(conditionNumber:)`` when the condition number is 1/ε or more,
    ///   ``LinearAlgebraError/notFinite(_:row:column:)``, ``LinearAlgebraError/solutionOverflows(conditionNumber:)``.
    /// - Precondition: B has as many rows as the matrix.
    public func solve(_ b: some MatrixOperand<Scalar>) throws(LinearAlgebraError) -> Matrix<Scalar> {
        var x = try rightHandSide(b)
        try checkCondition()
        let (m, n, count) = (rows, columns, x.columns)
        guard m > 0, n > 0, count > 0 else { return Matrix(rows: n, columns: count) }
        if isTall { reflect(&x, transposed: true) }
        let k = min(m, n)
        // Beyond the triangle: residuals to cut off, or zeros to add.
        x = Matrix(rows: n, columns: count) { target in
            target.initialize(repeating: 0)
            x.withUnsafeElements { source in
                target.baseAddress!.update(from: source.baseAddress!, count: k * count)
            }
        }
        x.withUnsafeMutableElements { target in
            factors.withUnsafeElements { t in
                Scalar._trsm(!isTall, false, k, count, t.baseAddress!, n, target.baseAddress!, count)
            }
        }
        if !isTall { reflect(&x, transposed: false) }
        return try finish(x, exponent: exponent)
    }

    /// Applies the full orthogonal matrix of the reflections, or its transpose, from the left.
    ///
    /// Of a wide matrix, the reflections are those of A's transpose.
    private func reflect(_ x: inout Matrix<Scalar>, transposed: Bool) {
        let (length, count, k) = (x.rows, x.columns, min(rows, columns))
        guard k > 0, count > 0 else { return }
        // LAPACK sees X's transpose: from the left with Q is from the right with Qᵀ. For the LQ routines the
        // product of reflections is itself the transpose of Q.
        x.withUnsafeMutableElements { target in
            factors.withUnsafeElements { a in
                _ = withWorkspace { work, workLength in
                    isTall
                        ? Scalar._ormlq(
                            .right, transposed ? .transposed : .none, count, length, k, a.baseAddress!,
                            columns,
                            tau, target.baseAddress!, count, work, workLength)
                        : Scalar._ormqr(
                            .right, transposed ? .none : .transposed, count, length, k, a.baseAddress!,
                            columns,
                            tau, target.baseAddress!, count, work, workLength)
                }
            }
        }
    }

    /// The determinant; 0 or infinite where it leaves the type's range.
    ///
    /// - Precondition: the matrix is square.
    public var determinant: Scalar {
        precondition(
            rows == columns, "only a square matrix has a determinant, not a \(rows) × \(columns) one")
        // Each reflection turns the sign; one with tau = 0 is the identity.
        let sign: Scalar = tau.count { $0 != 0 }.isMultiple(of: 2) ? 1 : -1
        return triangle.diagonal.reduce(sign, *)
    }

    /// The natural logarithm of the determinant's magnitude, which itself soon leaves the type's range.
    ///
    /// - Precondition: the matrix is square.
    public var logAbsoluteDeterminant: Scalar {
        precondition(
            rows == columns, "only a square matrix has a determinant, not a \(rows) × \(columns) one")
        let sum = factors.diagonal.reduce(0) { $0 + Scalar.log(abs($1)) }
        return sum + Scalar(rows * exponent) * Scalar.log(2)
    }

    /// The inverse of a square matrix.
    ///
    /// To solve a system, use `solve`: it is faster and more accurate.
    ///
    /// - Throws: ``LinearAlgebraError/singular(conditionNumber:)``.
    /// - Precondition: the matrix is square.
    public func inverse() throws(LinearAlgebraError) -> Matrix<Scalar> {
        precondition(rows == columns, "only a square matrix has an inverse, not a \(rows) × \(columns) one")
        return try solve(Matrix.identity(rows))
    }
}
