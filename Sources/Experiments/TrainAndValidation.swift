import ArgumentParser
import Descent
import DescentReports

/// Training and validation curves of softmax regression on digits, with and without a penalty, the validation set scaled
/// rightly and wrongly.
package struct TrainAndValidation: Experiment {
    package static let name = "train-and-validation"
    package static let summary =
        "training and validation curves, with and without L2, with right and wrong standardization"

    @Option(help: "The learning rate of SGD.")
    var learningRate = 0.1

    @Option(help: "Examples in a batch.")
    var batchSize = 50

    @Option(help: "How many epochs.")
    var epochs = 300

    @Option(name: .customLong("c"), help: "scikit-learn's C of the penalized runs: λ = 1/(C n).")
    var inverseStrength = 1.0

    @Option(help: "How many random splits the curves are means of.")
    var splits = 10

    @Option(help: "Seed of the first split and run.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard learningRate > 0, learningRate.isFinite, inverseStrength > 0, inverseStrength.isFinite else {
            throw ValidationError("--learning-rate and --c must be positive numbers")
        }
        guard epochs >= 2 else { throw ValidationError("--epochs must be at least 2, not \(epochs)") }
        guard (1...1347).contains(batchSize) else {
            throw ValidationError("--batch-size must be 1 to 1347, not \(batchSize)")
        }
        guard splits >= 2 else { throw ValidationError("--splits must be at least 2, not \(splits)") }
    }

    /// Losses and accuracies after an epoch.
    private struct Epoch {
        var training: Double
        /// The validation set scaled by the training set's statistics.
        var right: (loss: Double, accuracy: Double)
        /// The validation set scaled by its own.
        var wrong: (loss: Double, accuracy: Double)
    }

    private static let penalties = ["without penalty", "with L2"]

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        let digits = Digits.load()
        // By penalty, then split, then epoch.
        var runs: [[[Epoch]]] = [[], []]
        var exact: [Double] = []
        for index in 0..<splits {
            progress(Double(index) / Double(splits), "split \(index + 1) of \(splits)")
            let (train, held) = digits.split(validation: 0.25, seed: seed &+ UInt64(index))
            for (kind, penalty) in [.none, self.penalty(train)].enumerated() {
                runs[kind].append(try self.train(train, held, penalty, seed: seed &+ UInt64(index)))
            }
            let minimum = try SoftmaxRegression(
                penalty: .inverseStrength(inverseStrength), scaling: .standardize
            ).fit(train)
            exact.append(minimum.accuracy(on: held))
        }
        return ExperimentReport(
            title: "Training and validation",
            question: """
                How do training and validation loss part as softmax regression learns the digits, what does an L2 penalty \
                change, and can plain SGD reach the accuracy of scikit-learn?
                """,
            formula: [
                "f(W, b) = (1/n) Σᵢ −log p(yᵢ | xᵢ) + (λ/2) ‖W‖²,   λ = 1/(C n) with C = \(NumberFormat.shortest(inverseStrength)), or 0",
                "z = (x − μ) / σ:   μ, σ of the training set for both sets, or wrongly of each set itself",
            ],
            tables: [table(runs, exact)], pictures: [picture(runs)], claims: claims(runs),
            answer: answer(runs, exact))
    }

    private func penalty(_ train: Dataset) -> Penalty {
        Penalty.inverseStrength(inverseStrength).measuredByMean(totalWeight: Double(train.count))
    }

    private func train(
        _ train: Dataset, _ held: Dataset, _ penalty: Penalty, seed: UInt64
    ) throws -> [Epoch] {
        let scaler = Scaler(.standardize, fittedOn: train)
        let layout = NetworkLayout(sizes: [train.featureCount, train.classCount])
        let objective = CrossEntropyObjective<Double>(layout, on: train, scaler: scaler, penalty: penalty)
        let right = CrossEntropyObjective<Double>(layout, on: held, scaler: scaler)
        let wrong = CrossEntropyObjective<Double>(
            layout, on: held, scaler: Scaler(.standardize, fittedOn: held))
        var loop = TrainingLoop(
            minimizing: objective, with: SGD(learningRate: learningRate),
            from: layout.randomParameters(seed: seed), batchSize: .examples(batchSize), seed: seed)
        var history: [Epoch] = []
        try loop.run(for: .epochs(epochs)) { parameters in
            // Without the penalty, so that training and validation loss are the same quantity.
            history.append(
                Epoch(
                    training: objective.evaluate(at: parameters).loss, right: right.evaluate(at: parameters),
                    wrong: wrong.evaluate(at: parameters)))
            return Evaluation()
        }
        return history
    }

    private func estimate(_ runs: [[Epoch]], _ epoch: Int, _ value: (Epoch) -> Double) -> MeanEstimate {
        MeanEstimate(runs.map { value($0[epoch]) })!
    }

    private func curve(
        _ label: String, _ color: Int, _ runs: [[Epoch]], _ value: (Epoch) -> Double
    ) -> Curve {
        let points = runs[0].indices.dropFirst().map { epoch in
            let estimate = estimate(runs, epoch, value)
            return Curve.Point(
                x: Double(epoch), y: estimate.mean, lower: estimate.interval?.lowerBound,
                upper: estimate.interval?.upperBound)
        }
        return Curve(label: label, color: color, points: points.thinned(to: 80))
    }

    private func picture(_ runs: [[[Epoch]]]) -> ExperimentPicture {
        let losses = zip(Self.penalties, runs).map { name, runs in
            Panel(
                title: name, x: Axis("epochs", scale: .logarithmic), y: Axis("loss", scale: .logarithmic),
                curves: [
                    curve("training", 0, runs) { $0.training },
                    curve("validation, training set's statistics", 1, runs) { $0.right.loss },
                    curve("validation, its own statistics (wrong)", 3, runs) { $0.wrong.loss },
                ])
        }
        let accuracies = zip(Self.penalties, runs).map { name, runs in
            let curves = [
                curve("validation, training set's statistics", 1, runs) { $0.right.accuracy },
                curve("validation, its own statistics (wrong)", 3, runs) { $0.wrong.accuracy },
            ]
            return Panel(
                title: name, x: Axis("epochs", scale: .logarithmic),
                y: Axis("validation accuracy", scale: .accuracy).holdingBands(of: curves), curves: curves)
        }
        return ExperimentPicture(
            "curves",
            caption:
                "Loss on training and validation set and validation accuracy against epochs, without and with an L2 penalty",
            Figure(
                title: "Softmax regression on digits, SGD at rate \(NumberFormat.shortest(learningRate))",
                subtitle:
                    "mean over \(splits) splits with its 95 % interval; losses are shown without the penalty",
                columns: 2, panels: losses + accuracies, width: 1000, height: 900))
    }

    private func table(_ runs: [[[Epoch]]], _ exact: [Double]) -> ExperimentTable {
        var table = ExperimentTable(
            "ends", caption: "After \(epochs) epochs, over \(splits) splits",
            columns: [
                "penalty", "validation set scaled", "training loss", "validation loss", "validation accuracy",
                "lowest validation loss", "at epoch",
            ])
        for (name, runs) in zip(Self.penalties, runs) {
            let ways: [(String, (Epoch) -> (loss: Double, accuracy: Double))] = [
                ("by the training set", { $0.right }), ("by itself (wrong)", { $0.wrong }),
            ]
            for (way, value) in ways {
                let lowest = lowest(runs) { value($0).loss }
                table.append(
                    .text(name), .text(way), cell(estimate(runs, epochs) { $0.training }),
                    cell(estimate(runs, epochs) { value($0).loss }),
                    cell(estimate(runs, epochs) { value($0).accuracy }), .number(lowest.loss, digits: 3),
                    .count(lowest.epoch))
            }
        }
        table.append(
            .text("with L2, the exact minimum"), "by the training set", .none, .none,
            cell(MeanEstimate(exact)!), .none, .none)
        return table
    }

    private func cell(_ estimate: MeanEstimate) -> ExperimentTable.Cell {
        .estimate(estimate.mean, margin: estimate.halfWidth ?? .nan)
    }

    /// The lowest mean over the splits, and when.
    private func lowest(_ runs: [[Epoch]], _ value: (Epoch) -> Double) -> (loss: Double, epoch: Int) {
        let means = runs[0].indices.map { estimate(runs, $0, value).mean }
        let epoch = means.indices.min { means[$0] < means[$1] }!
        return (means[epoch], epoch)
    }

    private func claims(_ runs: [[[Epoch]]]) -> [ExperimentReport.Claim] {
        guard learningRate == 0.1, epochs == 300, batchSize == 50, inverseStrength == 1 else { return [] }
        let found = estimate(runs[1], epochs) { $0.right.accuracy }
        return [
            .init(
                "SGD with L2 reaches the accuracy of scikit-learn", stated: "about 0.967",
                found: NumberFormat.estimate(mean: found.mean, halfWidth: found.halfWidth),
                holds: found.mean + (found.halfWidth ?? 0) >= 0.967)
        ]
    }

    private func answer(_ runs: [[[Epoch]]], _ exact: [Double]) -> [String] {
        let free = lowest(runs[0]) { $0.right.loss }
        let bound = lowest(runs[1]) { $0.right.loss }
        let end = estimate(runs[0], epochs) { $0.right.loss }
        let (first, last) = (
            estimate(runs[0], 1) { $0.training }.mean, estimate(runs[0], epochs) { $0.training }.mean
        )
        let gain = MeanEstimate(
            zip(runs[0], runs[1]).map { $1[epochs].right.accuracy - $0[epochs].right.accuracy })!
        let gap = MeanEstimate(
            zip(runs[1], exact).map { $1 - $0[epochs].right.accuracy })!
        let wrong = MeanEstimate(
            runs[1].map { $0[epochs].wrong.accuracy - $0[epochs].right.accuracy })!
        let wrongLoss = MeanEstimate(runs[1].map { $0[epochs].wrong.loss - $0[epochs].right.loss })!
        let verdict =
            gap.excludesZero && gap.mean > 0
            ? "With these settings SGD has not quite arrived there."
            : "So SGD reaches that accuracy, as nearly as can be told, once it minimizes the same function."
        func signed(_ estimate: MeanEstimate) -> String {
            NumberFormat.estimate(mean: estimate.mean, halfWidth: estimate.halfWidth, sign: true)
        }
        return [
            """
            The training loss falls from \(NumberFormat.significant(first, digits: 3)) after the first epoch to \
            \(NumberFormat.significant(last, digits: 3)); without a penalty the validation loss is lowest after \
            \(free.epoch) of \(epochs) epochs, at \(NumberFormat.significant(free.loss, digits: 3)), and ends at \
            \(NumberFormat.significant(end.mean, digits: 3))\
            \(end.mean > 1.02 * free.loss ? ": that is overfitting" : ": it has hardly risen"). With the penalty the \
            lowest is \(NumberFormat.significant(bound.loss, digits: 3)), after \(bound.epoch) epochs.
            """,
            """
            The penalty changes the accuracy by \(signed(gain)), split by split\
            \(gain.excludesZero ? "" : ", which is not to be told from 0"). The exact minimum of the penalized loss, \
            which is what scikit-learn's solver approaches, is \(signed(gap)) from where SGD with the same penalty \
            ends. \(verdict)
            """,
            """
            Scaling the validation set by its own statistics moves the accuracy by \(signed(wrong))\
            \(wrong.excludesZero ? "" : " (within chance)") and the loss by \(signed(wrongLoss))\
            \(wrongLoss.excludesZero ? "" : " (within chance)"). Whichever way it goes, that set is another one than \
            the model will meet. (The splits share examples, so these intervals are rather too narrow.)
            """,
        ]
    }
}
