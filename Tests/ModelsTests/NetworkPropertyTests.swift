import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Foundation
import Testing

@testable import DescentModels

/// What must hold of every network: weights are repetitions, threads and interruptions change nothing.
@Suite(.serialized) struct NetworkPropertyTests {
    static let everything: [Layer] = [
        .dropout(0.1), .dense(12, bias: false), .batchNorm, .activation(.relu), .dropout(0.3), .dense(9),
        .layerNorm,
        .activation(.gelu), .dense(7), .batchNorm(momentum: 0.3), .activation(.tanh), .dense(10),
    ]

    func objective<Scalar: MatrixScalar>(
        _ layers: [Layer], on dataset: Dataset, loss: NetworkLoss = .crossEntropy(), seed: UInt64 = 0,
        as type: Scalar.Type
    ) -> NetworkObjective<Scalar> {
        NetworkObjective(
            NetworkLayout(inputs: dataset.featureCount, layers: layers), on: dataset,
            scaler: .identity(featureCount: dataset.featureCount), loss: loss, penalty: .l2(0.01), seed: seed)
    }

    /// Whole weights are repetitions, a common factor of all weights is nothing, weight 0 is absence; batch norm included.
    @Test(arguments: [
        [Layer.dense(6), .activation(.tanh), .dense(10)],
        [.dense(6), .batchNorm, .activation(.silu), .layerNorm, .dense(10), .batchNorm],
    ])
    func weightsAreRepetitions(layers: [Layer]) throws {
        let digits = Digits.load().prefix(60)
        let counts = (0..<60).map { $0 % 4 }
        let repeated = digits.subset(
            counts.indices.flatMap { Array(repeating: Int32($0), count: counts[$0]) })
        let layout = NetworkLayout(inputs: 64, layers: layers)
        let start: [Double] = layout.randomParameters(seed: 4)
        func evaluate(_ dataset: Dataset) -> (values: [Double], gradients: [[Double]]) {
            let objective = objective(layers, on: dataset, as: Double.self)
            var parameters = start, used = start, trained = start
            let values = [
                objective.valueAndGradient(at: start, gradient: &used),
                objective.trainingValueAndGradient(at: &parameters, update: 0, gradient: &trained),
                objective.value(at: start), objective.evaluate(at: start).accuracy,
            ]
            return (values, [used, trained])
        }
        let expected = evaluate(repeated)
        for factor in [1.0, 1e-3, 5] {
            let found = evaluate(try digits.weighted(by: counts.map { factor * Double($0) }))
            for (a, b) in zip(found.values, expected.values) { #expect(abs(a - b) <= 1e-12) }
            for (a, b) in zip(found.gradients, expected.gradients) { #expect(worst(a, b) <= 1e-11) }
        }
        // The test would pass without weights if they made no difference.
        #expect(abs(evaluate(digits).values[0] - expected.values[0]) > 1e-4)
    }

    /// A batch in which nobody counts teaches nothing, and says nothing about running statistics.
    @Test func aBatchWithoutWeightChangesNothing() throws {
        let digits = Digits.load().prefix(20)
        let weights = (0..<20).map { $0 < 10 ? 0.0 : 1 }
        let objective = objective(
            [.dense(6), .batchNorm, .dense(10)], on: try digits.weighted(by: weights), as: Double.self)
        var parameters: [Double] = objective.layout.randomParameters(seed: 1)
        let before = parameters
        var gradient = parameters
        let batch: [Int32] = [0, 1, 2, 3]
        let value = objective.trainingValueAndGradient(
            at: &parameters, examples: batch.span, update: 0, gradient: &gradient)
        #expect(value.isFinite)
        #expect(parameters == before)
        // What is left is the penalty's.
        let bias = objective.layout.layers[2].bias
        #expect(gradient[bias].allSatisfy { $0 == 0 })
    }

    @Test func anyNumberOfThreadsGivesTheSameBits() throws {
        let before = Compute.threadCount
        defer { Compute.threadCount = before }
        let digits = Digits.load()
        let objective = objective(Self.everything, on: digits, seed: 3, as: Float.self)
        let start: [Float] = objective.layout.randomParameters(seed: 1)
        let batch = (0..<Int32(1100)).map { $0 * 7 % 1797 }
        func run(_ threads: Int) -> [[Float]] {
            Compute.threadCount = threads
            var parameters = start, gradient = start, some = start
            for update in 0..<2 {
                _ = objective.trainingValueAndGradient(at: &parameters, update: update, gradient: &gradient)
                _ = objective.trainingValueAndGradient(
                    at: &parameters, examples: batch.span, update: update, gradient: &some)
            }
            var used = start
            _ = objective.valueAndGradient(at: parameters, gradient: &used)
            return [parameters, gradient, some, used]
        }
        let one = run(1)
        #expect(one.allSatisfy { $0.allSatisfy { $0.isFinite } })
        for threads in [2, 3, 5] { #expect(run(threads) == one) }
    }

    @Test func aSeedIsANetworkOnAnyNumberOfThreads() throws {
        let before = Compute.threadCount
        defer { Compute.threadCount = before }
        let digits = Digits.load()
        func trained(_ threads: Int, seed: UInt64) throws -> MLP<Float> {
            Compute.threadCount = threads
            var network = MLP<Float>(inputs: 64, layers: Self.everything, seed: 1)
            try network.train(on: digits, with: Adam(), batchSize: 600, for: .epochs(2), seed: seed)
            return network
        }
        let one = try trained(1, seed: 5)
        #expect(try trained(2, seed: 5) == one)
        #expect(try trained(2, seed: 6) != one)
    }

    /// Interrupted within an epoch and resumed from the file: dropout's masks and batch norm's statistics go on too.
    @Test func aResumedRunHasTheBitsOfAWholeOne() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "descent-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "run.npz").path
        let objective = objective(Self.everything, on: Digits.load(), seed: 9, as: Float.self)
        func loop() -> TrainingLoop<NetworkObjective<Float>, Adam> {
            TrainingLoop(
                minimizing: objective, with: Adam(), from: objective.layout.randomParameters(seed: 2),
                batchSize: 100, seed: 7)
        }
        var whole = loop()
        try whole.run(until: .updates(25))
        var first = loop()
        try first.run(until: .updates(11))
        try first.save(to: path)
        var second = loop()
        try second.restore(from: path)
        try second.run(until: .updates(25))
        #expect(second.parameters == whole.parameters)
        let statistics = objective.layout.statisticsRange
        let start: [Float] = objective.layout.randomParameters(seed: 2)
        #expect(whole.parameters[statistics] != start[statistics])
        #expect(whole.state.slots[0].count == objective.layout.parameterCount)
    }

    /// The running statistics come to be those of the data, and the network in use then is the one that was trained.
    @Test func runningStatisticsApproachThoseOfTheData() throws {
        let objective = objective(
            [.dense(5), .batchNorm(momentum: 0.5), .dense(10)], on: Digits.load(), as: Double.self)
        var parameters: [Double] = objective.layout.randomParameters(seed: 2)
        var gradient = parameters
        var value = 0.0
        for update in 0..<60 {
            value = objective.trainingValueAndGradient(at: &parameters, update: update, gradient: &gradient)
        }
        // But for the factor n/(n − 1) of the running variance.
        #expect(abs(objective.value(at: parameters) - value) < 1e-3 * value)
        #expect(abs(objective.value(at: parameters) - value) > 0)
        let fresh: [Double] = objective.layout.randomParameters(seed: 2)
        #expect(abs(objective.value(at: fresh) - value) > 0.05)
    }

    /// Dropout in training only, and then in expectation what the network gives in use.
    @Test func dropoutKeepsTheExpectation() throws {
        let mask = DropoutMask(rate: 0.3, layer: 0)
        let columns = 1001
        let ones = [Double](repeating: 1, count: 200 * columns)
        var sums = [Double](repeating: 0, count: columns)
        var dropped = 0
        for update in 0..<10 {
            var masked = ones
            mask.apply(
                ones, &masked, rows: 200, columns: columns, position: 0,
                key: DropoutMask.key(DropoutMask.key(seed: 1), update: update))
            for (index, value) in masked.enumerated() {
                sums[index % columns] += value
                dropped += value == 0 ? 1 : 0
                if value != 0 { #expect(value == 1 / 0.7) }
            }
        }
        let share = Double(dropped) / Double(2000 * columns)
        #expect(abs(share - 0.3) < 5 * (0.21 / Double(2000 * columns)).squareRoot())
        // Each column by itself, five standard deviations wide.
        for sum in sums { #expect(abs(sum / 2000 - 1) < 5 * (0.21 / 2000).squareRoot() / 0.7) }
    }

    @Test func dropoutsMasksFollowFromTheirPlaceAlone() {
        let ones = [Float](repeating: 1, count: 60)
        func mask(_ layer: Int, seed: UInt64, update: Int, position: Int = 0, rows: Int = 6) -> [Float] {
            var masked = [Float](repeating: .nan, count: rows * 10)
            DropoutMask(rate: 0.5, layer: layer).apply(
                ones, &masked, rows: rows, columns: 10, position: position,
                key: DropoutMask.key(DropoutMask.key(seed: seed), update: update))
            return masked
        }
        let whole = mask(1, seed: 3, update: 8)
        #expect(mask(1, seed: 3, update: 8) == whole)
        #expect(mask(1, seed: 3, update: 8, position: 2, rows: 4) == Array(whole[20...]))
        #expect(mask(1, seed: 3, update: 9) != whole)
        #expect(mask(1, seed: 4, update: 8) != whole)
        #expect(mask(2, seed: 3, update: 8) != whole)
    }

    @Test func balancedClassesHaveEqualTotals() throws {
        let data = try Dataset(
            features: Matrix<Double>(rows: 6, columns: 1, elements: [1, 2, 3, 4, 5, 6]),
            labels: ["a", "a", "a", "a", "b", "b"])
        #expect(data.weighted(by: .balanced).weights == [0.75, 0.75, 0.75, 0.75, 1.5, 1.5])
        #expect(data.weighted(by: .custom(["b": 3])).weights == [1, 1, 1, 1, 3, 3])
        #expect(data.weighted(by: ClassWeights.none).weights == nil)
        let own = try data.weighted(by: [1, 0, 0, 0, 1, 1])
        #expect(own.weighted(by: .balanced).weights == [1.5, 0, 0, 0, 0.75, 0.75])
    }

    private func worst(_ a: [Double], _ b: [Double]) -> Double {
        let scale = b.reduce(0) { max($0, abs($1)) }
        return zip(a, b).reduce(0) { $1.0.isNaN ? .infinity : max($0, abs($1.0 - $1.1)) } / scale
    }
}
