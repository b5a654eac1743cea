/// What one call of `run` is to do.
struct RunPlan: Sendable {
    var budget: Budget
    /// Where the budget counts from.
    var origin: TrainingCounters
    var evaluations: EvaluationSchedule
    var checkpoints: Checkpointing?
    var updateInterval: Int?

    /// Whether the budget is spent.
    ///
    /// - Parameter pending: What the counters do not know of the time yet.
    func isSpent(_ counters: TrainingCounters, pending: @autoclosure () -> Double) -> Bool {
        switch budget {
        case .epochs(let limit): counters.epochs - origin.epochs >= limit
        case .updates(let limit): counters.updates - origin.updates >= limit
        case .samples(let limit): counters.samples - origin.samples >= limit
        case .seconds(let limit): counters.seconds + pending() - origin.seconds >= limit
        }
    }
}
