import Descent
import DescentDatasets

/// What is told of a fitted model: scores on the data there are, how long it took, and what is wrong with it.
struct TrainingOutcome {
    let data: TrainingData
    let model: SavedModel
    /// What happened in training; empty for a model that has a solution without it.
    var history = History()
    /// Where early stopping found the best loss, if it stopped the training.
    var stoppedEarly: (best: Double, epoch: Double)?
    /// Whether the training went by epochs, so that the doctor has something to look at.
    var wentByEpochs = false
    /// Which average of the points on the way the model is, where it is one.
    var average: String?
    /// Seconds of fitting, where the history does not tell.
    var seconds: Double?
    /// What a statistician wants to see of the fit, for text.
    var report: String?
    /// What to know before believing the fit.
    var warnings: [String] = []
    /// Truth and prediction of each training example, to be drawn where there was no search.
    var predictions: (truth: [Double], predicted: [Double])?
    /// The score against the number of training examples, where it was asked for.
    var curve: ScoreCurve?

    /// What `curve` shows.
    var scoreName: String { model.classifier == nil ? "R²" : "accuracy" }

    /// How the training went, as a picture.
    func figure(title: String) -> Figure {
        if wentByEpochs { return TrainingFigure(history.records, title: title).figure }
        if let predictions {
            return PredictionFigure(
                truth: predictions.truth, predicted: predictions.predicted, name: data.targetName ?? "y",
                title: title + ", training rows"
            ).figure
        }
        return TrainingFigure(iterations: history.records, title: title).figure
    }

    /// The scores on one part of the data.
    private struct Scores {
        let part: String
        let count: Int
        /// Each score by its name in JSON.
        var values: [(name: String, value: Double?)]

        subscript(name: String) -> Double? { values.first { $0.name == name }?.value }
    }

    private var scores: [Scores] {
        get throws {
            try data.parts.map { part, dataset in
                if model.classifier != nil {
                    let (loss, accuracy) = model.evaluate(on: dataset)
                    let interval = ConfidenceInterval.wilson(
                        successes: Int((accuracy * Double(dataset.count)).rounded()), of: dataset.count)
                    return Scores(
                        part: part, count: dataset.count,
                        values: [
                            ("Loss", loss), ("Accuracy", accuracy), ("AccuracyLower", interval.lowerBound),
                            ("AccuracyUpper", interval.upperBound),
                        ])
                }
                let targets = dataset.targets!
                let metrics = try RegressionMetrics(
                    targets: (0..<targets.rows).map { targets[$0, 0] },
                    predictions: model.quantities(for: dataset))
                return Scores(
                    part: part, count: dataset.count,
                    values: [
                        ("Loss", metrics.meanSquaredError),
                        ("RootMeanSquaredError", metrics.rootMeanSquaredError),
                        ("MeanAbsoluteError", metrics.meanAbsoluteError), ("RSquared", metrics.rSquared),
                    ])
            }
        }
    }

    /// What the doctor says; nothing for a healthy run.
    private var findings: [Diagnosis.Finding] {
        guard wentByEpochs else { return [] }
        return TrainingDoctor().examine(history, restoredBest: stoppedEarly != nil).findings
    }

    /// Tells the result on standard output.
    ///
    /// - Parameter isFirst: Whether nothing was told before.
    func tell(_ options: TrainingRunOptions, isFirst: Bool) throws {
        var output = TextOutput()
        switch options.format {
        case .json: output.write(try json(options).line + "\n")
        case .text: output.write(try text(options, isFirst: isFirst))
        }
        output.flush()
    }

    /// All that is to be known of data and fit.
    private var allWarnings: [String] { data.warnings + warnings }

    // MARK: Text

    private func text(_ options: TrainingRunOptions, isFirst: Bool) throws -> String {
        let terminal = Terminal.output
        let ascii = terminal.isInteractive && !terminal.isUnicode
        var lines: [String] = []
        if let report { lines += ["", report] }
        if let stoppedEarly {
            lines += [
                "",
                "Stopped early: the validation loss was lowest, \(NumberFormat.fixed(stoppedEarly.best, decimals: 5)),"
                    + " after \(TrainingReporter.epochs(stoppedEarly.epoch)); those parameters are kept.",
            ]
        }
        if let average { lines += ["", "The model is \(average)."] }
        lines.append("")
        lines += try table.lines(width: terminal.width, rule: ascii ? "-" : "─")
        if wentByEpochs, let width = terminal.width, history.records.count > 2 {
            let panel = TrainingFigure(history.records, title: "").lossPanel
            lines.append("")
            lines += TextChart(
                panel, width: min(width, 100) - 1, height: 10, color: terminal.hasColor, ascii: ascii
            ).lines()
        }
        if let curve {
            lines += ["", "\(scoreName) against the number of training examples, five folds:", "\(curve)"]
        }
        lines += ["", duration]
        if let path = options.save { lines.append("Model: \(path)") }
        if let path = options.plot { lines.append("Picture: \(path)") }
        if let path = options.learningCurve { lines.append("Learning curve: \(path)") }
        for warning in allWarnings where report?.contains(warning) != true {
            lines.append("Warning: \(warning).")
        }
        for finding in findings { lines += ["", "\(finding)"] }
        // After --quiet this is all there is.
        return lines.drop { $0.isEmpty && isFirst }.joined(separator: "\n") + "\n"
    }

