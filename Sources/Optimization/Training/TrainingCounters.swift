/// How far a training loop has come, to the last update.
struct TrainingCounters: Codable, Equatable, Sendable {
    var updates = 0
    var samples = 0
    /// Epochs completed.
    var epochs = 0
    /// Examples of the present epoch; 0 at its end.
    var samplesOfEpoch = 0
    /// Time spent on updates.
    var seconds = 0.0
    /// The losses since the last record.
    var running = RunningMean()

    func progress(exampleCount: Int) -> TrainingProgress {
        TrainingProgress(
            updates: updates, epochs: Double(epochs) + Double(samplesOfEpoch) / Double(exampleCount),
            samples: samples)
    }
}

/// The mean of the losses since it was last taken, each example with the same weight.
struct RunningMean: Codable, Equatable, Sendable {
    private var sum = 0.0
    private var weight = 0

    mutating func add(_ loss: Double, weight: Int) {
        sum += loss * Double(weight)
        self.weight += weight
    }

    mutating func take() -> Double? {
        defer { self = RunningMean() }
        return weight > 0 ? sum / Double(weight) : nil
    }
}
