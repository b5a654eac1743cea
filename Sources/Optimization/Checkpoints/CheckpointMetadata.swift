import DescentDatasets
import DescentLinearAlgebra

/// What a checkpoint's metadata begin with, in every version of the format.
struct CheckpointHeader: Codable {
    static let format = "descent training checkpoint"
    static let version = 1

    var format = Self.format
    var version = Self.version
}

/// What has to be known of a checkpoint before the rest can be read: whose it is.
struct CheckpointOwner: Codable, Equatable {
    var scalarType: String
    var parameterCount: Int
    var exampleCount: Int
    /// The type of the rule, wrappers included.
    var ruleType: String

    init<Objective, Rule>(of loop: TrainingLoop<Objective, Rule>) {
        scalarType = "\(Objective.Scalar.self)"
        parameterCount = loop.objective.parameterCount
        exampleCount = loop.objective.exampleCount
        ruleType = "\(Rule.self)"
    }

    init<Run: VarianceReduction>(of run: Run) {
        scalarType = "\(Run.Scalar.self)"
        parameterCount = run.objective.parameterCount
        exampleCount = run.objective.exampleCount
        ruleType = "\(Run.method) with \(Run.Rule.self)"
    }
}

/// What a loop was told to do, and what a checkpoint is compared with.
struct CheckpointSettings<Rule: UpdateRule>: Codable, Equatable {
    /// The rule that the loop was made with; schedules may have changed it since.
    var rule: Rule
    var learningRateSchedule: Schedule?
    var batchSizeSchedule: Schedule?
    /// The schedules of other hyperparameters, in the order in which they were added.
    var hyperparameterSchedules: [Schedule]
    var plateau: ReduceOnPlateau?
    var earlyStopping: EarlyStopping?

    init<Objective>(of loop: TrainingLoop<Objective, Rule>) {
        rule = loop.origin.rule
        learningRateSchedule = loop.learningRateSchedule
        batchSizeSchedule = loop.batchSizeSchedule
        hyperparameterSchedules = loop.hyperparameterSchedules.map(\.1)
        plateau = loop.plateau
        earlyStopping = loop.earlyStopping
    }
}

/// Where the examples of a run come from.
struct CheckpointSampling: Codable, Equatable {
    var batchSize: Int
    var sampling: Sampling
    var seed: UInt64

    init<Objective, Rule>(of loop: TrainingLoop<Objective, Rule>) {
        batchSize = loop.origin.batchSize
        sampling = loop.origin.sampling
        seed = loop.origin.seed
    }
}

/// Everything of a loop but its arrays.
struct CheckpointMetadata<Rule: UpdateRule>: Codable {
    var header = CheckpointHeader()
    var owner: CheckpointOwner
    /// What the caller says of the run; nil in files of those who say nothing.
    var identity: [String: String]?
    var examples: CheckpointSampling
    var settings: CheckpointSettings<Rule>
    /// The rule as it stands.
    var rule: Rule
    var state: RuleStateOutline
    var sampler: BatchSampler
    var counters: TrainingCounters
    var plateauState: ReduceOnPlateau.State
    var earlyStoppingState: EarlyStopping.State
    var history: History
}

/// The part of the metadata that has the same form in every version.
struct CheckpointPreamble: Codable {
    var header: CheckpointHeader
}

/// The part of the metadata that has the same form for every rule.
struct CheckpointIdentity: Codable {
    var owner: CheckpointOwner
    var identity: [String: String]?
}

/// The part of a training loop's metadata that has the same form for every rule.
struct CheckpointExamples: Codable {
    var examples: CheckpointSampling
}

/// Everything of a variance-reduced run but its arrays.
struct VarianceReductionMetadata<Rule: UpdateRule>: Codable {
    var header = CheckpointHeader()
    var owner: CheckpointOwner
    /// What the run was made with.
    var settings: VarianceReductionSettings<Rule>
    /// The rule as it stands.
    var rule: Rule
    var state: RuleStateOutline
    var position: VarianceReductionPosition
}
