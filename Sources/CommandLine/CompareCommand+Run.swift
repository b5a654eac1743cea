import ArgumentParser
import Descent
import Synchronization

extension CompareCommand {
    func run() throws {
        if let threads { Compute.threadCount = threads }
        let start = ContinuousClock().now
        let progress = TerminalProgress(isQuiet: quiet)
        var environment = OptimizerComparisonResult.Environment.current(version: DescentCommand.version)
        // Training keeps BLAS at one thread and splits the work itself.
        environment.blasThreads = 1
        let (train, test) = try loadData()
        if batchSize > train.count {
            try misuse("--batch-size is \(batchSize), but there are only \(train.count) training examples.")
        }
        if train.count < 2 { try misuse("one example cannot be split for validation.") }
        // Whatever can go wrong with the folder should go wrong before the work is done.
        try OutputFolder.make(output)
        progress.say(
            "Data: \(train.name), \(NumberFormat.count(train.count)) + \(NumberFormat.count(test.count)) examples (\(train.source))"
        )

        let problem = ComparisonProblem(command: self, train: train, test: test)
        let findings = compare(problem, progress)
        progress.finish()

        let settings = OptimizerComparisonResult.Settings(
            epochs: epochs, batchSize: batchSize, replicates: replicates, seed: seed,
            threads: Compute.threadCount,
            validationFraction: validationFraction,
            selection: "final loss on a validation split",
            divergence: OptimizerComparison<CrossEntropyObjective<Float>>.divergenceRule,
            commandLine: CommandLine.arguments)
        let result = OptimizerComparisonResult(
            problem: problem.description, settings: settings, environment: environment,
            commonLoss: findings.commonLoss, methods: findings.methods)
        let files = try ComparisonFiles(result, in: output, drawing: !noPlot)
        switch format {
        case .json: print(try result.json(), terminator: "")
        case .text: report(result, files, seconds: (ContinuousClock().now - start) / .seconds(1))
        }
    }

    /// Ends the command for a value that is wrong in view of the data.
    private func misuse(_ message: String) throws {
        StandardError.write("Error: \(message)\n")
        throw ExitCode.validationFailure
    }

    private func loadData() throws -> (train: Dataset, test: Dataset) {
        guard data == "digits" else { return try MNIST.load(data == "mnist" ? nil : data) }
        // The same quarter whatever the seed, so that accuracies of different seeds are of the same test set.
        let (train, test) = Digits.load().split(validation: 0.25, stratified: true, seed: 0)
        return (train, test)
    }

    private func compare(
        _ problem: ComparisonProblem, _ progress: TerminalProgress
    ) -> OptimizerComparison<CrossEntropyObjective<Float>>.Findings {
        var comparison = OptimizerComparison(optimizers, tuning: problem.tuning, measuring: problem.measuring)
        comparison.epochs = epochs
        comparison.batchSize = .examples(batchSize)
        comparison.replicates = replicates
        comparison.seed = seed
        comparison.learningRates = learningRates
        comparison.targetLoss = targetLoss
        let reporter = ComparisonReporter(
            methods: optimizers.map(\.name), replicates: replicates, given: Set(learningRates.keys),
            // Measured runs see all training data, and are evaluated on the way.
            sizeRatio: 1.4 / (1 - validationFraction), progress: progress)
        return comparison.run { reporter.note($0) }
    }

    private func report(_ result: OptimizerComparisonResult, _ files: ComparisonFiles, seconds: Double) {
        let terminal = Terminal.output
        let ascii = !terminal.isUnicode
        print(result.text(width: terminal.width, ascii: ascii), terminator: "")
        if let width = terminal.width {
            let chart = TextChart(
                result.lossPanel, width: min(width, 100) - 1, color: terminal.hasColor, ascii: ascii)
            print("")
            for line in chart.lines() { print(line) }
        }
        print("")
        let pictures = files.written.filter { $0.hasSuffix(".svg") || $0.hasSuffix(".png") }
        if !pictures.isEmpty { print("Pictures: \(pictures.joined(separator: " "))") }
        if let toDraw = files.toDraw {
            print("No pictures: \(toDraw.reason). To draw them:\n  \(toDraw.command)")
        }
        print(
            "Results:  \(files.written.filter { $0.hasSuffix(".json") || $0.hasSuffix(".csv") }.joined(separator: " "))"
        )
        print("Done in \(NumberFormat.duration(seconds)).")
    }
}

/// The data and the model of a comparison, as objectives.
struct ComparisonProblem {
    /// What learning rates are chosen on: part of the training set, evaluated on the rest.
    let tuning: ComparisonTask<CrossEntropyObjective<Float>>
    /// What is measured: the whole training set, evaluated on itself and on the test set.
    let measuring: ComparisonTask<CrossEntropyObjective<Float>>
    /// The problem in words and numbers.
    let description: OptimizerComparisonResult.Problem

