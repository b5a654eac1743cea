import Descent
import DescentDatasets

/// What is told of a classifier on examples of known classes.
struct ClassifierEvaluation {
    private let model: StoredModel
    private let dataset: Dataset
    private let report: ClassificationReport
    private let mistakes: [Mistake]

    /// An example that was taken for another class.
    struct Mistake {
        let row: Int
        let actual: Int
        let predicted: Int
        /// What the model gave to the true class.
        let probability: Double
        /// What it gave to the class that it took.
        let predictedProbability: Double
    }

    init(_ model: StoredModel, on dataset: Dataset) throws {
        self.model = model
        self.dataset = dataset
        let probabilities = try model.model.metrics(on: dataset)
        report = ClassificationReport(probabilities)
        let found = zip(probabilities.labels, probabilities.predictions).enumerated().compactMap {
            row, classes -> Mistake? in
            let (actual, predicted) = classes
            guard actual != predicted else { return nil }
            return Mistake(
                row: row, actual: actual, predicted: predicted,
                probability: probabilities.probability(ofExample: row, class: actual),
                predictedProbability: probabilities.probability(ofExample: row, class: predicted))
        }
        mistakes = found.sorted { ($0.probability, $0.row) < ($1.probability, $1.row) }
    }

    /// Prints and draws.
    func tell(_ format: EvaluateCommand.Format, mistakeCount: Int, plot: String?) throws {
        if let plot {
            guard dataset.exampleShape.count == 2 else {
                throw Misuse(
                    "--plot draws pictures, and these examples are rows of \(dataset.featureCount) numbers.")
            }
            try Plotting.program().draw(sheet, to: plot)
        }
        var output = TextOutput()
        switch format {
        case .json: output.write(json(mistakeCount).text() + "\n")
        case .text: output.write(text(mistakeCount))
        }
        output.flush()
    }

    private var noun: String { dataset.exampleShape.count == 2 ? "images" : "examples" }

    private func text(_ mistakeCount: Int) -> String {
        let terminal = Terminal.output
        let rule: Character = terminal.isInteractive && !terminal.isUnicode ? "-" : "─"
        var lines = ["\(dataset.name): \(NumberFormat.count(dataset.count)) \(noun)", ""]
        lines.append(report.description)
        lines += ["", report.confusionMatrix.description]
        if mistakes.isEmpty {
            lines += ["", "No mistakes."]
        } else if mistakeCount > 0 {
            var table = TextTable(columns: [
                .init("row"), .init("truth", alignment: .left), .init("its probability"),
                .init("taken for", alignment: .left), .init("probability"),
            ])
            for mistake in mistakes.prefix(mistakeCount) {
                table.append([
                    "\(mistake.row + 1)", dataset.classNames[mistake.actual],
                    NumberFormat.significant(mistake.probability, digits: 3),
                    dataset.classNames[mistake.predicted],
                    NumberFormat.significant(mistake.predictedProbability, digits: 4),
                ])
            }
            let shown = min(mistakeCount, mistakes.count)
            lines += [
                "",
                shown < mistakes.count
                    ? "The worst \(shown) of \(NumberFormat.count(mistakes.count)) mistakes:"
                    : shown == 1 ? "The one mistake:" : "The \(shown) mistakes, the worst first:",
            ]
            lines += table.lines(rule: rule)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func json(_ mistakeCount: Int) -> JSONText {
        let interval = report.accuracyInterval
        let scores = report.probabilityScores
        let classes = report.classes.map { scores -> JSONText in
            .object([
                ("name", .string(scores.name)), ("precision", .optional(scores.precision)),
                ("recall", .optional(scores.recall)), ("f1", .optional(scores.f1)),
                ("support", .integer(Int(scores.support))),
            ])
        }
        return .object([
            ("examples", .integer(dataset.count)), ("accuracy", .number(report.accuracy)),
            ("accuracyLower", .optional(interval?.lowerBound)),
            ("accuracyUpper", .optional(interval?.upperBound)),
            ("loss", .optional(scores?.logLoss)), ("brierScore", .optional(scores?.brierScore)),
            ("rocAUC", .optional(scores?.rocAUC)), ("averagePrecision", .optional(scores?.averagePrecision)),
            ("calibrationError", .optional(scores?.expectedCalibrationError)),
            ("balancedAccuracy", .number(report.balancedAccuracy)),
            ("matthewsCorrelation", .number(report.matthewsCorrelation)),
            ("cohensKappa", .number(report.cohensKappa)),
            ("macroAverage", averages(report.macroAverage)),
            ("weightedAverage", averages(report.weightedAverage)), ("classes", .array(classes)),
            (
                "confusionMatrix",
                .array(report.confusionMatrix.counts.map { .array($0.map { .integer(Int($0)) }) })
            ),
            (
                "mistakes",
                .array(
                    mistakes.prefix(mistakeCount).map { mistake in
                        .object([
                            ("row", .integer(mistake.row + 1)),
                            ("truth", .string(dataset.classNames[mistake.actual])),
                            ("probability", .number(mistake.probability)),
                            ("prediction", .string(dataset.classNames[mistake.predicted])),
                            ("predictionProbability", .number(mistake.predictedProbability)),
                        ])
                    })
            ),
        ])
    }

    private func averages(_ averages: ClassificationReport.Averages) -> JSONText {
        .object([
            ("precision", .number(averages.precision)), ("recall", .number(averages.recall)),
            ("f1", .number(averages.f1)),
        ])
    }

    /// The worst mistakes as pictures.
    private var sheet: PictureSheet {
        let shown = mistakes.prefix(25)
        let pixels = dataset.subset(shown.isEmpty ? [0] : shown.map { Int32($0.row) }).matrix(as: Double.self)
        let tiles = shown.enumerated().map { index, mistake in
            let truth = dataset.classNames[mistake.actual]
            let taken = dataset.classNames[mistake.predicted]
            let share = NumberFormat.significant(mistake.predictedProbability, digits: 3)
            return model.tile(
                (0..<dataset.featureCount).map { pixels[index, $0] }[...],
                caption: ["\(truth), taken for \(taken)", "(\(share))"])
        }
        let accuracy = NumberFormat.fixed(report.accuracy, decimals: 4)
        return PictureSheet(
            title: mistakes.isEmpty ? "No mistakes" : "Worst mistakes: \(dataset.name)",
            subtitle:
                "\(NumberFormat.count(mistakes.count)) of \(NumberFormat.count(dataset.count)) \(noun), "
                + "accuracy \(accuracy); in brackets the probability of the wrong class",
            tiles: tiles, columns: 5)
    }
}
