import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Foundation
import Testing

@testable import DescentModels

/// Networks whose rule averages its points: what is evaluated, stopped by, saved and gone on with is the average.
@Suite struct NetworkAveragingTests {
    @Test(arguments: [Averaging.exponential(decay: 0.9), .polyakRuppert(from: 7)])
    func anAverageIsPyTorchs(averaging: Averaging) throws {
        let golden = GoldenAveraging.only
        let data = try golden.dataset()
        var network = MLP<Double>(golden.layout, scaling: .none)
        network.parameters = golden.start
        try network.train(
            on: data, with: Adam(learningRate: 0.05).averaging(averaging), batchSize: .all, for: .epochs(12))
        let isMean = if case .mean = averaging { true } else { false }
        let expected = isMean ? golden.mean : golden.exponential
        let largest = expected[0].parameters.map(\.magnitude).max()!
        for (value, reference) in zip(network.parameters, expected[0].parameters) {
            #expect(abs(value - reference) < 1e-11 * largest)
        }
        #expect(abs(network.evaluate(on: data).loss - expected[0].loss) < 1e-11)

        let objective = NetworkObjective<Double>(golden.layout, on: data, scaler: .identity(featureCount: 4))
        var start = expected[0].parameters
        for index in golden.layout.statisticsRange { start[index] = 7 }
        let settled = objective.withStatistics(of: start, batchSize: expected[1].batchSize)
        for (value, reference) in zip(settled, expected[1].parameters) {
            #expect(abs(value - reference) < 1e-12 * largest)
        }
        // The last batch of 14 by 13 has one example, and no variance.
        #expect(
            objective.withStatistics(of: start, batchSize: 13)
                == objective.withStatistics(of: start, batchSize: 13))
        #expect(objective.withStatistics(of: start, batchSize: 1) == start)
    }

    private static let (training, validation) = Digits.load().prefix(400).split(validation: 0.25)

    private static func network() -> MLP<Float> {
        MLP<Float>(inputs: 64, layers: [.dense(12), .batchNorm, .activation(.relu), .dense(10)], seed: 3)
    }

    @Test func whatIsRecordedIsOfTheAverage() throws {
        for rule: any UpdateRule in [
            Adam(learningRate: 0.01).averaging(.exponential(decay: 0.95)),
            ScheduleFreeAdamW(learningRate: 0.01),
            ScheduleFreeSGD(learningRate: 0.5).clipping(norm: 5),
        ] {
            func train(_ rule: some UpdateRule) throws -> (MLP<Float>, History) {
                var network = Self.network()
                let history = try network.train(
                    on: Self.training, validating: Self.validation, with: rule, batchSize: 32,
                    for: .epochs(3),
                    options: TrainingOptions(seed: 5))
                return (network, history)
            }
            let (network, history) = try train(rule)
            let (loss, accuracy) = network.evaluate(on: Self.validation)
            #expect(history.last?.validationLoss == loss, "\(rule)")
            #expect(history.last?.validationAccuracy == accuracy)
            #expect(loss < 2)
        }
        // The path is that without an average.
        func running(_ rule: some UpdateRule) throws -> [Double?] {
            var network = Self.network()
            return try network.train(on: Self.training, with: rule, for: .epochs(2)).records.map(
                \.runningLoss)
        }
        #expect(try running(Adam()) == running(Adam().averaging(.polyakRuppert())))
    }

    @Test func anAverageIsGoneOnWith() throws {
        try SavedModels.withFolder { folder in
            let rule = Adam(learningRate: 0.01).averaging(.stochasticWeights(from: 10, every: 4))
            func train(_ epochs: Double, _ name: String) throws -> MLP<Float> {
                var network = Self.network()
                try network.train(
                    on: Self.training, validating: Self.validation, with: rule, batchSize: 32,
                    for: .epochs(Int(epochs)),
                    options: TrainingOptions(
                        checkpoints: .folder(folder.appending(path: name).path(), resuming: true), seed: 5))
                return network
            }
            _ = try train(2, "parts")
            let parts = try train(4, "parts")
            #expect(parts == (try train(4, "whole")))
        }
    }

    @Test func theBestAverageIsKept() throws {
        var network = Self.network()
        var options = TrainingOptions(seed: 5)
        options.earlyStopping = EarlyStopping(patience: 2)
        let history = try network.train(
            on: Self.training, validating: Self.validation,
            with: Adam(learningRate: 0.1).averaging(.exponential(decay: 0.5)), batchSize: 32,
            for: .epochs(60),
            options: options)
        #expect(history.last!.epoch < 60)
        let best = history.records.compactMap(\.validationLoss).min()
        #expect(network.evaluate(on: Self.validation).loss == best)
    }
}
