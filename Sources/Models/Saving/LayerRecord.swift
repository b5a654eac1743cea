/// A layer as a model file describes it: `{"type": "dense", "outputs": 128, "bias": true, "initializer": "fanIn"}`.
struct LayerRecord: Codable, Equatable {
    var type: String
    var outputs: Int?
    var bias: Bool?
    var initializer: String?
    var function: String?
    var rate: Double?
    var momentum: Double?
    var epsilon: Double?

    init(_ layer: Layer) {
        switch layer.kind {
        case .dense(let outputs, let hasBias, let initializer):
            type = "dense"
            self.outputs = outputs
            bias = hasBias
            self.initializer = initializer.rawValue
        case .activation(let activation):
            type = "activation"
            function = activation.rawValue
        case .dropout(let rate):
            type = "dropout"
            self.rate = rate
        case .batchNorm(let momentum, let epsilon):
            type = "batchNorm"
            self.momentum = momentum
            self.epsilon = epsilon
        case .layerNorm(let epsilon):
            type = "layerNorm"
            self.epsilon = epsilon
        }
    }

    /// The layer, or `nil` where the numbers make none.
    var layer: Layer? {
        switch type {
        case "dense":
            // What a layer begins with is of no consequence to one that has been trained.
            guard let outputs, (1...Int(Int32.max)).contains(outputs), let bias else { return nil }
            return .dense(
                outputs, bias: bias, initializer: initializer.flatMap(Initializer.init(rawValue:)) ?? .fanIn)
        case "activation": return function.flatMap(Activation.init(rawValue:)).map { .activation($0) }
        case "dropout":
            guard let rate, rate >= 0, rate < 1 else { return nil }
            return .dropout(rate)
        case "batchNorm":
            guard let momentum, momentum > 0, momentum <= 1, let epsilon = positiveEpsilon else { return nil }
            return .batchNorm(momentum: momentum, epsilon: epsilon)
        case "layerNorm": return positiveEpsilon.map { .layerNorm(epsilon: $0) }
        default: return nil
        }
    }

    private var positiveEpsilon: Double? { epsilon.flatMap { $0 > 0 && $0.isFinite ? $0 : nil } }
}

extension NetworkLayout {
    /// The layout of records, or in words why there is none.
    ///
    /// - Parameter limit: The most numbers that the file can hold: a layout of more would only ask for memory.
    init(inputs: Int, records: [LayerRecord], limit: Int) throws(ModelFileError.Reason) {
        guard (1...Int(Int32.max)).contains(inputs) else {
            throw .inconsistent("a network of \(inputs) inputs")
        }
        var layers: [Layer] = []
        var (width, total) = (inputs, 0)
        for (index, record) in records.enumerated() {
            guard let layer = record.layer else {
                throw .inconsistent("layer \(index), of type \"\(record.type)\", is none that is known here")
            }
            if let outputs = record.outputs {
                // Both are 31-bit numbers: neither the product nor the sum leaves 64 bits.
                total += width * outputs
                width = outputs
            }
            if record.type.hasSuffix("Norm") { total += 2 * width }
            guard total <= limit else {
                throw .inconsistent("its layers take \(total) numbers, and it has \(limit)")
            }
            layers.append(layer)
        }
        guard layers.contains(where: \.isDense) else { throw .inconsistent("its network has no dense layer") }
        self.init(inputs: inputs, layers: layers)
    }
}
