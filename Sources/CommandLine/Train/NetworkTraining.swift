import ArgumentParser
import Descent
import DescentModels

/// The training of a classifier by an update rule, from data to result.
struct NetworkTraining {
    let data: ClassificationData
    let layout: NetworkLayout
    let start: [Float]
    /// The model in a word or two.
    let title: String
    let scaling: Scaling
    let penalty: Penalty
    let optimizer: OptimizerOptions
    let options: TrainingRunOptions
    let computation: ComputationOptions

    /// Trains, tells how it goes, and tells and saves what came of it.
    func run() throws {
        computation.apply()
        if options.plot != nil { _ = try Plotting.program() }
        if optimizer.earlyStopping != nil && data.validation == nil {
            throw Misuse("--early-stopping needs --validation: the share of the examples to watch.")
        }
        if case .examples(let size) = optimizer.batchSize, size > data.train.count {
            throw Misuse("--batch-size is \(size), but there are only \(data.train.count) training examples.")
        }
        let progress = TerminalProgress(isQuiet: computation.quiet)
        Interruption.listen()
        let reporter = TrainingReporter(
            options, isQuiet: computation.quiet, epochs: optimizer.epochCount,
            exampleCount: data.train.count, noun: data.noun, hasValidation: data.validation != nil,
            progress: progress)
        let outcome = TrainingOutcome(data: data, title: title, parameterCount: layout.parameterCount)
        if options.format == .text && !computation.quiet { print(outcome.heading) }

        let result: TrainedNetwork
        do throws(TrainingError) {
            result = try train(optimizer.rule, reporter)
        } catch {
            reporter.finish()
            guard case .cancelled(let update, let checkpoint) = error else { throw error }
            StandardError.write(
                Interruption.message(
                    update: update, checkpoint: checkpoint, arguments: CommandLine.arguments) + "\n")
            throw ExitCode(Interruption.exitCode)
        }
        reporter.finish()
        if let path = options.save { try result.save(to: path) }
        if let path = options.plot {
            try Plotting.program().draw(
                TrainingFigure(reporter.records, title: "\(data.train.name), \(title)").figure, to: path)
        }
        try outcome.report(
            result, records: reporter.records, options: options, stoppedEarly: reporter.stoppedEarly)
    }

    private func train<Rule: UpdateRule>(
        _ rule: Rule, _ reporter: TrainingReporter
    ) throws(TrainingError) -> TrainedNetwork {
        let scaler = Scaler(scaling, fittedOn: data.train)
        let objective = CrossEntropyObjective<Float>(
            layout, on: data.train, scaler: scaler, penalty: penalty)
        let held = data.validation.map { CrossEntropyObjective<Float>(layout, on: $0, scaler: scaler) }
        let batchSize = optimizer.batchSize ?? 64
        var loop = TrainingLoop(
            minimizing: objective, with: rule, from: start, batchSize: batchSize, seed: computation.seed)
        var training = TrainingOptions(seed: computation.seed)
        training.schedule = optimizer.learningRates
        training.plateau = optimizer.schedule?.plateau
        training.earlyStopping = optimizer.earlyStopping.map { EarlyStopping(patience: $0) }
        training.checkpoints = options.checkpoints
        training.updateInterval = TrainingReporter.updateInterval(
            exampleCount: data.train.count, batchSize: batchSize,
            isShown: Terminal.error.isInteractive && !computation.quiet)
        training.cancellation = Interruption.flag
        try loop.run(
            until: .epochs(optimizer.epochCount), options: training,
            evaluate: { parameters in
                guard let held else { return Evaluation() }
                let (loss, accuracy) = held.evaluate(at: parameters)
                return Evaluation(validationLoss: loss, validationAccuracy: accuracy)
            }, onEvent: { reporter.note($0) })
        return TrainedNetwork(layout: layout, parameters: loop.parameters, scaler: scaler, data: data)
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

/// A word for a POSIX shell.
enum ShellWord {
    /// The word, in quotes where the shell would take it for more than a word.
    static func quoted(_ word: String) -> String {
        let plain = word.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "-_./=,:+@%".unicodeScalars.contains(scalar)
        }
        if plain && !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
            + "'"
    }
}
