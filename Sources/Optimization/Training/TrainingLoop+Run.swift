import DescentLinearAlgebra

extension TrainingLoop {
    /// Trains until a budget is spent.
    ///
    /// - Parameters:
    ///   - budget: How much to do in this call; of a run that resumes, how much in all.
    ///   - schedule: When to evaluate. The end of the run is always evaluated, and so is the start of the first.
    ///   - checkpointing: When to write checkpoints, and where; its time does not count.
    ///   - updateInterval: How many updates there are from one `TrainingEvent.update` to the next; none if `nil`.
    ///   - evaluate: What to find out at the moments of the schedule; its time does not count.
    ///   - onRecord: Told of each record as it is made.
    ///   - onEvent: Told of everything that happens, records included.
    /// - Returns: The history of this loop, earlier runs included.
    /// - Throws: `TrainingError.diverged` when the loss or the parameters are no longer finite; `parameters` and
    ///   `state` are then those of the last evaluation or checkpoint, at which they were.
    ///   `TrainingError.checkpointNotWritten` when a checkpoint was due and the file could not be written, and
    ///   `checkpointNotRestored` when the run was to resume and could not.
    @discardableResult
    public mutating func run(
        for budget: Budget, evaluating schedule: EvaluationSchedule = .epochs(1),
        checkpointing: Checkpointing? = nil, reportingUpdatesEvery updateInterval: Int? = nil,
        evaluate: ([Scalar]) -> Evaluation = { _ in Evaluation() },
        onRecord: (History.Record) -> Void = { _ in }, onEvent: (TrainingEvent) -> Void = { _ in }
    ) throws(TrainingError) -> History {
        let plan = RunPlan(
            budget, from: counters, evaluations: schedule, checkpoints: checkpointing,
            updateInterval: updateInterval)
        return try run(plan, evaluate: evaluate, onRecord: onRecord, onEvent: onEvent)
    }

    /// Trains until so much has been done in all, earlier runs and restored checkpoints included.
    ///
    /// Unlike `run(for:)`, of which twice the same does twice as much, this can be said again after an interruption.
    ///
    /// - Parameters:
    ///   - total: How much is to have been done in the end; nothing happens if it has been.
    ///   - schedule: When to evaluate. The end of the run is always evaluated, and so is the start of the first.
    ///   - checkpointing: When to write checkpoints, and where; its time does not count.
    ///   - updateInterval: How many updates there are from one `TrainingEvent.update` to the next; none if `nil`.
    ///   - evaluate: What to find out at the moments of the schedule; its time does not count.
    ///   - onRecord: Told of each record as it is made.
    ///   - onEvent: Told of everything that happens, records included.
    /// - Returns: The history of this loop, earlier runs included.
    /// - Throws: As `run(for:)` does.
    @discardableResult
    public mutating func run(
        until total: Budget, evaluating schedule: EvaluationSchedule = .epochs(1),
        checkpointing: Checkpointing? = nil, reportingUpdatesEvery updateInterval: Int? = nil,
        evaluate: ([Scalar]) -> Evaluation = { _ in Evaluation() },
        onRecord: (History.Record) -> Void = { _ in }, onEvent: (TrainingEvent) -> Void = { _ in }
    ) throws(TrainingError) -> History {
        let plan = RunPlan(
            total, from: TrainingCounters(), evaluations: schedule, checkpoints: checkpointing,
            updateInterval: updateInterval)
        return try run(plan, evaluate: evaluate, onRecord: onRecord, onEvent: onEvent)
    }

    mutating func run(
        _ plan: RunPlan, evaluate: ([Scalar]) -> Evaluation, onRecord: (History.Record) -> Void = { _ in },
        onEvent: (TrainingEvent) -> Void, isCancelled: () -> Bool = { false }
    ) throws(TrainingError) -> History {
        if let checkpoints = plan.checkpoints { try begin(checkpoints, onEvent) }
        try withFlushToZero { () throws(TrainingError) in
            try OpenBLAS.withOneThread { () throws(TrainingError) in
                try runSteps(
                    plan, evaluate: evaluate,
                    onEvent: { event in
                        if case .evaluated(let record) = event { onRecord(record) }
                        onEvent(event)
                    }, isCancelled: isCancelled)
            }
        }
        return history
    }
}

extension TrainingLoop {
    private mutating func runSteps(
        _ plan: RunPlan, evaluate: ([Scalar]) -> Evaluation, onEvent: (TrainingEvent) -> Void,
        isCancelled: () -> Bool
    ) throws(TrainingError) {
        if earlyStoppingState.hasStopped { return }
        if history.records.isEmpty { record(evaluate(result), onEvent) }
        var good = Snapshot(parameters: parameters, state: state, updates: counters.updates)
        let clock = ContinuousClock()
        var began = clock.now
        func seconds() -> Double { (clock.now - began) / .seconds(1) }
        var spent = plan.isSpent(counters, pending: 0)
        var lastLoss = Double.nan
        while !spent {
            let isFlagged = plan.cancellation?.isCancelled ?? false
            if isFlagged || isCancelled() {
                counters.seconds += seconds()
                guard areFinite(parameters) else {
                    throw diverged(lastLoss, keeping: good, onEvent)
                }
                let path = try plan.checkpoints.map { checkpoints throws(TrainingError) in
                    try write(checkpoints, onEvent)
                }
                onEvent(.cancelled(progress))
                if isFlagged { throw .cancelled(update: counters.updates, checkpoint: path) }
                return
            }
            let loss = step()
            lastLoss = loss
            guard loss.isFinite else { throw diverged(loss, keeping: good, onEvent) }
            if let interval = plan.updateInterval, counters.updates % interval == 0 {
                onEvent(.update(update(loss)))
            }
            let atEpochEnd = counters.samplesOfEpoch == 0
            spent = plan.isSpent(counters, pending: seconds())
            let evaluates =
                spent
                || plan.evaluations.isDue(
                    updates: counters.updates, epochs: counters.epochs, atEpochEnd: atEpochEnd)
            let saves = plan.checkpoints?.isDue(counters) ?? false
            guard atEpochEnd || evaluates || saves else { continue }

            counters.seconds += seconds()
            defer { began = clock.now }
            if evaluates || saves {
                guard areFinite(parameters) else { throw diverged(loss, keeping: good, onEvent) }
            }
            if atEpochEnd { onEvent(.epoch(progress)) }
            if evaluates { record(evaluate(result), onEvent) }
            let ends = spent || earlyStoppingState.hasStopped
            if let checkpoints = plan.checkpoints {
                if evaluates { try writeBest(checkpoints, onEvent) }
                if saves || ends { _ = try write(checkpoints, onEvent) }
            }
            if ends { return }
            if evaluates || saves {
                good = Snapshot(parameters: parameters, state: state, updates: counters.updates)
            }
        }
    }

