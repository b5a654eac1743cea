import DescentLinearAlgebra

/// One of a network's arrays under its name: `dense1.weights`, `dense1.bias`, `batchNorm1.scale`, `.shift`,
/// `.runningMean`, `.runningVariance`.
public struct NamedTensor<Scalar: MatrixScalar>: Equatable, Sendable {
    /// The layer's name, a full stop, and what it is of the layer.
    public let name: String
    /// `[inputs, outputs]` for weights, one length for the others.
    public let shape: [Int]
    /// The numbers, in row-major order.
    public let values: [Scalar]
}

extension NetworkLayout {
    /// The arrays that a vector of parameters consists of, in the order of the layers.
    ///
    /// - Parameter parameters: `valueCount` numbers.
    public func namedTensors<Scalar: MatrixScalar>(of parameters: [Scalar]) -> [NamedTensor<Scalar>] {
        precondition(
            parameters.count == valueCount, "\(parameters.count) numbers for a network of \(valueCount)")
        return tensors.map {
            NamedTensor(name: $0.name, shape: $0.shape, values: Array(parameters[$0.range]))
        }
    }

    /// Names, shapes and places of the arrays, in the order of the layers.
    package var tensors: [(name: String, shape: [Int], range: Range<Int>)] {
        layers.flatMap { layer in
            [
                ("weights", [layer.inputs, layer.outputs], layer.weights),
                ("bias", [layer.outputs], layer.bias), ("scale", [layer.outputs], layer.scale),
                ("shift", [layer.outputs], layer.shift), ("runningMean", [layer.outputs], layer.runningMean),
                ("runningVariance", [layer.outputs], layer.runningVariance),
            ]
            .filter { !$0.2.isEmpty }.map { ("\(layer.name).\($0.0)", $0.1, $0.2) }
        }
    }
}
