import Descent
import Glibc

/// Turns the events of a training run into a progress line, a table or lines of JSON.
final class TrainingReporter {
    private let format: TrainingRunOptions.Format
    private let isQuiet: Bool
    private let progress: TerminalProgress
    private let epochs: Int
    private let exampleCount: Int
    private let noun: String
    private let hasValidation: Bool
    private let clock = ContinuousClock()

    /// The records so far, that of the start first.
    private(set) var records: [History.Record] = []
    /// The path of the last checkpoint.
    private(set) var checkpoint: String?
    /// Where early stopping found the best loss.
    private(set) var stoppedEarly: (best: Double, epoch: Double)?
    /// The checkpoint that the run went on from.
    private(set) var resumed = false

    private var began: ContinuousClock.Instant
    private var samplesAtBegin = 0
    private var lastLoss: Double?
    private var hasHeading = false

    /// A reporter.
    ///
    /// - Parameters:
    ///   - epochs: The length of the run.
    ///   - exampleCount: The number of training examples.
    ///   - noun: What an example is called.
    ///   - hasValidation: Whether there is anything to evaluate on.
    init(
        _ options: TrainingRunOptions, isQuiet: Bool, epochs: Int, exampleCount: Int, noun: String,
        hasValidation: Bool, progress: TerminalProgress
    ) {
        format = options.format
        self.isQuiet = isQuiet
        self.progress = progress
        self.epochs = epochs
        self.exampleCount = exampleCount
        self.noun = noun
        self.hasValidation = hasValidation
        began = clock.now
    }

    /// How many updates there are between two that are shown: some fifty an epoch.
    static func updateInterval(exampleCount: Int, batchSize: BatchSize, isShown: Bool) -> Int? {
        guard isShown, case .examples(let size) = batchSize else { return nil }
        return max(1, exampleCount / size / 50)
    }

    /// Takes notice of an event.
    func note(_ event: TrainingEvent) {
        switch event {
        case .resumed(let path, let reached):
            resumed = true
            began = clock.now
            samplesAtBegin = reached.samples
            progress.say("Going on from \(path), after \(Self.epochs(reached.epochs)).")
        case .checkpointPassedOver(let error):
            progress.say("Passed over a damaged checkpoint: \(error)")
        case .update(let update):
            lastLoss = update.loss
            show(update.progress)
        case .evaluated(let record):
            records.append(record)
            // The one at the start, and one that early stopping has restored, are no epoch's.
            if record.updates > 0, let loss = record.runningLoss { finish(record, runningLoss: loss) }
        case .plateau(let multiplier, let reached):
            progress.say(
                "The loss has stopped falling: learning rate times \(NumberFormat.significant(multiplier, digits: 3))"
                    + " from epoch \(Int(reached.epochs.rounded()) + 1) on.")
        case .checkpoint(let path, _): checkpoint = path
        case .stoppedEarly(let best, let update, let reached):
            stoppedEarly = (best, Double(update) / Double(max(reached.updates, 1)) * reached.epochs)
        case .epoch, .diverged, .cancelled: break
        @unknown default: break
        }
    }

    /// Wipes the progress line.
    func finish() { progress.finish() }

    private func show(_ reached: TrainingProgress) {
        progress.show(line(reached))
    }

    /// The progress line: epoch, loss, accuracy, speed, time left.
    private func line(_ reached: TrainingProgress) -> String {
        let fraction = reached.epochs / Double(epochs)
        var parts = [
            "epoch \(min(Int(reached.epochs) + 1, epochs))/\(epochs) \(progress.bar(fraction, width: 16))"
        ]
        if let lastLoss { parts.append("loss \(NumberFormat.fixed(lastLoss, decimals: 4))") }
        if let accuracy = records.last?.validationAccuracy {
            parts.append("accuracy \(NumberFormat.fixed(accuracy, decimals: 4))")
        }
        let seconds = (clock.now - began) / .seconds(1)
        let samples = reached.samples - samplesAtBegin
        if seconds > 0.2, samples > 0 {
            let speed = Double(samples) / seconds
            parts.append("\(NumberFormat.count(Int(Self.rounded(speed)))) \(noun)/s")
            let left = Double(epochs * exampleCount - reached.samples) / speed
            let whole = max(1, left.rounded(.up))
            parts.append("\(whole < 60 ? "\(Int(whole)) s" : NumberFormat.duration(whole)) left")
        }
        return parts.joined(separator: "  ")
    }

    private func finish(_ record: History.Record, runningLoss: Double) {
        switch format {
        case .json:
            emit(
                JSONText.object([
                    ("epoch", .integer(max(0, Int(record.epoch.rounded(.up)) - 1))),
                    ("trainLoss", .number(runningLoss)),
                    ("validationLoss", .optional(record.validationLoss)),
                    ("validationAccuracy", .optional(record.validationAccuracy)),
                    ("seconds", .number(record.seconds)),
                ]).line)
        case .text:
            guard !isQuiet else { return }
            progress.wipe()
            if !hasHeading {
                hasHeading = true
                emit(Self.row(["epoch", "train loss"] + columns.map(\.title) + ["seconds"]))
            }
            var cells = ["\(Int(record.epoch.rounded(.up)))", NumberFormat.fixed(runningLoss, decimals: 5)]
            cells += columns.map { $0.cell(record) }
            cells.append(NumberFormat.fixed(record.seconds, decimals: 1))
            emit(Self.row(cells))
        }
    }

    private typealias Column = (title: String, cell: (History.Record) -> String)

    private var columns: [Column] {
        guard hasValidation else { return [] }
        func text(_ value: Double?, _ decimals: Int) -> String {
            value.map { NumberFormat.fixed($0, decimals: decimals) } ?? "–"
        }
        var columns: [Column] = [("validation loss", { text($0.validationLoss, 5) })]
        if records.contains(where: { $0.validationAccuracy != nil }) {
            columns.append(("accuracy", { text($0.validationAccuracy, 4) }))
        }
        return columns
    }

    private static func row(_ cells: [String]) -> String {
        let widths = [5, 10, 15, 8]
        return cells.enumerated().map { index, cell in
            let width = index == cells.count - 1 ? 8 : widths[index]
            return String(repeating: " ", count: max(0, width - cell.count)) + cell
        }.joined(separator: "  ")
    }

    /// A line on standard output, at once: somebody may be reading along.
    func emit(_ line: String) {
        var output = TextOutput()
        output.write(line + "\n")
        output.flush()
    }

    /// Two significant digits: the third one flickers.
    private static func rounded(_ value: Double) -> Double {
        guard value >= 100 else { return value.rounded() }
        let unit = pow(10, (log10(value).rounded(.down)) - 1)
        return (value / unit).rounded() * unit
    }

    /// So many epochs, in words.
    static func epochs(_ count: Double) -> String {
        let text = NumberFormat.trimmingZeros(NumberFormat.fixed(count, decimals: 2))
        return "\(text) epoch\(text == "1" ? "" : "s")"
    }
}
