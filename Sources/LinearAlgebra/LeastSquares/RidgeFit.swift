/// A fitted ridge regression.
///
/// ## Standard errors
///
/// They take the penalty λ as given, also where it was chosen by the data, and are those of the estimate about
/// its own expectation, which the penalty draws towards zero: by how much is not known, and intervals do not
/// allow for it. The covariance is σ²·(XᵀX + λP)⁻¹·XᵀX·(XᵀX + λP)⁻¹, P the identity but for the intercept;
/// σ² is the residual sum of squares over n − tr(2H − HHᵀ) degrees of freedom, H the map from target to
/// fitted values, and t is compared with Student's distribution of as many. (T. Hastie, R. Tibshirani,
/// Generalized Additive Models, 1990, 3.5; E. Cule, P. Vineis, M. De Iorio, Significance testing in ridge
/// regression for genetic data, BMC Bioinformatics 12:372, 2011.) Without a penalty all this is least squares.
public struct RidgeFit: Sendable {
    /// Coefficients, predictions, and what a row contributes.
    public let model: LinearFit
    /// The penalty λ.
    public let penalty: Double
    /// tr H, the constant included.
    public let effectiveDegreesOfFreedom: Double
    /// Σ w·(y − ŷ)².
    public let residualSumOfSquares: Double
    /// √(Σwr² / (n − tr(2H − HHᵀ))); NaN when nothing is left.
    public let residualStandardError: Double
    /// 1 − Σwr²/Σw(y − ȳ)²; ȳ is 0 without an intercept.
    public let rSquared: Double
    /// n·RSS / (n − tr H)².
    public let generalizedCrossValidation: Double

    /// The coefficients with standard errors, t, p and intervals that take the penalty as given.
    public var coefficients: [Coefficient] { model.coefficients }

    /// The names of the coefficients: `(Intercept)` first when there is one.
    public var names: [String] { coefficients.map(\.name) }

    /// The coefficients in the order of the names.
    public var estimates: [Double] { model.estimates }

    /// n − tr(2H − HHᵀ); 0 when nothing is left.
    public var residualDegreesOfFreedom: Double { model.degreesOfFreedom }

    /// The expected target for each row of features.
    ///
    /// - Precondition: as many columns as the model has features.
    public func predict(_ features: Matrix<Double>) -> [Double] { model.predict(features) }
}

/// When a column or singular value counts.
enum LeastSquaresTolerance {
    static func standard(rows: Int, columns: Int) -> Double {
        ReducedProblem.defaultTolerance(rows: rows, columns: columns)
    }
}

extension RidgeFit: CustomStringConvertible {
    /// The summary.
    public var description: String { summary }

    /// The report as text: the penalty, what it costs in degrees of freedom, and the coefficients.
    public var summary: String {
        let heading =
            "Ridge regression: penalty \(significant(penalty, 6)), effective degrees of freedom"
            + " \(significant(effectiveDegreesOfFreedom, 5)), generalized cross-validation"
            + " \(significant(generalizedCrossValidation, 6))"
        var lines = [heading, ""] + Coefficient.table(coefficients, confidence: model.confidence)
        lines += [
            "",
            "Residual standard error \(significant(residualStandardError, 5)) on"
                + " \(significant(residualDegreesOfFreedom, 5)) degrees of freedom",
            "Standard errors take the penalty as given, and do not know the bias that it brings.",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}
