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
    public private(set) var parameters: [Scalar]

    /// What the rule remembers.
    public private(set) var state: RuleState<Scalar>

    /// Updates made.
    public private(set) var updates = 0

    /// Gradients of single examples computed.
    public private(set) var samples = 0

    /// The number of updates from one snapshot to the next.
    public let updatesPerSnapshot: Int

    private var loss = Double.nan
    private var batch: [Int32]
    private var generator: RandomGenerator
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
        self.updatesPerSnapshot = updatesPerSnapshot ?? max(1, 2 * objective.exampleCount / batchSize)
        precondition(self.updatesPerSnapshot >= 1, "SVRG: \(self.updatesPerSnapshot) updates a snapshot")
        batch = Array(repeating: 0, count: batchSize)
        generator = RandomGenerator(seed: seed, stream: RandomStream.shuffles)
        fullGradient = Array(repeating: 0, count: parameters.count)
        gradient = fullGradient
        oldGradient = fullGradient
    }

    /// Takes some steps.
    ///
    /// - Throws: `TrainingError.diverged` if the parameters are no longer finite afterwards; `parameters` and `state`
    ///   are then those before the call.
    public mutating func run(updates count: Int) throws(TrainingError) {
        let good = self
        withFlushToZero {
            for _ in 0..<count { step() }
        }
        guard parameters.allSatisfy(\.isFinite) else {
            let error = TrainingError.diverged(
                update: updates, loss: loss, gradientNorm: Double(gradient.norm), lastGoodUpdate: good.updates
            )
            self = good
            throw error
        }
    }

    private mutating func step() {
        if updates % updatesPerSnapshot == 0 {
            snapshot = parameters
            _ = objective.valueAndGradient(at: snapshot, gradient: &fullGradient)
            samples += objective.exampleCount
        }
        for index in batch.indices {
            batch[index] = Int32(generator.nextInteger(below: objective.exampleCount))
        }
        loss = objective.valueAndGradient(at: parameters, examples: batch[...], gradient: &gradient)
        _ = objective.valueAndGradient(at: snapshot, examples: batch[...], gradient: &oldGradient)
        for i in gradient.indices { gradient[i] += fullGradient[i] - oldGradient[i] }
        rule.update(&parameters, gradient: gradient, state: &state)
        updates += 1
        samples += 2 * batch.count
    }
}
