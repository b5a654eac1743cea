import ArgumentParser
import Descent

@main
struct DescentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "descent",
        abstract: "Regression, softmax regression, neural networks and the optimizers that train them.",
        version: version,
        subcommands: [
            TrainCommand.self, PredictCommand.self, EvaluateCommand.self, CompareCommand.self,
            LeastSquaresCommand.self, ExperimentCommand.self, InspectCommand.self, ConvertCommand.self,
        ])

    /// The version of the command and of the library in it.
    static let version = "0.1.0"
}
