import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Foundation

@testable import DescentModels

/// Small models of every kind, and places to save them in.
enum SavedModels {
    static let digits = Digits.load().prefix(200)

    /// Two classes of three features, not separable.
    static let pairs = {
        var generator = RandomGenerator(seed: 3)
        let features = Matrix<Double>(rows: 60, columns: 3) { values in
            for index in values.indices { values[index] = generator.nextNormal(as: Double.self) * 3 + 1 }
        }
        let labels = (0..<60).map { row in
            features[row, 0] - features[row, 1] + 3 * generator.nextNormal(as: Double.self) > 0 ? 1 : 0
        }
        return try! Dataset(
            features: features, labels: labels.map { $0 == 1 ? "yes" : "no" }, classNames: ["no", "yes"])
    }()

    static let line = LinearModel(
        coefficients: [1.5, -2.25, 0.1], intercept: 1.0 / 3, featureNames: ["a", "b", "ü"])

    static func logistic(_ penalty: Penalty = .none) throws -> LogisticClassifier {
        try LogisticRegression(penalty: penalty).fit(pairs)
    }

    static func softmax() throws -> SoftmaxClassifier<Double> {
        try SoftmaxRegression(penalty: .l2(0.1)).fit(pairs)
    }

    /// A logistic regression by an update rule.
    static func logisticByRule() throws -> LogisticClassifier {
        var network = MLP<Float>(
            inputs: 3, layers: [.dense(1, initializer: .zeros)], loss: .binaryCrossEntropy)
        let history = try network.train(on: pairs, with: Adam(learningRate: 0.05), for: .epochs(4))
        return try LogisticClassifier(
            network, trainedOn: pairs, names: ["a", "b", "c"], penalty: .none, classWeights: .none,
            rule: "adam, learning rate 0.05, batches of 60", history: history)!
    }

    static func softmaxFloat() throws -> SoftmaxClassifier<Float> {
        try SoftmaxRegression(scaling: .clipped(.standardize, limit: 3)).fit(digits, for: .epochs(2))
    }

    /// Every kind of layer and every activation.
    static func everyLayer<Scalar: MatrixScalar>(as type: Scalar.Type) throws -> MLP<Scalar> {
        var layers: [Layer] = [.dense(12, bias: false, initializer: .heNormal), .batchNorm]
        for activation in Activation.allCases + [.leakyReLU(slope: 0.2), .elu(alpha: 0.5)] {
            layers += [.activation(activation), .dense(12), .layerNorm(epsilon: 1e-4)]
        }
        layers += [.dropout(0.25), .dense(10)]
        var network = MLP<Scalar>(
            inputs: 64, layers: layers, loss: .crossEntropy(labelSmoothing: 0.1), scaling: .standardize,
            seed: 4)
        try network.train(on: digits, with: Adam(learningRate: 1e-3), batchSize: 32, for: .epochs(1))
        return network
    }

    static func network() throws -> MLP<Float> {
        var network = MLP<Float>(sizes: [64, 16, 10], seed: 1)
        try network.train(on: digits, with: Adam(learningRate: 1e-2), for: .epochs(3))
        return network
    }

    static func regressor<Scalar: MatrixScalar>(as type: Scalar.Type) throws -> MLPRegressor<Scalar> {
        var generator = RandomGenerator(seed: 5)
        let targets = Matrix<Double>(rows: 60, columns: 2) { values in
            for index in values.indices { values[index] = 100 + 20 * generator.nextNormal(as: Double.self) }
        }
        let data = try Dataset(features: pairs.features, targets: targets, targetNames: ["u", "v"])
        var network = MLPRegressor<Scalar>(sizes: [3, 8, 2], activation: .tanh, scaling: .range)
        try network.train(on: data, with: Adam(learningRate: 1e-2), for: .epochs(2))
        return network
    }

    /// Calls `body` with a folder that is gone afterwards.
    static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "models-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }
}
