import ArgumentParser

/// `descent train`: fits a model to data and saves it.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model: test it, save it, draw how it went.",
        subcommands: [TrainSoftmaxCommand.self, TrainMLPCommand.self])
}
