import ArgumentParser
import Descent

/// The penalty of a model whose best fit is unique.
struct PenaltyOptions: ParsableArguments {
    @Option(
        name: .customLong("l1"),
        help: ArgumentHelp("λ in the penalty λ ‖w‖₁, which sets weights to zero.", valueName: "lambda"))
    var l1 = 0.0

    @Option(
        name: .customLong("l2"), help: ArgumentHelp("λ in the penalty λ/2 ‖w‖².", valueName: "lambda"))
    var l2 = 0.0

    func validate() throws {
        for (name, value) in [("l1", l1), ("l2", l2)] where !(value >= 0 && value.isFinite) {
            throw ValidationError("--\(name) must be 0 or more, not \(value).")
        }
    }

    /// Whether there is one.
    var isUsed: Bool { l1 > 0 || l2 > 0 }

    /// The penalty on the mean loss.
    var penalty: Penalty {
        let sum = l1 + l2
        return sum > 0 ? .elasticNet(sum, l1Ratio: l1 / sum) : .none
    }
}

extension TrainingRunOptions {
    /// Refuses options that have a meaning for training by an optimizer only.
    func requireNoEpochs(_ optimizer: OptimizerOptions, for model: String) throws {
        if checkpoint != nil {
            throw ValidationError(
                "--checkpoint is for training by epochs: name an --optimizer, or leave it out, as \(model) is solved for."
            )
        }
        if plot != nil {
            throw ValidationError("--plot draws epochs: name an --optimizer, or leave it out.")
        }
        if optimizer.isUsed {
            throw ValidationError(
                "\(model) is solved for unless an --optimizer is named; the options of one have no meaning without."
            )
        }
    }
}
