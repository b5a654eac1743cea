import DescentOptimization

/// A comparison made up by formulas, so that every number in it is known.
enum SyntheticComparison {
    /// Evaluation points of a run whose loss falls as `start / (1 + speed · updates)`.
    static func history(
        epochs: Int, updatesPerEpoch: Int, examples: Int, speed: Double, wobble: Double,
        secondsPerEpoch: Double,
        accuracy: Bool
    ) -> History {
        var points: [Int] = [0]
        if updatesPerEpoch > 1 {
            points += [1, 2, 4, 8, 16, 32, 64].filter { $0 < updatesPerEpoch }
        }
        points += (1...epochs).map { $0 * updatesPerEpoch }
        return History(
            records: points.map { updates in
                let epoch = Double(updates) / Double(updatesPerEpoch)
                let fall = 1 / (1 + speed * Double(updates))
                let loss = 0.25 + 2.05 * fall * (updates == 0 ? 1 : 1 + wobble)
                return History.Record(
                    epoch: epoch, updates: updates, samples: Int(epoch * Double(examples)),
                    seconds: epoch * secondsPerEpoch * (1 + wobble), trainingLoss: loss,
                    validationLoss: loss + 0.03 + 0.01 * wobble,
                    validationAccuracy: accuracy ? 0.925 - 0.825 * fall * (1 + wobble / 2) : nil)
            })
    }

    static func replicate(_ seed: UInt64, _ history: History) -> OptimizerComparisonResult.Replicate {
        let last = history.records.last
        return OptimizerComparisonResult.Replicate(
            seed: seed, outcome: .completed, history: history, trainingLoss: last?.trainingLoss,
            testLoss: last?.validationLoss, testAccuracy: last?.validationAccuracy)
    }

    /// A run whose loss grows until it is no number.
    static func diverged(_ seed: UInt64) -> OptimizerComparisonResult.Replicate {
        let losses = [2.3, 2.1, 4, 30, 900, .infinity]
        let records = losses.enumerated().map { index, loss in
            History.Record(
                epoch: Double(index) / 4, updates: index * 20, samples: index * 1250,
                seconds: Double(index) * 0.01,
                trainingLoss: loss, validationLoss: loss, validationAccuracy: 0.1)
        }
        return OptimizerComparisonResult.Replicate(
            seed: seed, outcome: .diverged(update: 100), history: History(records: records))
    }

    static func grid(best: Int, diverging: Int) -> [OptimizerComparisonResult.GridPoint] {
        [1e-4, 3.16e-4, 1e-3, 3.16e-3, 1e-2, 3.16e-2, 1e-1, 3.16e-1, 1].enumerated().map { index, rate in
            let distance = Double(index - best)
            return index >= diverging
                ? OptimizerComparisonResult.GridPoint(
                    learningRate: rate, outcome: .diverged(update: 40), validationLoss: nil)
                : OptimizerComparisonResult.GridPoint(
                    learningRate: rate, outcome: .completed, validationLoss: 0.33 + 0.05 * distance * distance
                )
        }
    }

    static func result(replicates: Int = 5, diverged: Int = 0, accuracy: Bool = true)
        -> OptimizerComparisonResult
    {
        let wobbles = [0, 0.06, -0.05, 0.03, -0.04]
        func method(
            _ name: String, _ rule: String, batch: Int, rate: Double, best: Int, updates: Int, speed: Double,
            spread: Double, cost: Double, lost: Int = 0
        ) -> OptimizerComparisonResult.Method {
            let runs = (0..<replicates).map { index -> OptimizerComparisonResult.Replicate in
                if index < lost { return SyntheticComparison.diverged(UInt64(index)) }
                return replicate(
                    UInt64(index),
                    history(
                        epochs: 20, updatesPerEpoch: updates, examples: 5000, speed: speed,
                        wobble: wobbles[index % 5] * spread, secondsPerEpoch: cost, accuracy: accuracy))
            }
            return OptimizerComparisonResult.Method(
                name: name, rule: rule, batchSize: batch, grid: grid(best: best, diverging: best + 2),
                widening: name == "gd"
                    ? OptimizerComparisonResult.Widening(
                        initial: 1e-4...0.316, final: 1e-4...1, endedOnEdge: false) : nil,
                learningRate: rate, replicates: runs)
        }
        let methods = [
            method(
                "gd", "gradient descent, full batch", batch: 5000, rate: 0.316, best: 7, updates: 1,
                speed: 0.4, spread: 0,
                cost: 0.010),
            method(
                "sgd", "stochastic gradient descent", batch: 64, rate: 0.1, best: 6, updates: 79, speed: 0.05,
                spread: 1,
                cost: 0.014, lost: diverged),
            method(
                "momentum", "SGD, momentum 0.9", batch: 64, rate: 0.01, best: 4, updates: 79, speed: 0.055,
                spread: 1.5,
                cost: 0.016),
            method(
                "adam", "Adam, β₁ = 0.9, β₂ = 0.999, ε = 1e-8", batch: 64, rate: 0.00316, best: 3,
                updates: 79,
                speed: 0.08, spread: 1, cost: 0.02),
        ]
        return OptimizerComparisonResult(
            problem: .init(
                data: "MNIST sample", path: nil, sha256: "00ff", model: "softmax regression",
                parameterCount: 7850,
                trainingExamples: 5000, testExamples: accuracy ? 1000 : 0, features: 784, classes: 10,
                penalty: 1e-4, scaling: "pixels divided by 255"),
            settings: .init(
                epochs: 20, batchSize: 64, replicates: replicates, seed: 0, threads: 2,
                validationFraction: 0.2,
                selection: "final validation loss",
                divergence: "the loss is no number, or ends above its start",
                commandLine: ["descent", "compare"]),
            environment: .init(
                descent: "0.1.0", swift: "6.3.1", blas: "OpenBLAS 0.3.21", blasCore: "SkylakeX",
                blasThreads: 1,
                system: "Debian 12", processor: "a processor", date: "2026-01-02T03:04:05Z"),
            commonLoss: .init(value: 0.4778, rule: "the largest final training loss of any completed run"),
            methods: methods)
    }
}
