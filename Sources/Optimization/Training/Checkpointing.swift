/// When a running loop writes checkpoints, and where.
///
/// Each one replaces the one before, in one step: whenever the process is killed, the file under that name is a whole
/// checkpoint, the newest or the one before. Besides the moments named here, one is written when the run ends.
public struct Checkpointing: Equatable, Sendable {
    /// The file.
    public var path: String

    private var interval: Interval

    private enum Interval: Equatable, Sendable {
        case epochs(Int), updates(Int)
    }

    /// After every epoch: at most the epoch in flight is lost.
    public static func everyEpoch(to path: String) -> Checkpointing { every(epochs: 1, to: path) }

    /// After every so many epochs of the loop, at least one.
    public static func every(epochs count: Int, to path: String) -> Checkpointing {
        precondition(count >= 1, "a checkpoint every \(count) epochs: at least one is needed")
        return Checkpointing(path: path, interval: .epochs(count))
    }

    /// After every so many updates of the loop, at least one.
    public static func every(updates count: Int, to path: String) -> Checkpointing {
        precondition(count >= 1, "a checkpoint every \(count) updates: at least one is needed")
        return Checkpointing(path: path, interval: .updates(count))
    }

    /// Whether to write now, after an update.
    func isDue(_ counters: TrainingCounters) -> Bool {
        switch interval {
        case .epochs(let count): counters.samplesOfEpoch == 0 && counters.epochs % count == 0
        case .updates(let count): counters.updates % count == 0
        }
    }
}
