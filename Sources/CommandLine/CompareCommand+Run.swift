import ArgumentParser
import Descent

extension CompareCommand {
    func run() throws {
        computation.apply()
        let start = ContinuousClock().now
        let progress = TerminalProgress(isQuiet: computation.quiet)
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
            epochs: epochs, batchSize: batchSize, replicates: replicates, seed: computation.seed,
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
        comparison.seed = computation.seed
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
