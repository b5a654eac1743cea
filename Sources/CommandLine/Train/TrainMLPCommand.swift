import ArgumentParser
import Descent

/// `descent train mlp`: a multilayer perceptron.
struct TrainMLPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mlp",
        abstract: "Train a multilayer perceptron.",
        discussion: """
            Examples:
              descent train mlp mnist --save mnist.model --plot curves.svg
              descent train mlp mnist --validation 0.1 --early-stopping 3 --checkpoint run --save mnist.model
              descent train mlp mnist --validation 0.1 --early-stopping 3 --checkpoint run --save mnist.model --resume
              descent train mlp iris.csv --target species --test 0.25 --hidden 16 --epochs 100
              descent train mlp houses.csv --target price --regression --test 0.2 --epochs 200
            """)

    @OptionGroup(title: "Data") var data: TrainingDataOptions

    @OptionGroup(title: "Network") var network: NetworkOptions

    @OptionGroup(title: "Network") var penalty: PenaltyOptions

    @OptionGroup(title: "Network") var classWeight: ClassWeightOption

    @OptionGroup(title: "Optimizer") var optimizer: OptimizerOptions

    @OptionGroup(title: "Run") var options: TrainingRunOptions

    @OptionGroup var computation: ComputationOptions

    func validate() throws {
        if network.regression && classWeight.classWeight != nil {
            throw ValidationError("--class-weight is for classes, not for --regression.")
        }
    }

    func run() throws {
        computation.apply()
        try reportingMisuse { try network.regression ? regress() : classify() }
    }

    private func classify() throws {
        var data = try self.data.classification(seed: computation.seed)
        data.identity.merge(classWeight.identity) { $1 }
        let classWeights = try classWeight.weights(of: data.train.classNames)
        let loss = network.chosenLoss
        // Of two classes one logit tells the other's.
        let outputs = loss == .binaryCrossEntropy && data.train.classCount == 2 ? 1 : data.train.classCount
        let model = MLP<Float>(
            inputs: data.train.featureCount, layers: network.layers(outputs: outputs), loss: loss,
            scaling: self.data.scaling.scaling, seed: computation.seed)
        try EpochTraining(
            data: data, title: network.title(inputs: data.train.featureCount, outputs: outputs),
            parameterCount: model.layout.parameterCount, optimizer: optimizer, options: options,
            computation: computation, warnings: penalty.warnings
        ).classify(
            model, penalty: penalty.penalty, classWeights: classWeights,
            as: { network, _, _ in .mlp(network) })
    }

    private func regress() throws {
        let data = try data.regression(seed: computation.seed)
        let model = MLPRegressor<Float>(
            inputs: data.train.featureCount, layers: network.layers(outputs: 1), loss: network.chosenLoss,
            scaling: self.data.scaling.scaling, seed: computation.seed)
        try EpochTraining(
            data: data, title: network.title(inputs: data.train.featureCount, outputs: 1),
            parameterCount: model.layout.parameterCount, optimizer: optimizer, options: options,
            computation: computation, warnings: penalty.warnings
        ).regress(model, penalty: penalty.penalty, as: { .regressor($0) })
    }
}
