import ArgumentParser
import Descent

/// What logistic and softmax regression can be told, and how they are trained: the one best fit is solved for, or
/// approached by an optimizer.
struct ConvexClassifierOptions: ParsableArguments {
    @OptionGroup(title: "Data") var data: TrainingDataOptions

    @OptionGroup(title: "Model") var penalty: PenaltyOptions

    @OptionGroup(title: "Model") var classWeight: ClassWeightOption

    @OptionGroup(title: "Optimizer") var optimizer: OptimizerOptions

    @OptionGroup(title: "Run") var options: TrainingRunOptions

    @OptionGroup var computation: ComputationOptions

    /// What the two models do differently.
    struct Model {
        /// `softmax regression`.
        let name: String
        let loss: NetworkLoss
        /// The logits for so many classes.
        let outputs: (_ classes: Int) -> Int
        /// Refuses classes that the model cannot tell apart.
        let check: (_ classNames: [String]) throws -> Void
        /// Finds the best fit.
        let solve: (_ training: Dataset, _ names: [String]?, (History.Record) -> Void) throws -> Solved
        /// The model that a network of one layer is.
        let model: (MLP<Float>, _ training: Trained) throws -> SavedModel?

        var title: String { name.prefix(1).uppercased() + name.dropFirst() }
    }

    /// How a network of one layer was trained.
    struct Trained {
        let examples: Dataset
        let names: [String]?
        let history: History
        /// The update rule, in words.
        let rule: String
    }

    func validate(_ name: String) throws {
        if optimizer.optimizer == nil { try options.requireNoEpochs(optimizer, for: name) }
    }

    /// What to fit, in the library's terms.
    func configured<Configuration: LogisticConfiguration>(_ configuration: Configuration) -> Configuration {
        var configuration = configuration
        configuration.penalty = penalty.penalty
        configuration.scaling = data.scaling.scaling
        configuration.classWeights = classWeight.weights
        return configuration
    }

    func run(_ model: Model) throws {
        computation.apply()
        var data = try self.data.classification(seed: computation.seed)
        data.identity.merge(classWeight.identity) { $1 }
        try model.check(data.train.classNames)
        let classWeights = try classWeight.weights(of: data.train.classNames)
        guard optimizer.optimizer != nil else {
            return try options.solve(data, title: model.title, computation) { training, onRecord in
                try model.solve(training, data.featureNames, onRecord)
            }
        }
        let network = MLP<Float>(
            inputs: data.train.featureCount,
            layers: [.dense(model.outputs(data.train.classCount), initializer: .zeros)],
            loss: model.loss, scaling: self.data.scaling.scaling)
        let rule = optimizer.words(exampleCount: data.train.count)
        try EpochTraining(
            data: data, title: model.title, parameterCount: network.layout.parameterCount,
            optimizer: optimizer, options: options, computation: computation, warnings: penalty.warnings
        ).classify(network, penalty: penalty.penalty, classWeights: classWeights) {
            network, examples, history in
            let training = Trained(
                examples: examples, names: data.featureNames, history: history, rule: rule)
            return try model.model(network, training) ?? .mlp(network)
        }
    }
}
