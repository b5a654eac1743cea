import DescentLinearAlgebra
import DescentOptimization

extension NetworkLayout {
    /// Random initial parameters: a layer's weights and intercepts uniform in ±1/√(its inputs).
    ///
    /// The rule of PyTorch's `Linear`. The same seed gives the same numbers as `Float` and as `Double`, but for rounding.
    public func randomParameters<Scalar: MatrixScalar>(seed: UInt64) -> [Scalar] {
        var generator = RandomGenerator(seed: seed, stream: RandomStream.parameters)
        var parameters = [Scalar](repeating: 0, count: parameterCount)
        for layer in layers {
            let bound = 1 / Double(layer.inputs).squareRoot()
            for index in layer.weights.lowerBound..<layer.bias.upperBound {
                parameters[index] = Scalar((2 * generator.nextUnit() - 1) * bound)
            }
        }
        return parameters
    }
}
