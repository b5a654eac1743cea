/// All numbers of a fit's report, for JSON: what ``LeastSquaresFit/summary`` rounds, at full precision.
///
/// Numbers that do not exist, or are infinite, are nil.
public struct LeastSquaresReport: Sendable, Equatable, Codable {
    /// The name of the target.
    public let target: String
    /// The number of rows that count.
    public let observations: Int
    /// Intercept first, then the features in their order, powers rising.
    public let coefficients: [Coefficient]
    /// See ``LeastSquaresFit/rSquared``.
    public let rSquared: Double?
    /// See ``LeastSquaresFit/adjustedRSquared``.
    public let adjustedRSquared: Double?
    /// See ``LeastSquaresFit/residualStandardError``.
    public let residualStandardError: Double?
    /// See ``LeastSquaresFit/residualSumOfSquares``.
    public let residualSumOfSquares: Double?
    /// The number of rows that count less the rank.
    public let degreesOfFreedom: Int
    /// See ``LeastSquaresFit/fStatistic``.
    public let fStatistic: Double?
    /// See ``LeastSquaresFit/fPValue``.
    public let fPValue: Double?
    /// See ``LeastSquaresFit/modelDegreesOfFreedom``.
    public let modelDegreesOfFreedom: Int
    /// See ``LeastSquaresFit/logLikelihood``.
    public let logLikelihood: Double?
    /// See ``LeastSquaresFit/akaikeInformationCriterion``.
    public let aic: Double?
    /// See ``LeastSquaresFit/bayesianInformationCriterion``.
    public let bic: Double?
    /// The number of independent columns.
    public let rank: Int
    /// See ``LeastSquaresFit/conditionNumber``.
    public let conditionNumber: Double?
    /// See ``LeastSquaresFit/scaledConditionNumber``.
    public let scaledConditionNumber: Double?
    /// See ``LeastSquaresFit/varianceInflationFactors``.
    public let varianceInflationFactors: [Double?]
    /// How the problem was solved.
    public let method: LeastSquaresFit.Method
    /// Why it was solved so.
    public let reason: String
    /// Whether the coefficients were refined in double-double arithmetic.
    public let isRefined: Bool
    /// See ``LeastSquaresFit/digitsLost``.
    public let digitsLost: Double?
    /// See ``LeastSquaresFit/scaledResidual``.
    public let scaledResidual: Double?
    /// Which covariance the standard errors come from.
    public let covariance: CoefficientCovariance
    /// The probability of the intervals of the coefficients.
    public let confidence: Double
    /// The names of columns without a coefficient of their own.
    public let aliasedColumns: [String]
    /// What to know before believing the fit, in sentences.
    public let warnings: [String]
}

extension LeastSquaresFit {
    /// All numbers of the report at full precision.
    public var report: LeastSquaresReport {
        func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
        return LeastSquaresReport(
            target: targetName, observations: observationCount, coefficients: coefficients,
            rSquared: finite(rSquared), adjustedRSquared: finite(adjustedRSquared),
            residualStandardError: finite(residualStandardError),
            residualSumOfSquares: finite(residualSumOfSquares), degreesOfFreedom: degreesOfFreedom,
            fStatistic: finite(fStatistic), fPValue: finite(fPValue),
            modelDegreesOfFreedom: modelDegreesOfFreedom, logLikelihood: finite(logLikelihood),
            aic: finite(akaikeInformationCriterion), bic: finite(bayesianInformationCriterion), rank: rank,
            conditionNumber: finite(conditionNumber), scaledConditionNumber: finite(scaledConditionNumber),
            varianceInflationFactors: varianceInflationFactors.map(finite), method: method, reason: reason,
            isRefined: isRefined, digitsLost: finite(digitsLost), scaledResidual: finite(scaledResidual),
            covariance: covariance, confidence: confidence, aliasedColumns: aliasedColumns,
            warnings: warnings.map(\.description))
    }
}
