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
        weights = model.weights
        dropped = model.dropped
        filled = model.filled
    }

    /// Warnings of all targets.
    var hasWarnings: Bool { fits.contains { !$0.warnings.isEmpty } }

    // MARK: Text

    var text: String {
        var blocks = fits.indices.map { index in section(index) }
        if let predictions {
            blocks.append("Predictions:\n" + predictions.lines(rule: rule).map { $0 + "\n" }.joined())
        }
        return blocks.joined(separator: "\n")
    }

    private func section(_ index: Int) -> String {
        let fit = fits[index]
        var lines: [String] = []
        if index < residuals.count {
            lines += ["", "Residuals: \(Self.quartiles(residuals[index]))"]
        }
        lines += coding.lines
        if let weights { lines.append("Weights: \(DataFileError.printable(weights))") }
        if dropped > 0 { lines.append("\(Self.count(dropped, "row")) left out for missing values") }
        if filled > 0 { lines.append("\(Self.count(filled, "missing value")) replaced by the column's mean") }
        if extras.inflation { lines += ["", "Variance inflation factors:"] + inflationLines(fit) }
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
        return fit.summary + lines.map { $0 + "\n" }.joined()
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
        if fits.count == 1 {
            members = report(0)
        } else {
            members = [("targets", .array(fits.indices.map { .object(report($0)) }))]
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
        var members: [(String, JSONText)] = [
            ("target", .string(report.target)),
            ("features", .strings(fit.featureNames)),
            ("intercept", .bool(fit.hasIntercept)),
            ("degree", .integer(fit.degree)),
            ("weights", weights.map(JSONText.string) ?? .null),
            ("observations", .integer(report.observations)),
            ("rowsDropped", .integer(dropped)),
            ("valuesFilled", .integer(filled)),
        ]
        if coding.hasCategories { members.append(("categories", coding.json)) }
        let coefficients = report.coefficients.map { c in
            JSONText.object([
                ("name", .string(c.name)), ("estimate", .optional(c.estimate)),
                ("standardError", .optional(c.standardError)), ("t", .optional(c.t)), ("p", .optional(c.p)),
                ("lower", .optional(c.lower)), ("upper", .optional(c.upper)),
            ])
        }
        members += [
            ("coefficients", .array(coefficients)),
            ("confidence", .number(report.confidence)),
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
        for fit in fits {
            let factors = extras.inflation ? fit.varianceInflationFactors : []
            for (index, c) in fit.coefficients.enumerated() {
                let numbers =
                    [c.estimate, c.standardError, c.t, c.p, c.lower, c.upper]
                    + (extras.inflation ? [factors[index]] : [])
                table.append(
                    [fit.targetName, c.name]
                        + numbers.map { $0.flatMap { $0.isFinite ? NumberFormat.shortest($0) : nil } })
            }
        }
        return table.text
    }
}
