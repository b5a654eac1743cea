/// Why a least-squares problem has no answer.
public enum LeastSquaresError: Error, Sendable, Equatable {
    /// What holds a number that cannot be computed with.
    public enum Place: String, Sendable {
        /// The features.
        case feature
        /// The target.
        case target
        /// The weights.
        case weight
    }

    /// There are no rows.
    case noRows
    /// There is nothing to fit: no features, and no intercept.
    case noColumns
    /// A number is NaN or infinite; the row counts from 0.
    case notFinite(Place, row: Int, column: String, value: Double)
    /// A weight is negative; the row counts from 0.
    case negativeWeight(row: Int, value: Double)
    /// All weights are zero.
    case noWeight
    /// The normal equations were asked for, and cannot be trusted with this problem.
    ///
    /// The condition number is that of the columns, centred and scaled to unit norm; infinite when the
    /// columns are dependent to working precision.
    case normalEquationsFail(conditionNumber: Double, limit: Double)
    /// A coefficient is beyond the range of Double.
    case coefficientOverflows(column: String)
    /// The constraints contradict each other, or say the same twice.
    case dependentConstraints(rank: Int, count: Int)
    /// Weights, a penalty or another number of the configuration is not usable.
    case invalidParameter(String)
    /// An iteration for singular values did not converge.
    case notConverged(String)
}

extension LeastSquaresError: CustomStringConvertible {
    /// What was wrong, where, and what to do.
    public var description: String {
        switch self {
        case .noRows:
            "there are no rows to fit"
        case .noColumns:
            "there is nothing to fit: no feature columns, and no intercept"
        case .notFinite(let place, let row, let column, let value):
            "the \(place.rawValue) \"\(column)\" is \(value) in row \(row) (counted from 0);"
                + " remove the row or replace the value"
        case .negativeWeight(let row, let value):
            "the weight in row \(row) (counted from 0) is \(value); weights must be 0 or more"
        case .noWeight:
            "all weights are zero: there are no rows to fit"
        case .normalEquationsFail(let conditionNumber, let limit):
            "the normal equations cannot solve this problem: the condition number of its columns is "
                + (conditionNumber.isFinite
                    ? "about \(significant(conditionNumber, 2)), and they square it;"
                        + " beyond \(significant(limit, 2)) no digit is safe"
                    : "infinite to working precision")
                + "; use the method auto, qr or svd"
        case .coefficientOverflows(let column):
            "the coefficient of \"\(column)\" is beyond the range of Double; scale the column up or the"
                + " target down"
        case .dependentConstraints(let rank, let count):
            "of the \(count) constraints only \(rank) are independent; remove the others"
        case .invalidParameter(let complaint):
            complaint
        case .notConverged(let iteration):
            "\(iteration) did not converge"
        }
    }
}
