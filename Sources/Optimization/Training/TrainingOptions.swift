/// How a training run goes, apart from what is minimized, by which rule, and for how long.
///
/// One value for whoever starts a run on another's behalf: models take it whole and hand it to `run(until:options:)`.
///
///     var options = TrainingOptions(seed: 1)
///     options.schedule = .cosine(from: 0.1, over: .epochs(30)).warmingUp(over: .epochs(2))
///     options.earlyStopping = EarlyStopping(patience: 5)
///     options.checkpoints = .folder("runs/a", resuming: true)
public struct TrainingOptions: Equatable, Sendable {
    /// What sets the rule's learning rate before each update; without it the rate stays as it is.
    public var schedule: Schedule?

    /// What sets the number of examples of a batch at the start of each epoch.
    public var batchSizeSchedule: Schedule?

    /// What lowers the learning rate when the loss of the evaluations has stopped falling.
    public var plateau: ReduceOnPlateau?

    /// What ends the run when the loss of the evaluations has stopped falling.
    public var earlyStopping: EarlyStopping?

    /// When checkpoints are written, where, and whether the run goes on from the newest.
    public var checkpoints: Checkpointing?

    /// When to evaluate.
    public var evaluations: EvaluationSchedule

    /// Whether the accuracy on the training set is evaluated too, at the price of a pass over it.
    public var evaluatesTrainingAccuracy = false

    /// How many updates there are from one `TrainingEvent.update` to the next; none if `nil`.
    public var updateInterval: Int?

    /// What else tells this run from others; see `TrainingLoop.identity`.
    ///
    /// Models that train add what they know: layers, loss, penalty, scaling, and digests of the data.
    public var identity: [String: String] = [:]

    /// Determines the order of the examples, and nothing else.
    public var seed: UInt64

    /// What ends the run early, from elsewhere.
    public var cancellation: CancellationFlag?

    /// The options of a plain run, as far as nothing else is said.
    public init(
        schedule: Schedule? = nil, batchSizeSchedule: Schedule? = nil, plateau: ReduceOnPlateau? = nil,
        earlyStopping: EarlyStopping? = nil, checkpoints: Checkpointing? = nil,
        evaluations: EvaluationSchedule = .epochs(1), updateInterval: Int? = nil, seed: UInt64 = 0,
        cancellation: CancellationFlag? = nil
    ) {
        self.schedule = schedule
        self.batchSizeSchedule = batchSizeSchedule
        self.plateau = plateau
        self.earlyStopping = earlyStopping
        self.checkpoints = checkpoints
        self.evaluations = evaluations
        self.updateInterval = updateInterval
        self.seed = seed
        self.cancellation = cancellation
    }
}
