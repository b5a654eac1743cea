/// The failures that a training doctor knows.
public enum TrainingProblem: String, Codable, CaseIterable, Sendable {
    /// The loss grew instead of falling.
    case diverged
    /// The loss jumps up and down by a large part of what it falls altogether.
    case jittery
    /// The loss was still falling when training ended, or had hardly begun to.
    case stoppedBeforeConvergence
    /// What is learned holds for the training examples only.
    case overfitting
    /// Another run of the same gives another result.
    case irreproducible

    /// The failure in a few words.
    public var title: String {
        switch self {
        case .diverged: "Training diverged"
        case .jittery: "The loss is too jittery"
        case .stoppedBeforeConvergence: "Training stopped before convergence"
        case .overfitting: "The model overfits"
        case .irreproducible: "The result is another one every run"
        }
    }
}

/// How much a finding matters.
public enum TrainingSeverity: String, Codable, CaseIterable, Comparable, Sendable {
    /// The result can be used, and could be better.
    case warning
    /// The result is of little use.
    case severe

    /// Whether one matters less than the other.
    public static func < (a: Self, b: Self) -> Bool { a == .warning && b == .severe }
}

/// The figures that a finding rests on.
///
/// Epochs are those of the history's records; losses are those of the curve that is named.
public enum TrainingEvidence: Codable, Equatable, Sendable {
    /// A curve of the history.
    public enum Curve: String, Codable, CaseIterable, Sendable {
        /// The objective on the training set, or the running mean of the losses on batches.
        case training
        /// The loss on the validation set.
        case validation
    }

    /// The loss was no longer finite after an update.
    case lossNotFinite(update: Int)
    /// The loss ended well above where it began.
    case lossRose(from: Double, to: Double, afterEpoch: Double)
    /// The loss fell, and then lost more than half of what it had gained.
    case gainLost(best: Double, bestEpoch: Double, last: Double, share: Double)
    /// From record to record the loss goes up and down by a share of its whole fall.
    case zigzag(Curve, amplitude: Double, share: Double, reversals: Int, records: Int)
    /// In the last fifth of the run the loss still made a share of its whole fall.
    case stillFalling(Curve, from: Double, to: Double, sinceEpoch: Double, share: Double)
    /// Over the whole run the loss hardly fell.
    case hardlyFell(Curve, from: Double, to: Double)
    /// The validation loss rose after its minimum, and the training loss fell on.
    case validationRose(
        best: Double, bestEpoch: Double, last: Double, trainingFrom: Double, trainingTo: Double)
    /// The validation loss stays far above the training loss.
    case gap(training: Double, validation: Double, share: Double)
    /// The runs end with different accuracies.
    case accuracySpread(lowest: Double, highest: Double, deviation: Double, runs: Int)
    /// The runs end with different losses, by a share of the typical fall.
    case lossSpread(Curve, lowest: Double, highest: Double, share: Double, runs: Int)
    /// Runs with one seed differ, first at a record.
    case differsWithOneSeed(record: Int, runs: Int)
    /// Some of several runs have the problem.
    case someRuns(count: Int, of: Int)
    /// Some of several runs diverge, and others do not.
    case someRunsDiverged(count: Int, of: Int)
}
