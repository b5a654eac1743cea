extension LeastSquaresFit: CustomStringConvertible {
    /// The summary.
    public var description: String { summary }

    /// The report as text: the table of coefficients, the quality of the fit, and how it was computed.
    ///
    /// Numbers are rounded for reading; ``report`` has them in full. The text does not depend on the locale.
    public var summary: String {
        var lines = [heading, ""]
        lines += coefficientTable
        lines.append("")
        lines += quality
        lines.append("")
        lines += computation
        lines += warnings.map { "Warning: \($0)." }
        return lines.joined(separator: "\n") + "\n"
    }

    private var heading: String {
        var text = "Least squares: \(targetName) from \(featureNames.count) feature"
        text += featureNames.count == 1 ? "" : "s"
        if degree > 1 { text += " to degree \(degree)" }
        text += hasIntercept ? "" : ", no intercept"
        text += ", \(observationCount) " + (observationCount == 1 ? "row" : "rows")
        if isWeighted { text += ", weighted" }
        return text
    }

    private var coefficientTable: [String] {
        Coefficient.table(
            coefficients, confidence: confidence,
            errorTitle: covariance == .classical ? "Std. Error" : "\(covariance.rawValue) Error")
    }

    private var quality: [String] {
        var lines: [String] = []
        if degreesOfFreedom > 0 {
            lines.append(
                "Residual standard error \(significant(residualStandardError, 5)) on \(degreesOfFreedom)"
                    + " degrees of freedom")
        }
        lines.append(
            "R² \(Self.share(rSquared)), adjusted \(Self.share(adjustedRSquared))"
                + (hasIntercept ? "" : " (about zero: there is no intercept)"))
        if let fStatistic, let fPValue {
            lines.append(
                (meat == nil ? "" : "Wald ")
                    + "F \(significant(fStatistic, 5)) on \(modelDegreesOfFreedom) and \(degreesOfFreedom)"
                    + " degrees of freedom, p \(Coefficient.probabilityText(fPValue))"
                    + (meat == nil ? "" : ", by the \(covariance.rawValue) covariance"))
        }
        if logLikelihood.isFinite {
            lines.append(
                "Log-likelihood \(significant(logLikelihood, 6)), AIC"
                    + " \(significant(akaikeInformationCriterion, 6)), BIC"
                    + " \(significant(bayesianInformationCriterion, 6))")
        }
        return lines
    }

    private var computation: [String] {
        let name =
            switch method {
            case .normal: "normal equations"
            case .qr: "QR"
            case .svd: "singular values"
            }
        var lines = [
            "Rank \(rank) of \(coefficients.count); condition number \(significant(conditionNumber, 3)),"
                + " with columns scaled \(significant(scaledConditionNumber, 3))",
            "Method: \(name); \(reason)",
        ]
        lines.append(
            (isRefined ? "Refined in double-double" : "In double precision")
                + "; digits of the data lost: \(fixed(digitsLost, 1))"
                + (scaledResidual.isNaN ? "" : "; residual test \(significant(scaledResidual, 2))"))
        return lines
    }

    /// R² with enough digits to tell it from 1.
    private static func share(_ value: Double) -> String {
        guard value.isFinite else { return "NA" }
        let rest = (1 - value).magnitude
        return rest < 1e-4 && rest > 0 ? significant(value, 10) : fixed(value, 4)
    }
}
