import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Foundation
import Testing

@testable import DescentModels

/// The models that networks make: classifiers of any loss, regressions, training in portions.
@Suite struct NetworkModelTests {
    static let split = Digits.load().split(validation: 0.25, stratified: true, seed: 0)

    @Test(arguments: [
        NetworkLoss.crossEntropy(labelSmoothing: 0.1), .binaryCrossEntropy, .hinge(.crammerSinger),
        .hinge(.oneVersusRest), .squaredError, .huber(),
    ])
    func everyLossTellsDigitsApart(loss: NetworkLoss) throws {
        let (train, validation) = Self.split
        var network = MLP<Float>(
            inputs: 64,
            layers: [.dense(24, bias: false), .batchNorm, .activation(.relu), .dropout(0.1), .dense(10)],
            loss: loss, scaling: .range)
        let history = try network.train(
            on: train, validating: validation, with: Adam(learningRate: 1e-2), for: .epochs(6))
        #expect(network.accuracy(on: validation) > 0.93)
        #expect(history.last!.validationLoss! < history.records[0].validationLoss! / 2)
        let copy = try JSONDecoder().decode(MLP<Float>.self, from: JSONEncoder().encode(network))
        #expect(copy == network)
        #expect(copy.logits(for: validation) == network.logits(for: validation))
    }

    /// Two classes by one output, and by two: the names of the classes stay with the model.
    @Test func oneOutputTellsTwoClassesApart() throws {
        let names = (0..<40).map { $0 % 2 == 0 ? "no" : "yes" }
        let rows: [[Double]] = (0..<40).map { (row: Int) -> [Double] in
            let first = Double(row % 2) + 0.01 * Double(row)
            return [first, Double(row % 5)]
        }
        let data = try Dataset(features: Matrix<Double>(rows), labels: names)
        var network = MLP<Double>(
            inputs: 2, layers: [.dense(4), .activation(.tanh), .dense(1)], loss: .binaryCrossEntropy)
        #expect(network.classNames == ["0", "1"])
        try network.train(on: data, with: Adam(learningRate: 0.05), batchSize: .all, for: .epochs(100))
        #expect(network.accuracy(on: data) == 1)
        #expect(network.classNames == ["no", "yes"])
        let logits = network.logits(for: data)
        #expect(logits.columns == 2 && logits.column(0).allSatisfy { $0 == 0 })
        // P(yes) = σ(z), and the loss is that of these probabilities.
        let logProbabilities = network.logProbabilities(for: data)
        let mean = (0..<40).reduce(0) { $0 - logProbabilities[$1, $1 % 2] / 40 }
        #expect(abs(network.evaluate(on: data).loss - mean) < 1e-14)
        #expect(network.predictions(for: data) == (0..<40).map { $0 % 2 })
    }

    /// The accuracy that training records is that of the predictions, whatever the threshold.
    @Test(arguments: [NetworkLoss.binaryCrossEntropy, .hinge(.oneVersusRest), .squaredError, .absoluteError])
    func oneOutputIsRightWhereItsPredictionIs(loss: NetworkLoss) throws {
        let x: [[Double]] = (0..<50).map { [Double($0) / 25 - 1] }
        let data = try Dataset(features: Matrix<Double>(x), labels: (0..<50).map { $0 % 3 == 0 ? 0 : 1 })
        var network = MLP<Double>(inputs: 1, layers: [.dense(1)], loss: loss, scaling: .none)
        network.parameters = [0.6, 0.3]
        let predictions = network.predictions(for: data)
        let right = zip(predictions, data.labels).count { $0 == Int($1) }
        #expect(network.accuracy(on: data) == Double(right) / 50)
        // 0.6 x + 0.3 is above 0 from x = −0.5 on, above ½ from x = ⅓ on.
        #expect(predictions.count { $0 == 1 } == (loss.isRegression ? 16 : 37))
    }

