import ArgumentParser
import Descent

/// `descent train softmax`: softmax regression.
struct TrainSoftmaxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "softmax",
        abstract: "Train softmax regression, also called multinomial logistic regression.",
        discussion: """
            The one best fit is solved for, and needs no learning rate; with --optimizer it is approached in epochs.

            Penalties are on the mean loss over the examples. scikit-learn's C before the sum of n losses is \
            --l2 1/(C n).

            Examples:
              descent train softmax mnist --l2 1e-4 --save mnist.model
              descent train softmax iris.csv --target species --test 0.25 --l2 0.01
              descent train softmax mnist --optimizer sgd --learning-rate 0.1 --epochs 20 --validation 0.1
            """)

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

    func validate() throws {
        if optimizer.optimizer == nil {
            try options.requireNoEpochs(optimizer, for: "softmax regression")
        } else if penalty.l1 > 0 {
            throw ValidationError("--l1 has no gradient at 0: leave --optimizer out.")
        }
    }

    func run() throws {
        computation.apply()
        try reportingMisuse {
            let data = try data.classification(seed: computation.seed)
            try ClassWeightChoice.check(classWeight ?? .none, of: data.train.classNames)
            if optimizer.optimizer != nil {
                let classes = data.train.classCount
                let model = MLP<Float>(
                    inputs: data.train.featureCount, layers: [.dense(classes, initializer: .zeros)],
                    scaling: self.data.scaling.scaling)
                try EpochTraining(
                    data: data, title: "Softmax regression", parameterCount: model.layout.parameterCount,
                    optimizer: optimizer, options: options, computation: computation
                ).classify(model, penalty: penalty.penalty, classWeights: classWeight ?? .none)
            } else {
                try options.solve(data, title: "Softmax regression", isQuiet: computation.quiet) { onRecord in
                    let model = try SoftmaxRegression(
                        penalty: penalty.penalty, scaling: self.data.scaling.scaling,
                        classWeights: classWeight ?? .none
                    ).fit(data.train, names: data.featureNames, onRecord: onRecord)
                    return Solved(
                        model: .softmax(model), history: model.history, solver: model.report,
                        report: model.weights.rows * model.weights.columns < Solved.mostCoefficients
                            ? Solved.trimmed(model.summary) : model.report.map { "\($0)" })
                }
            }
        }
    }
}
