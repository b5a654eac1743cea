import Foundation
import Testing

/// Losses and gradients of softmax regression and of networks, by PyTorch's automatic differentiation;
/// `Fixtures/make_fixtures.py` writes them.
struct GoldenGradients: Decodable {
    struct Problem: Decodable, CustomTestStringConvertible {
        /// The loss and its gradient at one point.
        struct Evaluation: Decodable {
            /// λ of the penalty (λ/2) Σ w², which leaves the intercepts out.
            var lambda: Double
            var parameters: [Double]
            /// Without the penalty.
            var meanCrossEntropy: Double
            /// With the penalty.
            var loss: Double
            /// How many examples have their largest logit at their label.
            var correct: Int
            var gradient: [Double]
        }

        var name: String
        /// The widths of the layers, inputs first and classes last.
        var sizes: [Int]
        /// "relu", "tanh" or "sigmoid"; of no effect without hidden layers.
        var activation: String
        var features: [[Double]]
        var labels: [Int32]
        var evaluations: [Evaluation]

        var testDescription: String { name }
    }

    var problems: [Problem]

    static let problems: [Problem] = loadFixture("gradients", as: GoldenGradients.self).problems
}

/// Logarithms of softmax from 60-digit arithmetic; `Fixtures/make_fixtures.py` writes them.
struct GoldenLogSoftmax: Decodable {
    struct Row: Decodable, CustomTestStringConvertible {
        var logits: [Double]
        var logProbabilities: [Double]

        var testDescription: String { "\(logits)" }
    }

    var rows: [Row]

    static let rows: [Row] = loadFixture("log-softmax", as: GoldenLogSoftmax.self).rows
}

private func loadFixture<Fixture: Decodable>(_ name: String, as type: Fixture.Type) -> Fixture {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    do {
        let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
        return try JSONDecoder().decode(Fixture.self, from: data)
    } catch {
        fatalError("fixture \(name): \(error)")
    }
}
