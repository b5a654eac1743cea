import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Testing

@testable import DescentModels

/// Networks of one layer are regressions, and can be had as such.
@Suite struct OneLayerTests {
    @Test func aLinearModelPredictsWhatTheNetworkDoes() throws {
        let (features, target, names) = LinearFixture.diabetes
        let data = try Dataset(
            features: features, targets: Matrix(rows: target.count, columns: 1, elements: target))
        for scaling in [Scaling.standardize, .range, .none] {
            var network = MLPRegressor<Double>(
                inputs: 10, layers: [.dense(1, initializer: .fanIn)], scaling: scaling)
            #expect(LinearModel(network, featureNames: names) == nil, "nothing is known of the scaling yet")
            try network.train(
                on: data, with: SGD(learningRate: scaling == .none ? 1e-6 : 0.05), for: .epochs(2))
            let model = try #require(LinearModel(network, featureNames: names))
            let predictions = network.predict(for: data)
            for (row, value) in model.predict(features).enumerated() {
                #expect(abs(value - predictions[row, 0]) < 1e-9 * max(1, abs(value)))
            }
        }
        var deep = MLPRegressor<Double>(sizes: [10, 2, 1])
        try deep.train(on: data, with: Adam(), for: .epochs(1))
        #expect(LinearModel(deep, featureNames: names) == nil)
    }

    @Test func aSoftmaxRegressionSaysWhatTheNetworkDoes() throws {
        let data = Digits.load().prefix(200)
        var network = MLP<Float>(inputs: 64, layers: [.dense(10, initializer: .zeros)])
        #expect(SoftmaxClassifier(network, history: History(), penalty: .none) == nil)
        let history = try network.train(on: data, with: Adam(), for: .epochs(2))
        let model = try #require(SoftmaxClassifier(network, history: history, penalty: .l2(0.1)))
        // The classifier multiplies bytes as they are, the network scaled features: last digits differ.
        let (said, expected) = (model.logits(for: data), network.logits(for: data))
        #expect(zip(said.elements, expected.elements).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(model.penalty == .l2(0.1))
        var deep = MLP<Float>(sizes: [64, 4, 10])
        try deep.train(on: data, with: Adam(), for: .epochs(1))
        #expect(SoftmaxClassifier(deep, history: History(), penalty: .none) == nil)
    }

    /// The accuracy on the training set is recorded where it is asked for, and changes nothing.
    @Test func trainingAccuracyIsRecorded() throws {
        let data = Digits.load().prefix(300)
        func run(_ evaluates: Bool) throws -> (MLP<Float>, History) {
            var network = MLP<Float>(sizes: [64, 8, 10])
            var options = TrainingOptions(seed: 1)
            options.evaluatesTrainingAccuracy = evaluates
            let history = try network.train(
                on: data, with: Adam(learningRate: 0.01), for: .epochs(3), options: options)
            return (network, history)
        }
        let (network, history) = try run(true)
        let (plain, without) = try run(false)
        #expect(network == plain)
        #expect(history.records.count == 4)
        #expect(history.records.allSatisfy { $0.trainingAccuracy != nil && $0.validationAccuracy == nil })
        #expect(history.last!.trainingAccuracy == network.accuracy(on: data))
        #expect(without.records.allSatisfy { $0.trainingAccuracy == nil })
    }
}
