import Descent
import DescentDatasets
import DescentReports

/// What is told of a classifier on examples of known classes.
struct ClassifierEvaluation {
    private let model: ModelFile
    private let dataset: Dataset
    private let report: ClassificationReport
    private let mistakes: [Mistake]
    private let probabilities: ProbabilityMetrics
    private let rows: [Int]?

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

    /// - Parameter rows: Where the examples stand in the file, counted from 0; `nil` where they are all of its rows.
    init(_ model: ModelFile, on dataset: Dataset, rows: [Int]?) throws {
        self.model = model
        self.dataset = dataset
        self.rows = rows
        let probabilities = try model.model.metrics(on: dataset)
        self.probabilities = probabilities
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

    /// Draws what is wanted.
    func draw(plot: String?, roc: String?, precisionRecall: String?) throws {
        if let plot {
            if dataset.exampleShape.count == 2 {
                try Plotting.program().draw(sheet, to: plot)
            } else {
                try draw(.both, to: plot)
            }
        }
        if let roc { try draw(.roc, to: roc) }
        if let precisionRecall { try draw(.precisionRecall, to: precisionRecall) }
    }

    private func draw(_ kind: RankingFigure.Kind, to path: String) throws {
        // Of two classes, the curves of one are those of the other turned round.
        let drawn = (dataset.classCount == 2 ? [1] : Array(0..<dataset.classCount)).filter { index in
            let positives = dataset.labels.count { Int($0) == index }
            return positives > 0 && positives < dataset.count
        }
        if drawn.isEmpty {
            throw Refusal(
                "\(dataset.source): all examples are of one class, and a curve needs some of another")
        }
        let classes = try drawn.map { index in
            let ranks = try probabilities.rocCurve(ofClass: index)
            let precisions = try probabilities.precisionRecallCurve(ofClass: index)
            return RankingFigure.Class(
                name: DataFileError.printable(dataset.classNames[index]),
                roc: ranks.points.map { ($0.falsePositiveRate, $0.truePositiveRate) }, area: ranks.area,
                precisionRecall: precisions.points.map { ($0.recall, $0.precision) },
                averagePrecision: precisions.averagePrecision)
        }
        let title =
            switch kind {
            case .roc: "ROC"
            case .precisionRecall: "Precision and recall"
            case .both: "Ranking"
            }
        try Plotting.program().draw(
            RankingFigure(
                classes, kind,
                title: "\(title): \(dataset.name), \(NumberFormat.count(dataset.count)) \(noun)"
            ).figure, to: path)
    }

    /// The number of an example's row in the file, counted from 1.
    private func number(_ example: Int) -> Int { (rows?[example] ?? example) + 1 }

    /// Prints.
    func tell(_ format: EvaluateCommand.Format, mistakeCount: Int) {
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
                    "\(number(mistake.row))", dataset.classNames[mistake.actual],
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
                            ("row", .integer(number(mistake.row))),
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
