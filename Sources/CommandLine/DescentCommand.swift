import ArgumentParser
import Descent

@main
struct DescentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "descent",
        abstract: "Regression, softmax regression, neural networks and the optimizers that train them.",
        subcommands: [InspectCommand.self, ConvertCommand.self])
}
