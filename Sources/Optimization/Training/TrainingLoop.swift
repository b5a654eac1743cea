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
    public internal(set) var parameters: [Scalar]

    /// What the rule remembers.
    public internal(set) var state: RuleState<Scalar>

    /// What the training has come to: `parameters`, or of a rule that averages its points their average, with what lies
    /// behind the trained parameters as it stands.
    ///
    /// It is what `evaluate` is shown, and what early stopping keeps: after an early stop the best one.
    public var result: [Scalar] {
        guard rule.averages, !earlyStoppingState.hasStopped || earlyStopping?.restoresBest != true else {
            return parameters
        }
        let count = objective.trainedParameterCount
        return rule.result(Array(parameters[..<count]), in: state) + parameters[count...]
    }

    /// What has happened so far.
    public internal(set) var history = History()

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
    public internal(set) var plateauState = ReduceOnPlateau.State()

    /// What ends a run when the loss of the evaluations has stopped falling; setting it begins the watch anew.
    public var earlyStopping: EarlyStopping? {
        didSet {
            earlyStoppingState = EarlyStopping.State()
            bestParameters = nil
        }
    }

    /// What `earlyStopping` has seen so far; a loop that it has stopped runs no further until it is set again.
    public internal(set) var earlyStoppingState = EarlyStopping.State()

    /// The parameters with the best loss that `earlyStopping` has seen.
    public internal(set) var bestParameters: [Scalar]?

    /// What else tells this run from others, such as a digest of the data, in words of the caller's own.
    ///
    /// It goes into checkpoints, and where both a checkpoint and the loop have some they have to agree.
    public var identity: [String: String] = [:]

    /// What the loop was made with; a checkpoint is restored into a loop made alike.
    var origin: Origin
    var hyperparameterSchedules: [(WritableKeyPath<Rule, Double> & Sendable, Schedule)] = []
    var sampler: BatchSampler
    var gradient: [Scalar]
    var counters = TrainingCounters()

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
        state = rule.initialState(parameterCount: objective.trainedParameterCount)
        gradient = Array(repeating: 0, count: parameters.count)
        origin = Origin(
            rule: rule, batchSize: batchSize.resolved(exampleCount: objective.exampleCount),
            sampling: batchSize == .all ? .sequential : sampling, seed: seed)
        sampler = origin.sampler(exampleCount: objective.exampleCount)
    }

    /// How far the training has come.
    public var progress: TrainingProgress {
        counters.progress(exampleCount: objective.exampleCount)
    }

    /// Lets a schedule set a hyperparameter of the rule before each update: `loop.schedule(\.momentum, by: …)`.
    public mutating func schedule(
        _ hyperparameter: WritableKeyPath<Rule, Double> & Sendable, by schedule: Schedule
    ) {
        hyperparameterSchedules.append((hyperparameter, schedule))
    }

    /// What a loop was made with, as far as it can be saved.
    struct Origin: Codable, Equatable, Sendable {
        var rule: Rule
        var batchSize: Int
        var sampling: Sampling
        var seed: UInt64

        /// What chooses the examples, at its beginning.
        func sampler(exampleCount: Int) -> BatchSampler {
            BatchSampler(
                exampleCount: exampleCount, batchSize: batchSize, sampling: sampling,
                generator: RandomGenerator(seed: seed, stream: RandomStream.shuffles))
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

    /// The same for a training step.
    func trainingValueAndGradient(
        at parameters: inout [Scalar], examples: ArraySlice<Int32>, update: Int, gradient: inout [Scalar]
    ) -> Double {
        trainingValueAndGradient(
            at: &parameters, examples: examples.span, update: update, gradient: &gradient)
    }
}
