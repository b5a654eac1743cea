/// What a reader of a fit should know before believing it.
public enum LeastSquaresWarning: Sendable, Equatable, Codable {
    /// Columns depend on others and have no coefficient of their own.
    case aliasedColumns([String])
    /// Columns are dependent, and of all solutions the one with the smallest coefficients was taken.
    case minimumNorm(rank: Int, columns: Int)
    /// Columns are nearly dependent: so many digits of the data do not survive in the coefficients.
    case nearlyDependent(conditionNumber: Double, digitsLost: Double)
    /// The normal equations lose so many digits of the standard errors.
    case normalEquationsLoseDigits(Double)
    /// As many coefficients as rows: nothing is left to estimate the error from.
    case noResidualDegreesOfFreedom
    /// The residuals are rounding errors alone; what is computed from them means nothing.
    case perfectFit
    /// The residual is not orthogonal to the columns as far as it should be.
    case notCertified(scaledResidual: Double)
}

extension LeastSquaresWarning: CustomStringConvertible {
    /// The warning as a sentence.
    public var description: String {
        switch self {
        case .aliasedColumns(let names):
            "no coefficient for \(names.joined(separator: ", ")): "
                + (names.count == 1 ? "it depends" : "they depend") + " linearly on the other columns"
        case .minimumNorm(let rank, let columns):
            "the \(columns) columns have rank \(rank): of all solutions this is the one of least norm"
        case .nearlyDependent(let conditionNumber, let digits):
            "columns are nearly dependent (condition number \(significant(conditionNumber, 2)) after scaling):"
                + " rounding of the data itself can change the coefficients from digit"
                + " \(max(1, 16 - Int(digits.rounded(.up)))) on"
        case .normalEquationsLoseDigits(let digits):
            "the normal equations lose about \(Int(digits.rounded(.up))) of 16 digits of the standard errors;"
                + " the method qr keeps them"
        case .noResidualDegreesOfFreedom:
            "as many coefficients as rows: no degrees of freedom are left to estimate errors from"
        case .perfectFit:
            "the fit is perfect up to rounding: standard errors, t and F mean nothing"
        case .notCertified(let residual):
            "the residual is not orthogonal to the columns (scaled test \(significant(residual, 2)), should be"
                + " below 100): the coefficients may be wrong"
        }
    }
}
