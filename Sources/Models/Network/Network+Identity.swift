import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

extension Network {
    /// What tells a training of this network from others, for checkpoints: all that numbers of parameters and examples
    /// do not say.
    func identity<Rule>(
        of how: Training<Rule>, on training: Dataset, validating validation: Dataset?
    ) -> [String: String] {
        var initializers: [String] = []
        for layer in layout.layers {
            guard case .dense(_, _, let initializer) = layer.layer.kind else { continue }
            if !initializers.contains(initializer.rawValue) { initializers.append(initializer.rawValue) }
        }
        var identity = [
            "layers": layout.layers.map { layer in
                layer.layer.isDense ? "\(layer.inputs) → \(layer.outputs) \(layer.layer)" : "\(layer.layer)"
            }.joined(separator: ", "),
            "initial weights": initializers.joined(separator: ", "),
            "loss": "\(loss)", "penalty": "\(how.penalty)", "scaling": "\(how.scaling)",
            "training examples": training.digest,
        ]
        if how.targetScaling != .none { identity["scaling of targets"] = "\(how.targetScaling)" }
        if let validation { identity["validation examples"] = validation.digest }
        return identity
    }
}
