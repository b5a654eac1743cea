import DescentOptimization

extension OptimizerComparisonResult {
    /// The result as a person reads it: what was compared, the tables, and what follows from them.
    ///
    /// - Parameters:
    ///   - width: Characters in a line, for a terminal; without it tables are as wide as they need.
    ///   - ascii: Whether to do without characters outside ASCII.
    public func text(width: Int? = nil, ascii: Bool = false) -> String {
        let limit = min(width ?? 100, 100)
        var blocks = [
            introduction(width: limit), table(ascii: ascii).lines(width: width, rule: ascii ? "-" : "─"),
        ]
        let notes = tableNotes
        if !notes.isEmpty { blocks[1] += notes.flatMap { Self.wrapped($0, width: limit) } }
        if let differences = differenceTable(ascii: ascii) {
            blocks.append(
                Self.wrapped(
                    "Differences from the best method, paired by seed, with 95 % t-intervals:", width: limit)
                    + differences.lines(width: width, rule: ascii ? "-" : "─"))
        }
        blocks.append(conclusion.flatMap { Self.wrapped($0, width: limit) })
        let text =
            blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
        return ascii ? Self.asciiOnly(text) : text
    }

    /// Two or three lines about the problem and the runs.
    private func introduction(width: Int) -> [String] {
        var data = "\(problem.data): \(NumberFormat.count(problem.trainingExamples)) training"
        data +=
            problem.testExamples > 0
            ? " and \(NumberFormat.count(problem.testExamples)) test examples" : " examples"
        data += ", \(problem.features) features"
        if let classes = problem.classes { data += ", \(classes) classes" }
        var model = "\(problem.model), \(NumberFormat.count(problem.parameterCount)) parameters"
        if problem.scaling != "none" { model += ", \(problem.scaling)" }
        if problem.penalty > 0 { model += ", penalty \(NumberFormat.shortest(problem.penalty))/2 ‖w‖²" }
        let runs =
            "\(settings.epochs) epoch\(settings.epochs == 1 ? "" : "s"), batches of \(settings.batchSize), "
            + (settings.replicates == 1 ? "one run" : "\(settings.replicates) paired runs")
            + " of each method, seed \(settings.seed)"
        return [data, model, runs].flatMap { Self.wrapped($0, width: width) }
    }

    // MARK: Tables

    /// One row a method: rate, final losses and accuracy, the race to the common loss, diverged runs.
    package func table(ascii: Bool = false) -> TextTable {
        let race = commonLoss.map { "to \(NumberFormat.significant($0.value, digits: 4))" } ?? ""
        var columns: [TextTable.Column] = [
            .init("method", alignment: .left), .init("learning", "rate"), .init("training", "loss"),
        ]
        if problem.testExamples > 0 { columns += [.init("test", "loss"), .init("test", "accuracy")] }
        if commonLoss != nil {
            columns += [.init("epochs", race), .init("updates", race), .init("seconds", race)]
        }
        columns.append(.init("runs", "diverged"))
        var table = TextTable(columns: columns)
        for summary in summaries {
            func cell(_ metric: Metric, digits: Int = 5) -> String {
                guard let estimate = summary.estimates[metric] else { return ascii ? "-" : "–" }
                guard estimate.halfWidth != nil || Metric.final.contains(metric) else {
                    return NumberFormat.trimmingZeros(NumberFormat.significant(estimate.mean, digits: digits))
                }
                return NumberFormat.estimate(
                    mean: estimate.mean, halfWidth: estimate.halfWidth, digits: digits,
                    plusMinus: ascii ? "+-" : "±")
            }
            var row = [
                summary.method, summary.learningRate.map(NumberFormat.shortest) ?? "none",
                cell(.trainingLoss),
            ]
            if problem.testExamples > 0 { row += [cell(.testLoss), cell(.testAccuracy)] }
            if commonLoss != nil {
                let completed = summary.runs - summary.diverged
                if completed > 0 && summary.reachedCommonLoss < completed {
                    let share = "\(summary.reachedCommonLoss) of \(completed)"
                    row += [summary.reachedCommonLoss == 0 ? "not reached" : "reached by \(share)", "", ""]
                } else {
                    row += [
                        cell(.epochsToCommonLoss, digits: 4), cell(.updatesToCommonLoss),
                        cell(.secondsToCommonLoss, digits: 3),
                    ]
                }
            }
            row.append(summary.runs == 0 ? "not run" : "\(summary.diverged) of \(summary.runs)")
            table.append(row)
        }
        return table
    }

    /// What has to be known to read the table right.
    private var tableNotes: [String] {
        var notes: [String] = []
        if settings.replicates > 1 {
            notes.append(
                "Mean ± half a 95 % t-interval over the completed runs; training loss over the whole training set."
            )
        } else {
            notes.append(
                "One run of each method: no interval can be had, and no method be told better than another.")
        }
        if let commonLoss {
            notes.append(
                "Race: first evaluation with a training loss of at most "
                    + "\(NumberFormat.shortest(commonLoss.value)), \(commonLoss.rule); seconds are of training alone."
            )
        }
        for method in methods {
            if let widening = method.widening {
                notes.append(
                    "\(method.name): the best rate lay on the edge of the grid, which was widened from "
                        + "\(Self.rates(widening.initial)) to \(Self.rates(widening.final))"
                        + (widening.endedOnEdge ? ", and still lies on it." : "."))
            }
            if method.learningRate == nil {
                notes.append("\(method.name): diverged at every learning rate tried.")
            } else if method.divergedCount > 0 {
                notes.append(
                    "\(method.name): \(method.divergedCount) of \(method.replicates.count) runs diverged "
                        + "and \(method.divergedCount == 1 ? "is" : "are") in no mean.")
            }
        }
        if methods.contains(where: { $0.divergedCount > 0 || $0.learningRate == nil }) {
            notes.append("A run has diverged when \(settings.divergence).")
        }
        return notes
    }

