import ArgumentParser
import Descent

/// What a network consists of.
struct NetworkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The widths of the hidden layers. (default: 128,64)", valueName: "widths"),
        transform: WordList.widths)
    var hidden = [128, 64]

    @Option(
        help: ArgumentHelp(
            "What stands between the layers: \(Self.activations.map(\.name).joined(separator: ", ")).",
            valueName: "name"), transform: Self.activation)
    var activation = Activation.relu

    @Option(
        name: .customLong("init"),
        help: ArgumentHelp(
            """
            How weights begin: \(Self.initializers.map(\.name).joined(separator: ", ")). fan-in is PyTorch's. \
            (default: fan-in)
            """, valueName: "name"), transform: Self.initializer)
    var initializer = Initializer.fanIn

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The share of each hidden layer's outputs to drop in training.", valueName: "share"))
    var dropout = 0.0

    @Flag(help: "Normalize what enters each activation over the batch.")
    var batchNorm = false

    @Flag(help: "Normalize what enters each activation over the layer.")
    var layerNorm = false

    @Flag(help: "Predict a quantity instead of a class.")
    var regression = false

    @Option(
        help: ArgumentHelp(
            """
            What is made small: cross-entropy, binary-cross-entropy, hinge, squared-error, absolute-error, \
            huber[:delta], power:exponent. (default: cross-entropy, or squared-error with --regression)
            """, valueName: "name"), transform: Self.loss)
    var loss: NetworkLoss?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The share of each label that is spread over all classes.", valueName: "share"))
    var labelSmoothing: Double?

    func validate() throws {
        if !(dropout >= 0 && dropout < 1) {
            throw ValidationError("--dropout must be from 0 to below 1, not \(dropout).")
        }
        if batchNorm && layerNorm {
            throw ValidationError("--batch-norm and --layer-norm exclude each other.")
        }
        if let labelSmoothing {
            guard labelSmoothing >= 0 && labelSmoothing < 1 else {
                throw ValidationError("--label-smoothing must be from 0 to below 1, not \(labelSmoothing).")
            }
            if regression { throw ValidationError("--label-smoothing is for classes, not for --regression.") }
            if let loss, loss != .crossEntropy() {
                throw ValidationError("--label-smoothing goes with cross-entropy, not with \(loss).")
            }
        }
        if regression, let loss, !loss.isRegression {
            throw ValidationError(
                "--loss \(loss) is between classes; --regression has squared-error, absolute-error, huber and power."
            )
        }
    }

    /// The loss that was asked for, or that goes without saying.
    var chosenLoss: NetworkLoss {
        if let labelSmoothing { return .crossEntropy(labelSmoothing: labelSmoothing) }
        return loss ?? (regression ? .squaredError : .crossEntropy())
    }

    /// The layers of a network with so many outputs.
    func layers(outputs: Int) -> [Layer] {
        var layers: [Layer] = []
        for width in hidden {
            // A shift follows in the norm.
            layers.append(.dense(width, bias: !batchNorm && !layerNorm, initializer: initializer))
            if batchNorm { layers.append(.batchNorm) }
            if layerNorm { layers.append(.layerNorm) }
            layers.append(.activation(activation))
            if dropout > 0 { layers.append(.dropout(dropout)) }
        }
        return layers + [.dense(outputs, initializer: initializer)]
    }

    /// The network in a line.
    func title(inputs: Int, outputs: Int) -> String {
        var parts = [
            "MLP " + ([inputs] + hidden + [outputs]).map(String.init).joined(separator: "-"),
            Self.activations.first { $0.value == activation }?.name ?? activation.rawValue,
        ]
        if batchNorm { parts.append("batch norm") }
        if layerNorm { parts.append("layer norm") }
        if dropout > 0 { parts.append("dropout \(NumberFormat.shortest(dropout))") }
        if chosenLoss != .crossEntropy() { parts.append("\(chosenLoss)") }
        return parts.joined(separator: ", ")
    }
}

// MARK: - Names

extension NetworkOptions {
    private static let activations = Activation.allCases.map {
        (name: WordList.hyphenated($0.rawValue), value: $0)
    }
    private static let initializers = Initializer.allCases.filter { $0 != .zeros }.map {
        (name: WordList.hyphenated($0.rawValue), value: $0)
    }

    private static func activation(_ word: String) throws -> Activation {
        // A parameter may follow: leaky-relu:0.2.
        let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
        let name = try WordList.choice(parts.first ?? "", of: activations.map(\.name), as: "activation")
        let activation = activations.first { $0.name == name }!.value
        guard parts.count == 2 else { return activation }
        guard let number = Double(parts[1]), number >= 0, number.isFinite else {
            throw ValidationError("'\(parts[1])' is not a slope: a number from 0, as in leaky-relu:0.2.")
        }
        switch activation {
        case .leakyReLU: return .leakyReLU(slope: number)
        case .elu: return .elu(alpha: number)
        default: throw ValidationError("\(name) takes no number.")
        }
    }

    private static func initializer(_ word: String) throws -> Initializer {
        let name = try WordList.choice(word, of: initializers.map(\.name), as: "initializer")
        return initializers.first { $0.name == name }!.value
    }

    private static func loss(_ word: String) throws -> NetworkLoss {
        let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
        let name = try WordList.choice(
            parts.first ?? "",
            of: [
                "cross-entropy", "binary-cross-entropy", "hinge", "squared-error", "absolute-error", "huber",
                "power",
            ], as: "loss")
        var number: Double?
        if parts.count == 2 {
            guard let value = Double(parts[1]), value > 0, value.isFinite else {
                throw ValidationError("'\(parts[1])' is not positive, as in huber:1.5.")
            }
            number = value
        }
        if number != nil, name != "huber", name != "power" {
            throw ValidationError("\(name) takes no number.")
        }
        switch name {
        case "cross-entropy": return .crossEntropy()
        case "binary-cross-entropy": return .binaryCrossEntropy
        case "hinge": return .hinge()
        case "squared-error": return .squaredError
        case "absolute-error": return .absoluteError
        case "huber": return .huber(delta: number ?? 1)
        default:
            guard let number else { throw ValidationError("power needs its exponent, as in power:1.5.") }
            return .power(number)
        }
    }
}
