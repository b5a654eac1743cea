/// How far a training run has come: what a schedule depends on.
public struct TrainingProgress: Codable, Equatable, Sendable {
    /// Updates made, those before the one that is next.
    public var updates: Int

    /// Passes over the training set made; not whole within an epoch.
    public var epochs: Double

    /// Examples whose gradient was computed.
    public var samples: Int

    /// A point of a training run.
    public init(updates: Int, epochs: Double, samples: Int) {
        self.updates = updates
        self.epochs = epochs
        self.samples = samples
    }
}

/// A stretch of a training run, with its unit in the name.
public enum TrainingLength: Codable, Equatable, Sendable {
    /// So many steps of the update rule.
    case updates(Int)
    /// So many passes over the training set, or parts of one.
    case epochs(Double)
    /// So many examples.
    case samples(Int)

    /// The number, in whatever unit.
    var amount: Double {
        switch self {
        case .updates(let count), .samples(let count): Double(count)
        case .epochs(let count): count
        }
    }

    /// What a run has behind it, divided by this length.
    func fraction(of progress: TrainingProgress) -> Double {
        switch self {
        case .updates(let count): Double(progress.updates) / Double(count)
        case .epochs(let count): progress.epochs / count
        case .samples(let count): Double(progress.samples) / Double(count)
        }
    }

    /// The progress after this length, counted from its end; `nil` before.
    ///
    /// Exact in this length's own unit. The other units, of which the length does not tell, are taken in proportion.
    func progress(after progress: TrainingProgress) -> TrainingProgress? {
        let fraction = fraction(of: progress)
        guard fraction >= 1 else { return nil }
        let share = 1 - 1 / fraction
        var rest = TrainingProgress(
            updates: Int((Double(progress.updates) * share).rounded()), epochs: progress.epochs * share,
            samples: Int((Double(progress.samples) * share).rounded()))
        switch self {
        case .updates(let count): rest.updates = progress.updates - count
        case .epochs(let count): rest.epochs = progress.epochs - count
        case .samples(let count): rest.samples = progress.samples - count
        }
        return rest
    }
}
