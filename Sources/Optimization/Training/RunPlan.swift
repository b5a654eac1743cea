/// What one call of `run` is to do.
struct RunPlan: Sendable {
    var budget: Budget
    /// Where the budget counts from.
    var origin: TrainingCounters
    var evaluations: EvaluationSchedule
    var checkpoints: Checkpointing?
    var updateInterval: Int?
    var cancellation: CancellationFlag?

    init(
        _ budget: Budget, from origin: TrainingCounters, evaluations: EvaluationSchedule,
        checkpoints: Checkpointing?, updateInterval: Int?
    ) {
        self.budget = budget
        self.origin = origin
        self.evaluations = evaluations
        self.checkpoints = checkpoints
        self.updateInterval = updateInterval
        if let updateInterval {
            precondition(
                updateInterval >= 1, "an event every \(updateInterval) updates: at least one is needed")
        }
    }

    init(_ budget: Budget, from origin: TrainingCounters, _ options: TrainingOptions) {
        self.init(
            budget, from: origin, evaluations: options.evaluations, checkpoints: options.checkpoints,
            updateInterval: options.updateInterval)
        cancellation = options.cancellation
    }

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