    private static func rates(_ range: ClosedRange<Double>) -> String {
        "\(NumberFormat.shortest(range.lowerBound))…\(NumberFormat.shortest(range.upperBound))"
    }

    /// Differences from the best method; `nil` with fewer than two methods or runs.
    package func differenceTable(ascii: Bool = false) -> TextTable? {
        let metrics = Metric.final.filter { metric in
            summaries.count { $0.estimates[metric]?.halfWidth != nil } > 1
        }
        guard !metrics.isEmpty else { return nil }
        var columns: [TextTable.Column] = [.init("method", alignment: .left)]
        columns += metrics.map { TextTable.Column($0.label) }
        var table = TextTable(columns: columns)
        let differences = metrics.map { pairedDifferences(by: $0) }
        for method in methods {
            var row = [method.name]
            for column in differences {
                if column.first?.best == method.name {
                    row.append("best")
                } else if let difference = column.first(where: { $0.method == method.name })?.difference {
                    row.append(
                        NumberFormat.estimate(
                            mean: difference.mean, halfWidth: difference.halfWidth, sign: true,
                            plusMinus: ascii ? "+-" : "±"))
                } else {
                    row.append(ascii ? "-" : "–")
                }
            }
            table.append(row)
        }
        return table
    }

    // MARK: Conclusion

    /// What follows from the intervals, and no more.
    package var conclusion: [String] {
        guard settings.replicates > 1 else { return [] }
        var sentences: [String] = []
        for metric in [Metric.trainingLoss, .testAccuracy, .secondsToCommonLoss] {
            if let sentence = verdict(by: metric) { sentences.append(sentence) }
        }
        return sentences
    }

    private func verdict(by metric: Metric) -> String? {
        let differences = pairedDifferences(by: metric)
        guard let best = differences.first?.best else { return nil }
        let known = differences.filter { $0.difference?.halfWidth != nil }
        guard !known.isEmpty else { return nil }
        let apart = known.filter { $0.difference?.excludesZero == true }.map(\.method)
        let close = known.filter { $0.difference?.excludesZero == false }.map(\.method)
        let title = metric.superlative
        if apart.isEmpty {
            return
                "\(title): no method can be told from \(best), whose mean is best; every interval of a paired "
                + "difference contains 0."
        }
        var sentence = "\(title): \(best), "
        if close.isEmpty {
            sentence += "ahead of \(Self.list(apart)): each interval of a paired difference excludes 0."
        } else {
            sentence +=
                "ahead of \(Self.list(apart)); not to be told from \(Self.list(close)), where the interval of "
                + "the paired difference contains 0."
        }
        let missing = methods.map(\.name).filter { name in
            name != best && !known.contains { $0.method == name }
        }
        if !missing.isEmpty { sentence += " Nothing is said of \(Self.list(missing))." }
        return sentence
    }

    private static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }

    // MARK: Text

    /// `text` in lines of at most `width` characters, broken at spaces, further lines indented.
    static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty && line.count + 1 + word.count > width {
                lines.append(line)
                line = "  " + word
            } else {
                line += (line.isEmpty ? "" : " ") + word
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// The same text for a terminal that knows ASCII alone.
    static func asciiOnly(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "±": result += "+-"
            case "…", "–": result += character == "…" ? ".." : "-"
            case "‖": result += "|"
            case "²": result += "^2"
            case "β": result += "beta"
            case "ε": result += "epsilon"
            case "₁": result += "1"
            case "₂": result += "2"
            default: result += character.isASCII ? String(character) : "?"
            }
        }
        return result
    }
}

extension OptimizerComparisonResult.Metric {
    /// The metrics of a finished run.
    static let final: [Self] = [.trainingLoss, .testLoss, .testAccuracy]

    /// The metric in words.
    var label: String {
        switch self {
        case .trainingLoss: "training loss"
        case .testLoss: "test loss"
        case .testAccuracy: "test accuracy"
        case .epochsToCommonLoss: "epochs to common loss"
        case .updatesToCommonLoss: "updates to common loss"
        case .secondsToCommonLoss: "seconds to common loss"
        }
    }

    var superlative: String {
        switch self {
        case .trainingLoss: "Lowest training loss"
        case .testLoss: "Lowest test loss"
        case .testAccuracy: "Highest test accuracy"
        case .epochsToCommonLoss: "Fewest epochs to the common loss"
        case .updatesToCommonLoss: "Fewest updates to the common loss"
        case .secondsToCommonLoss: "Fewest seconds to the common loss"
        }
    }
}
