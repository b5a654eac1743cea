import DescentDatasets
import DescentLinearAlgebra

/// SVRG: stochastic gradients corrected by those of an earlier point, at which the full gradient is known.
///
/// At a snapshot θ̃ the gradient over all examples, ∇f(θ̃), is computed. Then, for batches B drawn with replacement,
///
///     g = ∇f_B(θ) − ∇f_B(θ̃) + ∇f(θ̃)
///
/// goes to the update rule, and after `updatesPerSnapshot` of these the present point is the next snapshot. The
/// expectation of g is ∇f(θ), and its variance vanishes at the minimum: with a constant learning rate the method
/// converges to the minimum itself, where plain SGD would go on jumping about it. The price is a pass over the data for
/// each snapshot and two gradients an update.
///
/// Johnson and Zhang, *Accelerating Stochastic Gradient Descent using Predictive Variance Reduction*, NIPS 2013, option
/// I (the last point is the next snapshot).
public struct SVRG<Objective: FiniteSumObjective, Rule: UpdateRule>: Sendable {
    /// The type of one parameter.
    public typealias Scalar = Objective.Scalar

    /// What is minimized.
    public let objective: Objective

    /// How a corrected gradient becomes a step; `GradientDescent` in the paper.
    public var rule: Rule

    /// The present point.
    public internal(set) var parameters: [Scalar]

    /// What the rule remembers.
    public internal(set) var state: RuleState<Scalar>

    /// Updates made.
    public var updates: Int { position.updates }

    /// Gradients of single examples computed.
    public var samples: Int { position.samples }

    /// What the run has behind it; an epoch is as many gradients as there are examples.
    public var progress: TrainingProgress { currentProgress }

    /// The number of updates from one snapshot to the next.
    public var updatesPerSnapshot: Int { origin.updatesPerSnapshot! }

    let origin: VarianceReductionSettings<Rule>
    var position: VarianceReductionPosition
    private var loss = Double.nan
    private var batch: [Int32]
    private var snapshot: [Scalar] = []
    private var fullGradient: [Scalar]
    private var gradient: [Scalar]
    private var oldGradient: [Scalar]

    /// A run that has not taken a step.
    ///
    /// - Parameters:
    ///   - objective: What is minimized.
    ///   - rule: How a corrected gradient becomes a step.
    ///   - parameters: The starting point.
    ///   - batchSize: The number of examples an update.
    ///   - updatesPerSnapshot: Updates between snapshots; two passes' worth of examples if `nil`.
    ///   - seed: Determines the batches, and nothing else.
    public init(
        minimizing objective: Objective, with rule: Rule, from parameters: [Scalar], batchSize: Int = 1,
        updatesPerSnapshot: Int? = nil, seed: UInt64 = 0
    ) {
        precondition(
            parameters.count == objective.parameterCount,
            "SVRG: a starting point of \(parameters.count) numbers for \(objective.parameterCount) parameters"
        )
        precondition(
            batchSize >= 1 && batchSize <= objective.exampleCount,
            "SVRG: batches of \(batchSize) of \(objective.exampleCount) examples")
        self.objective = objective
        self.rule = rule
        self.parameters = parameters
        state = rule.initialState(parameterCount: parameters.count)
        let interval = updatesPerSnapshot ?? max(1, 2 * objective.exampleCount / batchSize)
        precondition(interval >= 1, "SVRG: \(interval) updates a snapshot")
        origin = VarianceReductionSettings(
            rule: rule, batchSize: batchSize, updatesPerSnapshot: interval, seed: seed)
        batch = Array(repeating: 0, count: batchSize)
        position = VarianceReductionPosition(
            generator: RandomGenerator(seed: seed, stream: RandomStream.shuffles))
        fullGradient = Array(repeating: 0, count: parameters.count)
        gradient = fullGradient
        oldGradient = fullGradient
    }

