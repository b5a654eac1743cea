/// Why a factorization or a solution could not be computed to any use.
public enum LinearAlgebraError: Error, Sendable, Equatable {
    /// What holds an element that cannot be computed with.
    public enum Operand: String, Sendable {
        /// The matrix to factorize.
        case matrix
        /// The right-hand side of a system of equations.
        case rightHandSide = "right-hand side"
    }

    /// An element is NaN or infinite; row and column count from 0.
    case notFinite(Operand, row: Int, column: Int)
    /// An element differs from its mirror image by more than rounding; row and column count from 0.
    case notSymmetric(row: Int, column: Int)
    /// The leading block of this many rows and columns is not positive definite.
    case notPositiveDefinite(leadingMinor: Int)
    /// The matrix is singular to working precision: the condition number is at least 1/ε, or infinite.
    case singular(conditionNumber: Double)
    /// The solution has elements beyond the type's range.
    case solutionOverflows(conditionNumber: Double)
    /// An iteration for singular values or eigenvalues did not converge.
    case notConverged(String)
}

extension LinearAlgebraError: CustomStringConvertible {
    /// What was wrong, where, and what to do.
    public var description: String {
        switch self {
        case .notFinite(let operand, let row, let column):
            "the \(operand.rawValue) has an element that is not finite in row \(row), column \(column)"
                + " (counted from 0); remove or replace it"
        case .notSymmetric(let row, let column):
            "the matrix is not symmetric: the elements [\(row), \(column)] and [\(column), \(row)]"
                + " (counted from 0) differ by more than rounding"
        case .notPositiveDefinite(let order):
            "the matrix is not positive definite: its leading \(order) × \(order) block is not"
        case .singular(let conditionNumber):
            "the matrix is singular to working precision (condition number \(conditionNumber));"
                + " PivotedQR or SVD solve such a system in the least-squares sense"
        case .solutionOverflows(let conditionNumber):
            "the solution has elements too large for the type (condition number \(conditionNumber));"
                + " scale the right-hand side down"
        case .notConverged(let iteration):
            "\(iteration) did not converge"
        }
    }
}
