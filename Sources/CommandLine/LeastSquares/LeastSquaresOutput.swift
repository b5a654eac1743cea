import Descent
import DescentDatasets

/// The report of `descent lstsq` in each of its formats.
struct LeastSquaresOutput {
    /// What is shown beyond the fit itself.
    struct Extras {
        var inflation = false
        var influence = false
        var press = false
    }

    let coding: FeatureCoding
    let fits: [LeastSquaresFit]
    /// The fits by a variant of least squares, in place of the others.
    var variants: [VariantFit] = []
    /// The rows of each target, when they have been looked at.
    var rows: [LeastSquaresRows] = []
    /// The residuals of each target, for their quartiles.
    var residuals: [[Double]] = []
    /// The name of the column of weights.
    var weights: String?
    /// How many rows were left out for missing values, and how many values have a mean in their place.
    var dropped = 0
    var filled = 0
    var extras = Extras()
    var predictions: LeastSquaresPredictions?
    /// The character under the headings of tables.
    var rule: Character = "─"

    init(coding: FeatureCoding, fits: [LeastSquaresFit]) {
        self.coding = coding
        self.fits = fits
    }

    /// The report of a model that was fitted earlier; its rows are gone.
    init(_ model: LeastSquaresModel) {
        coding = model.coding
        fits = model.fits
        variants = model.variants
        weights = model.weights
        dropped = model.dropped
        filled = model.filled
    }

    /// Warnings of all targets.
    var hasWarnings: Bool {
        fits.contains { !$0.warnings.isEmpty } || variants.contains { !$0.warnings.isEmpty }
    }

    /// The warnings with the targets that they concern.
    var warnings: [(target: String, text: String)] {
        fits.flatMap { fit in fit.warnings.map { (fit.targetName, $0.description) } }
            + variants.flatMap { fit in fit.warnings.map { (fit.target, $0) } }
    }

    // MARK: Text

    var text: String {
        var blocks = fits.enumerated().map { section($0, $1.summary, $1) }
        blocks += variants.enumerated().map { section($0, $1.summary, nil) }
        if let predictions {
            blocks.append("Predictions:\n" + predictions.lines(rule: rule).map { $0 + "\n" }.joined())
        }
        return blocks.joined(separator: "\n")
    }

    private func section(_ index: Int, _ summary: String, _ fit: LeastSquaresFit?) -> String {
        var lines: [String] = []
        if index < residuals.count {
            lines += ["", "Residuals: \(Self.quartiles(residuals[index]))"]
        }
        lines += coding.lines
        if let weights { lines.append("Weights: \(DataFileError.printable(weights))") }
        if dropped > 0 { lines.append("\(Self.count(dropped, "row")) left out for missing values") }
        if filled > 0 { lines.append("\(Self.count(filled, "missing value")) replaced by the column's mean") }
        if extras.inflation, let fit { lines += ["", "Variance inflation factors:"] + inflationLines(fit) }
        if index < rows.count {
            if extras.press || extras.influence {
                let diagnostics = rows[index].diagnostics
                lines += [
                    "",
                    "PRESS \(significant(diagnostics.predictedResidualSumOfSquares, 7)), predicted R² "
                        + fixed(diagnostics.predictedRSquared, 4),
                ]
            }
            if extras.influence { lines += [""] + rows[index].lines(rule: rule) }
        }
        return summary + lines.map { $0 + "\n" }.joined()
    }

    private func inflationLines(_ fit: LeastSquaresFit) -> [String] {
        var table = TextTable(columns: [.init("", alignment: .left), .init("VIF")])
        for (coefficient, factor) in zip(fit.coefficients, fit.varianceInflationFactors) {
            guard let factor else { continue }
            table.append([DataFileError.printable(coefficient.name), significant(factor, 5)])
        }
        return table.lines(rule: rule)
    }

