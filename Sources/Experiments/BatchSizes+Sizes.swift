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
        let outcomes = try Compute.map(settings.count * replicates, progress: progress) { index in
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
                "batch size", "rate", "updates", "training loss", "test accuracy", "sharpness (median)",
                "lowest", "highest", "sharpness · rate", "diverged",
            ])
        var curves: [[[Curve.Point]]] = [[[], []], [[], []]]
        var means: [(accuracy: Double, sharpness: Double, loss: Double)] = []
        for (index, setting) in settings.enumerated() {
            let runs = (0..<replicates).compactMap { outcomes[$0 * settings.count + index] }
            guard let loss = MeanEstimate(runs.compactMap { $0.last.trainingLoss }),
                let accuracy = MeanEstimate(runs.compactMap { $0.last.validationAccuracy }),
                let least = runs.map(\.sharpness).min(), let most = runs.map(\.sharpness).max()
            else {
                table.append(
                    .count(setting.size), .number(setting.rate, digits: 3), .none, .none, .none, .none, .none,
                    .none, .none, .count(replicates))
                means.append((.nan, .nan, .nan))
                continue
            }
            // A run that ends in the middle of a jump is many times as sharp as the others: no mean bears that.
            let sharpness = Self.median(runs.map(\.sharpness))
            means.append((accuracy.mean, sharpness, loss.mean))
            table.append(
                .count(setting.size), .number(setting.rate, digits: 3), .count(runs[0].last.updates),
                Self.cell(loss), Self.cell(accuracy), .number(sharpness, digits: 3),
                .number(least, digits: 2), .number(most, digits: 2),
                .number(sharpness * setting.rate, digits: 2), .count(replicates - runs.count))
            let (kind, size) = (setting.scaled ? 1 : 0, Double(setting.size))
            curves[0][kind].append(
                .init(
                    x: size, y: accuracy.mean, lower: accuracy.interval?.lowerBound,
                    upper: accuracy.interval?.upperBound))
            curves[1][kind].append(.init(x: size, y: sharpness, lower: least, upper: most))
        }
        let names = ["one rate for all", "rate in proportion to the batch"]
        let panels = zip(
            [Axis("test accuracy", scale: .accuracy), Axis("sharpness", scale: .logarithmic)], curves
        ).map { axis, curves in
            let curves = zip(names, curves).enumerated().map { color, curve in
                Curve(label: curve.0, color: color, form: .dottedLine, points: curve.1)
            }
            return Panel(
                x: Axis("batch size", scale: .logarithmic, marks: sizes.map(Double.init)),
                y: axis.holdingBands(of: curves), curves: curves)
        }
        let (first, last) = (means[0], means[sizes.count - 1])
        // At rates in proportion, those that have come as far as the smallest batch.
        let scaled = Array(means[sizes.count...])
        let alike = sizes.indices.filter { scaled[$0].loss <= 1.5 * scaled[0].loss }
        let (small, large) = (scaled[0], scaled[alike.last ?? 0])
        let broken = sizes.indices.filter { !alike.contains($0) }
        func digits(_ value: Double) -> String {
            value.isNaN ? "nothing (it diverged)" : NumberFormat.significant(value, digits: 3)
        }
        func list(_ indices: [Int], _ value: ((accuracy: Double, sharpness: Double, loss: Double)) -> Double)
            -> String
        { indices.map { "\(digits(value(scaled[$0]))) (B = \(sizes[$0]))" }.joined(separator: ", ") }
        var lengths = """
            At one rate for all, batches of \(sizes.last!) end with a test accuracy of \(digits(last.accuracy)) and \
            batches of \(sizes[0]) with \(digits(first.accuracy)). But in as many epochs the large batches make fewer \
            steps, by a factor of \(NumberFormat.significant(Double(sizes.last!) / Double(sizes[0]), digits: 2)), and \
            their training loss is \(digits(last.loss)) against \(digits(first.loss))\
            \(last.loss > first.loss ? ": they have not come as far" : ""). With the rate in proportion to the batch \
            the test accuracies of those that come as far are \(list(alike) { $0.accuracy }).
            """
        if !broken.isEmpty {
            lengths += """
                 The rule has an end: the rate in proportion leaves the training loss at \
                \(list(broken) { $0.loss }); it is too large for the curvature.
                """
        }
        let growth = last.sharpness / first.sharpness
        let sharpnesses = """
            At one rate the median sharpness \(growth > 1.2 ? "grows" : growth < 1 / 1.2 ? "falls" : "goes") from \
            \(digits(first.sharpness)) to \(digits(last.sharpness)) with the batch. But the cross-entropy flattens as \
            predictions become sure, and those runs have not come equally far. Of runs that have, at rates in proportion, \
            it is \(list(alike) { $0.sharpness }). Runs differ: a step that overshoots leaves a run on a steep wall for a \
            while, and the highest sharpness in the table may be that of a run just there.
            """
        return SizeComparison(
            table: table,
            picture: ExperimentPicture(
                "sizes", caption: "Test accuracy and sharpness at the end against batch size",
                Figure(
                    title: "Batch size, generalization and sharpness",
                    subtitle: """
                        after \(epochs) epochs, \(replicates) runs: mean test accuracy with its 95 % interval, median \
                        sharpness with the lowest and the highest; both rates meet at \(baseBatchSize)
                        """,
                    columns: 2, panels: panels, width: 1100, height: 480)),
            answer: [lengths, sharpnesses],
            claim: .init(
                "large batches end in sharper minima", stated: "yes",
                found: """
                    at one rate \(digits(first.sharpness)) → \(digits(last.sharpness)), but at training losses \
                    \(digits(first.loss)) → \(digits(last.loss)); at like losses \(digits(small.sharpness)) → \
                    \(digits(large.sharpness))
                    """,
                holds: alike.count > 1 && large.sharpness > 1.2 * small.sharpness))
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    static func cell(_ estimate: MeanEstimate) -> ExperimentTable.Cell {
        .estimate(estimate.mean, margin: estimate.halfWidth ?? .nan)
    }
}
