/// Where the layers of a network lie in its one flat vector of parameters.
///
/// Layer after layer, what gradients change: of a dense layer the weights W, inputs × outputs in row-major order, then
/// the biases b; of a norm the scales γ, then the shifts β. A dense layer computes x W + b for a row x. Behind all of
/// them, from `parameterCount` on, lie the running statistics of batch norms, layer after layer: means, then variances.
///
/// What the last layer gives are the network's outputs: logits of a classifier, so there is no activation at its end. A
/// network of one dense layer is softmax regression.
public struct NetworkLayout: Equatable, Sendable {
    /// One layer's place; ranges that the layer has no use for are empty.
    public struct Placement: Equatable, Sendable {
        /// The layer as it was asked for.
        public let layer: DescentModels.Layer
        /// What the layer's tensors are named after: its kind, and its number among those of its kind from 1.
        public let name: String
        /// The number of inputs; of a dense layer the rows of W.
        public let inputs: Int
        /// The number of outputs; of a dense layer the columns of W.
        public let outputs: Int
        /// Where W lies.
        public internal(set) var weights = 0..<0
        /// Where b lies.
        public internal(set) var bias = 0..<0
        /// Where γ lies.
        public internal(set) var scale = 0..<0
        /// Where β lies.
        public internal(set) var shift = 0..<0
        /// Where the running means lie.
        public internal(set) var runningMean = 0..<0
        /// Where the running variances lie.
        public internal(set) var runningVariance = 0..<0

        /// The number of parameters, running statistics not counted.
        public var parameterCount: Int { weights.count + bias.count + scale.count + shift.count }
    }

    /// The number of inputs.
    public let inputCount: Int

    /// The layers, in the order in which data passes through them.
    public let layers: [Placement]

    /// The number of parameters, all that gradients change; 109,386 for 784-128-64-10.
    public let parameterCount: Int

    /// The length of the vector: the parameters, then the running statistics of batch norms.
    public let valueCount: Int

    /// The layout of a network.
    ///
    /// - Parameters:
    ///   - inputs: The number of features, at least 1.
    ///   - layers: In the order in which data passes through them; one at least is dense.
    public init(inputs: Int, layers: [Layer]) {
        precondition(inputs >= 1, "a network needs at least one input, not \(inputs)")
        precondition(
            layers.contains { $0.isDense }, "a network needs at least one dense layer, and \(layers) has none"
        )
        var builder = Builder()
        var width = inputs
        var placements = layers.map { layer in
            let outputs = layer.outputCount(inputs: width)
            defer { width = outputs }
            return builder.place(layer, inputs: width, outputs: outputs)
        }
        parameterCount = builder.next
        for index in placements.indices { builder.placeStatistics(&placements[index]) }
        valueCount = builder.next
        inputCount = inputs
        self.layers = placements
    }

    /// The layout of a network of dense layers with the same activation behind each but the last.
    ///
    /// - Parameters:
    ///   - sizes: The widths, inputs first and outputs last: at least two, each at least 1.
    ///   - activation: What stands between the layers.
    public init(sizes: [Int], activation: Activation = .relu) {
        precondition(
            sizes.count >= 2 && sizes.allSatisfy { $0 >= 1 },
            "a network needs at least an input and an output width, each at least 1, not \(sizes)")
        let layers = sizes.dropFirst().map { [Layer.dense($0)] }.joined(separator: [.activation(activation)])
        self.init(inputs: sizes[0], layers: Array(layers))
    }

    /// The number of outputs: of classes, or of columns of targets.
    public var outputCount: Int { layers[layers.count - 1].outputs }

    /// The widths of the dense layers, inputs first and outputs last.
    public var sizes: [Int] { [inputCount] + layers.filter { $0.layer.isDense }.map(\.outputs) }

    /// The ranges of the weights of dense layers: what penalties apply to.
    public var weightRanges: [Range<Int>] { layers.map(\.weights).filter { !$0.isEmpty } }

    /// The ranges of biases and of the norms' scales and shifts: what penalties and weight decay leave alone.
    public var unpenalizedRanges: [Range<Int>] {
        layers.flatMap { [$0.bias, $0.scale, $0.shift] }.filter { !$0.isEmpty }
    }

    /// Where running statistics lie.
    public var statisticsRange: Range<Int> { parameterCount..<valueCount }
}

extension NetworkLayout {
    /// Gives out ranges one behind the other, and names.
    private struct Builder {
        var next = 0
        private var counts: [String: Int] = [:]

        mutating func place(_ layer: Layer, inputs: Int, outputs: Int) -> Placement {
            let kind = layer.kindName
            counts[kind, default: 0] += 1
            var placement = Placement(
                layer: layer, name: "\(kind)\(counts[kind]!)", inputs: inputs, outputs: outputs)
            switch layer.kind {
            case .dense(_, let hasBias, _):
                placement.weights = take(inputs * outputs)
                placement.bias = take(hasBias ? outputs : 0)
            case .batchNorm, .layerNorm:
                placement.scale = take(outputs)
                placement.shift = take(outputs)
            case .activation, .dropout: break
            }
            return placement
        }

        mutating func placeStatistics(_ placement: inout Placement) {
            guard case .batchNorm = placement.layer.kind else { return }
            placement.runningMean = take(placement.outputs)
            placement.runningVariance = take(placement.outputs)
        }

        private mutating func take(_ count: Int) -> Range<Int> {
            defer { next += count }
            return next..<next + count
        }
    }
}

extension NetworkLayout: Codable {
    private enum CodingKeys: String, CodingKey { case inputs, layers }

    /// Writes the number of inputs and the layers, from which the rest follows.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(inputCount, forKey: .inputs)
        try container.encode(layers.map(\.layer), forKey: .layers)
    }

    /// Reads what `encode(to:)` wrote.
    ///
    /// Throws `DecodingError` where that makes no network.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let inputs = try container.decode(Int.self, forKey: .inputs)
        let layers = try container.decode([Layer].self, forKey: .layers)
        guard (1...Int(Int32.max)).contains(inputs), layers.contains(where: { $0.isDense }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .layers, in: container,
                debugDescription: "\(inputs) inputs and \(layers.count) layers do not make a network")
        }
        self.init(inputs: inputs, layers: layers)
    }
}

extension Layer {
    var isDense: Bool {
        if case .dense = kind { return true }
        return false
    }

    fileprivate func outputCount(inputs: Int) -> Int {
        if case .dense(let outputs, _, _) = kind { return outputs }
        return inputs
    }

    /// The kind as it stands in the names of tensors.
    fileprivate var kindName: String {
        switch kind {
        case .dense: "dense"
        case .activation: "activation"
        case .dropout: "dropout"
        case .batchNorm: "batchNorm"
        case .layerNorm: "layerNorm"
        }
    }
}