    /// Takes some steps.
    ///
    /// - Throws: `TrainingError.diverged` if the parameters are no longer finite afterwards; `parameters` and `state`
    ///   are then those before the call.
    public mutating func run(updates count: Int) throws(TrainingError) {
        try takeSteps(until: updates + count, nil, nil) { _ in }
    }

    /// Takes steps until there are so many in all, earlier calls and restored checkpoints included.
    ///
    /// - Parameters:
    ///   - total: How many updates there are in the end; nothing happens if there are.
    ///   - checkpointing: When to write checkpoints, where, and whether to go on from the newest. Of its intervals, an
    ///     epoch is as many gradients as there are examples; there are no evaluations, and so no best one.
    ///   - cancellation: What ends the run early, from elsewhere.
    ///   - onEvent: Told of checkpoints, cancellation and divergence.
    /// - Throws: `TrainingError.diverged` if the parameters are no longer finite; `parameters` and `state` are then
    ///   those of the last checkpoint, or those before the call. `TrainingError.cancelled` when the flag was raised,
    ///   `checkpointNotWritten` and `checkpointNotRestored`.
    public mutating func run(
        until total: Int, checkpointing: Checkpointing? = nil, cancellation: CancellationFlag? = nil,
        onEvent: (TrainingEvent) -> Void = { _ in }
    ) throws(TrainingError) {
        try takeSteps(until: total, checkpointing, cancellation, onEvent)
    }

    /// Writes the run to a file, from which it goes on as if nothing had happened.
    ///
    /// The file is an npz archive: `parameters`, `snapshot` and `fullGradient`, the vectors of the rule's state, and `metadata`,
    /// JSON in bytes. It takes its name only when it is complete.
    ///
    /// - Parameter path: Where to write.
    /// - Throws: `CheckpointError` when the file cannot be written; one of that name is then as it was.
    public func save(to path: String) throws(CheckpointError) { try saveAll(to: path) }

    /// Puts the run where a saved one was: what follows has the bits that it would have had without the interruption.
    ///
    /// The run has to be made as the saved one was, but for the starting point.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - settings: Whether the rule's hyperparameters may differ from those that the file was made with.
    /// - Throws: `CheckpointError` when the file cannot be read, is damaged or of another version, or belongs to another
    ///   run; it names the file and what differs. The run is then as it was.
    public mutating func restore(from path: String, settings: RestoredSettings = .mustAgree)
        throws(CheckpointError)
    {
        try restoreAll(from: path, settings)
    }
}

extension SVRG: VarianceReduction {
    static var method: String { "SVRG" }

    var last: (loss: Double, gradientNorm: Double) { (loss, euclideanNorm(gradient.span)) }

    mutating func step() {
        if position.updates % updatesPerSnapshot == 0 {
            snapshot = parameters
            _ = objective.valueAndGradient(at: snapshot, gradient: &fullGradient)
            position.samples += objective.exampleCount
        }
        for index in batch.indices {
            batch[index] = Int32(position.generator.nextInteger(below: objective.exampleCount))
        }
        loss = objective.valueAndGradient(at: parameters, examples: batch[...], gradient: &gradient)
        _ = objective.valueAndGradient(at: snapshot, examples: batch[...], gradient: &oldGradient)
        correct(&gradient, by: fullGradient, minus: oldGradient)
        rule.update(&parameters, gradient: gradient, state: &state)
        position.updates += 1
        position.samples += 2 * batch.count
    }

    var memory: [(name: String, array: NumericArray)] {
        guard position.updates > 0 else { return [] }
        return [
            (ArrayName.snapshot, NumericArray(parameters: snapshot)),
            (ArrayName.fullGradient, NumericArray(parameters: fullGradient)),
        ]
    }

    mutating func takeMemory(from file: CheckpointFile?) throws(CheckpointError.Reason) {
        // The first step takes a snapshot.
        guard let file else { return }
        snapshot = try file.vector(ArrayName.snapshot, count: objective.parameterCount)
        fullGradient = try file.vector(ArrayName.fullGradient, count: objective.parameterCount)
    }
}