    init(command: CompareCommand, train: Dataset, test: Dataset) {
        let hidden = command.model == .mlp ? command.hidden : []
        let sizes = [train.featureCount] + hidden + [train.classCount]
        let layout = NetworkLayout(sizes: sizes)
        let penalty = command.penalty > 0 ? Penalty.l2(command.penalty) : .none
        let scaling = command.scaling.scaling
        typealias Objective = CrossEntropyObjective<Float>

        let parts = train.split(validation: command.validationFraction, stratified: true, seed: command.seed)
        // The held-out part is no part of what the scaler knows.
        let tuningScaler = Scaler(scaling, fittedOn: parts.train)
        let held = Objective(layout, on: parts.validation, scaler: tuningScaler)
        let start: @Sendable (UInt64) -> [Float] = { layout.randomParameters(seed: $0) }
        tuning = ComparisonTask(
            Objective(layout, on: parts.train, scaler: tuningScaler, penalty: penalty),
            initialParameters: start
        ) { parameters in Evaluation(validationLoss: held.evaluate(at: parameters).loss) }

        let scaler = Scaler(scaling, fittedOn: train)
        let objective = Objective(layout, on: train, scaler: scaler, penalty: penalty)
        let tested = Objective(layout, on: test, scaler: scaler)
        measuring = ComparisonTask(objective, initialParameters: start) { parameters in
            let (loss, accuracy) = tested.evaluate(at: parameters)
            return Evaluation(
                trainingLoss: objective.value(at: parameters), validationLoss: loss,
                validationAccuracy: accuracy)
        }

        description = OptimizerComparisonResult.Problem(
            data: train.name, path: train.source, sha256: train.sha256,
            model: command.model == .softmax
                ? "softmax regression" : "MLP \(sizes.map(String.init).joined(separator: "-"))",
            parameterCount: layout.parameterCount, trainingExamples: train.count, testExamples: test.count,
            features: train.featureCount, classes: train.classCount, penalty: command.penalty,
            scaling: command.scaling.words(for: train))
    }
}

extension CompareCommand.FeatureScaling {
    /// The scaling of that name.
    var scaling: Scaling {
        switch self {
        case .automatic: .automatic
        case .standardize: .standardize
        case .range: .range
        case .none: .none
        }
    }

    /// What it does to a data set, in words.
    func words(for dataset: Dataset) -> String {
        switch self {
        case .automatic where dataset.nominalRange == nil, .standardize: "features standardized"
        case .automatic, .range: "features scaled to 0…1"
        case .none: "none"
        }
    }
}

/// Turns a comparison's events into a progress line and messages.
final class ComparisonReporter: Sendable {
    private let methods: [String]
    private let replicates: Int
    private let given: Set<String>
    private let progress: TerminalProgress
    private let state: Mutex<ComparisonProgress>

    init(
        methods: [String], replicates: Int, given: Set<String>, sizeRatio: Double, progress: TerminalProgress
    ) {
        self.methods = methods
        self.replicates = replicates
        self.given = given
        self.progress = progress
        state = Mutex(
            ComparisonProgress(
                methods: methods.count, replicates: replicates, threads: Compute.threadCount,
                sizeRatio: sizeRatio))
    }

    /// Takes notice of an event, from any thread.
    func note(_ event: ComparisonEvent) {
        let now = state.withLock { state in
            state.note(event)
            return state
        }
        let left =
            now.secondsLeft.map { seconds in
                let whole = max(1, seconds.rounded(.up))
                return "about \(whole < 60 ? "\(Int(whole)) s" : NumberFormat.duration(whole)) left"
            } ?? ""
        switch event {
        case .willTune(let runs):
            let names = Set(runs.map(\.method)).sorted().map { methods[$0] }.joined(separator: ", ")
            let rates = runs.map(\.learningRate)
            progress.say(
                "Choosing learning rates: \(runs.count) runs of \(names), "
                    + "\(NumberFormat.shortest(rates.min() ?? 0)) to \(NumberFormat.shortest(rates.max() ?? 0))"
            )
        case .chose(let method, let rate, _) where !given.contains(methods[method]):
            progress.say(
                "  \(methods[method]): " + (rate.map(NumberFormat.shortest) ?? "diverged at every rate"))
        case .finished(let run, _, _) where run.replicate != nil && run.method == methods.count - 1:
            let number = (run.replicate ?? 0) + 1
            progress.say(
                "Run \(number) of \(replicates) done"
                    + (number < replicates && !left.isEmpty ? ", \(left)" : ""))
        default:
            break
        }
        let what = now.isTuning ? "choosing learning rates" : "measuring"
        progress.show(
            "\(self.progress.bar(Double(now.done) / Double(max(now.total, 1)))) \(now.done)/\(now.total) runs, \(what)"
                + (left.isEmpty ? "" : ", \(left)"))
    }
}
