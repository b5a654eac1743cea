import ArgumentParser
import Descent

/// `descent train logistic`: logistic regression.
struct TrainLogisticCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logistic",
        abstract: "Train logistic regression, between two classes.",
        discussion: """
            The one best fit is solved for, and needs no learning rate; with --optimizer it is approached in epochs. \
            Without a penalty, standard errors, z and p are shown.

            Penalties are on the mean loss over the examples. scikit-learn's C before the sum of n losses is \
            --l2 1/(C n).

            Examples:
              descent train logistic tumours.csv --target malignant --test 0.25
              descent train logistic tumours.csv --target malignant --l2 0.01 --class-weight balanced
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
            try options.requireNoEpochs(optimizer, for: "logistic regression")
        } else if penalty.l1 > 0 {
            throw ValidationError("--l1 has no gradient at 0: leave --optimizer out.")
        }
    }

    func run() throws {
        computation.apply()
        try reportingMisuse {
            let data = try data.classification(seed: computation.seed)
            guard data.train.classCount == 2 else {
                throw LogisticError.notTwoClasses(data.train.classNames)
            }
            try ClassWeightChoice.check(classWeight ?? .none, of: data.train.classNames)
            if optimizer.optimizer != nil {
                let model = MLP<Float>(
                    inputs: data.train.featureCount, layers: [.dense(1, initializer: .zeros)],
                    loss: .binaryCrossEntropy, scaling: self.data.scaling.scaling)
                try EpochTraining(
                    data: data, title: "Logistic regression", parameterCount: model.layout.parameterCount,
                    optimizer: optimizer, options: options, computation: computation
                ).classify(model, penalty: penalty.penalty, classWeights: classWeight ?? .none)
            } else {
                try options.solve(data, title: "Logistic regression", isQuiet: computation.quiet) {
                    onRecord in
                    let model = try LogisticRegression(
                        penalty: penalty.penalty, scaling: self.data.scaling.scaling,
                        classWeights: classWeight ?? .none
                    ).fit(data.train, names: data.featureNames, onRecord: onRecord)
                    return Solved(
                        model: .logistic(model), history: model.history, solver: model.report,
                        report: model.weights.count < Solved.mostCoefficients
                            ? Solved.trimmed(model.summary) : "\(model.report)")
                }
            }
        }
    }
}
