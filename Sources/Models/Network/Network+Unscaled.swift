import DescentDatasets
import DescentLinearAlgebra

extension Network {
    /// Weights and biases of a network of one layer for features as they are given, inputs × outputs and then one bias an
    /// output; `nil` for other networks, before any training, and where the scaler clips, which no weights could stand
    /// for.
    ///
    /// With z = (x − a) c the scaled features, z·w + b = x·(cw) + b − Σ aⱼ cⱼ wⱼ.
    var unscaledParameters: [Double]? {
        guard layout.layers.count == 1, layout.layers[0].layer.isDense, let scaler, scaler.limit == nil else {
            return nil
        }
        let layer = layout.layers[0]
        let outputs = layer.outputs
        var result = parameters[layer.weights].map { Double($0) }
        var biases =
            layer.bias.isEmpty
            ? Array(repeating: 0, count: outputs) : parameters[layer.bias].map { Double($0) }
        for (j, (shift, factor)) in zip(scaler.shift, scaler.factor).enumerated() {
            for k in 0..<outputs {
                result[j * outputs + k] *= factor
                biases[k] -= shift * result[j * outputs + k]
            }
        }
        result += biases
        return result
    }
}
