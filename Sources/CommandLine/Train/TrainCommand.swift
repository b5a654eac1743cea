import ArgumentParser

/// `descent train`: fits a model to data and saves it.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model: test it, save it, draw how it went.",
        discussion: """
            Each model has its own options: descent train mlp --help.

            While training by an optimizer, Ctrl-C finishes the batch, writes the checkpoint and says how to go on; \
            a second one ends the command at once.

            With --format json a line is printed for each epoch, {"epoch", "trainLoss", "validationLoss", \
            "validationAccuracy", "seconds"}, counted from 0, and one for the result. trainLoss is the mean over the \
            epoch's batches; seconds are those of training since its start.

            The exit code is 0; 1 when the data do not allow it or training diverged; 64 for options that make no \
            sense; 130 after Ctrl-C.
            """,
        subcommands: [
            TrainLinearCommand.self, TrainLogisticCommand.self, TrainSoftmaxCommand.self,
            TrainMLPCommand.self, UnknownModel.self,
        ], defaultSubcommand: UnknownModel.self)

    /// The names of the models.
    private static var models: [String] {
        var names: [String] = []
        for command in configuration.subcommands where command != UnknownModel.self {
            if let name = command.configuration.commandName { names.append(name) }
        }
        return names
    }

    /// What `descent train` ends up with where no model is named.
    struct UnknownModel: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "unknown-model", shouldDisplay: false)

        @Argument(parsing: .allUnrecognized, help: .hidden)
        var words: [String] = []

        /// What people call models that have another name here.
        private static let hints = [
            "lasso": "linear with --l1", "ridge": "linear with --l2",
            "elastic-net": "linear with --l1 and --l2", "ols": "linear",
            "regression": "linear, or mlp with --regression", "multinomial": "softmax",
            "perceptron": "mlp", "network": "mlp", "nn": "mlp",
        ]

        func run() throws {
            guard let word = words.first else { throw CleanExit.helpRequest(TrainCommand.self) }
            try reportingMisuse {
                if let hint = Self.hints[word.lowercased()] {
                    throw Misuse("there is no model '\(word)': say \(hint).")
                }
                throw Misuse(unknown: words, of: TrainCommand.models, as: "model")
            }
        }
    }
}
