/// When a running loop writes checkpoints, and where: one file over and over, or a folder of them.
///
/// Besides the moments named here, one is written when the run ends and when it is cancelled. Whenever the process is
/// killed, a file under a checkpoint's name is a whole checkpoint.
///
///     let checkpoints = Checkpointing.folder("runs/a", keepingLast: 3, resuming: true)
///     try loop.run(until: .epochs(15), checkpointing: checkpoints)    // say it again after an interruption
public struct Checkpointing: Codable, Equatable, Sendable {
    /// The time from one checkpoint to the next.
    public enum Interval: Codable, Equatable, Sendable {
        /// So many epochs of the loop, at least one.
        case epochs(Int)
        /// So many updates of the loop, at least one.
        case updates(Int)
    }

    /// Where checkpoints go.
    public enum Destination: Codable, Equatable, Sendable {
        /// One file; each checkpoint takes the place of the one before.
        case file
        /// A folder of its own for the run, made if it is not there: `checkpoint-000000001200.npz` after 1200 updates,
        /// of which the newest are kept, and `best.npz`.
        ///
        /// - Parameters:
        ///   - keepingLast: How many of the numbered ones are kept, at least one.
        ///   - keepingBest: Whether `best.npz` is written at each evaluation whose loss is the lowest so far: the
        ///     validation loss if there is one, else the training loss. An evaluation that knows neither, and the one
        ///     at the start, are passed over.
        case folder(keepingLast: Int, keepingBest: Bool)
    }

    /// The file, or the folder.
    public var path: String

    /// Which of the two it is.
    public var destination: Destination

    /// How often checkpoints are written.
    public var interval: Interval

    /// Whether a loop that has made no update first goes on from the newest checkpoint that is there.
    ///
    /// In a folder, checkpoints that are damaged are passed over, and told of by an event; those of another run are an
    /// error. Where there is none the run starts at the beginning. A folder that has checkpoints while this is false is
    /// an error too, so that nobody's are lost; a file is replaced.
    public var resumes: Bool

    private init(path: String, destination: Destination, interval: Interval, resumes: Bool) {
        switch interval {
        case .epochs(let count):
            precondition(count >= 1, "a checkpoint every \(count) epochs: at least one is needed")
        case .updates(let count):
            precondition(count >= 1, "a checkpoint every \(count) updates: at least one is needed")
        }
        if case .folder(let count, _) = destination {
            precondition(count >= 1, "the last \(count) checkpoints kept: at least one is needed")
        }
        self.path = path
        self.destination = destination
        self.interval = interval
        self.resumes = resumes
    }

    /// One file after every epoch: at most the epoch in flight is lost.
    public static func everyEpoch(to path: String, resuming: Bool = false) -> Checkpointing {
        every(epochs: 1, to: path, resuming: resuming)
    }

    /// One file after every so many epochs of the loop, at least one.
    public static func every(epochs count: Int, to path: String, resuming: Bool = false) -> Checkpointing {
        Checkpointing(path: path, destination: .file, interval: .epochs(count), resumes: resuming)
    }

    /// One file after every so many updates of the loop, at least one.
    public static func every(updates count: Int, to path: String, resuming: Bool = false) -> Checkpointing {
        Checkpointing(path: path, destination: .file, interval: .updates(count), resumes: resuming)
    }

    /// A folder with the last checkpoints and the best one.
    ///
    /// - Parameters:
    ///   - path: The folder, one for each run; it and the folders above it are made if they are not there.
    ///   - interval: How often a checkpoint is written.
    ///   - count: How many of the last are kept, at least one.
    ///   - keepingBest: Whether the one with the lowest loss is kept besides, as `best.npz`.
    ///   - resuming: Whether to go on from the newest one that is there; see `resumes`.
    public static func folder(
        _ path: String, every interval: Interval = .epochs(1), keepingLast count: Int = 2,
        keepingBest: Bool = true, resuming: Bool = false
    ) -> Checkpointing {
        Checkpointing(
            path: path, destination: .folder(keepingLast: count, keepingBest: keepingBest),
            interval: interval, resumes: resuming)
    }

    /// Whether to write now, after an update.
    func isDue(_ counters: TrainingCounters) -> Bool {
        switch interval {
        case .epochs(let count): counters.samplesOfEpoch == 0 && counters.epochs % count == 0
        case .updates(let count): counters.updates % count == 0
        }
    }
}
