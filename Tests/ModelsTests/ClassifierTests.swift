import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Foundation
import Testing

@testable import DescentModels

/// The fitted models, on real digits.
@Suite struct ClassifierTests {
    static let split = Digits.load().split(validation: 0.25, stratified: true, seed: 0)

    @Test func softmaxRegressionReadsDigits() throws {
        let (train, validation) = Self.split
        let model = try SoftmaxRegression(penalty: .l2(1e-3), scaling: .standardize).fit(
            train, validating: validation, with: Adam(learningRate: 0.01), for: .epochs(60))
        #expect(model.accuracy(on: validation) >= 0.96)
        #expect(model.accuracy(on: train) > 0.98)
        #expect(model.history.records.count == 61)
        #expect(model.history.last?.validationAccuracy == model.accuracy(on: validation))
        #expect(model.weights.rows == 64 && model.weights.columns == 10 && model.intercepts.count == 10)
        #expect(model.scaler == Scaler(.standardize, fittedOn: train))
    }

    /// With the mean gradient for weights and intercepts alike, a rate of 1 does not overshoot: the loss falls all the way.
    @Test func fullBatchDescentAtRateOneIsMonotone() throws {
        let train = Self.split.0
        var losses: [Double] = []
        let objective = CrossEntropyObjective<Double>(
            NetworkLayout(sizes: [64, 10]), on: train, scaler: Scaler(.standardize, fittedOn: train))
        var loop = TrainingLoop(
            minimizing: objective, with: GradientDescent(learningRate: 1),
            from: Array(repeating: 0, count: objective.parameterCount), batchSize: .all)
        try loop.run(
            for: .epochs(100), evaluate: { Evaluation(trainingLoss: objective.value(at: $0)) },
            onRecord: { losses.append($0.trainingLoss!) })
        #expect(abs(losses[0] - Double.log(10)) < 1e-14)
        for (before, after) in zip(losses, losses.dropFirst()) { #expect(after < before) }
        #expect(losses[100] < 0.1)
    }

    @Test func aNetworkReadsDigits() throws {
        let (train, validation) = Self.split
        var network = MLP<Float>(sizes: [64, 32, 10], activation: .relu, seed: 0)
        let history = try network.train(
            on: train, validating: validation, with: Adam(learningRate: 1e-2), batchSize: 32, for: .epochs(20)
        )
        #expect(network.accuracy(on: validation) > 0.95)
        #expect(history.last?.validationAccuracy == network.accuracy(on: validation))
        #expect(history.records.count == 21)
    }

    @Test func oneSeedGivesTheSameNetworkOnAnyNumberOfThreads() throws {
        let train = Self.split.0
        let before = Compute.threadCount
        defer { Compute.threadCount = before }
        func trained(_ threads: Int, seed: UInt64) throws -> MLP<Float> {
            Compute.threadCount = threads
            var network = MLP<Float>(sizes: [64, 16, 10], seed: seed)
            try network.train(
                on: train, with: SGD(learningRate: 0.1, momentum: 0.9), batchSize: 700, for: .epochs(3))
            return network
        }
        let one = try trained(1, seed: 5)
        #expect(try trained(2, seed: 5) == one)
        #expect(try trained(5, seed: 5) == one)
        #expect(try trained(2, seed: 6) != one)
    }

    @Test func probabilitiesSumToOneAndAgreeWithPredictions() throws {
        let (train, validation) = Self.split
        var network = MLP<Double>(sizes: [64, 8, 10], activation: .sigmoid, seed: 1)
        try network.train(on: train, with: Adam(learningRate: 0.05), for: .epochs(3))
        let probabilities = network.probabilities(for: validation)
        let logProbabilities = network.logProbabilities(for: validation)
        let predictions = network.predictions(for: validation)
        #expect(probabilities.rows == validation.count && probabilities.columns == 10)
        var correct = 0
        var loss = 0.0
        for row in 0..<validation.count {
            let p = (0..<10).map { probabilities[row, $0] }
            #expect(abs(p.reduce(0, +) - 1) < 1e-14)
            #expect(p.allSatisfy { (0...1).contains($0) })
            #expect(p[predictions[row]] == p.max())
            correct += predictions[row] == Int(validation.labels[row]) ? 1 : 0
            loss -= logProbabilities[row, Int(validation.labels[row])] / Double(validation.count)
        }
        let evaluation = network.evaluate(on: validation)
        #expect(evaluation.accuracy == Double(correct) / Double(validation.count))
        #expect(abs(evaluation.loss - loss) < 1e-13)
    }

    /// What is trained on keeps the scaler of its first training set.
    @Test func theScalerStaysWithTheModel() throws {
        let (train, validation) = Self.split
        var network = MLP<Float>(sizes: [64, 10], scaling: .standardize, seed: 1)
        #expect(network.scaler == nil)
        try network.train(on: train, with: Adam(), for: .epochs(1))
        let scaler = network.scaler
        try network.train(on: validation, with: Adam(), for: .epochs(1))
        #expect(network.scaler == scaler)
        #expect(scaler != Scaler(.standardize, fittedOn: validation))
    }

    @Test func divergenceKeepsGoodParameters() throws {
        let train = Self.split.0
        var network = MLP<Float>(sizes: [64, 20, 10], scaling: .none, seed: 1)
        #expect(throws: TrainingError.self) {
            try network.train(on: train, with: SGD(learningRate: 1e30), for: .epochs(3))
        }
        #expect(network.parameters.allSatisfy { $0.isFinite })
    }

    @Test func modelsRoundTripThroughJSON() throws {
        let train = Self.split.0
        let model = try SoftmaxRegression().fit(train, for: .epochs(1), as: Double.self)
        let copy = try JSONDecoder().decode(
            SoftmaxClassifier<Double>.self, from: JSONEncoder().encode(model))
        #expect(copy == model)
    }

    @Test func theLayoutCountsParameters() {
        let layout = NetworkLayout(sizes: [784, 128, 64, 10])
        #expect(layout.parameterCount == 109_386)
        #expect(layout.layers[2].weights == 100_480..<108_672)
        #expect(layout.layers[2].bias == 108_672..<108_736)
    }

    @Test func initialParametersAreUniformWithinTheirBound() {
        let layout = NetworkLayout(sizes: [100, 50, 10])
        let parameters: [Double] = layout.randomParameters(seed: 9)
        for (layer, bound) in zip([layout.layers[0], layout.layers[2]], [0.1, 1 / 50.0.squareRoot()]) {
            let values = parameters[layer.weights.lowerBound..<layer.bias.upperBound]
            #expect(values.allSatisfy { abs($0) <= bound })
            #expect(values.max()! > 0.97 * bound && values.min()! < -0.97 * bound)
            #expect(
                abs(values.reduce(0, +) / Double(values.count)) < 4 * bound
                    / Double(3 * values.count).squareRoot())
        }
        let single: [Float] = layout.randomParameters(seed: 9)
        #expect(single == parameters.map { Float($0) })
    }
}
