import DescentLinearAlgebra

extension Diagnosis: CustomStringConvertible {
    /// Each finding with its figures and what to do; then what could not be judged.
    public var description: String {
        var blocks = findings.map(\.description)
        if isHealthy { blocks.append("Nothing wrong was found with this training.") }
        if !limitations.isEmpty {
            blocks.append((["Not judged:"] + limitations.map { "  - \($0)" }).joined(separator: "\n"))
        }
        return blocks.joined(separator: "\n\n")
    }
}

extension Diagnosis.Finding: CustomStringConvertible {
    /// The problem, how much it matters, the figures, and what to do.
    public var description: String {
        var lines = ["\(problem.title) (\(severity.rawValue))."]
        lines += evidence.map { "  Seen:  \($0)" }
        lines += advice.enumerated().map { ($0 == 0 ? "  Do:    " : "         ") + $1 }
        return lines.joined(separator: "\n")
    }
}

extension TrainingEvidence: CustomStringConvertible {
    /// The figures in a sentence.
    public var description: String {
        switch self {
        case .lossNotFinite(let update):
            return "at update \(update) the loss or a parameter was no longer a finite number"
        case .lossRose(let from, let to, let epoch):
            return "the training loss rose from \(text(from)) to \(text(to)) after epoch \(text(epoch))"
        case .gainLost(let best, let epoch, let last, let share):
            return """
                the training loss was \(text(best)) at epoch \(text(epoch)) and ended at \(text(last)): \
                \(percent(share)) of what had been gained was lost again
                """
        case .zigzag(let curve, let amplitude, let share, let reversals, let records):
            return """
                the \(curve.rawValue) loss turns \(reversals) times in \(records) records, by \(text(amplitude)) on \
                average, \(percent(share)) of its whole fall
                """
        case .stillFalling(let curve, let from, let to, let epoch, let share):
            return """
                the \(curve.rawValue) loss still fell from \(text(from)) to \(text(to)) after epoch \(text(epoch)), \
                near the end: \(percent(share)) of its whole fall
                """
        case .hardlyFell(let curve, let from, let to):
            return "the \(curve.rawValue) loss only went from \(text(from)) to \(text(to)) in the whole run"
        case .validationRose(let best, let epoch, let last, let trainingFrom, let trainingTo):
            return """
                the validation loss rose from \(text(best)) at epoch \(text(epoch)) to \(text(last)), while the training \
                loss fell from \(text(trainingFrom)) to \(text(trainingTo))
                """
        case .gap(let training, let validation, let share):
            return """
                the validation loss ends at \(text(validation)) and the training loss at \(text(training)): \
                \(percent(share)) of what was learned holds for the training examples only
                """
        case .accuracySpread(let lowest, let highest, let deviation, let runs):
            return """
                \(runs) runs end with validation accuracies from \(fixed(lowest, 4)) to \(fixed(highest, 4)), standard \
                deviation \(fixed(deviation, 4))
                """
        case .lossSpread(let curve, let lowest, let highest, let share, let runs):
            return """
                \(runs) runs end with \(curve.rawValue) losses from \(text(lowest)) to \(text(highest)), a spread of \
                \(percent(share)) of the typical fall
                """
        case .differsWithOneSeed(let record, let runs):
            return "\(runs) runs with one seed are not the same: they differ from record \(record) on"
        case .someRuns(let count, let all):
            return "so in \(count) of \(all) runs; the figures are of the worst"
        case .someRunsDiverged(let count, let all):
            return "\(count) of \(all) runs diverged, and the others did not"
        }
    }

    private func text(_ value: Double) -> String { significant(value, 4) }

    private func percent(_ share: Double) -> String { significant(100 * share, share < 0.1 ? 2 : 3) + " %" }
}
