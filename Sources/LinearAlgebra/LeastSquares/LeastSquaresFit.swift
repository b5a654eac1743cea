import Glibc

/// A fitted linear model: coefficients, their inference, and what is needed to predict.
///
/// A fit made from rows in memory keeps them (without a copy) for ``LeastSquaresFit/diagnostics()``; one that
/// was decoded or came from a ``LeastSquaresAccumulator`` has everything else.
public struct LeastSquaresFit: Sendable {
    /// How a problem was solved.
    public enum Method: String, Sendable, Codable, CaseIterable {
        /// The normal equations, by Cholesky's method.
        case normal
        /// Householder QR.
        case qr
        /// Singular values.
        case svd
    }

    // MARK: What was done

    /// The names of the features that the model takes.
    public let featureNames: [String]
    /// The name of the target.
    public let targetName: String
    /// How the problem was solved.
    public let method: Method
    /// Why it was solved so, for people.
    public let reason: String
    /// Whether the coefficients were refined by residuals in double-double arithmetic.
    public let isRefined: Bool
    /// max |xⱼᵀr| / (‖xⱼ‖·‖y‖·ε·max(rows, columns)), as LAPACK tests its least-squares drivers.
    ///
    /// Around 1 or less for a backward stable solution. Measured before the last correction, so the
    /// coefficients reported are better still; NaN when rows were seen only once.
    public let scaledResidual: Double
    /// The condition number of the centred and scaled columns worked with, as estimated in the 1-norm.
    public let workingConditionNumber: Double
    /// What to know before believing the fit.
    public internal(set) var warnings: [LeastSquaresWarning]

    // MARK: Coefficients

    /// The coefficients with their inference: intercept first, then the features in their order, powers rising.
    public internal(set) var coefficients: [Coefficient]
    /// Which covariance the standard errors come from.
    public internal(set) var covariance: CoefficientCovariance
    /// The probability of the intervals in ``coefficients``.
    public let confidence: Double

    // MARK: Quality

    /// The number of rows that count, weight 0 not included.
    public let observationCount: Int
    /// The number of independent columns.
    public let rank: Int
    /// The number of rows that count less the rank.
    public let degreesOfFreedom: Int
    /// Whether rows were weighted.
    public let isWeighted: Bool

    /// The coefficient of determination, 1 − Σwr²/Σw(y − ȳ)²; ȳ is 0 without an intercept, as in R.
    ///
    /// NaN when the target does not vary.
    public let rSquared: Double
    /// √(Σwr² / degrees of freedom); NaN when there are none.
    public let residualStandardError: Double
    /// The logarithm of the likelihood of the data, errors taken as normal.
    public let logLikelihood: Double

    // The rest is what the above is computed from.
    let basis: PolynomialBasis
    let target: Int
    /// The coefficients of the basis' columns, in the target's scale.
    let workingCoefficients: [DoubleDouble]
    /// R in the basis' columns.
    let triangle: Matrix<Double>
    /// Y: the columns of W·Y are orthonormal.
    let inverseFactor: Matrix<Double>
    /// The map from orthonormal columns to the coefficients of the features, (columns × rank).
    let coefficientFactor: Matrix<Double>
    let independent: [Int]
    /// In the target's scale.
    let residualSquares: Double
    let explainedSquares: Double
    /// In the orthonormal columns; nil for σ²·I.
    var meat: Matrix<Double>?

    /// The rows, while they are in memory.
    var data: LeastSquaresData?
}

// MARK: - Derived numbers

extension LeastSquaresFit {
    /// Whether the model has a constant term.
    public var hasIntercept: Bool { basis.hasIntercept }

    /// The highest power of each feature in the model.
    public var degree: Int { basis.degree }

    /// The estimates in the order of ``coefficients``; NaN for a column that depends on others.
    public var estimates: [Double] { coefficients.map { $0.estimate ?? .nan } }

    /// The constant term; 0 when the model has none.
    public var intercept: Double { hasIntercept ? coefficients[0].estimate ?? 0 : 0 }

    /// The names of columns without a coefficient of their own.
    public var aliasedColumns: [String] { coefficients.filter { $0.estimate == nil }.map(\.name) }

    /// Σ w·(y − ŷ)²; infinite beyond the range of Double.
    public var residualSumOfSquares: Double { scaleBack(residualSquares) }

    /// Σ w·(ŷ − ȳ)², ȳ = 0 without an intercept.
    public var explainedSumOfSquares: Double { scaleBack(explainedSquares) }

    /// R² corrected for the number of columns: 1 − (1 − R²)·(n − 1)/(n − rank), or n/(n − rank) without an
    /// intercept.
    public var adjustedRSquared: Double {
        guard degreesOfFreedom > 0 else { return .nan }
        let total = Double(observationCount - (hasIntercept ? 1 : 0))
        return 1 - residualSquares / (residualSquares + explainedSquares) * total / Double(degreesOfFreedom)
    }

    /// The degrees of freedom of the model: the independent columns but the constant.
    public var modelDegreesOfFreedom: Int { rank - (hasIntercept ? 1 : 0) }

