import Foundation
import Testing

/// What `torch.optim` does to one small problem, in double precision; `Fixtures/make_fixtures.py` writes it.
struct GoldenTrajectories: Decodable {
    /// One rule on the problem: its hyperparameters, and the parameters after some of the steps.
    struct Trajectory: Decodable, CustomTestStringConvertible {
        struct Step: Decodable {
            /// How many steps were taken.
            var step: Int
            /// The objective over all examples, at these parameters.
            var objective: Double
            var parameters: [Double]
        }

        /// A short name of the rule and its hyperparameters.
        var name: String
        /// "sgd" or "adam".
        var rule: String
        /// The rate of the steps up to `changeAfter`.
        var learningRate: Double
        /// The rate of the steps behind it.
        var laterLearningRate: Double
        var changeAfter: Int
        var weightDecay: Double
        // SGD only.
        var momentum: Double?
        var dampening: Double?
        var nesterov: Bool?
        /// Whether the objective was negated and climbed.
        var maximize: Bool?
        // Adam only.
        var beta1: Double?
        var beta2: Double?
        var epsilon: Double?
        /// "full": every step on all examples; "mini": step i on the examples `batches[i - 1]` of the problem.
        var batches: String
        var steps: [Step]

        var testDescription: String { "\(name), \(batches)" }
    }

    /// The starting point.
    var initial: [Double]
    var trajectories: [Trajectory]

    // The quadratic ½ xᵀAx − bᵀx, whose last coordinate has derivative 0 everywhere.
    var a: [[Double]]?
    var b: [Double]?

    // The networks; feature 3 is 0 in every example.
    var sizes: [Int]?
    var features: [[Double]]?
    var labels: [Int32]?
    /// The examples of each of the 100 mini-batches: 7, 7, 7 and 2 of each epoch's order.
    var batches: [[Int32]]?

    /// The problem of a file: "quadratic", "softmax", "mlp-relu" or "mlp-tanh".
    static func load(_ name: String) -> GoldenTrajectories {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        do {
            let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
            return try JSONDecoder().decode(GoldenTrajectories.self, from: data)
        } catch {
            fatalError("fixture \(name): \(error)")
        }
    }
}
