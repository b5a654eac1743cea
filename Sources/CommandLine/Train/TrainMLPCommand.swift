import ArgumentParser
import Descent

/// `descent train mlp`: a multilayer perceptron.
struct TrainMLPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mlp",
        abstract: "Train a multilayer perceptron.",
        discussion: """
            Examples:
              descent train mlp mnist --epochs 15 --save mnist.model
              descent train mlp iris.csv --target species --test 0.25 --hidden 16 --epochs 100
              descent train mlp mnist --validation 0.1 --early-stopping 3 --checkpoint run --save mnist.model
              descent train mlp mnist --checkpoint run --resume --save mnist.model
            """)

    @OptionGroup(title: "Data") var data: TrainingDataOptions

    @Option(
        help: ArgumentHelp("The widths of the hidden layers. (default: 128,64)", valueName: "widths"),
        transform: WordList.widths)
    var hidden = [128, 64]

    @Option(
        help: ArgumentHelp(
            "What stands between the layers: \(Activation.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "name"), transform: Self.activation)
    var activation = Activation.relu

    @Option(
        name: .customLong("l2"),
        help: ArgumentHelp("λ in the penalty λ/2 ‖w‖² on the weights.", valueName: "lambda"))
    var penalty = 0.0

    @OptionGroup(title: "Optimizer") var optimizer: OptimizerOptions

    @OptionGroup(title: "Run") var options: TrainingRunOptions

    @OptionGroup var computation: ComputationOptions

    func validate() throws {
        if !(penalty >= 0 && penalty.isFinite) {
            throw ValidationError("--l2 must be 0 or more, not \(penalty).")
        }
    }

    func run() throws {
        try reportingMisuse {
            let data = try data.classification(seed: computation.seed)
            let sizes = [data.train.featureCount] + hidden + [data.train.classCount]
            let layout = NetworkLayout(sizes: sizes, activation: activation)
            try NetworkTraining(
                data: data, layout: layout, start: layout.randomParameters(seed: computation.seed),
                title: "MLP \(sizes.map(String.init).joined(separator: "-")), \(activation.rawValue)",
                scaling: self.data.scaling.scaling, penalty: penalty > 0 ? .l2(penalty) : .none,
                optimizer: optimizer, options: options, computation: computation
            ).run()
        }
    }

    private static func activation(_ word: String) throws -> Activation {
        let name = try WordList.choice(word, of: Activation.allCases.map(\.rawValue), as: "activation")
        return Activation(rawValue: name)!
    }
}
