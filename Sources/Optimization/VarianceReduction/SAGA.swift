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
    public private(set) var parameters: [Scalar]

    /// What the rule remembers.
    public private(set) var state: RuleState<Scalar>

    /// Updates made.
    public private(set) var updates = 0

    /// Gradients of single examples computed.
    public private(set) var samples = 0

    private var loss = Double.nan
    private let blocks: [[Int32]]
    private var table: [[Scalar]] = []
    private var mean: [Scalar]
    private var gradient: [Scalar]
    private var corrected: [Scalar]
    private var generator: RandomGenerator

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
        generator = RandomGenerator(seed: seed, stream: RandomStream.shuffles)
    }

    /// Takes some steps.
    ///
    /// - Throws: `TrainingError.diverged` if the parameters are no longer finite afterwards; `parameters` and `state`
    ///   are then those before the call.
    public mutating func run(updates count: Int) throws(TrainingError) {
        let good = self
        withFlushToZero {
            if table.isEmpty { fillTable() }
            for _ in 0..<count { step() }
        }
        guard parameters.allSatisfy(\.isFinite) else {
            let error = TrainingError.diverged(
                update: updates, loss: loss, gradientNorm: Double(corrected.norm),
                lastGoodUpdate: good.updates)
            self = good
            throw error
        }
    }

    private mutating func fillTable() {
        for block in blocks {
            _ = objective.valueAndGradient(at: parameters, examples: block.span, gradient: &gradient)
            table.append(gradient)
            mean.add(gradient, scaledBy: weight(of: block))
        }
        samples += objective.exampleCount
    }

    private mutating func step() {
        let index = generator.nextInteger(below: blocks.count)
        let block = blocks[index]
        loss = objective.valueAndGradient(at: parameters, examples: block.span, gradient: &gradient)
        let weight = weight(of: block)
        let factor = Scalar(blocks.count) * weight
        for i in gradient.indices {
            let change = gradient[i] - table[index][i]
            corrected[i] = factor * change + mean[i]
            mean[i] += weight * change
        }
        // The old gradient's memory is the next one's.
        swap(&gradient, &table[index])
        rule.update(&parameters, gradient: corrected, state: &state)
        updates += 1
        samples += block.count
    }

    private func weight(of block: [Int32]) -> Scalar { Scalar(block.count) / Scalar(objective.exampleCount) }
}
