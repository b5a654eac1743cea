import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// Training that goes on from one portion of data to the next: the rule's memory, and how far schedules have come.
///
/// ```swift
/// var training = PartialFit<Float, Adam>(rule: Adam(), schedule: .cosine(from: 1e-3, over: .samples(1_000_000)))
/// for portion in stream { try network.partialFit(on: portion, &training) }
/// ```
/// A value: copy it, save it beside the model, and go on tomorrow with the same numbers as without a pause.
public struct PartialFit<Scalar: MatrixScalar, Rule: UpdateRule>: Codable, Equatable, Sendable {
    /// How a gradient becomes a step.
    public var rule: Rule
    /// What sets the rule's learning rate before each update; epochs count portions.
    public var schedule: Schedule?
    /// The number of examples an update.
    public var batchSize: BatchSize
    /// What is added to the loss to keep weights small.
    public var penalty: Penalty
    /// Determines the order of the examples of a portion, and what dropout drops.
    public var seed: UInt64
    /// What is behind; a portion counts as an epoch.
    public private(set) var progress = TrainingProgress(updates: 0, epochs: 0, samples: 0)
    /// What the rule remembers; `nil` before the first portion.
    public private(set) var state: RuleState<Scalar>?

    /// Training that has not begun.
    ///
    /// - Parameters:
    ///   - rule: How a gradient becomes a step.
    ///   - schedule: What sets the rule's learning rate; `nil` to leave it as it is.
    ///   - batchSize: The number of examples an update.
    ///   - penalty: What is added to the loss to keep weights small.
    ///   - seed: Determines the order of the examples of a portion, and what dropout drops.
    public init(
        rule: Rule, schedule: Schedule? = nil, batchSize: BatchSize = 64, penalty: Penalty = .none,
        seed: UInt64 = 0
    ) {
        self.rule = rule
        self.schedule = schedule
        self.batchSize = batchSize
        self.penalty = penalty
        self.seed = seed
    }

    /// One pass over a portion; what is changed is changed only if it does not diverge.
    ///
    /// - Returns: The mean of the losses met on the batches, each example with the same weight.
    mutating func run(
        minimizing objective: NetworkObjective<Scalar>, _ parameters: inout [Scalar]
    ) throws(TrainingError) -> Double {
        let count = objective.exampleCount
        let size =
            switch batchSize {
            case .all: count
            case .examples(let size): min(size, count)
            }
        // Each portion has an order of its own, that follows from how many there were before.
        var generator = RandomGenerator(seed: seed, stream: RandomStream.shuffles)
        generator.advance(by: UInt128(UInt64(progress.samples)))
        let order = generator.permutation(of: count)
        var next = self
        var point = parameters
        let start = progress
        var state = state ?? rule.initialState(parameterCount: objective.trainedParameterCount)
        precondition(
            state.slots.allSatisfy { $0.count == objective.trainedParameterCount },
            "training of another network's \(state.slots.first?.count ?? 0) parameters")
        var gradient = [Scalar](repeating: 0, count: objective.parameterCount)
        var total = 0.0
        try withFlushToZero { () throws(TrainingError) in
            try OpenBLAS.withOneThread { () throws(TrainingError) in
                for lower in stride(from: 0, to: count, by: size) {
                    let batch = order[lower..<min(lower + size, count)]
                    if let schedule { next.rule.learningRate = schedule.value(at: next.progress) }
                    let loss = objective.trainingValueAndGradient(
                        at: &point, examples: batch.span, update: next.progress.updates, gradient: &gradient)
                    guard loss.isFinite else {
                        throw .diverged(
                            update: next.progress.updates + 1, loss: loss, gradientNorm: norm(gradient),
                            lastGoodUpdate: start.updates)
                    }
                    next.rule.update(
                        &point, gradient: gradient, first: objective.trainedParameterCount, state: &state)
                    total += loss * Double(batch.count)
                    next.progress.updates += 1
                    next.progress.samples += batch.count
                    next.progress.epochs = start.epochs + Double(lower + batch.count) / Double(count)
                }
                guard point.allSatisfy({ $0.isFinite }) else {
                    throw .diverged(
                        update: next.progress.updates, loss: total / Double(count),
                        gradientNorm: norm(gradient), lastGoodUpdate: start.updates)
                }
            }
        }
        next.state = state
        self = next
        parameters = point
        return total / Double(count)
    }

    private func norm(_ values: [Scalar]) -> Double {
        values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
}

extension MLP {
    /// Trains on one portion of data, going on where training was: one pass in a random order.
    ///
    /// The first portion decides on scaler and classes, unless the network was trained before; give it the names of all
    /// classes there will be.
    ///
    /// - Parameters:
    ///   - portion: Labelled examples.
    ///   - training: The rule with its memory, moved on.
    /// - Returns: The mean of the losses met on the batches.
    /// - Throws: `TrainingError.diverged`; network and training are then as they were.
    @discardableResult
    public mutating func partialFit<Rule: UpdateRule>(
        on portion: Dataset, _ training: inout PartialFit<Scalar, Rule>
    ) throws(TrainingError) -> Double {
        var changed = classifier
        changed.takeClasses(of: portion)
        changed.network.prepare(for: portion, scaling: scaling, targetScaling: .none)
        let objective = changed.network.objective(
            on: portion, penalty: training.penalty, seed: training.seed)
        let loss = try training.run(minimizing: objective, &changed.network.parameters)
        classifier = changed
        return loss
    }
}

extension MLPRegressor {
    /// Trains on one portion of data, going on where training was: one pass in a random order.
    ///
    /// The first portion decides on the scalers of features and targets, unless the network was trained before.
    ///
    /// - Parameters:
    ///   - portion: Examples with targets.
    ///   - training: The rule with its memory, moved on.
    /// - Returns: The mean of the losses met on the batches.
    /// - Throws: `TrainingError.diverged`; network and training are then as they were.
    @discardableResult
    public mutating func partialFit<Rule: UpdateRule>(
        on portion: Dataset, _ training: inout PartialFit<Scalar, Rule>
    ) throws(TrainingError) -> Double {
        var changed = network
        changed.prepare(for: portion, scaling: scaling, targetScaling: targetScaling)
        let objective = changed.objective(on: portion, penalty: training.penalty, seed: training.seed)
        let loss = try training.run(minimizing: objective, &changed.parameters)
        network = changed
        return loss
    }
}
