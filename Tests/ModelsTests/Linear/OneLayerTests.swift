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

    /// Bytes with a pixel that never changes, taken to −1…1: there its weight is a second intercept.
    @Test(arguments: [Scaling.automatic, .symmetricRange, .standardize])
    func aSoftmaxRegressionSaysWhatTheNetworkDoes(scaling: Scaling) throws {
        let data = Digits.load().prefix(200)
        var network = MLP<Float>(inputs: 64, layers: [.dense(10, initializer: .zeros)], scaling: scaling)
        func model(_ network: MLP<Float>, _ history: History = History()) throws -> SoftmaxClassifier<Double>?
        {
            try SoftmaxClassifier(
                network, trainedOn: data, names: nil, penalty: .l2(0.1), classWeights: .none, rule: "a rule",
                history: history)
        }
        #expect(try model(network) == nil, "nothing is known of the scaling yet")
        let history = try network.train(
            on: data, with: Adam(learningRate: 0.01), for: .epochs(5), penalty: .l2(0.1))
        let made = try #require(try model(network, history))
        // Logits are the same but for a number that all have in common.
        let (said, expected) = (made.probabilities(for: data), network.probabilities(for: data))
        #expect(zip(said.elements, expected.elements).allSatisfy { abs($0 - Double($1)) < 1e-5 })
        #expect(abs(made.intercepts.reduce(0, +)) < 1e-9)
        #expect(made.penalty == .l2(0.1) && made.history.records.count == 6)
        #expect(made.featureNames.first == "x1" && made.inference == nil)
        let report = try #require(made.report)
        #expect(report.method == .updateRule && report.choice == "a rule" && !report.isConverged)
        #expect(report.iterations == 20 && report.passes == 5)
        #expect(abs(report.meanLoss - made.evaluate(on: data).loss) < 1e-9)
        #expect(report.description.hasPrefix("a rule, 20 updates in 5 epochs: gradient "))
        var deep = MLP<Float>(sizes: [64, 4, 10])
        try deep.train(on: data, with: Adam(), for: .epochs(1))
        #expect(try model(deep) == nil)
    }

    /// At the minimum that a solver finds, the gradient in the report of an update rule vanishes too.
    @Test(arguments: [Penalty.l2(0.05), Penalty(l1: 0.02, l2: 0.03), .none])
    func aLogisticRegressionKnowsHowFarItIs(penalty: Penalty) throws {
        let data = SavedModels.pairs
        let weights = ClassWeights.custom(["yes": 2])
        var network = MLP<Double>(
            inputs: 3, layers: [.dense(1, initializer: .zeros)], loss: .binaryCrossEntropy)
        let history = try network.train(
            on: data, with: SGD(learningRate: 0.5), batchSize: .all, for: .epochs(2000), penalty: penalty,
            classWeights: weights)
        let names = ["a", "b", "c"]
        let made = try #require(
            try LogisticClassifier(
                network, trainedOn: data, names: names, penalty: penalty, classWeights: weights,
                rule: "sgd", history: history))
        let solved = try LogisticRegression(
            penalty: penalty, scaling: .standardize, classWeights: weights
        ).fit(data, names: names)
        for (a, b) in zip(made.weights + [made.intercept], solved.weights + [solved.intercept]) {
            #expect(abs(a - b) < 1e-6)
        }
        let report = made.report
        #expect(report.relativeGradient < 1e-6 && report.isConverged)
        #expect(abs(report.objective - solved.report.objective) < 1e-9)
        #expect(abs(report.meanLoss - solved.report.meanLoss) < 1e-9)
        #expect(made.featureNames == names && made.classNames == ["no", "yes"])
        let (said, expected) = (made.probabilities(for: data), network.probabilities(for: data))
        #expect(zip(said.elements, expected.elements).allSatisfy { abs($0 - $1) < 1e-12 })
        // After one step the gradient is as large as it was before, or nearly.
        var fresh = MLP<Double>(
            inputs: 3, layers: [.dense(1, initializer: .zeros)], loss: .binaryCrossEntropy)
        try fresh.train(on: data, with: SGD(learningRate: 1e-9), batchSize: .all, for: .epochs(1))
        let begun = try #require(
            try LogisticClassifier(
                fresh, trainedOn: data, names: nil, penalty: .none, classWeights: .none, rule: "sgd",
                history: History()))
        #expect(abs(begun.report.relativeGradient - 1) < 1e-6)
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