    /// The F-statistic of the hypothesis that all coefficients but the constant are zero; nil when there are
    /// none, or no residual degrees of freedom.
    ///
    /// With the classical covariance the usual ratio of mean squares. With HC0 to HC3 Wald's statistic
    /// βᵀV⁻¹β / q for the q slopes and their robust covariance V, compared with the same distribution; nil where
    /// V is singular. (H. White, A heteroskedasticity-consistent covariance matrix estimator and a direct test
    /// for heteroskedasticity, Econometrica 48, 1980.)
    public var fStatistic: Double? {
        guard modelDegreesOfFreedom > 0, degreesOfFreedom > 0 else { return nil }
        if let meat { return robustFStatistic(meat) }
        let ratio =
            (explainedSquares / Double(modelDegreesOfFreedom)) / (residualSquares / Double(degreesOfFreedom))
        return ratio.isNaN ? nil : ratio
    }

    /// The probability of an F this large under that hypothesis.
    public var fPValue: Double? {
        fStatistic.map {
            FDistribution(
                numeratorDegrees: Double(modelDegreesOfFreedom), denominatorDegrees: Double(degreesOfFreedom)
            ).upperTail($0)
        }
    }

    /// Akaike's criterion, −2·log L + 2·(rank + 1): the variance counts as a parameter, as in R's `AIC`.
    ///
    /// statsmodels does not count it; its figure is 2 less.
    public var akaikeInformationCriterion: Double { -2 * logLikelihood + 2 * Double(rank + 1) }

    /// Schwarz' criterion, −2·log L + log(n)·(rank + 1), as R's `BIC`.
    public var bayesianInformationCriterion: Double {
        -2 * logLikelihood + log(Double(observationCount)) * Double(rank + 1)
    }

    /// About how many decimal digits of the data do not survive in the coefficients: log₁₀ of
    /// ``workingConditionNumber``.
    ///
    /// What cannot be known better than this is the effect of the last digit of the data. Refined coefficients
    /// are exact for the numbers in memory to more digits.
    public var digitsLost: Double { max(0, log10(workingConditionNumber)) }

    /// The condition number of the columns as they were given, constant included, in the 2-norm.
    ///
    /// It depends on the units of the features; ``scaledConditionNumber`` does not.
    public var conditionNumber: Double { conditionNumbers.unscaled }

    /// The condition number of the columns, each scaled to unit norm, constant included, in the 2-norm.
    ///
    /// (D. A. Belsley, E. Kuh, R. E. Welsch, Regression Diagnostics, 1980: beyond 30, look for dependencies.)
    public var scaledConditionNumber: Double { conditionNumbers.scaled }

    private var conditionNumbers: (unscaled: Double, scaled: Double) {
        guard rank > 0 else { return (1, 1) }
        let design = basis.originalDesign(triangle)
        var columns = Matrix<Double>(rows: design.rows, columns: independent.count)
        var rows = Matrix<Double>(rows: independent.count, columns: coefficientFactor.columns)
        for (index, column) in independent.enumerated() {
            columns.setColumn(index, to: design.column(column))
            rows.setRow(index, to: coefficientFactor.row(column))
        }
        let unscaled = Self.spectralNorm(columns) * Self.spectralNorm(rows)
        let exponents = (0..<independent.count).map { index in
            let norm = columns.column(index).norm
            return norm > 0 ? norm : 1
        }
        for (index, norm) in exponents.enumerated() {
            columns.setColumn(index, to: columns.column(index).map { $0 / norm })
            rows.setRow(index, to: rows.row(index).map { $0 * norm })
        }
        return (unscaled, Self.spectralNorm(columns) * Self.spectralNorm(rows))
    }

    private static func spectralNorm(_ matrix: Matrix<Double>) -> Double {
        (try? SVD<Double>.singularValues(of: matrix))?.first ?? .nan
    }

    /// The variance inflation factor of each coefficient but the constant: by how much its variance is larger
    /// than were its column orthogonal to the others.
    ///
    /// 1/(1 − R²) of the column's regression on the others; about the mean with an intercept, else about
    /// zero. Nil for the constant and for columns without a coefficient.
    public var varianceInflationFactors: [Double?] {
        let design = basis.originalDesign(triangle)
        return coefficients.indices.map { index in
            if hasIntercept && index == 0 || coefficients[index].estimate == nil { return nil }
            var column = design.column(index)
            // The first coordinate is that of the constant.
            if hasIntercept { column[0] = 0 }
            let factor = column.norm * coefficientFactor.row(index).norm
            return factor * factor
        }
    }

    /// The covariance matrix of the coefficients, rows and columns of those without one zero.
    public var coefficientCovariance: Matrix<Double> {
        let scale = PolynomialBasis.power(basis.targetExponents[target])
        guard let meat else {
            let factor = coefficientFactor.scalingColumns(
                by: [Double](repeating: workingStandardError * scale, count: rank))
            return factor.times(factor, transposing: .second)
        }
        let factor = coefficientFactor.scalingColumns(by: [Double](repeating: scale, count: rank))
        return (factor * meat).times(factor, transposing: .second)
    }

    /// σ in the target's scale.
    var workingStandardError: Double {
        degreesOfFreedom > 0 ? (residualSquares / Double(degreesOfFreedom)).squareRoot() : .nan
    }

    private func scaleBack(_ squares: Double) -> Double {
        let scale = PolynomialBasis.power(basis.targetExponents[target])
        return squares * scale * scale
    }
}