    private var table: TextTable {
        get throws {
            func fixed(_ value: Double?, _ decimals: Int) -> String {
                value.map { NumberFormat.fixed($0, decimals: decimals) } ?? "–"
            }
            func significant(_ value: Double?) -> String {
                value.map { NumberFormat.significant($0, digits: 5) } ?? "–"
            }
            let isClassifier = model.classifier != nil
            var table = TextTable(
                columns: [.init("", alignment: .left), .init(data.noun)]
                    + (isClassifier
                        ? [.init("loss"), .init("accuracy"), .init("95 % interval")]
                        : [.init("RMSE"), .init("MAE"), .init("R²")]))
            for score in try scores {
                let cells =
                    isClassifier
                    ? [
                        fixed(score["Loss"], 5), fixed(score["Accuracy"], 4),
                        "\(fixed(score["AccuracyLower"], 4)) to \(fixed(score["AccuracyUpper"], 4))",
                    ]
                    : [
                        significant(score["RootMeanSquaredError"]), significant(score["MeanAbsoluteError"]),
                        fixed(score["RSquared"], 4),
                    ]
                table.append([score.part, NumberFormat.count(score.count)] + cells)
            }
            return table
        }
    }

    private var duration: String {
        let last = history.last
        let seconds = seconds ?? last?.seconds ?? 0
        guard wentByEpochs else { return "Fitted in \(NumberFormat.duration(seconds))" }
        var text = "\(TrainingReporter.epochs(last?.epoch ?? 0)) in \(NumberFormat.duration(seconds))"
        if seconds > 0, let samples = last?.samples, samples > 0 {
            text += ", \(NumberFormat.count(Int(Double(samples) / seconds))) \(data.noun)/s"
        }
        return text
    }

    // MARK: JSON

    private func json(_ options: TrainingRunOptions) throws -> JSONText {
        let scores = try scores
        var members: [(String, JSONText)] = []
        for (key, part) in [("test", "test"), ("validation", "validation"), ("train", "training")] {
            let score = scores.first { $0.part == part }
            // The same keys whatever parts there are.
            for name in scores[0].values.map(\.name) {
                members.append(("\(key)\(name)", .optional(score?[name])))
            }
            members.append(("\(key)Examples", .integer(score?.count ?? 0)))
        }
        if wentByEpochs, let last = history.last {
            members += [
                ("epochs", .integer(Int(last.epoch.rounded()))), ("updates", .integer(last.updates)),
                ("stoppedEarly", .bool(stoppedEarly != nil)),
            ]
            if let average { members.append(("average", .string(average))) }
        }
        if data.coding != nil {
            members += [("droppedRows", .integer(data.dropped)), ("filledValues", .integer(data.filled))]
        }
        if let curve {
            members.append(
                (
                    "learningCurve",
                    .array(
                        curve.points.map { point in
                            .object([
                                ("examples", .number(point.x)), ("training", .number(point.training.mean)),
                                ("validation", .number(point.validation.mean)),
                                ("validationHalfWidth", .optional(point.validation.halfWidth)),
                            ])
                        })
                ))
        }
        members.append(("parameters", .integer(model.parameterCount)))
        members.append(("seconds", .number(seconds ?? history.last?.seconds ?? 0)))
        if let path = options.save { members.append(("model", .string(path))) }
        members.append(("warnings", .strings(allWarnings)))
        members.append(
            (
                "findings",
                .array(
                    findings.map { finding in
                        .object([
                            ("problem", .string(finding.problem.rawValue)),
                            ("severity", .string(finding.severity.rawValue)),
                            ("evidence", .strings(finding.evidence.map(\.description))),
                            ("advice", .strings(finding.advice)),
                        ])
                    })
            ))
        return .object(members)
    }
}
