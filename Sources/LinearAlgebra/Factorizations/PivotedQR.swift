/// The QR factorization with column pivoting, A·P = Q·R, which reveals dependent columns.
///
/// The diagonal of R falls in magnitude; ``rank`` is the number of its elements above a tolerance.
/// `solve` minimizes ‖A·x − b‖ over the first `rank` columns in pivot order and leaves the other
/// coefficients at zero: a least-squares solution whatever the rank, though not the one of least norm, which
/// ``SVD`` gives.
public struct PivotedQR<Scalar: MatrixScalar>: LinearSolver {
    /// The number of columns found independent.
    public let rank: Int
    /// The order in which columns were taken: column `j` of Q·R is column `pivots[j]` of A.
    public let pivots: [Int]
    /// The condition number of R's leading `rank` rows and columns in the 1-norm, as `trcon` estimates it.
    public let conditionNumber: Scalar

    /// The number of rows of the matrix that was factorized.
    public let rows: Int
    /// The number of columns of the matrix that was factorized.
    public let columns: Int

    // The transposes, row-major, of LAPACK's result: n × m.
    private let factors: Matrix<Scalar>
    private let tau: [Scalar]
    private let exponent: Int

    /// Factorizes a matrix of any shape.
    ///
    /// - Parameters:
    ///   - matrix: The matrix A, m × n.
    ///   - tolerance: The magnitude relative to R's first element from which on a diagonal element counts;
    ///     max(m, n)·ε when not given.
    /// - Throws: ``LinearAlgebraError/notFinite(_:row:column:)``.
    public init(
        _ matrix: some MatrixOperand<Scalar>, tolerance: Scalar? = nil
    ) throws(LinearAlgebraError) {
        let input = try FactorizationInput(matrix)
        let (m, n) = (input.matrix.rows, input.matrix.columns)
        let k = min(m, n)
        // No routine pivots the columns of a matrix it sees transposed.
        var factors = input.matrix.transposed()
        var tau = [Scalar](repeating: 0, count: k)
        var pivots = [Int32](repeating: 0, count: n)
        if k > 0 {
            factors.withUnsafeMutableElements { a in
                _ = withWorkspace { work, length in
                    Scalar._geqp3(m, n, a.baseAddress!, m, &pivots, &tau, work, length)
                }
            }
        }
        let diagonal = factors.diagonal.map { abs($0) }
        let threshold = (tolerance ?? Scalar(max(m, n)) * Scalar.ulpOfOne) * (diagonal.first ?? 0)
        let rank = diagonal.prefix { $0 > threshold }.count
        conditionNumber =
            rank == 0 && k > 0
            ? .infinity
            : estimatedConditionNumber(size: rank) { reciprocal, work, integers in
                factors.withUnsafeElements {
                    Scalar._trcon(.oneNorm, .upper, rank, $0.baseAddress!, m, &reciprocal, work, integers)
                }
            }
        self.rank = rank
        // LAPACK counts from 1; without rows it was not asked.
        self.pivots = k > 0 ? pivots.map { Int($0) - 1 } : Array(0..<n)
        self.tau = tau
        self.factors = factors
        exponent = input.exponent
        rows = m
        columns = n
    }

    /// The upper triangular, for a wide matrix trapezoidal, factor R: min(m, n) × n.
    public var upper: Matrix<Scalar> {
        factors.triangle(rows: columns, columns: min(rows, columns), isLower: true)
            .transposed().scaled(byPowerOfTwo: exponent)
    }

    /// The factor Q with orthonormal columns: m × min(m, n).
    public var orthogonal: Matrix<Scalar> {
        var q = Matrix<Scalar>(rows: rows, columns: min(rows, columns))
        for index in 0..<min(rows, columns) { q[index, index] = 1 }
        reflect(&q, transposed: false)
        return q
    }

    /// Minimizes ‖A·X − B‖ for each column of B, with zero coefficients for columns found dependent.
    ///
    /// - Throws: ``LinearAlgebraError/notFinite(_:row:column:)``,
    ///   ``LinearAlgebraError/solutionOverflows(conditionNumber:)``, and
    ///   ``LinearAlgebraError/singular(conditionNumber:)`` where a tolerance below ε let through columns that
    ///   are dependent to working precision.
    /// - Precondition: B has as many rows as the matrix.
    public func solve(_ b: some MatrixOperand<Scalar>) throws(LinearAlgebraError) -> Matrix<Scalar> {
        var y = try rightHandSide(b)
        let count = y.columns
        var x = Matrix<Scalar>(rows: columns, columns: count)
        guard rank > 0, count > 0 else { return x }
        try checkCondition()
        reflect(&y, transposed: true)
        y.withUnsafeMutableElements { target in
            factors.withUnsafeElements { r in
                Scalar._trsm(true, true, rank, count, r.baseAddress!, rows, target.baseAddress!, count)
            }
        }
        for index in 0..<rank { x.setRow(pivots[index], to: y.row(index)) }
        return try finish(x, exponent: exponent)
    }

    /// Applies the full orthogonal matrix of the reflections, or its transpose, from the left.
    private func reflect(_ x: inout Matrix<Scalar>, transposed: Bool) {
        let (count, k) = (x.columns, min(rows, columns))
        guard k > 0, count > 0 else { return }
        // LAPACK sees X's transpose: from the left with Q is from the right with Qᵀ.
        x.withUnsafeMutableElements { target in
            factors.withUnsafeElements { a in
                _ = withWorkspace { work, length in
                    Scalar._ormqr(
                        .right, transposed ? .none : .transposed, count, rows, k, a.baseAddress!, rows, tau,
                        target.baseAddress!, count, work, length)
                }
            }
        }
    }
}
