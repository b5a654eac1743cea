import Descent
import DescentDatasets

/// What is told of a model that predicts quantities, on examples of which they are known.
struct RegressionEvaluation {
    private let dataset: Dataset
    private let targets: [Double]
    private let predictions: [Double]
    private let metrics: RegressionMetrics

    private let rows: [Int]?

    /// - Parameter rows: Where the examples stand in the file, counted from 0; `nil` where they are all of its rows.
    init(_ model: ModelFile, on dataset: Dataset, rows: [Int]?) throws {
        self.dataset = dataset
        self.rows = rows
        let truth = dataset.targets!
        targets = (0..<truth.rows).map { truth[$0, 0] }
        predictions = model.model.quantities(for: dataset)
        metrics = try RegressionMetrics(targets: targets, predictions: predictions)
    }

    /// The rows with the largest errors, the worst first.
    private var worst: [Int] {
        targets.indices.sorted {
            (-(targets[$0] - predictions[$0]).magnitude, $0) < (
                -(targets[$1] - predictions[$1]).magnitude, $1
            )
        }
    }

    /// The number of an example's row in the file, counted from 1.
    private func number(_ example: Int) -> Int { (rows?[example] ?? example) + 1 }

    /// Draws predictions and residuals.
    func draw(to path: String) throws {
        try Plotting.program().draw(
            PredictionFigure(
                truth: targets, predicted: predictions,
                name: dataset.targetNames.first.map(DataFileError.printable) ?? "y",
                title: "\(dataset.name), \(NumberFormat.count(dataset.count)) examples",
                subtitle: "R² \(NumberFormat.fixed(metrics.rSquared, decimals: 4)), root mean squared error "
                    + NumberFormat.significant(metrics.rootMeanSquaredError, digits: 5)
            ).figure, to: path)
    }

    /// Prints.
    func tell(_ format: EvaluateCommand.Format, mistakeCount: Int) {
        var output = TextOutput()
        switch format {
        case .json: output.write(json(mistakeCount).text() + "\n")
        case .text: output.write(text(mistakeCount))
        }
        output.flush()
    }

    private func text(_ mistakeCount: Int) -> String {
        let terminal = Terminal.output
        var lines = ["\(dataset.name): \(NumberFormat.count(dataset.count)) examples", "", "\(metrics)"]
        if mistakeCount > 0 {
            var table = TextTable(columns: [
                .init("row"), .init("truth"), .init("prediction"), .init("error"),
            ])
            for row in worst.prefix(mistakeCount) {
                let values = [targets[row], predictions[row], predictions[row] - targets[row]]
                table.append(["\(number(row))"] + values.map { NumberFormat.significant($0, digits: 5) })
            }
            lines += ["", "The largest errors:"]
            lines += table.lines(rule: terminal.isInteractive && !terminal.isUnicode ? "-" : "─")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func json(_ mistakeCount: Int) -> JSONText {
        .object([
            ("examples", .integer(dataset.count)), ("meanSquaredError", .number(metrics.meanSquaredError)),
            ("rootMeanSquaredError", .number(metrics.rootMeanSquaredError)),
            ("meanAbsoluteError", .number(metrics.meanAbsoluteError)),
            ("medianAbsoluteError", .number(metrics.medianAbsoluteError)),
            ("maximumError", .number(metrics.maximumError)),
            ("meanAbsolutePercentageError", .optional(metrics.meanAbsolutePercentageError)),
            ("rSquared", .number(metrics.rSquared)),
            ("explainedVariance", .number(metrics.explainedVariance)),
            (
                "largestErrors",
                .array(
                    worst.prefix(mistakeCount).map { row in
                        .object([
                            ("row", .integer(number(row))), ("truth", .number(targets[row])),
                            ("prediction", .number(predictions[row])),
                        ])
                    })
            ),
        ])
    }
}
