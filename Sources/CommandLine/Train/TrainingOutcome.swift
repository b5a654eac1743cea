import Descent
import DescentDatasets

/// What is told of a trained classifier: losses and accuracies on the data there are.
struct TrainingOutcome {
    let data: ClassificationData
    /// The model in a word or two.
    let title: String
    let parameterCount: Int

    /// The data and the model, in a line.
    var heading: String {
        var parts = ["\(NumberFormat.count(data.train.count)) training"]
        if let validation = data.validation {
            parts.append("\(NumberFormat.count(validation.count)) validation")
        }
        if let test = data.test { parts.append("\(NumberFormat.count(test.count)) test") }
        let list =
            parts.count > 1
            ? parts.dropLast().joined(separator: ", ") + " and " + parts.last! : parts[0]
        return """
            \(data.train.name): \(list) \(data.noun), \(data.train.featureCount) features, \
            \(data.train.classCount) classes
            \(title), \(NumberFormat.count(parameterCount)) parameters
            """
    }

    /// A share with the interval that it is known to.
    private struct Score {
        let part: String
        let count: Int
        let loss: Double
        let accuracy: Double
    }

    /// Tells the result.
    ///
    /// - Parameters:
    ///   - records: What happened in training.
    ///   - stoppedEarly: Where early stopping found the best loss, if it stopped the training.
    func report(
        _ model: some Classifier, records: [History.Record], options: TrainingRunOptions,
        stoppedEarly: (best: Double, epoch: Double)?
    ) throws {
        let parts = [("train", data.train), ("validation", data.validation), ("test", data.test)]
        let scores = parts.compactMap { part, dataset -> Score? in
            guard let dataset else { return nil }
            let (loss, accuracy) = model.evaluate(on: dataset)
            return Score(part: part, count: dataset.count, loss: loss, accuracy: accuracy)
        }
        switch options.format {
        case .json: emit(json(scores, records, options, stoppedEarly).line + "\n")
        case .text: emit(text(scores, records, options, stoppedEarly))
        }
    }

    private func text(
        _ scores: [Score], _ records: [History.Record], _ options: TrainingRunOptions,
        _ stoppedEarly: (best: Double, epoch: Double)?
    ) -> String {
        var lines = [""]
        if let stoppedEarly {
            lines.append(
                "Stopped early: the validation loss was lowest, \(NumberFormat.fixed(stoppedEarly.best, decimals: 5)),"
                    + " after \(TrainingReporter.epochs(stoppedEarly.epoch)); those parameters are kept.")
            lines.append("")
        }
        var table = TextTable(columns: [
            .init("", alignment: .left), .init(data.noun), .init("loss"), .init("accuracy"),
            .init("95 % interval"),
        ])
        for score in scores {
            let interval = interval(score)
            table.append([
                score.part == "train" ? "training" : score.part, NumberFormat.count(score.count),
                NumberFormat.fixed(score.loss, decimals: 5), NumberFormat.fixed(score.accuracy, decimals: 4),
                "\(NumberFormat.fixed(interval.lowerBound, decimals: 4)) … "
                    + NumberFormat.fixed(interval.upperBound, decimals: 4),
            ])
        }
        let terminal = Terminal.output
        lines += table.lines(
            width: terminal.width, rule: terminal.isInteractive && !terminal.isUnicode ? "-" : "─")
        lines.append("")
        let seconds = records.last?.seconds ?? 0
        let samples = records.last?.samples ?? 0
        var summary =
            "\(TrainingReporter.epochs(records.last?.epoch ?? 0)) in \(NumberFormat.duration(seconds))"
        if seconds > 0, samples > 0 {
            summary += ", \(NumberFormat.count(Int(Double(samples) / seconds))) \(data.noun)/s"
        }
        lines.append(summary)
        if let path = options.save { lines.append("Model: \(path)") }
        if let path = options.plot { lines.append("Picture: \(path)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private func json(
        _ scores: [Score], _ records: [History.Record], _ options: TrainingRunOptions,
        _ stoppedEarly: (best: Double, epoch: Double)?
    ) -> JSONText {
        var members: [(String, JSONText)] = []
        for part in ["test", "validation", "train"] {
            let score = scores.first { $0.part == part }
            let interval = score.map(interval)
            members += [
                ("\(part)Loss", .optional(score?.loss)), ("\(part)Accuracy", .optional(score?.accuracy)),
                ("\(part)AccuracyLower", .optional(interval?.lowerBound)),
                ("\(part)AccuracyUpper", .optional(interval?.upperBound)),
                ("\(part)Examples", .integer(score?.count ?? 0)),
            ]
        }
        members += [
            ("epochs", .number(records.last?.epoch ?? 0)), ("updates", .integer(records.last?.updates ?? 0)),
            ("parameters", .integer(parameterCount)), ("stoppedEarly", .bool(stoppedEarly != nil)),
            ("seconds", .number(records.last?.seconds ?? 0)),
        ]
        if let path = options.save { members.append(("model", .string(path))) }
        return .object(members)
    }

    private func interval(_ score: Score) -> ClosedRange<Double> {
        // Wilson's score interval.
        let (n, z) = (Double(score.count), 1.959963984540054)
        let center = (score.accuracy + z * z / (2 * n)) / (1 + z * z / n)
        let half =
            z / (1 + z * z / n)
            * (score.accuracy * (1 - score.accuracy) / n + z * z / (4 * n * n)).squareRoot()
        return (center - half)...(center + half)
    }

    private func emit(_ text: String) {
        var output = TextOutput()
        output.write(text)
        output.flush()
    }
}
