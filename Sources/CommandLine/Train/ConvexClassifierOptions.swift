import ArgumentParser
import Descent

/// What logistic and softmax regression can be told, and how they are trained: the one best fit is solved for, or
/// approached by an optimizer.
struct ConvexClassifierOptions: ParsableArguments {
    @OptionGroup(title: "Data") var data: TrainingDataOptions

    @OptionGroup(title: "Model") var penalty: PenaltyOptions

    @Option(
        help: ArgumentHelp(
            "How much the examples of each class count: balanced, or as in cat=2,dog=0.5.",
            valueName: "weights"), transform: ClassWeightChoice.parse)
    var classWeight: ClassWeights?

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
        let model: (MLP<Float>, History) -> SavedModel

        var title: String { name.prefix(1).uppercased() + name.dropFirst() }
    }

    func validate(_ name: String) throws {
        if optimizer.optimizer == nil { try options.requireNoEpochs(optimizer, for: name) }
    }

    func run(_ model: Model) throws {
        computation.apply()
        let data = try self.data.classification(seed: computation.seed)
        try model.check(data.train.classNames)
        try ClassWeightChoice.check(classWeight ?? .none, of: data.train.classNames)
        guard optimizer.optimizer != nil else {
            return try options.solve(data, title: model.title, computation) { training, onRecord in
                try model.solve(training, data.featureNames, onRecord)
            }
        }
        let network = MLP<Float>(
            inputs: data.train.featureCount,
            layers: [.dense(model.outputs(data.train.classCount), initializer: .zeros)],
            loss: model.loss, scaling: self.data.scaling.scaling)
        try EpochTraining(
            data: data, title: model.title, parameterCount: network.layout.parameterCount,
            optimizer: optimizer, options: options, computation: computation, warnings: penalty.warnings
        ).classify(
            network, penalty: penalty.penalty, classWeights: classWeight ?? .none, as: model.model)
    }
}
