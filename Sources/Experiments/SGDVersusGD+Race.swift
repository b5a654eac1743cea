import Descent
import DescentReports

/// A rate for each method.
extension SGDVersusGD {
    func race(_ problem: CourseProblem, _ progress: @escaping @Sendable (Double) -> Void)
        -> OptimizerComparisonResult
    {
        let layout = problem.layout
        let start: @Sendable (UInt64) -> [Double] = { CourseProblem.start(layout, seed: $0) }
        // The question is which is faster on the training loss, so that decides which rate is best.
        var comparison = OptimizerComparison(
            [.gradientDescent, .sgd],
            tuning: ComparisonTask(problem.objective, initialParameters: start),
            measuring: ComparisonTask(
                problem.objective, initialParameters: start, evaluate: { problem.evaluate($0) }))
        comparison.epochs = raceEpochs
        comparison.batchSize = .examples(batchSize)
        comparison.replicates = replicates
        comparison.seed = seed
        let measured = Double(2 * replicates)
        let finished = Locked(0.0)
        let findings = comparison.run { event in
            guard case .finished(let run, _, _) = event, run.replicate != nil else { return }
            progress(
                finished.withLock { count in
                    count += 1; return count / measured
                })
        }
        return OptimizerComparisonResult(
            problem: .init(
                data: "Digits", model: "softmax regression", parameterCount: layout.parameterCount,
                trainingExamples: problem.train.count, testExamples: problem.held.exampleCount,
                features: problem.train.featureCount, classes: problem.train.classCount,
                penalty: l2, scaling: "standardized"),
            settings: .init(
                epochs: raceEpochs, batchSize: batchSize, replicates: replicates, seed: seed,
                threads: Compute.threadCount, validationFraction: 0, selection: "final training loss",
                divergence: OptimizerComparison<CourseProblem.Loss>.divergenceRule),
            environment: .current(version: ""), commonLoss: findings.commonLoss, methods: findings.methods)
    }

    func raceTable(_ race: OptimizerComparisonResult) -> ExperimentTable {
        let common = race.commonLoss.map { NumberFormat.significant($0.value, digits: 4) } ?? "?"
        var table = ExperimentTable(
            "tuned",
            caption:
                "Each at the rate with the lowest training loss after \(raceEpochs) epochs; then until the loss is \(common)",
            columns: [
                "method", "rate", "training loss", "validation accuracy", "epochs", "updates",
                "gradient evaluations", "seconds",
            ])
        for (summary, method) in zip(race.summaries, race.methods) {
            func cell(_ metric: OptimizerComparisonResult.Metric, times factor: Double = 1)
                -> ExperimentTable.Cell
            {
                guard let estimate = summary.estimates[metric] else { return .none }
                return .estimate(estimate.mean * factor, margin: (estimate.halfWidth ?? .nan) * factor)
            }
            table.append(
                .text(Self.fullName(method.name)), .number(method.learningRate ?? .nan, digits: 3),
                cell(.trainingLoss), cell(.testAccuracy), cell(.epochsToCommonLoss),
                cell(.updatesToCommonLoss),
                cell(.epochsToCommonLoss, times: Double(race.problem.trainingExamples)),
                cell(.secondsToCommonLoss))
        }
        return table
    }

    static func fullName(_ name: String) -> String { name == "gd" ? "gradient descent" : "SGD" }

    func racePicture(_ race: OptimizerComparisonResult) -> ExperimentPicture {
        var figure = race.curvesFigure
        figure.title =
            "Digits, softmax regression: \(replicates) paired runs of each method, each at its best rate"
        figure.subtitle =
            "mean and 95 % t-interval; rate chosen by the training loss after \(raceEpochs) epochs"
        let names = Dictionary(
            uniqueKeysWithValues: race.methods.map { method in
                let rate = NumberFormat.significant(method.learningRate ?? .nan, digits: 1)
                return (method.name, "\(Self.fullName(method.name)), rate \(rate)")
            })
        for panel in figure.panels.indices {
            // What is held out here is a validation set; a comparison calls it test set.
            if figure.panels[panel].y.label == "test accuracy" {
                figure.panels[panel].y.label = "validation accuracy"
            }
            for curve in figure.panels[panel].curves.indices {
                let label = figure.panels[panel].curves[curve].label
                if let name = names.first(where: { label.hasPrefix($0.key) }) {
                    figure.panels[panel].curves[curve].label = name.value
                }
                figure.panels[panel].curves[curve].points = figure.panels[panel].curves[curve].points.thinned(
                    to: 60)
            }
        }
        return ExperimentPicture(
            "tuned",
            caption:
                "Training loss and validation accuracy against epochs, updates, gradient evaluations and seconds, each method at its best rate",
            figure)
    }
}
