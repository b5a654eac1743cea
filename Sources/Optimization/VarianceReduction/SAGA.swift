import DescentDatasets
import DescentLinearAlgebra

/// SAGA: stochastic gradients corrected by the ones last seen for the same examples.
///
/// The examples are cut into K blocks of `batchSize`, in the order in which they lie; block k has the gradient ∇fₖ (a
/// mean) and the weight wₖ, its share of the examples. A table keeps the last gradient αₖ of each. With k drawn uniformly,
///
///     g = K wₖ (∇fₖ(θ) − αₖ) + Σⱼ wⱼ αⱼ,     then αₖ ← ∇fₖ(θ)
///
/// goes to the update rule. As with SVRG, a constant learning rate leads to the minimum itself; here an update costs one
/// gradient, and the table K vectors of memory. It starts with one pass, the gradients at the starting point.
///
/// Defazio, Bach and Lacoste-Julien, *SAGA: A Fast Incremental Gradient Method With Support for Non-Strongly Convex
/// Composite Objectives*, NIPS 2014, which has blocks of one example.
public struct SAGA<Objective: FiniteSumObjective, Rule: UpdateRule>: Sendable {
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

    let origin: VarianceReductionSettings<Rule>
    var position: VarianceReductionPosition
    private var loss = Double.nan
    private let blocks: [[Int32]]
    private var table: [[Scalar]] = []
    private var mean: [Scalar]
    private var gradient: [Scalar]
    private var corrected: [Scalar]

    /// A run that has not taken a step.
    ///
    /// - Parameters:
    ///   - objective: What is minimized.
    ///   - rule: How a corrected gradient becomes a step.
    ///   - parameters: The starting point.
    ///   - batchSize: The number of examples of a block; the last may be smaller.
    ///   - seed: Determines which blocks are drawn, and nothing else.
    public init(
        minimizing objective: Objective, with rule: Rule, from parameters: [Scalar], batchSize: Int = 1,
        seed: UInt64 = 0
    ) {
        let count = objective.exampleCount
        precondition(
            parameters.count == objective.parameterCount,
            "SAGA: a starting point of \(parameters.count) numbers for \(objective.parameterCount) parameters"
        )
        precondition(
            batchSize >= 1 && batchSize <= count, "SAGA: blocks of \(batchSize) of \(count) examples")
        self.objective = objective
        self.rule = rule
        self.parameters = parameters
        state = rule.initialState(parameterCount: parameters.count)
        blocks = stride(from: 0, to: count, by: batchSize).map {
            Array(Int32($0)..<Int32(min($0 + batchSize, count)))
        }
        mean = Array(repeating: 0, count: parameters.count)
        gradient = mean
        corrected = mean
        origin = VarianceReductionSettings(rule: rule, batchSize: batchSize, seed: seed)
        position = VarianceReductionPosition(
            generator: RandomGenerator(seed: seed, stream: RandomStream.shuffles))
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
    /// The file is an npz archive: `parameters`, `table` (blocks × parameters) and `tableMean`, the vectors of the rule's state, and `metadata`,
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

extension SAGA: VarianceReduction {
    static var method: String { "SAGA" }

    var last: (loss: Double, gradientNorm: Double) { (loss, euclideanNorm(corrected.span)) }

    private mutating func fillTable() {
        for block in blocks {
            _ = objective.valueAndGradient(at: parameters, examples: block.span, gradient: &gradient)
            table.append(gradient)
            mean.add(gradient, scaledBy: weight(of: block))
        }
        position.samples += objective.exampleCount
    }

    mutating func step() {
        if table.isEmpty { fillTable() }
        let index = position.generator.nextInteger(below: blocks.count)
        let block = blocks[index]
        loss = objective.valueAndGradient(at: parameters, examples: block.span, gradient: &gradient)
        let weight = weight(of: block)
        correct(
            &corrected, from: gradient, entry: table[index], mean: &mean, weight: weight,
            factor: Scalar(blocks.count) * weight)
        // The old gradient's memory is the next one's.
        swap(&gradient, &table[index])
        rule.update(&parameters, gradient: corrected, state: &state)
        position.updates += 1
        position.samples += block.count
    }

    private func weight(of block: [Int32]) -> Scalar { Scalar(block.count) / Scalar(objective.exampleCount) }

    var memory: [(name: String, array: NumericArray)] {
        guard position.updates > 0 else { return [] }
        let rows = NumericArray(
            parameters: table.flatMap { $0 }, shape: [blocks.count, objective.parameterCount])
        return [(ArrayName.table, rows), (ArrayName.tableMean, NumericArray(parameters: mean))]
    }

    mutating func takeMemory(from file: CheckpointFile?) throws(CheckpointError.Reason) {
        let count = objective.parameterCount
        guard let file else {
            table = []
            mean = Array(repeating: 0, count: count)
            return
        }
        table = try file.rows(ArrayName.table, rows: blocks.count, columns: count)
        mean = try file.vector(ArrayName.tableMean, count: count)
    }
}
