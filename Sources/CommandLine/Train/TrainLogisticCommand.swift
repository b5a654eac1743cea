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
            --l2 1/(C n). With --optimizer they are on the weights of the features as --scaling leaves them.

            Examples:
              descent train logistic tumours.csv --target malignant --test 0.25
              descent train logistic tumours.csv --target malignant --l2 0.01 --class-weight balanced
            """)

    @OptionGroup var common: ConvexClassifierOptions

    func validate() throws { try common.validate("logistic regression") }

    func run() throws {
        try reportingMisuse {
            try common.run(
                ConvexClassifierOptions.Model(
                    name: "logistic regression", loss: .binaryCrossEntropy, outputs: { _ in 1 },
                    check: { classNames in
                        if classNames.count != 2 { throw LogisticError.notTwoClasses(classNames) }
                    },
                    solve: { training, names, onRecord in
                        let model = try common.configured(LogisticRegression()).fit(
                            training, names: names, onRecord: onRecord)
                        return Solved(.logistic(model), model.history, model.report)
                    },
                    model: { network, training in
                        try LogisticClassifier(
                            network, trainedOn: training.examples, names: training.names,
                            penalty: common.penalty.penalty, classWeights: common.classWeight.weights,
                            rule: training.rule, history: training.history
                        ).map { .logistic($0) }
                    }))
        }
    }
}
