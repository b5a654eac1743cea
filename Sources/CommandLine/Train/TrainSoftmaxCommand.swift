import ArgumentParser
import Descent

/// `descent train softmax`: softmax regression.
struct TrainSoftmaxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "softmax",
        abstract: "Train softmax regression, also called multinomial logistic regression.")

    @OptionGroup(title: "Data") var data: TrainingDataOptions

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
            let layout = NetworkLayout(sizes: [data.train.featureCount, data.train.classCount])
            try NetworkTraining(
                data: data, layout: layout, start: Array(repeating: 0, count: layout.parameterCount),
                title: "Softmax regression",
                scaling: self.data.scaling.scaling, penalty: penalty > 0 ? .l2(penalty) : .none,
                optimizer: optimizer, options: options, computation: computation
            ).run()
        }
    }
}
