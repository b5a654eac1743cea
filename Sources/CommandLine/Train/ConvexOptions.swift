import ArgumentParser
import Descent

/// The penalty on the weights of a model.
struct PenaltyOptions: ParsableArguments {
    @Option(
        name: .customLong("l1"), parsing: .unconditional,
        help: ArgumentHelp("λ in the penalty λ ‖w‖₁, which sets weights to zero.", valueName: "lambda"))
    var l1 = 0.0

    @Option(
        name: .customLong("l2"), parsing: .unconditional,
        help: ArgumentHelp("λ in the penalty λ/2 ‖w‖².", valueName: "lambda"))
    var l2 = 0.0

    func validate() throws {
        for (name, value) in [("l1", l1), ("l2", l2)] where !(value >= 0 && value.isFinite) {
            throw ValidationError("--\(name) must be 0 or more, not \(value).")
        }
    }

    /// The penalty on the mean loss.
    var penalty: Penalty { Penalty(l1: l1, l2: l2) }

    /// What to know of a penalty that an optimizer followed; nothing where all is as one expects.
    var warnings: [String] { l1 > 0 ? [Self.noZeros] : [] }

    /// An L1 penalty has no gradient at zero.
    static let noZeros = """
        an optimizer follows the subgradient of the L1 penalty: weights come near zero, and none is exactly zero
        """
}

extension TrainingRunOptions {
    /// Refuses options that have a meaning for training by an optimizer only.
    func requireNoEpochs(_ optimizer: OptimizerOptions, for model: String) throws {
        if checkpoint != nil {
            throw ValidationError(
                """
                \(model) is solved for, mostly in seconds, and has nothing to go on from in between: leave \
                --checkpoint out, or name an --optimizer to train by epochs.
                """)
        }
        if optimizer.isUsed {
            throw ValidationError(
                "\(model) is solved for unless an --optimizer is named; the options of one have no meaning without."
            )
        }
    }
}