    @Test func classWeightsAreRepetitions() throws {
        let train = Self.split.0.prefix(200)
        let twice = train.subset(
            train.labels.indices.flatMap {
                Array(repeating: Int32($0), count: train.labels[$0] == 3 ? 2 : 1)
            })
        func trained(_ data: Dataset, _ weights: ClassWeights) throws -> [Double] {
            var network = MLP<Double>(sizes: [64, 6, 10], activation: .tanh, scaling: .range, seed: 1)
            try network.train(
                on: data, with: SGD(learningRate: 0.1), batchSize: .all, for: .epochs(5),
                classWeights: weights)
            return network.parameters
        }
        let weighted = try trained(train, .custom(["3": 2]))
        for (a, b) in zip(weighted, try trained(twice, .none)) { #expect(abs(a - b) < 1e-12) }
        #expect(try trained(train, .none) != weighted)
    }

    @Test func aRegressionFindsSmoothFunctionsInTheirOwnUnits() throws {
        var generator = RandomGenerator(seed: 4)
        let x: [[Double]] = (0..<300).map { _ in [generator.nextUnit() * 4 - 2, generator.nextUnit()] }
        let y: [[Double]] = x.map { (row: [Double]) -> [Double] in
            let wave = 1e6 + 2e5 * Double.sin(2 * row[0])
            return [wave, 1e-3 * row[0] * row[1], 7]
        }
        let data = try Dataset(
            features: Matrix<Double>(x), targets: Matrix(y), targetNames: ["wave", "product", "constant"])
        var network = MLPRegressor<Double>(sizes: [2, 12, 3], activation: .tanh, seed: 2)
        let history = try network.train(
            on: data, validating: data, with: Adam(learningRate: 0.03), for: .epochs(100))
        let (loss, rSquared) = network.evaluate(on: data)
        #expect(rSquared > 0.98)
        #expect(history.last?.validationLoss == loss && history.last?.validationAccuracy == nil)
        let predictions = network.predict(for: try Dataset(features: Matrix<Double>(x)))
        #expect(predictions.rows == 300 && predictions.columns == 3)
        #expect(predictions.column(2).allSatisfy { $0 == 7 })
        #expect(abs(predictions[5, 0] - y[5][0]) < 5e4)
        #expect(network.targetNames == ["wave", "product", "constant"])
        let copy = try JSONDecoder().decode(MLPRegressor<Double>.self, from: JSONEncoder().encode(network))
        #expect(copy == network && copy.targetScaler != nil)
        #expect("\(network)".hasSuffix("3 targets, squared error"))
    }

    /// With one dense layer, full batches and small steps the loss's minimum is the least-squares fit.
    @Test func aNetworkWithoutHiddenLayersIsLeastSquares() throws {
        var generator = RandomGenerator(seed: 8)
        let x: [[Double]] = (0..<50).map { _ in (0..<3).map { _ in generator.nextNormal() } }
        let y: [Double] = x.map { (row: [Double]) -> Double in
            let noise = 0.1 * generator.nextNormal()
            return 3 + 2 * row[0] - row[1] + 0.5 * row[2] + noise
        }
        let data = try Dataset(features: Matrix<Double>(x), targets: y)
        var network = MLPRegressor<Double>(
            sizes: [3, 1], scaling: .none, targetScaling: .none)
        try network.train(on: data, with: SGD(learningRate: 0.2), batchSize: .all, for: .epochs(400))
        let fit = try LeastSquares().fit(Matrix<Double>(x), y)
        let expected = fit.estimates
        let found = [network.parameters[3]] + network.parameters[0..<3]
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-9) }
    }

    /// Shares as targets: probabilities come out.
    @Test func sharesArePredictedAsProbabilities() throws {
        let x: [[Double]] = (0..<30).map { [Double($0) / 10 - 1.5] }
        let shares: [Double] = x.map { 1 / (1 + Double.exp(-2 * $0[0])) }
        let data = try Dataset(features: Matrix<Double>(x), targets: shares)
        var network = MLPRegressor<Double>(
            sizes: [1, 1], loss: .binaryCrossEntropy, scaling: .none)
        try network.train(on: data, with: Adam(learningRate: 0.1), batchSize: .all, for: .epochs(400))
        #expect(network.targetScaler == nil)
        #expect(abs(network.parameters[0] - 2) < 1e-3)
        for (row, p) in network.predict(for: data).column(0).enumerated() {
            #expect(abs(p - data.targets![row, 0]) < 1e-3)
        }
    }

    /// Portions go on where training was: saved and read in between, the same numbers.
    @Test func portionsGoOnWithScheduleAndMemory() throws {
        let train = Self.split.0
        let portions = (0..<4).map { portion in train.subset((0..<300).map { Int32(portion * 300 + $0) }) }
        var network = MLP<Float>(
            inputs: 64, layers: [.dense(20), .batchNorm, .activation(.relu), .dropout(0.2), .dense(10)])
        var training = PartialFit<Float, Adam>(
            rule: Adam(), schedule: .linear(from: 1e-2, over: .samples(1200)), batchSize: 50, seed: 3)
        var (savedNetwork, savedTraining) = (network, training)
        for portion in portions {
            try network.partialFit(on: portion, &training)
            try savedNetwork.partialFit(on: portion, &savedTraining)
            savedNetwork = try JSONDecoder().decode(
                MLP<Float>.self, from: JSONEncoder().encode(savedNetwork))
            savedTraining = try JSONDecoder().decode(
                PartialFit<Float, Adam>.self, from: JSONEncoder().encode(savedTraining))
        }
        #expect(savedNetwork == network && savedTraining == training)
        #expect(training.progress == TrainingProgress(updates: 24, epochs: 4, samples: 1200))
        #expect(abs(training.rule.learningRate - 1e-2 * 50 / 1200) < 1e-12)
        #expect(training.state?.step == 24)
        #expect(network.accuracy(on: train) > 0.6)
        #expect(network.scaler == Scaler(.automatic, fittedOn: portions[0]))
    }

    @Test func portionsThatDivergeChangeNothing() throws {
        let train = Self.split.0
        var network = MLP<Float>(sizes: [64, 8, 10], scaling: .none)
        var training = PartialFit<Float, SGD>(rule: SGD(learningRate: 1e30))
        let (before, state) = (network, training)
        #expect(throws: TrainingError.self) { try network.partialFit(on: train, &training) }
        #expect(network == before && training == state)
    }

    /// One portion as a network of the present parameters sees it: an epoch of training is an epoch of training.
    @Test func optionsReachTheTraining() throws {
        let (train, validation) = Self.split
        var network = MLP<Float>(sizes: [64, 16, 10])
        var options = TrainingOptions(seed: 2)
        options.schedule = .constant(0)
        let start = network.parameters
        var epochs = 0
        let history = try network.train(
            on: train, validating: validation, with: SGD(learningRate: 1), for: .epochs(3), options: options
        ) { if case .epoch = $0 { epochs += 1 } }
        #expect(network.parameters == start && epochs == 3 && history.records.count == 4)
        options.schedule = nil
        options.earlyStopping = EarlyStopping(patience: 0)
        let stopped = try network.train(
            on: train, validating: validation, with: SGD(learningRate: 1e-30), for: .epochs(30),
            options: options)
        #expect(stopped.records.count < 5)
    }

    @Test func damagedModelsAreRefused() throws {
        let network = MLP<Double>(sizes: [2, 2], seed: 1)
        let text = String(decoding: try JSONEncoder().encode(network), as: UTF8.self)
        for (part, damage) in [(#""inputs":2"#, #""inputs":3"#), (#""outputs":2"#, #""outputs":4"#)] {
            try #require(text.contains(part))
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(
                    MLP<Double>.self, from: Data(text.replacing(part, with: damage).utf8))
            }
        }
    }

    @Test func modelsPrintAsTables() {
        let network = MLP<Float>(sizes: [784, 128, 64, 10])
        #expect("\(network)".contains("109,386") && "\(network)".hasSuffix("10 classes, cross-entropy"))
    }
}
