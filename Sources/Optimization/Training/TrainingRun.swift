/// Training in a task and on a thread of its own, as a sequence of what happens in it.
///
///     let run = loop.start(until: .epochs(15), evaluate: evaluate)
///     for try await event in run { print(event) }
///     loop = await run.loop
///
/// The events wait for whoever reads them, without limit, so nothing is lost and training does not wait. The sequence
/// is for one reader. It ends with the run, or throws the error that ended it.
///
/// The training is cancelled by `cancel()`, by cancelling the task that reads the events or waits for `loop`, and by
/// letting go of the run itself. It then stops before the next update, writes a checkpoint if it writes any, and the loop
/// can go on from there.
public final class TrainingRun<Objective: FiniteSumObjective, Rule: UpdateRule>: AsyncSequence, Sendable {
    /// What the sequence consists of.
    public typealias Element = TrainingEvent

    /// What the sequence ends with if training cannot go on.
    public typealias Failure = TrainingError

    private let task: Task<TrainingLoop<Objective, Rule>, Never>
    private let events: AsyncStream<Result<TrainingEvent, TrainingError>>

    init(
        _ loop: TrainingLoop<Objective, Rule>, _ plan: RunPlan,
        evaluate: @escaping @Sendable ([Objective.Scalar]) -> Evaluation
    ) {
        let (events, continuation) = AsyncStream.makeStream(of: Result<TrainingEvent, TrainingError>.self)
        let task = Task(executorPreference: TrainingThread()) {
            var loop = loop
            do throws(TrainingError) {
                _ = try loop.run(
                    plan, evaluate: evaluate, onEvent: { continuation.yield(.success($0)) },
                    isCancelled: { Task.isCancelled })
            } catch {
                continuation.yield(.failure(error))
            }
            continuation.finish()
            return loop
        }
        continuation.onTermination = { reason in
            if case .cancelled = reason { task.cancel() }
        }
        self.task = task
        self.events = events
    }

    /// Asks the training to stop before the next update.
    public func cancel() { task.cancel() }

    /// The loop as the training left it: at the end, where it diverged, or where it was cancelled.
    ///
    /// Waits for the training to end; if the task that waits is cancelled, so is the training.
    public var loop: TrainingLoop<Objective, Rule> {
        get async {
            // Letting go of the events would cancel the training.
            defer { withExtendedLifetime(self) {} }
            return await withTaskCancellationHandler {
                await task.value
            } onCancel: {
                task.cancel()
            }
        }
    }

    /// The events from where the reader is.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: events.makeAsyncIterator()) }

    /// The events of a training run one after another.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var base: AsyncStream<Result<TrainingEvent, TrainingError>>.Iterator

        /// The next event, or `nil` when the run is over.
        ///
        /// - Throws: The error that ended the run, once.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(TrainingError)
            -> TrainingEvent?
        {
            try await base.next(isolation: actor)?.get()
        }
    }
}

extension TrainingLoop {
    /// Trains a copy of this loop in a task of its own; see `TrainingRun`.
    ///
    /// - Parameters:
    ///   - budget: How much to do.
    ///   - schedule: When to evaluate.
    ///   - checkpointing: When to write checkpoints, and where.
    ///   - updateInterval: How many updates there are from one `TrainingEvent.update` to the next; none if `nil`.
    ///   - evaluate: What to find out at the moments of the schedule.
    public func start(
        for budget: Budget, evaluating schedule: EvaluationSchedule = .epochs(1),
        checkpointing: Checkpointing? = nil, reportingUpdatesEvery updateInterval: Int? = nil,
        evaluate: @escaping @Sendable ([Scalar]) -> Evaluation = { _ in Evaluation() }
    ) -> TrainingRun<Objective, Rule> {
        let plan = RunPlan(
            budget, from: counters, evaluations: schedule, checkpoints: checkpointing,
            updateInterval: updateInterval)
        return TrainingRun(self, plan, evaluate: evaluate)
    }

    /// Trains a copy of this loop in a task of its own until so much has been done in all; see `TrainingRun`.
    ///
    /// - Parameters:
    ///   - total: How much is to have been done in the end, earlier runs included.
    ///   - schedule: When to evaluate.
    ///   - checkpointing: When to write checkpoints, and where.
    ///   - updateInterval: How many updates there are from one `TrainingEvent.update` to the next; none if `nil`.
    ///   - evaluate: What to find out at the moments of the schedule.
    public func start(
        until total: Budget, evaluating schedule: EvaluationSchedule = .epochs(1),
        checkpointing: Checkpointing? = nil, reportingUpdatesEvery updateInterval: Int? = nil,
        evaluate: @escaping @Sendable ([Scalar]) -> Evaluation = { _ in Evaluation() }
    ) -> TrainingRun<Objective, Rule> {
        let plan = RunPlan(
            total, from: TrainingCounters(), evaluations: schedule, checkpoints: checkpointing,
            updateInterval: updateInterval)
        return TrainingRun(self, plan, evaluate: evaluate)
    }
}
