import DescentOptimization

/// Keeps the history of a convex fit.
final class FitRecorder {
    private(set) var history = History()
    /// Passes over the examples so far, before those of the solver at work.
    var passes = 0
    /// Iterations of searches that have ended.
    var iterations = 0
    private let exampleCount: Int
    private let onRecord: (History.Record) -> Void
    private let start = ContinuousClock.now

    init(exampleCount: Int, onRecord: @escaping (History.Record) -> Void) {
        self.exampleCount = exampleCount
        self.onRecord = onRecord
    }

    var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// Takes in the state after an iteration.
    func record(iterations: Int, passes solverPasses: Int, value: Double) {
        // Where a second search begins, the first has ended.
        guard iterations > 0 || history.records.isEmpty else { return }
        let total = passes + solverPasses
        let record = History.Record(
            epoch: Double(total), updates: self.iterations + iterations, samples: total * exampleCount,
            seconds: seconds,
            trainingLoss: value)
        history.records.append(record)
        onRecord(record)
    }
}
