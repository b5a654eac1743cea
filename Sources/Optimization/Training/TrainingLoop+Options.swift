import DescentDatasets
import DescentLinearAlgebra

extension TrainingLoop {
    /// Trains until a budget is spent, in a way that a value describes.
    ///
    /// The options take the place of what the loop had: its schedules, watches and, before the first update, its seed.
    ///
    /// - Parameters:
    ///   - budget: How much to do in this call; of a run that resumes, how much in all.
    ///   - options: How.
    ///   - evaluate: What to find out at the moments of `options.evaluations`; its time does not count.
    ///   - onEvent: Told of everything that happens.
    /// - Returns: The history of this loop, earlier runs included.
    /// - Throws: `TrainingError.cancelled` when the flag was raised, naming the checkpoint written; the loop can go on
    ///   from there. `TrainingError.diverged`, `checkpointNotWritten` and `checkpointNotRestored`, as `run(for:)`.
    @discardableResult
    public mutating func run(
        for budget: Budget, options: TrainingOptions,
        evaluate: ([Scalar]) -> Evaluation = { _ in Evaluation() },
        onEvent: (TrainingEvent) -> Void = { _ in }
    ) throws(TrainingError) -> History {
        apply(options)
        let plan = RunPlan(budget, from: counters, options)
        return try run(plan, evaluate: evaluate, onEvent: onEvent)
    }

    /// Trains until so much has been done in all, in a way that a value describes.
    ///
    /// With `options.checkpoints` that resume this can be said again, in a new process too, after an interruption.
    ///
    /// - Parameters:
    ///   - total: How much is to have been done in the end; nothing happens if it has been.
    ///   - options: How; see `run(for:options:)`.
    ///   - evaluate: What to find out at the moments of `options.evaluations`; its time does not count.
    ///   - onEvent: Told of everything that happens.
    /// - Returns: The history of this loop, earlier runs included.
    /// - Throws: As `run(for:options:)`.
    @discardableResult
    public mutating func run(
        until total: Budget, options: TrainingOptions,
        evaluate: ([Scalar]) -> Evaluation = { _ in Evaluation() },
        onEvent: (TrainingEvent) -> Void = { _ in }
    ) throws(TrainingError) -> History {
        apply(options)
        let plan = RunPlan(total, from: TrainingCounters(), options)
        return try run(plan, evaluate: evaluate, onEvent: onEvent)
    }

    /// Trains a copy of this loop in a task of its own until so much has been done in all; see `TrainingRun`.
    ///
    /// - Parameters:
    ///   - total: How much is to have been done in the end, earlier runs included.
    ///   - options: How; see `run(for:options:)`.
    ///   - evaluate: What to find out at the moments of `options.evaluations`.
    public func start(
        until total: Budget, options: TrainingOptions,
        evaluate: @escaping @Sendable ([Scalar]) -> Evaluation = { _ in Evaluation() }
    ) -> TrainingRun<Objective, Rule> {
        var loop = self
        loop.apply(options)
        let plan = RunPlan(total, from: TrainingCounters(), options)
        return TrainingRun(loop, plan, evaluate: evaluate)
    }

    private mutating func apply(_ options: TrainingOptions) {
        learningRateSchedule = options.schedule
        batchSizeSchedule = options.batchSizeSchedule
        plateau = options.plateau
        identity = options.identity
        // Setting it begins the watch anew, which is not meant where it stays the same.
        if earlyStopping != options.earlyStopping { earlyStopping = options.earlyStopping }
        guard origin.seed != options.seed else { return }
        precondition(
            counters.updates == 0,
            """
            a training loop that has made \(counters.updates) updates with the seed \(origin.seed) cannot go on with \
            the seed \(options.seed)
            """)
        origin.seed = options.seed
        sampler = origin.sampler(exampleCount: objective.exampleCount)
    }
}
