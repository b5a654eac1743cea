// What the factorizations' solvers have in common.

/// Solutions of linear systems by a factorization.
public protocol LinearSolver<Scalar>: Sendable {
    /// The type of the elements.
    associatedtype Scalar: MatrixScalar

    /// The number of rows of the matrix that was factorized.
    var rows: Int { get }
    /// The number of columns of the matrix that was factorized.
    var columns: Int { get }
    /// How much a relative error of the data can grow in the solution; infinite for a singular matrix.
    ///
    /// Which norm it is in, and whether it is an estimate, is said with each factorization.
    var conditionNumber: Scalar { get }

    /// Solves A·X = B for a matrix of right-hand sides, one in each column.
    ///
    /// - Precondition: B has as many rows as the matrix.
    func solve(_ b: some MatrixOperand<Scalar>) throws(LinearAlgebraError) -> Matrix<Scalar>
}

extension LinearSolver {
    /// Solves A·x = b.
    ///
    /// - Precondition: b has as many elements as the matrix rows.
    public func solve(_ b: [Scalar]) throws(LinearAlgebraError) -> [Scalar] {
        precondition(
            b.count == rows, "a \(rows) × \(columns) system needs \(rows) right-hand values, not \(b.count)")
        return try solve(Matrix(rows: b.count, columns: 1, elements: b)).elements
    }

    /// Checks a right-hand side and returns it in memory of its own.
    func rightHandSide(_ b: some MatrixOperand<Scalar>) throws(LinearAlgebraError) -> Matrix<Scalar> {
        precondition(
            b.rows == rows,
            "a \(rows) × \(columns) system needs a right-hand side of \(rows) rows, not one of \(b.shape)")
        BLASLimit.check(b.columns, BLASLimit.complaint("right-hand side", [("columns", b.columns)]))
        try checkFinite(b.view, .rightHandSide)
        return Matrix(b.view)
    }

    /// Refuses to solve with a matrix that is singular to working precision.
    func checkCondition() throws(LinearAlgebraError) {
        // Also when NaN.
        guard conditionNumber < 1 / Scalar.ulpOfOne else {
            throw .singular(conditionNumber: Double(conditionNumber))
        }
    }

    /// Scales a solution back and refuses one with infinities.
    func finish(_ solution: Matrix<Scalar>, exponent: Int = 0) throws(LinearAlgebraError) -> Matrix<Scalar> {
        let result = solution.scaled(byPowerOfTwo: -exponent)
        guard result.withUnsafeElements({ firstNonFinite($0) }) == nil else {
            throw .solutionOverflows(conditionNumber: Double(conditionNumber))
        }
        return result
    }
}

/// Calls a LAPACK routine twice: for the best length of its workspace, then with it.
func withWorkspace<Scalar: MatrixScalar>(
    _ routine: (_ work: UnsafeMutablePointer<Scalar>, _ length: Int) -> Int
) -> Int {
    var query: Scalar = 0
    let info = routine(&query, -1)
    precondition(info == 0, "LAPACK refused argument \(-info)")
    // A length beyond 2²⁴ may have been rounded down to fit a Float.
    let length = max(1, Int(query.nextUp.rounded(.up)))
    BLASLimit.check(length, BLASLimit.complaint("LAPACK workspace", [("length", length)]))
    return withUnsafeTemporaryAllocation(of: Scalar.self, capacity: length) { work in
        let info = routine(work.baseAddress!, length)
        precondition(info >= 0, "LAPACK refused argument \(-info)")
        return info
    }
}

/// A condition number from a LAPACK estimate of its reciprocal, with workspace for the estimator.
///
/// Higham and Tisseur's improvement of Hager's method; rarely more than three times too small. (N. J. Higham,
/// FORTRAN codes for estimating the one-norm of a real or complex matrix, ACM TOMS 14, 1988.)
func estimatedConditionNumber<Scalar: MatrixScalar>(
    size n: Int,
    _ routine: (
        _ reciprocal: inout Scalar, _ work: UnsafeMutablePointer<Scalar>,
        _ integers: UnsafeMutablePointer<Int32>
    ) -> Int
) -> Scalar {
    guard n > 0 else { return 1 }
    return withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 3 * n) { work in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: n) { integers in
            var reciprocal: Scalar = 0
            let info = routine(&reciprocal, work.baseAddress!, integers.baseAddress!)
            precondition(info == 0, "LAPACK refused argument \(-info)")
            return reciprocal > 0 ? 1 / reciprocal : .infinity
        }
    }
}
