import Descent
import DescentReports

extension BatchSizes {
    /// What came of each batch size, at one rate for all and at rates in proportion.
    struct SizeComparison {
        var table: ExperimentTable
        var picture: ExperimentPicture
        var answer: [String]
        /// Whether larger batches end in sharper minima, at one rate and at equal training loss.
        var claim: ExperimentReport.Claim
    }

    func compareSizes(_ trial: Trial, _ progress: (Double) -> Void) throws -> SizeComparison {
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

    static func cell(_ estimate: MeanEstimate) -> ExperimentTable.Cell {
        .estimate(estimate.mean, margin: estimate.halfWidth ?? .nan)
    }
}
