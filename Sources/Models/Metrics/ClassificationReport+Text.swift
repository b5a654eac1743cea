import DescentLinearAlgebra

extension ClassificationReport: CustomStringConvertible {
    /// A table of the classes with their averages, and the other scores below it.
    public var description: String {
        var rows = [["", "precision", "recall", "F1", "support"]]
        for scores in classes {
            rows.append([
                ConfusionMatrix.shortened(scores.name, to: 24), text(scores.precision), text(scores.recall),
                text(scores.f1), ConfusionMatrix.text(scores.support),
            ])
        }
        let total = ConfusionMatrix.text(confusionMatrix.total)
        rows.append([])
        for (name, average) in [("macro average", macroAverage), ("weighted average", weightedAverage)] {
            rows.append([name, text(average.precision), text(average.recall), text(average.f1), total])
        }
        return (alignedColumns(rows) + [""] + alignedColumns(summary) + notes).joined(separator: "\n")
    }

    private var summary: [[String]] {
        var rows = [["accuracy", text(accuracy)]]
        if let interval = accuracyInterval {
            rows[0][1] +=
                "  (\(significant(100 * interval.confidence, 4)) % interval "
                + "\(text(interval.lowerBound)) to \(text(interval.upperBound)))"
        }
        rows.append(["balanced accuracy", text(balancedAccuracy)])
        rows.append(["Matthews correlation", text(matthewsCorrelation)])
        rows.append(["Cohen's kappa", text(cohensKappa)])
        if let scores = probabilityScores {
            rows.append(["log loss", text(scores.logLoss)])
            rows.append(["Brier score", text(scores.brierScore)])
            if let area = scores.rocAUC { rows.append(["ROC AUC", text(area)]) }
            if let precision = scores.averagePrecision {
                rows.append(["average precision", text(precision)])
            }
            rows.append(["calibration error", text(scores.expectedCalibrationError)])
        }
        // Values line up at the left, as one of them is followed by its interval.
        let width = rows.map { $0[1].count }.max() ?? 0
        return rows.map { [$0[0], $0[1] + String(repeating: " ", count: width - $0[1].count)] }
    }

    private var notes: [String] {
        guard classes.contains(where: { $0.precision == nil || $0.recall == nil }) else { return [] }
        let rule =
            switch undefined {
            case .zero: "counts as 0 in the averages"
            case .one: "counts as 1 in the averages"
            case .leftOut: "is left out of the averages"
            }
        return ["", "–: never predicted (precision) or without examples (recall); it \(rule)"]
    }

    private func text(_ score: Double?) -> String { score.map { fixed($0, 4) } ?? "–" }
}
