/// The thin singular value decomposition A = U·S·Vᵀ of a matrix of any shape and rank.
///
/// With m rows, n columns and k = min(m, n): U is m × k and V n × k with orthonormal columns, and the singular
/// values fall. The signs of a pair of singular vectors are not defined.
public struct SVD<Scalar: MatrixScalar>: LinearSolver {
    /// The singular values, falling, min(m, n) of them.
    public let singularValues: [Scalar]
    /// The left singular vectors, in columns: m × min(m, n).
    public let u: Matrix<Scalar>
    /// The right singular vectors, in rows: min(m, n) × n.
    public let vTransposed: Matrix<Scalar>
    /// The condition number in the 2-norm: the largest singular value over the smallest.
    ///
    /// Infinite when the smallest is zero; 1 for an empty matrix.
    public let conditionNumber: Scalar

    /// Decomposes a matrix, by divide and conquer or, should that not converge, by QR iteration.
    ///
    /// - Throws: ``LinearAlgebraError/notFinite(_:row:column:)``, ``LinearAlgebraError/notConverged(_:)``.
    public init(_ matrix: some MatrixOperand<Scalar>) throws(LinearAlgebraError) {
        let input = try FactorizationInput(matrix)
        let (m, n) = (input.matrix.rows, input.matrix.columns)
        let k = min(m, n)
        var u = Matrix<Scalar>(rows: m, columns: k)
        var vTransposed = Matrix<Scalar>(rows: k, columns: n)
        let values = try SVD.compute(.thin, input, &u, &vTransposed)
        conditionNumber = SVD.ratio(values.first, values.last)
        // The ratio comes first: scaled back, the smallest may have lost digits to underflow.
        singularValues = values.scaled(byPowerOfTwo: input.exponent)
        self.u = u
        self.vTransposed = vTransposed
    }

    /// The singular values alone, falling, at a fraction of the cost.
    ///
    /// - Throws: ``LinearAlgebraError/notFinite(_:row:column:)``, ``LinearAlgebraError/notConverged(_:)``.
    public static func singularValues(
        of matrix: some MatrixOperand<Scalar>
    ) throws(LinearAlgebraError) -> [Scalar] {
        var (u, vTransposed) = (Matrix<Scalar>(rows: 1, columns: 1), Matrix<Scalar>(rows: 1, columns: 1))
        let input = try FactorizationInput(matrix)
        return try compute(.none, input, &u, &vTransposed).scaled(byPowerOfTwo: input.exponent)
    }

    static func ratio(_ largest: Scalar?, _ smallest: Scalar?) -> Scalar {
        guard let largest, let smallest else { return 1 }
        return smallest > 0 ? largest / smallest : .infinity
    }

    /// The singular values of the input, which may be scaled, falling.

    private static func compute(
        _ job: _LAPACKOption, _ input: FactorizationInput<Scalar>, _ u: inout Matrix<Scalar>,
        _ vTransposed: inout Matrix<Scalar>
    ) throws(LinearAlgebraError) -> [Scalar] {
        let (m, n) = (input.matrix.rows, input.matrix.columns)
        let k = min(m, n)
        guard k > 0 else { return [] }
        var values = [Scalar](repeating: 0, count: k)
        var integers = [Int32](repeating: 0, count: 8 * k)
        // LAPACK sees Aᵀ = V·S·Uᵀ. Its left vectors in columns are V's in rows here, and Uᵀ is U.
        var a = input.matrix
        var info = a.withUnsafeMutableElements { a in
            u.withUnsafeMutableElements { u in
                vTransposed.withUnsafeMutableElements { v in
                    withWorkspace { work, length in
                        Scalar._gesdd(
                            job, n, m, a.baseAddress!, n, &values, v.baseAddress!, n, u.baseAddress!, k, work,
                            length, &integers)
                    }
                }
            }
        }
        if info > 0 {
            a = input.matrix
            info = a.withUnsafeMutableElements { a in
                u.withUnsafeMutableElements { u in
                    vTransposed.withUnsafeMutableElements { v in
                        withWorkspace { work, length in
                            Scalar._gesvd(
                                job, n, m, a.baseAddress!, n, &values, v.baseAddress!, n, u.baseAddress!, k,
                                work, length)
                        }
                    }
                }
            }
        }
        guard info == 0 else { throw .notConverged("the iteration for singular values") }
        return values
    }

    /// The number of rows of the matrix that was factorized.
    public var rows: Int { u.rows }
    /// The number of columns of the matrix that was factorized.
    public var columns: Int { vTransposed.columns }

    /// The number of singular values above max(m, n)·ε times the largest.
    public var rank: Int { rank(tolerance: nil) }

    /// The number of singular values above a tolerance relative to the largest; max(m, n)·ε when nil.
    public func rank(tolerance: Scalar?) -> Int {
        let relative = tolerance ?? Scalar(max(rows, columns)) * Scalar.ulpOfOne
        let threshold = relative * (singularValues.first ?? 0)
        return singularValues.prefix { $0 > threshold }.count
    }

    /// Minimizes ‖A·X − B‖ for each column of B, with least norm among the minimizers.
    ///
    /// Singular values that do not count towards ``rank`` are taken as zero.
    ///
    /// - Throws: ``LinearAlgebraError/notFinite(_:row:column:)``,
    ///   ``LinearAlgebraError/solutionOverflows(conditionNumber:)``.
    /// - Precondition: B has as many rows as the matrix.
    public func solve(_ b: some MatrixOperand<Scalar>) throws(LinearAlgebraError) -> Matrix<Scalar> {
        try solve(b, tolerance: nil)
    }

    /// Minimizes ‖A·X − B‖ for each column of B, with least norm among the minimizers.
    ///
    /// Singular values up to `tolerance` times the largest are taken as zero; max(m, n)·ε when nil.
    ///
    /// - Throws: ``LinearAlgebraError/notFinite(_:row:column:)``,
    ///   ``LinearAlgebraError/solutionOverflows(conditionNumber:)``.
    /// - Precondition: B has as many rows as the matrix.
    public func solve(
        _ b: some MatrixOperand<Scalar>, tolerance: Scalar?
    ) throws(LinearAlgebraError) -> Matrix<Scalar> {
        let rightHandSide = try rightHandSide(b)
        let rank = rank(tolerance: tolerance)
        var y = u[columns: ..<rank].times(rightHandSide, transposing: .first)
        for index in 0..<rank { y.divideRow(index, by: singularValues[index]) }
        return try finish(vTransposed[rows: ..<rank].times(y, transposing: .first))
    }

    /// The Moore–Penrose inverse, n × m; to solve a system, use `solve`.
    ///
    /// Singular values up to `tolerance` times the largest are taken as zero; max(m, n)·ε when nil.
    ///
    /// - Throws: ``LinearAlgebraError/solutionOverflows(conditionNumber:)``.
    public func pseudoInverse(tolerance: Scalar? = nil) throws(LinearAlgebraError) -> Matrix<Scalar> {
        try solve(Matrix.identity(rows), tolerance: tolerance)
    }
}

extension Matrix {
    /// Divides a row by a number, which is more accurate than multiplying by its inverse and cannot overflow
    /// in between.
    mutating func divideRow(_ row: Int, by divisor: Scalar) {
        let columns = self.columns
        withUnsafeMutableElements { for column in 0..<columns { $0[row * columns + column] /= divisor } }
    }
}
