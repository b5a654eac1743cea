import ArgumentParser
import Descent
import DescentReports

/// What the size of a batch does to generalization, sharpness and schedules, with a small network on MNIST.
package struct BatchSizes: Experiment {
    package static let name = "batch-size"
    package static let summary =
        "batch size against test accuracy and sharpness; growing batches, linear scaling, the batch-size finder"

    @OptionGroup var data: MNISTData.Options

    @Option(help: "Units in the hidden layer.")
    var hidden = 32

    @Option(parsing: .upToNextOption, help: "The batch sizes to compare.")
    var batchSizes: [Int] = [16, 64, 256, 1024]

    @Option(help: "The batch size that the rate is right for; schedules begin with it.")
    var baseBatchSize = 64

    @Option(help: "The rate that is right for it.")
    var learningRate = 0.1

    @Option(help: "By how much rates fall, or batches grow, after each third of the epochs.")
    var factor = 4.0

    @Option(help: "A large batch, for the linear scaling rule.")
    var largeBatchSize = 512

    @Option(help: "How many epochs.")
    var epochs = 30

    @Option(help: "How many epochs the warm-up takes.")
    var warmup = 5.0

    @Option(help: "Runs of each, which differ in start and order.")
    var replicates = 5

    @Option(help: "Seed of the first run.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard (batchSizes + [baseBatchSize, largeBatchSize, hidden]).allSatisfy({ $0 >= 1 }),
            !batchSizes.isEmpty
        else { throw ValidationError("batch sizes and --hidden must be at least 1") }
        guard learningRate > 0, learningRate.isFinite, factor > 1, factor.isFinite, warmup > 0 else {
            throw ValidationError("--learning-rate and --warmup must be positive, --factor above 1")
        }
        guard epochs >= 6 else { throw ValidationError("--epochs must be at least 6, not \(epochs)") }
        guard replicates >= 2 else { throw ValidationError("--replicates must be at least 2") }
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        // Few images and a small network, so that many runs can be compared.
        let data = try MNISTData(self.data, most: 5000)
        let trial = Trial(data, self)
        let sizes = try compareSizes(trial) { progress(0.55 * $0, "batch sizes") }
        let schedules = try compare(trial, self.schedules) { progress(0.55 + 0.25 * $0, "schedules") }
        let scaling = try compare(trial, self.scalings) { progress(0.8 + 0.2 * $0, "linear scaling") }
        let search = try trial.loop(Setting("", baseBatchSize, .constant(learningRate)), seed: seed)
            .findBatchSize(BatchSizeFinder(smallest: 4, largest: 2048, updatesPerSize: 30))
        return ExperimentReport(
            title: "Batch size",
            question: """
                Do large batches generalize worse, and end in sharper minima? Can the batch be grown in place of a decay \
                of the rate? And how large should it be? Asked of a network \
                \(trial.layout.sizes.map(String.init).joined(separator: "-")) on \
                \(NumberFormat.count(data.train.count)) images of \(data.train.name), tested on \
                \(NumberFormat.count(data.test.count)).
                """,
            formula: [
                "θ ← θ − η (1/B) Σ_{i∈batch} ∇ℓᵢ(θ)",
                "noise of the steps ∝ η/B: dividing η and multiplying B by the same factor are alike (Smith et al., 2018)",
                "linear scaling: η ∝ B, reached gradually over a warm-up (Goyal et al., 2017)",
                "sharpness: the largest eigenvalue of the Hessian of the training loss, beyond 2/η of which steps overshoot",
            ],
            tables: [
                sizes.table, schedules.table("schedules", "Three schedules that are alike but for B and η"),
                scaling.table("scaling", "A batch of \(largeBatchSize) in place of \(baseBatchSize)"),
                Self.table(search),
            ],
            pictures: [
                sizes.picture,
                schedules.picture(
                    "schedules", title: "Growing the batch instead of decaying the rate",
                    subtitle:
                        "mean of \(replicates) runs with its 95 % interval; \(epochs) epochs, factor \(NumberFormat.shortest(factor)) after each third"
                ),
                scaling.picture(
                    "scaling", title: "Linear scaling and warm-up",
                    subtitle:
                        "mean of \(replicates) runs with its 95 % interval; warm-up over \(NumberFormat.shortest(warmup)) epochs"
                ),
            ],
            claims: claims(sizes, schedules),
            answer: sizes.answer + schedulesAnswer(schedules) + scalingAnswer(scaling) + [
                """
                The batch-size finder doubles the batch, a few updates at each size, for as long as an example gets \
                cheaper: on this machine it recommends \(search.recommended). It finds what the machine likes, not what \
                the loss likes: see above.
                """
            ]
        ).about(data)
    }

    // MARK: What is run

    /// A batch size and a rate, either of which may change.
    private struct Setting {
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

    private var schedules: [Setting] {
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

    private var scalings: [Setting] {
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
    private struct Trial: Sendable {
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

    private struct Run: Sendable {
        var records: [History.Record]
        var end: [Float]
    }

    // MARK: Schedules

    /// Settings, and the runs of each that did not diverge.
    private struct Comparison {
        var names: [String]
        var runs: [[Run]]
        var diverged: [Int]

        func estimate(_ setting: Int, _ epoch: Int, _ value: (History.Record) -> Double?) -> MeanEstimate? {
            MeanEstimate(runs[setting].compactMap { value($0.records[epoch]) })
        }

        /// At how many of the epochs the intervals of two settings' means overlap, as a share.
        func overlap(_ first: Int, _ second: Int, _ value: (History.Record) -> Double?) -> Double {
            let count = min(runs[first].first?.records.count ?? 0, runs[second].first?.records.count ?? 0)
            guard count > 1 else { return 0 }
            let overlapping = (1..<count).count { epoch in
                guard let a = estimate(first, epoch, value)?.interval,
                    let b = estimate(second, epoch, value)?.interval
                else { return false }
                return a.overlaps(b)
            }
            return Double(overlapping) / Double(count - 1)
        }

        func table(_ name: String, _ caption: String) -> ExperimentTable {
            var table = ExperimentTable(
                name, caption: caption,
                columns: ["setting", "updates", "training loss", "test loss", "test accuracy", "diverged"])
            for (index, name) in names.enumerated() {
                let last = (runs[index].first?.records.count ?? 1) - 1
                func cell(_ value: (History.Record) -> Double?) -> ExperimentTable.Cell {
                    guard let estimate = estimate(index, last, value) else { return .none }
                    return .estimate(estimate.mean, margin: estimate.halfWidth ?? .nan)
                }
                table.append(
                    .text(name), runs[index].first.map { .count($0.records[last].updates) } ?? .none,
                    cell(\.trainingLoss), cell(\.validationLoss), cell(\.validationAccuracy),
                    .count(diverged[index]))
            }
            return table
        }

        func picture(_ name: String, title: String, subtitle: String) -> ExperimentPicture {
            func curves(_ value: (History.Record) -> Double?) -> [Curve] {
                names.enumerated().map { index, name in
                    let count = runs[index].first?.records.count ?? 1
                    let points = (1..<count).compactMap { epoch -> Curve.Point? in
                        guard let estimate = estimate(index, epoch, value) else { return nil }
                        return Curve.Point(
                            x: Double(epoch), y: estimate.mean, lower: estimate.interval?.lowerBound,
                            upper: estimate.interval?.upperBound)
                    }
                    return Curve(label: name, color: index, points: points)
                }
            }
            return ExperimentPicture(
                name, caption: "\(title): training loss and test accuracy against epochs",
                Figure(
                    title: title, subtitle: subtitle, columns: 2,
                    panels: [
                        Panel(
                            x: Axis("epochs"), y: Axis("training loss", scale: .logarithmic),
                            curves: curves(\.trainingLoss)),
                        Panel(
                            x: Axis("epochs"), y: Axis("test accuracy", scale: .accuracy),
                            curves: curves(\.validationAccuracy)),
                    ], width: 1100, height: 500))
        }
    }

    private func compare(
        _ trial: Trial, _ settings: [Setting], _ progress: (Double) -> Void
    ) throws -> Comparison {
        let runs = try independentRuns(settings.count * replicates, progress) { index in
            try trial.run(settings[index % settings.count], seed: seed &+ UInt64(index / settings.count))
        }
        let bySetting = settings.indices.map { setting in
            (0..<replicates).compactMap { runs[$0 * settings.count + setting] }
        }
        return Comparison(
            names: settings.map(\.name), runs: bySetting, diverged: bySetting.map { replicates - $0.count })
    }

    // MARK: Sizes

    /// What came of each batch size, at one rate for all and at rates in proportion.
    private struct SizeComparison {
        var table: ExperimentTable
        var picture: ExperimentPicture
        var answer: [String]
        /// Whether larger batches end in sharper minima, at one rate and at equal training loss.
        var claim: ExperimentReport.Claim
    }

    private func compareSizes(_ trial: Trial, _ progress: (Double) -> Void) throws -> SizeComparison {
        let sizes = batchSizes.sorted()
        let settings = [false, true].flatMap { scaled in
            sizes.map { size in
                let rate = learningRate * (scaled ? Double(size) / Double(baseBatchSize) : 1)
                return (scaled: scaled, size: size, rate: rate)
            }
        }
        let outcomes = try independentRuns(settings.count * replicates, progress) { index in
            let (_, size, rate) = settings[index % settings.count]
            let seed = seed &+ UInt64(index / settings.count)
            return try trial.run(Setting("", size, .constant(rate)), seed: seed).map { run in
                (
                    last: run.records.last!,
                    sharpness: trial.sharp.largestCurvature(at: run.end.map { Double($0) }, iterations: 20)
                )
            }
        }
        var table = ExperimentTable(
            "sizes", caption: "After \(epochs) epochs, over \(replicates) runs",
            columns: [
                "batch size", "rate", "updates", "training loss", "test accuracy", "sharpness",
                "sharpness · rate", "diverged",
            ])
        var curves: [[[Curve.Point]]] = [[[], []], [[], []]]
        var means: [(accuracy: Double, sharpness: Double, loss: Double)] = []
        for (index, setting) in settings.enumerated() {
            let runs = (0..<replicates).compactMap { outcomes[$0 * settings.count + index] }
            guard let loss = MeanEstimate(runs.compactMap { $0.last.trainingLoss }),
                let accuracy = MeanEstimate(runs.compactMap { $0.last.validationAccuracy }),
                let sharpness = MeanEstimate(runs.map { $0.sharpness })
            else {
                table.append(
                    .count(setting.size), .number(setting.rate, digits: 3), .none, .none, .none, .none, .none,
                    .count(replicates))
                means.append((.nan, .nan, .nan))
                continue
            }
            means.append((accuracy.mean, sharpness.mean, loss.mean))
            table.append(
                .count(setting.size), .number(setting.rate, digits: 3), .count(runs[0].last.updates),
                Self.cell(loss), Self.cell(accuracy), Self.cell(sharpness),
                .number(sharpness.mean * setting.rate, digits: 2), .count(replicates - runs.count))
            for (panel, estimate) in [accuracy, sharpness].enumerated() {
                curves[panel][setting.scaled ? 1 : 0].append(
                    .init(
                        x: Double(setting.size), y: estimate.mean, lower: estimate.interval?.lowerBound,
                        upper: estimate.interval?.upperBound))
            }
        }
        let names = ["one rate for all", "rate in proportion to the batch"]
        let panels = zip(
            [Axis("test accuracy", scale: .accuracy), Axis("sharpness", scale: .logarithmic)], curves
        ).map { axis, curves in
            Panel(
                x: Axis("batch size", scale: .logarithmic), y: axis,
                curves: zip(names, curves).enumerated().map { color, curve in
                    Curve(label: curve.0, color: color, form: .line, points: curve.1)
                })
        }
        let (first, last) = (means[0], means[sizes.count - 1])
        // At rates in proportion, those that have come as far as the smallest batch.
        let scaled = Array(means[sizes.count...])
        let alike = sizes.indices.filter { scaled[$0].loss <= 1.5 * scaled[0].loss }
        let (small, large) = (scaled[0], scaled[alike.last ?? 0])
        let broken = sizes.indices.filter { !(scaled[$0].loss <= 1.5 * scaled[0].loss) }
        func digits(_ value: Double) -> String {
            value.isNaN ? "nothing" : NumberFormat.significant(value, digits: 3)
        }
        let list = alike.map { "\(digits(scaled[$0].accuracy)) (B = \(sizes[$0]))" }.joined(separator: ", ")
        return SizeComparison(
            table: table,
            picture: ExperimentPicture(
                "sizes", caption: "Test accuracy and sharpness at the end against batch size",
                Figure(
                    title: "Batch size, generalization and sharpness",
                    subtitle:
                        "after \(epochs) epochs, mean of \(replicates) runs with its 95 % interval; both rates meet at \(baseBatchSize)",
                    columns: 2, panels: panels, width: 1100, height: 480)),
            answer: [
                """
                At one rate for all, batches of \(sizes.last!) end with a test accuracy of \
                \(digits(last.accuracy)) and batches of \(sizes[0]) with \(digits(first.accuracy)). But in as many \
                epochs the large batches make \(sizes.last! / sizes[0]) times fewer steps of the same size, and their \
                training loss is \(digits(last.loss)) against \(digits(first.loss)): they have not come as far. With \
                the rate in proportion to the batch the accuracies are \(list).
                """
                    + (broken.isEmpty
                        ? ""
                        : """
                         The rule has an end: with B = \(broken.map { "\(sizes[$0])" }.joined(separator: " and ")) the \
                        rate in proportion is too large for the curvature, and the loss no longer falls.
                        """),
                """
                At one rate the sharpness grows from \(digits(first.sharpness)) to \(digits(last.sharpness)) with the \
                batch. But the cross-entropy flattens as predictions become sure, and the small batches have come further: \
                of runs that have come equally far, at rates in proportion, batches of \(sizes[alike.last ?? 0]) have \
                \(digits(large.sharpness)) and batches of \(sizes[0]) \(digits(small.sharpness)).
                """,
            ],
            claim: .init(
                "large batches end in sharper minima", stated: "yes",
                found:
                    "at one rate \(digits(first.sharpness)) → \(digits(last.sharpness)), but at training losses \(digits(first.loss)) → \(digits(last.loss)); at equal losses \(digits(small.sharpness)) → \(digits(large.sharpness))",
                holds: large.sharpness > 1.2 * small.sharpness))
    }

    private static func cell(_ estimate: MeanEstimate) -> ExperimentTable.Cell {
        .estimate(estimate.mean, margin: estimate.halfWidth ?? .nan)
    }

    private static func table(_ search: BatchSizeSearch) -> ExperimentTable {
        var table = ExperimentTable(
            "finder", caption: "The batch-size finder: the size is doubled while an example gets cheaper",
            columns: ["batch size", "µs an example", ""])
        for trial in search.trials {
            table.append(
                .count(trial.batchSize),
                .number(trial.measurement.secondsPerExample * 1e6, digits: 3),
                trial.batchSize == search.recommended ? "recommended" : .none)
        }
        return table
    }

    // MARK: Conclusions

    private func claims(_ sizes: SizeComparison, _ schedules: Comparison) -> [ExperimentReport.Claim] {
        guard schedules.diverged.allSatisfy({ $0 == 0 }) else { return [] }
        return [
            .init(
                "growing the batch equals decaying the rate: test accuracy", stated: "same curve",
                found: overlapText(schedules, 1, \.validationAccuracy),
                holds: schedules.overlap(0, 1, \.validationAccuracy) >= 0.9),
            .init(
                "and a mixture of both", stated: "same curve",
                found: overlapText(schedules, 2, \.validationAccuracy),
                holds: schedules.overlap(0, 2, \.validationAccuracy) >= 0.9),
            sizes.claim,
        ]
    }

    private func overlapText(
        _ comparison: Comparison, _ setting: Int, _ value: (History.Record) -> Double?
    ) -> String {
        let share = comparison.overlap(0, setting, value)
        return "intervals overlap at \(NumberFormat.significant(100 * share, digits: 3)) % of the epochs"
    }

    private func schedulesAnswer(_ schedules: Comparison) -> [String] {
        let updates = schedules.runs.map { $0.first?.records.last?.updates ?? 0 }
        guard updates.allSatisfy({ $0 > 0 }) else { return ["Some of the schedules diverged in every run."] }
        let losses = schedules.overlap(0, 1, \.trainingLoss)
        let accuracies = schedules.overlap(0, 1, \.validationAccuracy)
        func percent(_ share: Double) -> String { NumberFormat.significant(100 * share, digits: 3) + " %" }
        return [
            """
            Growing the batch by the factor by which the rate would have fallen gives \
            \(accuracies >= 0.9 ? "the same curve" : "a curve of its own"): the intervals of the test accuracy overlap \
            at \(percent(accuracies)) of the epochs, those of the training loss at \(percent(losses)), with \
            \(NumberFormat.count(updates[1])) updates in place of \(NumberFormat.count(updates[0])).
            """
        ]
    }

    private func scalingAnswer(_ scaling: Comparison) -> [String] {
        let ends = scaling.runs.indices.map { index -> Double in
            let last = (scaling.runs[index].first?.records.count ?? 1) - 1
            return scaling.estimate(index, last, \.validationAccuracy)?.mean ?? .nan
        }
        let early = scaling.runs.indices.map { scaling.estimate($0, 1, \.trainingLoss)?.mean ?? .nan }
        func digits(_ value: Double) -> String {
            value.isNaN ? "nothing (it diverged)" : NumberFormat.significant(value, digits: 3)
        }
        return [
            """
            A batch of \(largeBatchSize) at the rate of \(baseBatchSize) reaches \(digits(ends[1])) where the small batch \
            reaches \(digits(ends[0])). With the rate scaled in proportion it reaches \(digits(ends[2])), and \
            \(digits(ends[3])) when the rate rises over \(NumberFormat.shortest(warmup)) epochs. After the first epoch \
            the training loss is \(digits(early[2])) without the warm-up and \(digits(early[3])) with it\
            \(early[2] < early[3] ? ": for a network as small as this one the warm-up is not needed" : "").
            """
        ]
    }
}
