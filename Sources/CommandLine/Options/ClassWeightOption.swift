import ArgumentParser
import Descent

/// `--class-weight`: how much the examples of each class count.
struct ClassWeightOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How much the examples of each class count: balanced, or as in cat=2,dog=0.5.",
            valueName: "weights"), transform: ClassWeightChoice.parse)
    var classWeight: ClassWeights?

    /// What was said, by option; see `TrainingData.identity`.
    var identity: [String: String] {
        switch classWeight {
        case .balanced: ["--class-weight": "balanced"]
        case .custom(let weights):
            [
                "--class-weight": weights.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(
                    separator: ",")
            ]
        default: [:]
        }
    }

    /// What was asked for, or that all count alike.
    var weights: ClassWeights { classWeight ?? .none }

    /// The weights for data of these classes.
    ///
    /// - Throws: ``Misuse`` for a weight for a class that there is not.
    func weights(of classNames: [String]) throws -> ClassWeights {
        try ClassWeightChoice.check(weights, of: classNames)
        return weights
    }
}
