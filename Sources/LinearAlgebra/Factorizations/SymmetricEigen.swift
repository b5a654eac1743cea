import RealModule

/// The eigendecomposition A = V·diag(λ)·Vᵀ of a symmetric matrix.
///
/// Eigenvalues rise; the eigenvectors are orthonormal, and their signs are not defined.
public struct SymmetricEigen<Scalar: MatrixScalar>: LinearSolver {
    /// The eigenvalues, rising.
    public let values: [Scalar]
    /// The eigenvectors, in columns, in the order of the eigenvalues.
    public let vectors: Matrix<Scalar>
    /// The condition number in the 2-norm: the largest magnitude of an eigenvalue over the smallest.
    ///
    /// Infinite when the smallest is zero; 1 for an empty matrix.
    public let conditionNumber: Scalar

    /// Decomposes a matrix, by divide and conquer.
    ///
    /// - Throws: ``LinearAlgebraError/notFinite(_:row:column:)``,
    ///   ``LinearAlgebraError/notSymmetric(row:column:)`` when an element and its mirror image differ by more
    ///   than 8nε times the largest element, ``LinearAlgebraError/notConverged(_:)``.
    /// - Precondition: the matrix is square.
    public init(_ matrix: some MatrixOperand<Scalar>) throws(LinearAlgebraError) {
        var input = try FactorizationInput(symmetric: matrix)
        let n = input.matrix.rows
        var values = [Scalar](repeating: 0, count: n)
        if n > 0 {
            // The best lengths of both workspaces, which LAPACK gives as documented minima.
            let length = 1 + 6 * n + 2 * n * n
            let integerLength = 3 + 5 * n
            BLASLimit.check(length, BLASLimit.complaint("LAPACK workspace", [("length", length)]))
            let info = withUnsafeTemporaryAllocation(of: Scalar.self, capacity: length) { work in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: integerLength) { integers in
                    input.matrix.withUnsafeMutableElements { a in
                        Scalar._syevd(
                            .vectors, .upper, n, a.baseAddress!, n, &values, work.baseAddress!, length,
                            integers.baseAddress!, integerLength)
                    }
                }
            }
            precondition(info >= 0, "LAPACK refused argument \(-info)")
            guard info == 0 else { throw .notConverged("the iteration for eigenvalues") }
        }
        // The ratio comes first: scaled back, the smallest may have lost digits to underflow.
        let magnitudes = values.map { abs($0) }
        conditionNumber = SVD.ratio(magnitudes.max(), magnitudes.min())
        self.values = values.scaled(byPowerOfTwo: input.exponent)
        // LAPACK's columns are rows here.
        vectors = input.matrix.transposed()
    }

    /// The number of rows of the matrix that was factorized.
    public var rows: Int { vectors.rows }
    /// The number of columns of the matrix that was factorized, as many as rows.
    public var columns: Int { vectors.columns }

    /// Solves A·X = B.
    ///
    /// - Throws: ``LinearAlgebraError/singular(conditionNumber:)`` when the condition number is 1/ε or more,
    ///   ``LinearAlgebraError/notFinite(_:row:column:)``, ``LinearAlgebraError/solutionOverflows(conditionNumber:)``.
    /// - Precondition: B has as many rows as the matrix.
    public func solve(_ b: some MatrixOperand<Scalar>) throws(LinearAlgebraError) -> Matrix<Scalar> {
        let rightHandSide = try rightHandSide(b)
        try checkCondition()
        var y = vectors.times(rightHandSide, transposing: .first)
        for index in 0..<rows { y.divideRow(index, by: values[index]) }
        return try finish(vectors * y)
    }

    /// The inverse of the matrix.
    ///
    /// To solve a system, use `solve`: it is faster and more accurate.
    ///
    /// - Throws: ``LinearAlgebraError/singular(conditionNumber:)``.
    public func inverse() throws(LinearAlgebraError) -> Matrix<Scalar> {
        try solve(Matrix.identity(rows))
    }

    /// The determinant, the product of the eigenvalues; 0 or infinite where it leaves the type's range.
    public var determinant: Scalar { values.reduce(1, *) }
}
