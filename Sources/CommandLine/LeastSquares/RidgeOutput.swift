import Descent
import DescentDatasets

/// The report of `descent lstsq --ridge`: estimates without standard errors, which shrinkage does not have.
struct RidgeOutput {
    let data: RegressionData
    let penalty: RidgeRegression.Penalty
    let degree: Int
    let hasIntercept: Bool
    /// A fit for each target.
    var fits: [RidgeFit] = []
    var predictions: LeastSquaresPredictions?

    /// The report in a format.
    func formatted(_ format: LeastSquaresCommand.Format, showingPredictions: Bool) -> String {
        let predictions = showingPredictions ? predictions : nil
        switch format {
        case .text:
            var blocks = fits.indices.map(section)
            if let predictions {
                blocks.append("Predictions:\n" + predictions.lines(rule: "─").map { $0 + "\n" }.joined())
            }
            return blocks.joined(separator: "\n")
        case .json:
            var members =
                fits.count == 1 ? report(0) : [("targets", .array(fits.indices.map { .object(report($0)) }))]
            if let predictions { members.append(("predictions", predictions.json)) }
            return JSONText.object(members).text() + "\n"
        case .csv: return predictions?.csv ?? csv
        }
    }

    /// 1 − Σwr² / Σw(y − ȳ)², ȳ = 0 without an intercept.
    private func rSquared(_ index: Int) -> Double {
        let values = data.observed[index]
        let weights = data.weights ?? [Double](repeating: 1, count: values.count)
        let total = weights.reduce(0, +)
        let mean = hasIntercept ? zip(values, weights).reduce(0) { $0 + $1.0 * ($1.1 / total) } : 0
        let squares = zip(values, weights).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 }
        return 1 - fits[index].residualSumOfSquares / squares
    }

    private var isChosen: Bool { penalty == .generalizedCrossValidation }

    // MARK: Text

    private func section(_ index: Int) -> String {
        let fit = fits[index]
        let features = data.coding.featureNames.count
        var heading =
            "Ridge regression: \(DataFileError.printable(data.targetNames[index])) from \(features) feature"
        heading += (features == 1 ? "" : "s") + (degree > 1 ? " to degree \(degree)" : "")
        heading +=
            (hasIntercept ? "" : ", no intercept") + ", \(LeastSquaresOutput.count(data.rows.count, "row"))"
        if data.weights != nil { heading += ", weighted" }
        var table = TextTable(columns: [.init("", alignment: .left), .init("Estimate")])
        for (name, estimate) in zip(fit.names, fit.estimates) {
            table.append([DataFileError.printable(name), significant(estimate, 7)])
        }
        var lines = [heading, ""] + table.lines()
        lines += [
            "",
            "Penalty \(significant(fit.penalty, 6))"
                + (isChosen ? ", chosen by generalized cross-validation" : ", as given"),
            "Effective degrees of freedom \(significant(fit.effectiveDegreesOfFreedom, 5)),"
                + " residual sum of squares \(significant(fit.residualSumOfSquares, 6)),"
                + " R² \(fixed(rSquared(index), 4))",
            "Generalized cross-validation \(significant(fit.generalizedCrossValidation, 6))",
        ]
        lines += data.coding.lines
        if let name = data.weightName { lines.append("Weights: \(DataFileError.printable(name))") }
        if data.dropped > 0 {
            lines.append("\(LeastSquaresOutput.count(data.dropped, "row")) left out for missing values")
        }
        if data.filled > 0 {
            lines.append(
                "\(LeastSquaresOutput.count(data.filled, "missing value")) replaced by the column's mean")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    // MARK: JSON and CSV

    private func report(_ index: Int) -> [(String, JSONText)] {
        let fit = fits[index]
        var members: [(String, JSONText)] = [
            ("target", .string(data.targetNames[index])),
            ("features", .strings(data.coding.featureNames)),
            ("intercept", .bool(hasIntercept)),
            ("degree", .integer(degree)),
            ("weights", data.weightName.map(JSONText.string) ?? .null),
            ("observations", .integer(data.rows.count)),
            ("rowsDropped", .integer(data.dropped)),
            ("valuesFilled", .integer(data.filled)),
        ]
        if data.coding.hasCategories { members.append(("categories", data.coding.json)) }
        let coefficients = zip(fit.names, fit.estimates).map { name, estimate in
            JSONText.object([("name", .string(name)), ("estimate", .number(estimate))])
        }
        members += [
            ("coefficients", .array(coefficients)),
            ("penalty", .number(fit.penalty)),
            ("penaltyChosenBy", isChosen ? .string("generalized cross-validation") : .null),
            ("effectiveDegreesOfFreedom", .number(fit.effectiveDegreesOfFreedom)),
            ("residualSumOfSquares", .number(fit.residualSumOfSquares)),
            ("rSquared", .number(rSquared(index))),
            ("generalizedCrossValidation", .number(fit.generalizedCrossValidation)),
            ("method", .string("ridge")),
            ("warnings", .array([])),
        ]
        return members
    }

    private var csv: String {
        var table = CommaSeparated(["target", "name", "estimate"])
        for (target, fit) in zip(data.targetNames, fits) {
            for (name, estimate) in zip(fit.names, fit.estimates) {
                table.append([target, name, NumberFormat.shortest(estimate)])
            }
        }
        return table.text
    }
}
