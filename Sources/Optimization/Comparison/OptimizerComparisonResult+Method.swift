extension OptimizerComparisonResult {
    /// One method: how its learning rate was chosen, and its measured runs.
    public struct Method: Codable, Sendable, Equatable {
        /// The short name, as on the command line: "adam".
        public var name: String
        /// The rule with all its hyperparameters, the learning rate excepted.
        public var rule: String
        /// Examples in an update; the whole training set for gradient descent.
        public var batchSize: Int
        /// Every learning rate that was tried, ascending; empty when the rate was given.
        public var grid: [GridPoint]
        /// How far the grid was widened because the best rate lay on its edge; `nil` when it was not.
        public var widening: Widening?
        /// The learning rate of the measured runs; `nil` when every rate tried diverged.
        public var learningRate: Double?
        /// The measured runs; replicate r has the same seed for every method.
        public var replicates: [Replicate]

        /// A method with its runs.
        public init(
            name: String, rule: String, batchSize: Int, grid: [GridPoint] = [], widening: Widening? = nil,
            learningRate: Double?, replicates: [Replicate] = []
        ) {
            self.name = name
            self.rule = rule
            self.batchSize = batchSize
            self.grid = grid
            self.widening = widening
            self.learningRate = learningRate
            self.replicates = replicates
        }
    }

    /// How a run ended.
    public enum Outcome: Codable, Sendable, Equatable {
        /// It did all its epochs, and its loss is finite and no larger than at the start.
        case completed
        /// It diverged; `update` is the number of updates done when that was seen.
        case diverged(update: Int)
    }

    /// One learning rate that was tried.
    public struct GridPoint: Codable, Sendable, Equatable {
        /// The learning rate.
        public var learningRate: Double
        /// How the run ended.
        public var outcome: Outcome
        /// The final loss on the validation split; `nil` when it is not finite.
        public var validationLoss: Double?

        /// A learning rate and what came of it.
        public init(learningRate: Double, outcome: Outcome, validationLoss: Double?) {
            self.learningRate = learningRate
            self.outcome = outcome
            self.validationLoss = validationLoss
        }
    }

    /// How far a grid was widened.
    public struct Widening: Codable, Sendable, Equatable {
        /// The smallest and the largest rate of the grid as it was meant.
        public var initial: ClosedRange<Double>
        /// The smallest and the largest rate that were tried in the end.
        public var final: ClosedRange<Double>
        /// Whether the best rate still lies on the edge because the widening has a bound.
        public var endedOnEdge: Bool

        /// The ranges before and after.
        public init(initial: ClosedRange<Double>, final: ClosedRange<Double>, endedOnEdge: Bool) {
            self.initial = initial
            self.final = final
            self.endedOnEdge = endedOnEdge
        }
    }

    /// One measured run.
    public struct Replicate: Codable, Sendable, Equatable {
        /// The seed of the run's initial parameters and shuffles.
        public var seed: UInt64
        /// How the run ended.
        public var outcome: Outcome
        /// The run at its evaluation points; validation means the test set here.
        public var history: History
        /// The loss over the whole training set at the end, penalty included.
        public var trainingLoss: Double?
        /// The mean loss over the test set at the end.
        public var testLoss: Double?
        /// The accuracy on the test set at the end.
        public var testAccuracy: Double?

        /// A run.
        public init(
            seed: UInt64, outcome: Outcome, history: History, trainingLoss: Double? = nil,
            testLoss: Double? = nil,
            testAccuracy: Double? = nil
        ) {
            self.seed = seed
            self.outcome = outcome
            self.history = history
            self.trainingLoss = trainingLoss
            self.testLoss = testLoss
            self.testAccuracy = testAccuracy
        }

        /// The first evaluation point at which the training loss is no larger than `loss`, without interpolation.
        public func firstRecord(reaching loss: Double) -> History.Record? {
            guard outcome == .completed else { return nil }
            return history.records.first { ($0.trainingLoss ?? .infinity) <= loss }
        }
    }
}

extension OptimizerComparisonResult.Method {
    /// The runs that did not diverge.
    public var completed: [OptimizerComparisonResult.Replicate] {
        replicates.filter { $0.outcome == .completed }
    }

    /// How many runs diverged.
    public var divergedCount: Int { replicates.count - completed.count }
}

extension OptimizerComparisonResult.Outcome {
    private enum CodingKeys: CodingKey { case status, update }

    private enum Status: String, Codable { case completed, diverged }

    /// Writes `{"status": "completed"}` or `{"status": "diverged", "update": 40}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .completed: try container.encode(Status.completed, forKey: .status)
        case .diverged(let update):
            try container.encode(Status.diverged, forKey: .status)
            try container.encode(update, forKey: .update)
        }
    }

    /// Reads what ``encode(to:)`` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(Status.self, forKey: .status) {
        case .completed: self = .completed
        case .diverged: self = .diverged(update: try container.decode(Int.self, forKey: .update))
        }
    }
}
