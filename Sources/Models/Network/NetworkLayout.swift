/// Where the layers of a fully connected network lie in its one flat vector of parameters.
///
/// Layer after layer: the weights W, inputs × outputs in row-major order, then the bias b, `outputs` numbers. A layer
/// computes a = φ(x W + b) for a row x; the last one has no activation: what it gives are logits. A network without
/// hidden layers is softmax regression.
public struct NetworkLayout: Codable, Equatable, Sendable {
    /// One layer's place.
    public struct Layer: Codable, Equatable, Sendable {
        /// The number of inputs, the rows of W.
        public var inputs: Int
        /// The number of outputs, the columns of W.
        public var outputs: Int
        /// Where W lies.
        public var weights: Range<Int>
        /// Where b lies.
        public var bias: Range<Int>
    }

    /// The widths, inputs first and classes last.
    public let sizes: [Int]

    /// What stands between the layers.
    public let activation: Activation

    /// The layers, in the order in which data passes through them.
    public let layers: [Layer]

    /// The layout of a network.
    ///
    /// - Parameters:
    ///   - sizes: The widths, inputs first and classes last: at least two, each at least 1.
    ///   - activation: What stands between the layers.
    public init(sizes: [Int], activation: Activation = .relu) {
        precondition(
            sizes.count >= 2 && sizes.allSatisfy { $0 >= 1 },
            "a network needs at least an input and an output width, each at least 1, not \(sizes)")
        self.sizes = sizes
        self.activation = activation
        var layers: [Layer] = []
        var next = 0
        for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
            let weights = next..<next + inputs * outputs
            let bias = weights.upperBound..<weights.upperBound + outputs
            layers.append(Layer(inputs: inputs, outputs: outputs, weights: weights, bias: bias))
            next = bias.upperBound
        }
        self.layers = layers
    }

    /// The number of parameters; 109,386 for 784-128-64-10.
    public var parameterCount: Int { layers.last!.bias.upperBound }

    /// The number of inputs.
    public var inputCount: Int { sizes[0] }

    /// The number of outputs: classes.
    public var outputCount: Int { sizes[sizes.count - 1] }
}
