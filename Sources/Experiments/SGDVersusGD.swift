import ArgumentParser
import Descent
import DescentReports

/// Mini-batch SGD and full-batch gradient descent on digits: at one rate for both, as the course has it, and each at the
/// rate that suits it.
package struct SGDVersusGD: Experiment {
    package static let name = "sgd-versus-gd"
    package static let summary =
        "SGD against gradient descent: at one shared rate, and with a tuned rate for each"

    @Option(help: "The rate that both share in the first setting.")
    var learningRate = 0.01

    @Option(parsing: .upToNextOption, help: "Rates to give to gradient descent besides.")
    var gdRates: [Double] = [1, 3]

    @Option(help: "How many epochs in the first setting.")
    var epochs = 1000

    @Option(help: "Examples in a batch of SGD.")
    var batchSize = 50

    @Option(help: "How many epochs in the second setting, where each has its own rate.")
    var raceEpochs = 100

    @Option(
        help: """
            λ of the penalty λ/2 ‖W‖² in the second setting. Without one there is no minimum to come to: the classes \
            can be separated.
            """)
    var l2 = 1e-3

    @Option(help: "Runs of each in the second setting, paired by seed.")
    var replicates = 5

    @Option(help: "How many more splits and starts the figures stated elsewhere are held against.")
    var others = 10

    @Option(help: "Seed of the split, of the initial weights and of the order of the examples.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard ([learningRate] + gdRates).allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw ValidationError("--learning-rate and --gd-rates must be positive numbers")
        }
        guard epochs >= 1, raceEpochs >= 1 else {
            throw ValidationError("--epochs and --race-epochs must be at least 1")
        }
        guard (1...1347).contains(batchSize) else {
            throw ValidationError("--batch-size must be 1 to 1347, not \(batchSize)")
        }
        guard l2 >= 0, l2.isFinite else { throw ValidationError("--l2 must not be negative, and is \(l2)") }
        guard replicates >= 2, others >= 2 else {
            throw ValidationError("--replicates and --others must be at least 2")
        }
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        let problem = CourseProblem(seed: seed, penalty: .none)
        progress(0, "one rate for both")
        let sgd = try run(
            problem, "SGD", SGD(learningRate: learningRate), .examples(batchSize), rate: learningRate)
        var runs = [sgd]
        for (index, rate) in ([learningRate] + gdRates).enumerated() {
            progress(
                0.2 + 0.2 * Double(index) / Double(gdRates.count + 1), "gradient descent at rate \(rate)")
            runs.append(
                try run(problem, "gradient descent", GradientDescent(learningRate: rate), .all, rate: rate))
        }
        let claims = try claims(runs) { progress(0.4 + 0.3 * $0, "other splits and starts") }
        let race = race(CourseProblem(seed: seed, penalty: .l2(l2))) {
            progress(0.7 + 0.3 * $0, "rates of their own")
        }
        let noise = problem.batchLosses(batchSize: batchSize, seed: seed)
        return ExperimentReport(
            title: "SGD against gradient descent",
            question: """
                Softmax regression on the UCI digits: is SGD faster than full-batch gradient descent, and more accurate?
                """,
            formula: [
                "gradient descent:  θ ← θ − η (1/n) Σᵢ ∇ℓᵢ(θ)            one update an epoch, n = \(problem.train.count)",
                "SGD:               θ ← θ − η (1/|B|) Σ_{i∈B} ∇ℓᵢ(θ)     \(noise.count) updates an epoch, |B| = \(batchSize)",
            ],
            tables: [sharedTable(runs), raceTable(race)],
            pictures: [sharedPicture(runs), racePicture(race), noisePicture(noise, problem)],
            claims: claims, answer: answer(runs, race))
    }

    // MARK: One rate for both

    private struct Run {
        var name: String
        var rate: Double
        var history: History
        /// The loss on the last batch of each epoch, before its update.
        var lastBatch: [Curve.Point]

        var label: String { "\(name), rate \(NumberFormat.shortest(rate))" }
        var last: History.Record { history.records.last! }
    }

    private func run<Rule: UpdateRule>(
        _ problem: CourseProblem, _ name: String, _ rule: Rule, _ batch: BatchSize, rate: Double
    ) throws -> Run {
        var loop = TrainingLoop(
            minimizing: problem.objective, with: rule, from: problem.start, batchSize: batch, seed: seed)
        let updatesPerEpoch = batch == .all ? 1 : (problem.train.count + batchSize - 1) / batchSize
        var lastBatch: [Curve.Point] = []
        let history = try loop.run(
            for: .epochs(epochs), reportingUpdatesEvery: updatesPerEpoch, evaluate: problem.evaluate,
            onEvent: { event in
                if case .update(let update) = event {
                    lastBatch.append(.init(x: update.progress.epochs, y: update.loss))
                }
            })
        return Run(name: name, rate: rate, history: history, lastBatch: lastBatch)
    }

    private func sharedTable(_ runs: [Run]) -> ExperimentTable {
        var table = ExperimentTable(
            "shared", caption: "After \(epochs) epochs, from the same start",
            columns: [
                "method", "rate", "updates", "training loss", "loss on the last batch", "validation loss",
                "validation accuracy", "seconds",
            ])
        for run in runs {
            table.append(
                .text(run.name), .number(run.rate, digits: 2), .count(run.last.updates),
                .number(run.last.trainingLoss ?? .nan, digits: 3),
                run.name == "SGD" ? .number(run.lastBatch.last?.y ?? .nan, digits: 3) : .none,
                .number(run.last.validationLoss ?? .nan, digits: 3),
                .number(run.last.validationAccuracy ?? .nan), .number(run.last.seconds, digits: 2))
        }
        return table
    }

    private func sharedPicture(_ runs: [Run]) -> ExperimentPicture {
        func curve(_ run: Run, _ color: Int, against abscissa: (History.Record) -> Double) -> Curve {
            Curve(
                label: run.label, color: color,
                points: run.history.records.dropFirst().map {
                    Curve.Point(x: abscissa($0), y: $0.trainingLoss ?? .nan)
                }.thinned())
        }
        let original =
            [
                Curve(
                    label: "SGD, last batch of each epoch", color: 7, form: .excluded,
                    points: runs[0].lastBatch.thinned(to: 250))
            ] + [curve(runs[0], 0) { $0.epoch }, curve(runs[1], 1) { $0.epoch }]
        let corrected = runs.enumerated().map { index, run in curve(run, index) { Double($0.updates) } }
        return ExperimentPicture(
            "shared",
            caption:
                "Training loss: at one rate against epochs, and with gradient descent at larger rates against updates",
            Figure(
                title: "SGD and gradient descent on digits",
                subtitle:
                    "left: both at rate \(NumberFormat.shortest(learningRate)); right: gradient descent at larger rates too, against updates",
                columns: 2,
                panels: [
                    Panel(
                        x: Axis("epochs", scale: .logarithmic), y: Axis("training loss", scale: .logarithmic),
                        curves: original),
                    Panel(
                        x: Axis("updates", scale: .logarithmic),
                        y: Axis("training loss", scale: .logarithmic),
                        curves: corrected),
                ], width: 1100, height: 540))
    }

    private func noisePicture(_ losses: [Double], _ problem: CourseProblem) -> ExperimentPicture {
        let whole = problem.objective.value(at: problem.start)
        return ExperimentPicture(
            "batches", caption: "The loss of each batch at the same weights, beside that of all examples",
            Figure(
                title: "\(losses.count) batches, the same weights",
                subtitle:
                    "loss of each batch before any training; the last one has \(problem.train.count - (losses.count - 1) * batchSize) examples",
                panels: [
                    Panel(
                        x: Axis("batch"), y: Axis("loss"),
                        curves: [
                            Curve(
                                label: "one batch", color: 0, form: .dottedLine,
                                points: losses.enumerated().map { .init(x: Double($0 + 1), y: $1) }),
                            Curve(
                                label: "all examples", color: 1,
                                points: [.init(x: 1, y: whole), .init(x: Double(losses.count), y: whole)]),
                        ])
                ], width: 800, height: 400))
    }

    // MARK: Conclusions

    private func claims(
        _ runs: [Run], _ progress: (Double) -> Void
    ) throws -> [ExperimentReport.Claim] {
        guard learningRate == 0.01, epochs == 1000, batchSize == 50, gdRates.contains(3) else { return [] }
        let fast = runs.first { $0.name != "SGD" && $0.rate == 3 }!
        let stated: [(run: Run, loss: Double)] = [(runs[0], 0.044), (runs[1], 0.35), (fast, 0.007)]
        let ends = try Compute.map(others, progress: progress) { index in
            let seed = seed &+ 1 &+ UInt64(index)
            let problem = CourseProblem(seed: seed, penalty: .none)
            return try stated.map { try loss($0.run, at: epochs, of: problem, seed: seed) }
        }
        let losses = stated.enumerated().map { place, stated in
            ExperimentReport.Claim(
                "training loss of \(stated.run.label) after \(epochs) epochs", stated: stated.loss,
                found: stated.run.last.trainingLoss ?? .nan, others: ends.map { $0[place] }, digits: 2)
        }
        let (slow, quick) = (runs[0].last, fast.last)
        return losses + [
            .init(
                "SGD is not only faster but also more accurate", stated: "yes",
                found: """
                    than gradient descent at the same rate; at rate 3 that has a training loss of \
                    \(NumberFormat.significant(quick.trainingLoss ?? .nan, digits: 2)) and a validation accuracy of \
                    \(NumberFormat.significant(quick.validationAccuracy ?? .nan, digits: 3)), SGD \
                    \(NumberFormat.significant(slow.trainingLoss ?? .nan, digits: 2)) and \
                    \(NumberFormat.significant(slow.validationAccuracy ?? .nan, digits: 3))
                    """,
                holds: (slow.trainingLoss ?? .nan) < (quick.trainingLoss ?? .nan)
                    && (slow.validationAccuracy ?? .nan) > (quick.validationAccuracy ?? .nan))
        ]
    }

    /// The training loss at the end of a run like another one, on another split, from another start.
    private func loss(_ run: Run, at epochs: Int, of problem: CourseProblem, seed: UInt64) throws -> Double {
        var loop = TrainingLoop(
            minimizing: problem.objective, with: SGD(learningRate: run.rate), from: problem.start,
            batchSize: run.name == "SGD" ? .examples(batchSize) : .all, seed: seed)
        try loop.run(for: .epochs(epochs))
        return problem.objective.value(at: loop.parameters)
    }

    private func answer(_ runs: [Run], _ race: OptimizerComparisonResult) -> [String] {
        let ratio = Double(runs[0].last.updates) / Double(max(runs[1].last.updates, 1))
        let best = runs.dropFirst().min { ($0.last.trainingLoss ?? .nan) < ($1.last.trainingLoss ?? .nan) }!
        func loss(_ run: Run) -> String { NumberFormat.significant(run.last.trainingLoss ?? .nan, digits: 2) }
        var text = [
            """
            At the shared rate of \(NumberFormat.shortest(learningRate)) SGD reaches \(loss(runs[0])) and gradient \
            descent \(loss(runs[1])) in as many epochs. But the same number of epochs is \
            \(NumberFormat.significant(ratio, digits: 2)) times as many updates, and the steady steps of gradient descent \
            may be longer than the noisy ones of SGD: the best of its rates here, \
            \(NumberFormat.shortest(best.rate)), ends at \(loss(best)). One shared rate says nothing about the methods.
            """,
            """
            The figure of the course also draws the loss on the last batch of each epoch in place of the training loss: \
            a number with the noise of \(batchSize) examples, dotted in the picture.
            """,
        ]
        func winner(_ metric: OptimizerComparisonResult.Metric) -> String {
            race.best(by: metric).map(Self.fullName) ?? "neither"
        }
        if race.commonLoss != nil {
            text.append(
                """
                With a penalty of λ = \(NumberFormat.shortest(l2)), so that there is a minimum to come to, and a rate for \
                each, chosen by the same rule, the first to the common training loss is \
                \(winner(.epochsToCommonLoss)) by epochs and gradient evaluations, \
                \(winner(.updatesToCommonLoss)) by updates, and \(winner(.secondsToCommonLoss)) by seconds on this \
                machine. Each is a fair way to count, and they need not agree: an update of gradient descent costs an \
                epoch. \(accuracyNote(race))
                """)
        }
        return text
    }

    /// The accuracies, and whether they can be told apart.
    private func accuracyNote(_ race: OptimizerComparisonResult) -> String {
        let means = zip(race.methods, race.summaries).compactMap { method, summary in
            summary.estimates[.testAccuracy].map {
                "\(NumberFormat.fixed($0.mean, decimals: 4)) (\(Self.fullName(method.name)))"
            }
        }
        let text =
            "The validation accuracies after \(raceEpochs) epochs are \(means.joined(separator: " and "))"
        guard let difference = race.pairedDifferences(by: .testAccuracy).first?.difference else {
            return text + "."
        }
        return text
            + (difference.excludesZero
                ? ": seed by seed they differ by more than chance explains."
                : ": seed by seed they differ by no more than chance explains.")
    }
}
