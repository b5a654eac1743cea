import DescentDatasets
import DescentLinearAlgebra

/// Minimizes a mean over examples by an update rule, batch after batch.
///
/// One seed gives the same bits on any number of threads: the order of the examples comes from the seed alone, the
/// objective splits its sums in a way that does not depend on the threads, and OpenBLAS is kept at one thread while the
/// loop runs. Denormal numbers are taken for zero meanwhile on the threads that compute (a moment that has decayed to
/// 1e-310 would make every step several times slower); the caller's floating-point mode is put back afterwards.
///
/// The loop is a value: run it for a while, look, run it on.
public struct TrainingLoop<Objective: FiniteSumObjective, Rule: UpdateRule>: Sendable {
    /// The type of one parameter.
    public typealias Scalar = Objective.Scalar

    /// What is minimized.
    public let objective: Objective

    /// How a gradient becomes a step.
    ///
    /// May be changed between runs, to one with the same slots.
    public var rule: Rule

    /// The present point.
    public private(set) var parameters: [Scalar]

    /// What the rule remembers.
    public private(set) var state: RuleState<Scalar>

    /// What has happened so far.
    public private(set) var history = History()

    /// What sets the rule's learning rate before each update; without it the rate stays as it is.
    public var learningRateSchedule: Schedule?

    /// What sets the number of examples of a batch at the start of each epoch, rounded and kept from one to all of them.
    ///
    /// Smith, Kindermans, Ying and Le, *Don't Decay the Learning Rate, Increase the Batch Size*, ICLR 2018.
    public var batchSizeSchedule: Schedule?

    /// What lowers the learning rate when the loss of the evaluations has stopped falling.
    ///
    /// It looks at the validation loss if there is one, else the training loss, else the running loss.
    public var plateau: ReduceOnPlateau?

    /// What `plateau` has seen so far.
    public private(set) var plateauState = ReduceOnPlateau.State()

    private var hyperparameterSchedules: [(WritableKeyPath<Rule, Double> & Sendable, Schedule)] = []

    private var sampler: BatchSampler
    private var gradient: [Scalar]
    private var updates = 0
    private var samples = 0
    private var epochs = 0
    private var samplesOfEpoch = 0
    private var training = Duration.zero
    private var running = RunningMean()

    /// A loop that has not taken a step.
    ///
    /// - Parameters:
    ///   - objective: What is minimized.
    ///   - rule: How a gradient becomes a step.
    ///   - parameters: The starting point, as many numbers as the objective has parameters.
    ///   - batchSize: The number of examples an update.
    ///   - sampling: How batches are drawn.
    ///   - seed: Determines the order of the examples, and nothing else.
    public init(
        minimizing objective: Objective, with rule: Rule, from parameters: [Scalar], batchSize: BatchSize,
        sampling: Sampling = .reshuffle, seed: UInt64 = 0
    ) {
        precondition(
            parameters.count == objective.parameterCount,
            "a starting point of \(parameters.count) numbers for \(objective.parameterCount) parameters")
        precondition(objective.exampleCount > 0, "a training loop needs at least one example")
        self.objective = objective
        self.rule = rule
        self.parameters = parameters
        state = rule.initialState(parameterCount: parameters.count)
        gradient = Array(repeating: 0, count: parameters.count)
        sampler = BatchSampler(
            exampleCount: objective.exampleCount,
            batchSize: batchSize.resolved(exampleCount: objective.exampleCount),
            sampling: batchSize == .all ? .sequential : sampling,
            generator: RandomGenerator(seed: seed, stream: Stream.shuffles))
    }

    /// How far the training has come.
    public var progress: TrainingProgress {
        TrainingProgress(
            updates: updates,
            epochs: Double(epochs) + Double(samplesOfEpoch) / Double(objective.exampleCount),
            samples: samples)
    }

    /// Lets a schedule set a hyperparameter of the rule before each update: `loop.schedule(\.momentum, by: …)`.
    public mutating func schedule(
        _ hyperparameter: WritableKeyPath<Rule, Double> & Sendable, by schedule: Schedule
    ) {
        hyperparameterSchedules.append((hyperparameter, schedule))
    }

    /// Trains until a budget is spent.
    ///
    /// - Parameters:
    ///   - budget: How much to do in this call.
    ///   - schedule: When to evaluate. The end of the run is always evaluated, and so is the start of the first.
    ///   - evaluate: What to find out at these moments; its time does not count.
    ///   - onRecord: Told of each record as it is made.
    /// - Returns: The history of this loop, earlier runs included.
    /// - Throws: `TrainingError.diverged` when the loss or the parameters are no longer finite; `parameters` and
    ///   `state` are then those of the last evaluation, at which they were.
    @discardableResult
    public mutating func run(
        for budget: Budget, evaluating schedule: EvaluationSchedule = .epochs(1),
        evaluate: ([Scalar]) -> Evaluation = { _ in Evaluation() },
        onRecord: (History.Record) -> Void = { _ in }
    ) throws(TrainingError) -> History {
        try withFlushToZero { () throws(TrainingError) in
            try OpenBLAS.withOneThread { () throws(TrainingError) in
                try runSteps(for: budget, evaluating: schedule, evaluate: evaluate, onRecord: onRecord)
            }
        }
        return history
    }
}

