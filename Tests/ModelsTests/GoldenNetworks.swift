import DescentDatasets
import DescentLinearAlgebra
import Foundation
import Testing

@testable import DescentModels

/// Networks of every kind of layer, by PyTorch's automatic differentiation and by 50-digit arithmetic;
/// `Fixtures/make_network_fixtures.py` writes them.
struct GoldenNetwork: Decodable, CustomTestStringConvertible {
    struct Evaluation: Decodable {
        var loss: Double
        var gradient: [Double]
        /// Those of the first examples.
        var outputs: [[Double]]
        /// Running means and variances afterwards.
        var statistics: [Double]
    }

    var name: String
    var inputs: Int
    var layers: [GoldenLayer]
    var loss: String
    var features: [[Double]]
    var labels: [Int]?
    var targets: [[Double]]?
    var parameters: [Double]
    /// Batch norms by running statistics.
    var used: Evaluation
    /// Batch norms by the batch.
    var trained: Evaluation

    var testDescription: String { name }

    static let all: [GoldenNetwork] = fixture("networks", as: [String: [GoldenNetwork]].self)["problems"]!

    var layout: NetworkLayout { NetworkLayout(inputs: inputs, layers: layers.map(\.layer)) }

    func dataset() throws -> Dataset {
        if let labels {
            return try Dataset(
                features: Matrix<Double>(features), labels: labels,
                classNames: (0..<layout.outputCount).map(String.init))
        }
        return try Dataset(features: Matrix<Double>(features), targets: Matrix(targets!))
    }

    var networkLoss: NetworkLoss {
        switch loss {
        case "crossEntropy": .crossEntropy()
        case "smoothed": .crossEntropy(labelSmoothing: 0.1)
        case "binaryCrossEntropy": .binaryCrossEntropy
        case "squaredError": .squaredError
        case "absoluteError": .absoluteError
        case "huber": .huber(delta: 0.7)
        case "power": .power(1.7)
        case "crammerSinger": .hinge(.crammerSinger)
        case "oneVersusRest": .hinge(.oneVersusRest)
        default: fatalError("no loss \(loss)")
        }
    }

    func objective<Scalar: MatrixScalar>(as type: Scalar.Type) throws -> NetworkObjective<Scalar> {
        try NetworkObjective(
            layout, on: dataset(), scaler: .identity(featureCount: inputs), loss: networkLoss)
    }
}

/// A layer as the fixtures write it: `["dense", 7]`, `["activation", "elu", 1.3]`.
struct GoldenLayer: Decodable {
    let layer: Layer

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        switch try container.decode(String.self) {
        case "dense":
            let outputs = try container.decode(Int.self)
            layer = .dense(outputs, bias: container.isAtEnd)
        case "activation":
            let name = try container.decode(String.self)
            let text = container.isAtEnd ? name : "\(name)(\(try container.decode(Double.self)))"
            layer = .activation(Activation(rawValue: text)!)
        case "batchNorm": layer = .batchNorm
        case "layerNorm": layer = .layerNorm
        case let kind: fatalError("no layer \(kind)")
        }
    }
}

/// Twenty updates of a network with both norms, by PyTorch.
struct GoldenNetworkTraining: Decodable, CustomTestStringConvertible {
    var name: String
    var inputs: Int
    var layers: [GoldenLayer]
    var features: [[Double]]
    var labels: [Int]
    var start: [Double]
    var losses: [Double]
    var end: [Double]
    /// Over all examples, by the running statistics at the end.
    var finalLoss: Double

    var testDescription: String { name }

    static let all: [GoldenNetworkTraining] =
        fixture("network-training", as: [String: [GoldenNetworkTraining]].self)["runs"]!
}

/// Averages of the points of a training, and running statistics made for them, by `torch.optim.swa_utils`.
struct GoldenAveraging: Decodable {
    struct Average: Decodable {
        var batchSize: Int
        var parameters: [Double]
        /// Over all examples, by the running statistics.
        var loss: Double
    }

    var inputs: Int
    var layers: [GoldenLayer]
    var features: [[Double]]
    var labels: [Int]
    var start: [Double]
    var exponential: [Average]
    var mean: [Average]

    static let only = fixture("network-averaging", as: GoldenAveraging.self)

    var layout: NetworkLayout { NetworkLayout(inputs: inputs, layers: layers.map(\.layer)) }

    func dataset() throws -> Dataset {
        try Dataset(features: Matrix<Double>(features), labels: labels)
    }
}

/// Loss and gradient of a small network in exact arithmetic, rounded once.
struct ExactNetwork: Decodable, CustomTestStringConvertible {
    var activation: String
    var features: [[Double]]
    var labels: [Int]
    var parameters: [Double]
    var loss: Double
    var gradient: [Double]

    var testDescription: String { activation }

    static let all: [ExactNetwork] = fixture("network-exact", as: [String: [ExactNetwork]].self)["networks"]!
}

private func fixture<Fixture: Decodable>(_ name: String, as type: Fixture.Type) -> Fixture {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    do {
        return try JSONDecoder().decode(
            Fixture.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
    } catch {
        fatalError("fixture \(name): \(error)")
    }
}
