import ArgumentParser
import Descent

/// Training by an update rule, epoch after epoch: progress, interruption, checkpoints, and what is told in the end.
struct EpochTraining {
    let data: TrainingData
    /// The model in a line.
    let title: String
    let parameterCount: Int
    let optimizer: OptimizerOptions
    let options: TrainingRunOptions
    let computation: ComputationOptions
    /// What to know before believing the fit.
    var warnings: [String] = []

    /// Everything that a model needs to be told to train.
    struct Task {
        let training: Dataset
        let validation: Dataset?
        let batchSize: BatchSize
        let budget: Budget
        let options: TrainingOptions
        let onEvent: (TrainingEvent) -> Void
    }

    /// What training gives.
    struct Trained {
        let model: SavedModel
        let history: History
    }

    /// Trains and tells.
    ///
    /// - Parameter train: Trains the model by a rule.
    func run(_ train: (any UpdateRule, Task) throws -> Trained) throws {
        try check()
        let progress = TerminalProgress(isQuiet: computation.quiet)
        Interruption.listen()
        let reporter = TrainingReporter(
            options, isQuiet: computation.quiet, epochs: optimizer.epochCount,
            exampleCount: data.train.count, noun: data.noun, hasValidation: data.validation != nil,
            progress: progress)
        let heading =
            (data.lines + ["\(title), \(NumberFormat.count(parameterCount)) parameters"])
            .joined(separator: "\n")
        if options.format == .text && !computation.quiet {
            reporter.emit(heading)
            reporter.emit("")
        }

        let result: Trained
        do {
            result = try train(optimizer.rule(exampleCount: data.train.count), task(reporter))
        } catch let error as TrainingError {
            reporter.finish()
            try end(error, reporter)
        }
        reporter.finish()
        var outcome = TrainingOutcome(data: data, model: result.model, history: result.history)
        outcome.wentByEpochs = true
        outcome.stoppedEarly = reporter.stoppedEarly
        outcome.report = Solved.report(of: result.model)
        outcome.warnings =
            warnings + (result.model.fit?.warnings.map { Solved.inOptions("\($0)") } ?? [])
            + optimizer.warnings(updates: result.history.last?.updates ?? 0)
        outcome.average = optimizer.average?.words(epochs: optimizer.epochCount)
        let name = "\(data.train.name), \(title)"
        try options.keep(outcome, title: name)
        outcome.curve = try options.learningCurve(data, computation) { training in
            try train(optimizer.rule(exampleCount: training.count), plainTask(training)).model
        }
        try options.finish(outcome, title: name, isQuiet: computation.quiet)
    }

    private func check() throws {
        try options.check()
        if optimizer.earlyStopping != nil && data.validation == nil {
            throw Misuse("--early-stopping needs --validation: the share of the examples to watch.")
        }
        if case .examples(let size) = optimizer.batchSize, size > data.train.count {
            throw Misuse("--batch-size is \(size), but there are only \(data.train.count) training examples.")
        }
    }

    /// A training of which nothing is kept but the model.
    private func plainTask(_ training: Dataset) -> Task {
        var options = TrainingOptions(seed: computation.seed)
        options.schedule = optimizer.learningRates
        options.plateau = optimizer.schedule?.plateau
        options.cancellation = Interruption.flag
        var batchSize = optimizer.batchSize ?? .examples(64)
        if case .examples(let size) = batchSize { batchSize = .examples(min(size, training.count)) }
        return Task(
            training: training, validation: nil, batchSize: batchSize,
            budget: .epochs(optimizer.epochCount), options: options, onEvent: { _ in })
    }

    private func task(_ reporter: TrainingReporter) -> Task {
        let batchSize = optimizer.batchSize ?? .examples(min(64, data.train.count))
        var training = TrainingOptions(seed: computation.seed)
        training.schedule = optimizer.learningRates
        training.plateau = optimizer.schedule?.plateau
        training.earlyStopping = optimizer.earlyStopping.map { EarlyStopping(patience: $0) }
        training.checkpoints = options.checkpoints
        training.evaluatesTrainingAccuracy = options.plot != nil && data.train.isLabelled
        training.updateInterval = TrainingReporter.updateInterval(
            exampleCount: data.train.count, batchSize: batchSize,
            isShown: Terminal.error.isInteractive && !computation.quiet)
        training.cancellation = Interruption.flag
        training.identity = data.identity
        return Task(
            training: data.train, validation: data.validation, batchSize: batchSize,
            budget: .epochs(optimizer.epochCount), options: training,
            onEvent: { reporter.note($0) })
    }

    /// Ends the command where training could not go on, or was not to.
    private func end(_ error: TrainingError, _ reporter: TrainingReporter) throws -> Never {
        switch error {
        case .cancelled(let update, let checkpoint):
            StandardError.write(
                Interruption.message(
                    update: update, checkpoint: checkpoint, arguments: CommandLine.arguments) + "\n")
            throw ExitCode(Interruption.exitCode)
        case .diverged:
            let diagnosis = TrainingDoctor().examine(History(records: reporter.records), endedBy: error)
            let advice = diagnosis.findings.flatMap(\.advice).map { "\n  - \($0)" }.joined()
            throw Refusal("\(error)" + (advice.isEmpty ? "" : "\nWhat to change:\(advice)"))
        case .checkpointNotRestored(let cause):
            switch cause.reason {
            case .occupied:
                throw Refusal("\(cause)\n--resume goes on from there; another folder begins anew")
            case .differs(let differences): throw Refusal(ResumedDifference.message(differences, cause.file))
            default: throw error
            }
        case .checkpointNotWritten: throw error
        }
    }
}

extension TrainingRunOptions {
    /// Refuses what would fail only after the work was done.
    func check() throws {
        if plot != nil || learningCurve != nil { _ = try Plotting.program() }
        for path in [save, plot, learningCurve].compactMap(\.self) { try OutputFolder.checkFolder(of: path) }
    }

    /// Saves a model, and draws how it was trained.
    func keep(_ outcome: TrainingOutcome, title: String) throws {
        if let save {
            if save.lowercased().hasSuffix(".onnx") {
                try outcome.model.exportONNX(to: save)
            } else {
                try ModelFile(outcome.model, notes: ModelNotes(outcome.data)).save(to: save)
            }
        }
        if let plot { try Plotting.program().draw(outcome.figure(title: title), to: plot) }
    }

    /// Draws the learning curve, if there is one, and tells of everything.
    func finish(_ outcome: TrainingOutcome, title: String, isQuiet: Bool) throws {
        if let learningCurve, let curve = outcome.curve {
            try Plotting.program().draw(
                LearningCurveFigure(
                    curve.points.map { ($0.x, $0.training, $0.validation) }, score: outcome.scoreName,
                    title: title
                ).figure, to: learningCurve)
        }
        try outcome.tell(self, isFirst: isQuiet)
    }
}

extension Interruption {
    /// What is said when training was stopped: where it can go on from, and how.
    static func message(update: Int, checkpoint: String?, arguments: [String]) -> String {
        let stopped = "Stopped after update \(NumberFormat.count(update))."
        guard let checkpoint else {
            return stopped + " Nothing was saved: without --checkpoint there is nowhere to go on from."
        }
        var words = ["descent"] + arguments.dropFirst()
        if !words.contains("--resume") { words.append("--resume") }
        return "\(stopped) Saved to \(checkpoint). To go on:\n  "
            + words.map(ShellWord.quoted).joined(separator: " ")
    }
}
