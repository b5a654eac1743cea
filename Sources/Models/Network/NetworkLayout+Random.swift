import DescentLinearAlgebra
import DescentOptimization

extension NetworkLayout {
    /// Random initial parameters, each dense layer's as its initializer says; the running statistics behind them.
    ///
    /// The same seed gives the same numbers as `Float` and as `Double`, but for rounding.
    public func randomParameters<Scalar: MatrixScalar>(seed: UInt64) -> [Scalar] {
        var generator = RandomGenerator(seed: seed, stream: RandomStream.parameters)
        var parameters = [Scalar](repeating: 0, count: valueCount)
        parameters.withUnsafeMutableBufferPointer { θ in
            for layer in layers {
                if case .dense(_, _, let initializer) = layer.layer.kind {
                    initializer.fill(
                        weights: UnsafeMutableBufferPointer(rebasing: θ[layer.weights]),
                        bias: UnsafeMutableBufferPointer(rebasing: θ[layer.bias]), inputs: layer.inputs,
                        outputs: layer.outputs, from: &generator)
                }
                for index in layer.scale { θ[index] = 1 }
                for index in layer.runningVariance { θ[index] = 1 }
            }
        }
        return parameters
    }
}
