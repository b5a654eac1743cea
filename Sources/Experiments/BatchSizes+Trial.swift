import Descent
import DescentReports

extension BatchSizes {
    /// A batch size and a rate, either of which may change.
    struct Setting {
        var name: String
        var batchSize: Int
        var rate: Schedule
        var growth: Schedule?

        init(_ name: String, _ batchSize: Int, _ rate: Schedule, growth: Schedule? = nil) {
            self.name = name
            self.batchSize = batchSize
            self.rate = rate
            self.growth = growth
        }
    }

    var schedules: [Setting] {
        let first = TrainingLength.epochs(Double(epochs) / 3)
        let second = TrainingLength.epochs(2 * Double(epochs) / 3)
        let base = Double(baseBatchSize)
        return [
            Setting(
                "decaying the rate", baseBatchSize,
                .multistep(from: learningRate, at: [first, second], factor: 1 / factor)),
            Setting(
                "growing the batch", baseBatchSize, .constant(learningRate),
                growth: .multistep(from: base, at: [first, second], factor: factor)),
            Setting(
                "first the one, then the other", baseBatchSize,
                .multistep(from: learningRate, at: [second], factor: 1 / factor),
                growth: .multistep(from: base, at: [first], factor: factor)),
        ]
    }

    var scalings: [Setting] {
        let scaled = learningRate * Double(largeBatchSize) / Double(baseBatchSize)
        func name(_ batch: Int, _ rate: Double) -> String {
            "B = \(batch), η = \(NumberFormat.shortest(rate))"
        }
        return [
            Setting(name(baseBatchSize, learningRate), baseBatchSize, .constant(learningRate)),
            Setting(name(largeBatchSize, learningRate), largeBatchSize, .constant(learningRate)),
            Setting(name(largeBatchSize, scaled), largeBatchSize, .constant(scaled)),
            Setting(
                name(largeBatchSize, scaled) + " after a warm-up", largeBatchSize,
                .linearScaling(
                    baseRate: learningRate, baseBatchSize: baseBatchSize, batchSize: largeBatchSize,
                    warmUp: .epochs(warmup))),
        ]
    }

    /// The network and its data.
    struct Trial: Sendable {
        typealias Loss = CrossEntropyObjective<Float>
        let layout: NetworkLayout
        let objective: Loss
        let test: Loss
        /// The training loss on fewer examples and in Double, for differences of gradients.
        let sharp: CrossEntropyObjective<Double>
        let epochs: Int

        init(_ data: MNISTData, _ options: BatchSizes) {
            let train = data.train
            let scaler = Scaler(.range, fittedOn: train)
            layout = NetworkLayout(sizes: [train.featureCount, options.hidden, train.classCount])
            objective = Loss(layout, on: train, scaler: scaler)
            test = Loss(layout, on: data.test, scaler: scaler)
            sharp = CrossEntropyObjective(layout, on: train.prefix(1000), scaler: scaler)
            epochs = options.epochs
        }

        func loop(_ setting: Setting, seed: UInt64) -> TrainingLoop<Loss, SGD> {
            var loop = TrainingLoop(
                minimizing: objective, with: SGD(), from: layout.randomParameters(seed: seed),
                batchSize: .examples(setting.batchSize), seed: seed)
            loop.learningRateSchedule = setting.rate
            loop.batchSizeSchedule = setting.growth
            return loop
        }

        /// One run; `nil` if it diverged.
        func run(_ setting: Setting, seed: UInt64) throws -> Run? {
            var loop = loop(setting, seed: seed)
            do {
                let history = try loop.run(for: .epochs(epochs)) { parameters in
                    let (loss, accuracy) = test.evaluate(at: parameters)
                    return Evaluation(
                        trainingLoss: objective.value(at: parameters), validationLoss: loss,
                        validationAccuracy: accuracy)
                }
                return Run(records: history.records, end: loop.parameters)
            } catch {
                guard case .diverged = error else { throw error }
                return nil
            }
        }
    }

    struct Run: Sendable {
        var records: [History.Record]
        var end: [Float]
    }
}
