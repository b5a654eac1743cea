import Descent
import DescentDatasets

/// What is told of a model that predicts quantities, on examples of which they are known.
struct RegressionEvaluation {
    private let dataset: Dataset
    private let targets: [Double]
    private let predictions: [Double]
    private let metrics: RegressionMetrics

    init(_ model: StoredModel, on dataset: Dataset) throws {
        self.dataset = dataset
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

    /// Prints.
    func tell(_ format: EvaluateCommand.Format, mistakeCount: Int) throws {
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
                table.append(["\(row + 1)"] + values.map { NumberFormat.significant($0, digits: 5) })
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
                            ("row", .integer(row + 1)), ("truth", .number(targets[row])),
                            ("prediction", .number(predictions[row])),
                        ])
                    })
            ),
        ])
    }
}