extension TrainingLoop {
    private mutating func runSteps(
        for budget: Budget, evaluating schedule: EvaluationSchedule, evaluate: ([Scalar]) -> Evaluation,
        onRecord: (History.Record) -> Void
    ) throws(TrainingError) {
        if history.records.isEmpty { record(evaluate(parameters), onRecord) }
        var good = Snapshot(parameters: parameters, state: state, updates: updates)
        let start = (updates: updates, samples: samples, epochs: epochs, training: training)
        let clock = ContinuousClock()
        var began = clock.now
        func isSpent() -> Bool {
            switch budget {
            case .epochs(let limit): epochs - start.epochs >= limit
            case .updates(let limit): updates - start.updates >= limit
            case .samples(let limit): samples - start.samples >= limit
            case .seconds(let limit): training + (clock.now - began) - start.training >= .seconds(limit)
            }
        }
        var spent = isSpent()
        while !spent {
            let loss = step()
            guard loss.isFinite else { throw diverged(loss, keeping: good) }
            let atEpochEnd = samplesOfEpoch == 0
            spent = isSpent()
            guard spent || schedule.isDue(updates: updates, epochs: epochs, atEpochEnd: atEpochEnd) else {
                continue
            }

            training += clock.now - began
            guard parameters.allSatisfy(\.isFinite) else { throw diverged(loss, keeping: good) }
            record(evaluate(parameters), onRecord)
            good = Snapshot(parameters: parameters, state: state, updates: updates)
            began = clock.now
        }
    }

    /// Takes one step and returns the loss met on its batch, before the step.
    private mutating func step() -> Double {
        applySchedules()
        let batch = sampler.next()
        let loss: Double
        if batch.count == objective.exampleCount, sampler.sampling == .sequential {
            loss = objective.valueAndGradient(at: parameters, gradient: &gradient)
        } else {
            loss = objective.valueAndGradient(
                at: parameters, examples: sampler.order[batch], gradient: &gradient)
        }
        if loss.isFinite { rule.update(&parameters, gradient: gradient, state: &state) }
        running.add(loss, weight: batch.count)
        updates += 1
        samples += batch.count
        samplesOfEpoch += batch.count
        if samplesOfEpoch >= objective.exampleCount {
            epochs += 1
            samplesOfEpoch = 0
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
        if let batchSizeSchedule, samplesOfEpoch == 0 {
            let size = batchSizeSchedule.value(at: progress).rounded()
            sampler.batchSize =
                size < Double(objective.exampleCount) ? max(1, Int(size)) : objective.exampleCount
        }
    }

    /// Shows the loss of a record to the watch on plateaus.
    ///
    /// Without a schedule nobody else sets the rate, so it is lowered here.
    private mutating func watch(_ record: History.Record) {
        guard let plateau, let loss = record.validationLoss ?? record.trainingLoss ?? record.runningLoss
        else {
            return
        }
        let before = plateauState.multiplier
        plateau.observe(loss, &plateauState)
        if learningRateSchedule == nil { rule.learningRate *= plateauState.multiplier / before }
    }

    private mutating func record(_ evaluation: Evaluation, _ onRecord: (History.Record) -> Void) {
        let record = History.Record(
            epoch: Double(epochs) + Double(samplesOfEpoch) / Double(objective.exampleCount), updates: updates,
            samples: samples, seconds: training / .seconds(1), runningLoss: running.take(),
            trainingLoss: evaluation.trainingLoss, validationLoss: evaluation.validationLoss,
            validationAccuracy: evaluation.validationAccuracy)
        history.records.append(record)
        watch(record)
        onRecord(record)
    }

    private mutating func diverged(_ loss: Double, keeping good: Snapshot) -> TrainingError {
        let error = TrainingError.diverged(
            update: updates, loss: loss,
            gradientNorm: gradient.reduce(0) { $0 + Double($1 * $1) }.squareRoot(),
            lastGoodUpdate: good.updates)
        parameters = good.parameters
        state = good.state
        return error
    }

    /// What is put back when training diverges.
    private struct Snapshot {
        var parameters: [Scalar]
        var state: RuleState<Scalar>
        var updates: Int
    }

    /// The mean of the losses since it was last taken, each example with the same weight.
    private struct RunningMean: Sendable {
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
}

extension FiniteSumObjective {
    /// The value and the gradient for the examples of a slice.
    ///
    /// A span taken of a stored array keeps all that stores it from changing, and so is taken in a function of its own.
    func valueAndGradient(
        at parameters: [Scalar], examples: ArraySlice<Int32>, gradient: inout [Scalar]
    ) -> Double {
        valueAndGradient(at: parameters, examples: examples.span, gradient: &gradient)
    }
}

/// Which jump of a seed's generator serves what, so that no two uses share random numbers.
package enum Stream {
    /// Initial parameters.
    package static let parameters = 0
    /// The order of the examples.
    package static let shuffles = 1
    /// The split into training and validation sets.
    package static let splits = 2
    /// Noise on gradients.
    package static let noise = 3
}