    /// Takes one step and returns the loss met on its batch, before the step.
    private mutating func step() -> Double {
        applySchedules()
        let batch = sampler.next()
        let loss: Double
        if batch.count == objective.exampleCount, sampler.sampling == .sequential {
            loss = objective.trainingValueAndGradient(
                at: &parameters, update: counters.updates, gradient: &gradient)
        } else {
            loss = objective.trainingValueAndGradient(
                at: &parameters, examples: sampler.order[batch], update: counters.updates, gradient: &gradient
            )
        }
        if loss.isFinite {
            rule.update(
                &parameters, gradient: gradient, first: objective.trainedParameterCount, state: &state)
        }
        counters.running.add(loss, weight: batch.count)
        counters.updates += 1
        counters.samples += batch.count
        counters.samplesOfEpoch += batch.count
        if counters.samplesOfEpoch >= objective.exampleCount {
            counters.epochs += 1
            counters.samplesOfEpoch = 0
        }
        return loss
    }

    private mutating func applySchedules() {
        if let learningRateSchedule {
            rule.learningRate = learningRateSchedule.value(at: progress) * plateauState.multiplier
        }
        for (hyperparameter, schedule) in hyperparameterSchedules {
            rule[keyPath: hyperparameter] = schedule.value(at: progress)
        }
        if let batchSizeSchedule, counters.samplesOfEpoch == 0 {
            let size = batchSizeSchedule.value(at: progress).rounded()
            sampler.batchSize =
                size < Double(objective.exampleCount) ? max(1, Int(size)) : objective.exampleCount
        }
    }

    private mutating func record(_ evaluation: Evaluation, _ onEvent: (TrainingEvent) -> Void) {
        let record = History.Record(
            epoch: progress.epochs, updates: counters.updates, samples: counters.samples,
            seconds: counters.seconds, runningLoss: counters.running.take(),
            trainingLoss: evaluation.trainingLoss, validationLoss: evaluation.validationLoss,
            validationAccuracy: evaluation.validationAccuracy,
            trainingAccuracy: evaluation.trainingAccuracy)
        history.records.append(record)
        onEvent(.evaluated(record))
        watchForPlateau(record, onEvent)
        watchForStop(record, onEvent)
    }

    /// Shows the plateau watch a loss.
    ///
    /// Without a schedule nobody else sets the rate, so it is lowered here.
    private mutating func watchForPlateau(_ record: History.Record, _ onEvent: (TrainingEvent) -> Void) {
        guard let plateau, let loss = record.validationLoss ?? record.trainingLoss ?? record.runningLoss
        else {
            return
        }
        let before = plateauState.multiplier
        plateau.observe(loss, &plateauState)
        guard plateauState.multiplier != before else { return }
        if learningRateSchedule == nil { rule.learningRate *= plateauState.multiplier / before }
        onEvent(.plateau(multiplier: plateauState.multiplier, progress))
    }

    /// Shows early stopping a loss, keeps the best parameters, and puts them back at the end.
    private mutating func watchForStop(_ record: History.Record, _ onEvent: (TrainingEvent) -> Void) {
        guard let earlyStopping, let loss = record.validationLoss ?? record.trainingLoss else { return }
        if earlyStopping.observe(loss, atUpdate: counters.updates, &earlyStoppingState) {
            bestParameters = result
        }
        guard earlyStoppingState.hasStopped else { return }
        if earlyStopping.restoresBest, let bestParameters { parameters = bestParameters }
        onEvent(
            .stoppedEarly(
                best: earlyStoppingState.best ?? .nan, bestUpdate: earlyStoppingState.bestUpdate, progress))
    }

    private func update(_ loss: Double) -> TrainingEvent.Update {
        TrainingEvent.Update(
            progress: progress, loss: loss, gradientNorm: euclideanNorm(gradient.span),
            learningRate: rule.learningRate)
    }

    private mutating func diverged(
        _ loss: Double, keeping good: Snapshot, _ onEvent: (TrainingEvent) -> Void
    ) -> TrainingError {
        let error = TrainingError.diverged(
            update: counters.updates, loss: loss, gradientNorm: euclideanNorm(gradient.span),
            lastGoodUpdate: good.updates)
        parameters = good.parameters
        state = good.state
        onEvent(.diverged(error))
        return error
    }

    /// What is put back when training diverges.
    private struct Snapshot {
        var parameters: [Scalar]
        var state: RuleState<Scalar>
        var updates: Int
    }
}
