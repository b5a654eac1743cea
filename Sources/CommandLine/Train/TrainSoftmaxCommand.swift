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
            --l2 1/(C n). With --optimizer they are on the weights of the features as --scaling leaves them.

            Examples:
              descent train softmax mnist --l2 1e-4 --save mnist.model
              descent train softmax iris.csv --target species --test 0.25 --l2 0.01
              descent train softmax mnist --optimizer sgd --learning-rate 0.1 --epochs 20 --validation 0.1
            """)

    @OptionGroup var common: ConvexClassifierOptions

    func validate() throws { try common.validate("softmax regression") }

    func run() throws {
        try reportingMisuse {
            try common.run(
                ConvexClassifierOptions.Model(
                    name: "softmax regression", loss: .crossEntropy(), outputs: { $0 },
                    check: { _ in },
                    solve: { training, names, onRecord in
                        let model = try common.configured(SoftmaxRegression()).fit(
                            training, names: names, onRecord: onRecord)
                        return Solved(.softmax(model), model.history, model.report)
                    },
                    model: { network, training in
                        try SoftmaxClassifier<Double>(
                            network, trainedOn: training.examples, names: training.names,
                            penalty: common.penalty.penalty, classWeights: common.classWeight.weights,
                            rule: training.rule, history: training.history
                        ).map { .softmax($0) }
                    }))
        }
    }
}