    /// Least, quartiles and greatest, interpolated linearly between neighbours.
    static func quartiles(_ values: [Double]) -> String {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return "none" }
        let names = ["min", "1Q", "median", "3Q", "max"]
        return names.enumerated().map { quarter, name in
            let position = Double(quarter) * Double(sorted.count - 1) / 4
            let index = min(Int(position), sorted.count - 1)
            let next = min(index + 1, sorted.count - 1)
            let value = sorted[index] + (position - Double(index)) * (sorted[next] - sorted[index])
            return "\(name) \(significant(value, 5))"
        }.joined(separator: "  ")
    }

    static func count(_ number: Int, _ noun: String) -> String {
        "\(NumberFormat.count(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    // MARK: JSON

    /// One object; for several targets an object with one for each in `targets`.
    var json: String {
        var members: [(String, JSONText)]
        if fits.count + variants.count == 1 {
            members = fits.isEmpty ? variantReport(0) : report(0)
        } else {
            let plain: [JSONText] = fits.indices.map { .object(report($0)) }
            let others: [JSONText] = variants.indices.map { .object(variantReport($0)) }
            members = [("targets", .array(plain + others))]
        }
        if let predictions {
            members.append(("predictionConfidence", .optional(predictions.confidence)))
            members.append(("predictions", predictions.json))
        }
        return JSONText.object(members).text() + "\n"
    }

    private func report(_ index: Int) -> [(String, JSONText)] {
        let fit = fits[index]
        let report = fit.report
        var members = head(
            report.target, fit.featureNames, fit.hasIntercept, fit.degree, report.observations,
            report.coefficients, report.confidence)
        members += [
            ("covariance", .string(report.covariance.rawValue)),
            ("rSquared", .optional(report.rSquared)),
            ("adjustedRSquared", .optional(report.adjustedRSquared)),
            ("residualStandardError", .optional(report.residualStandardError)),
            ("residualSumOfSquares", .optional(report.residualSumOfSquares)),
            ("degreesOfFreedom", .integer(report.degreesOfFreedom)),
            ("modelDegreesOfFreedom", .integer(report.modelDegreesOfFreedom)),
            ("fStatistic", .optional(report.fStatistic)),
            ("fPValue", .optional(report.fPValue)),
            ("logLikelihood", .optional(report.logLikelihood)),
            ("aic", .optional(report.aic)),
            ("bic", .optional(report.bic)),
            ("rank", .integer(report.rank)),
            ("conditionNumber", .optional(report.conditionNumber)),
            ("scaledConditionNumber", .optional(report.scaledConditionNumber)),
            ("method", .string(report.method.rawValue)),
            ("reason", .string(report.reason)),
            ("isRefined", .bool(report.isRefined)),
            ("digitsLost", .optional(report.digitsLost)),
            ("scaledResidual", .optional(report.scaledResidual)),
            ("aliasedColumns", .strings(report.aliasedColumns)),
            ("warnings", .strings(report.warnings)),
        ]
        if extras.inflation {
            let names = fit.coefficients.map(\.name)
            members.append(
                (
                    "varianceInflationFactors",
                    .object(
                        zip(names, fit.varianceInflationFactors).filter { $1 != nil }.map {
                            ($0, .optional($1))
                        })
                ))
        }
        return members + rowMembers(index)
    }

    /// The same for a variant.
    private func variantReport(_ index: Int) -> [(String, JSONText)] {
        let fit = variants[index]
        var members = head(
            fit.target, fit.model.featureNames, fit.model.hasIntercept, fit.model.degree, fit.observations,
            fit.model.coefficients, fit.model.confidence)
        members += fit.members.map { ($0.name, $0.json) }
        members += [
            ("degreesOfFreedom", .number(fit.model.degreesOfFreedom)),
            ("method", .string(fit.method)),
            ("notes", .strings(fit.notes)),
            ("warnings", .strings(fit.warnings)),
        ]
        return members + rowMembers(index)
    }

    /// What every report begins with.
    private func head(
        _ target: String, _ features: [String], _ hasIntercept: Bool, _ degree: Int, _ observations: Int,
        _ coefficients: [Coefficient], _ confidence: Double
    ) -> [(String, JSONText)] {
        var members: [(String, JSONText)] = [
            ("target", .string(target)),
            ("features", .strings(features)),
            ("intercept", .bool(hasIntercept)),
            ("degree", .integer(degree)),
            ("weights", weights.map(JSONText.string) ?? .null),
            ("observations", .integer(observations)),
            ("rowsDropped", .integer(dropped)),
            ("valuesFilled", .integer(filled)),
        ]
        if coding.hasCategories { members.append(("categories", coding.json)) }
        let objects: [JSONText] = coefficients.map { c in
            .object([
                ("name", .string(c.name)), ("estimate", .optional(c.estimate)),
                ("standardError", .optional(c.standardError)), ("t", .optional(c.t)), ("p", .optional(c.p)),
                ("lower", .optional(c.lower)), ("upper", .optional(c.upper)),
            ])
        }
        members.append(("coefficients", .array(objects)))
        members.append(("confidence", .number(confidence)))
        return members
    }

    /// What the rows add, where it was asked for.
    private func rowMembers(_ index: Int) -> [(String, JSONText)] {
        var members: [(String, JSONText)] = []
        if index < rows.count, extras.press || extras.influence {
            let diagnostics = rows[index].diagnostics
            members.append(
                ("predictedResidualSumOfSquares", .number(diagnostics.predictedResidualSumOfSquares)))
            members.append(("predictedRSquared", .number(diagnostics.predictedRSquared)))
        }
        if index < rows.count, extras.influence { members.append(("influence", rows[index].json)) }
        return members
    }

    // MARK: CSV

    /// The coefficients, a row each; numbers that do not exist are left empty.
    var csv: String {
        var table = CommaSeparated(
            ["target", "name", "estimate", "standardError", "t", "p", "lower", "upper"]
                + (extras.inflation ? ["vif"] : []))
        let all =
            fits.map { ($0.targetName, $0.coefficients, extras.inflation ? $0.varianceInflationFactors : []) }
            + variants.map { ($0.target, $0.model.coefficients, []) }
        for (target, coefficients, factors) in all {
            for (index, c) in coefficients.enumerated() {
                let numbers =
                    [c.estimate, c.standardError, c.t, c.p, c.lower, c.upper]
                    + (extras.inflation ? [factors[index]] : [])
                table.append(
                    [target, c.name]
                        + numbers.map { $0.flatMap { $0.isFinite ? NumberFormat.shortest($0) : nil } })
            }
        }
        return table.text
    }
}
