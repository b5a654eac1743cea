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

    private static func table(_ search: BatchSizeSearch) -> ExperimentTable {
        var table = ExperimentTable(
            "finder", caption: "The batch-size finder: the size is doubled while an example gets cheaper",
            columns: ["batch size", "µs an example", ""])
        for trial in search.trials {
            table.append(
                .count(trial.batchSize),
                .number(trial.measurement.secondsPerExample * 1e6, digits: 3),
                .text(trial.batchSize == search.recommended ? "recommended" : ""))
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
            \(early[2] < early[3] ? ": this network does without a warm-up" : ": the warm-up helps").
            """
        ]
    }
}
