import DescentLinearAlgebra

/// One layer of a network, as it is asked for: `.dense(128)`, `.activation(.relu)`, `.dropout(0.2)`.
///
/// ```swift
/// let layers: [Layer] = [.dense(128, bias: false), .batchNorm, .activation(.relu), .dropout(0.2), .dense(10)]
/// ```
/// The numbers of inputs follow from the layers before.
public struct Layer: Equatable, Sendable {
    package let kind: Kind

    /// What a layer can be.
    package enum Kind: Codable, Equatable, Sendable {
        case dense(outputs: Int, hasBias: Bool, initializer: Initializer)
        case activation(Activation)
        case dropout(rate: Double)
        case batchNorm(momentum: Double, epsilon: Double)
        case layerNorm(epsilon: Double)
    }

    private init(_ kind: Kind) {
        if let problem = Self.problem(with: kind) { preconditionFailure(problem) }
        self.kind = kind
    }

    /// x W + b for a row x: every output depends on every input.
    ///
    /// - Parameters:
    ///   - outputs: How many numbers come out, at least 1.
    ///   - bias: Whether there is a b; a norm right behind makes it superfluous.
    ///   - initializer: How W and b begin.
    public static func dense(_ outputs: Int, bias: Bool = true, initializer: Initializer = .fanIn) -> Layer {
        Layer(.dense(outputs: outputs, hasBias: bias, initializer: initializer))
    }

    /// A function of each number.
    public static func activation(_ activation: Activation) -> Layer { Layer(.activation(activation)) }

    /// While training, sets each number to 0 with probability `rate` and divides the others by 1 − `rate`; otherwise
    /// nothing.
    ///
    /// Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, *Dropout*, JMLR 15, 2014.
    ///
    /// - Parameter rate: At least 0 and below 1.
    public static func dropout(_ rate: Double) -> Layer { Layer(.dropout(rate: rate)) }

    /// Batch normalization with the usual momentum 0.1 and ε 10⁻⁵.
    public static var batchNorm: Layer { batchNorm(momentum: 0.1) }

    /// γ (x − μ)/√(σ² + ε) + β, each column with mean and variance of its own.
    ///
    /// While training, μ and σ² are mean and (biased) variance over the examples of the batch. Otherwise they are
    /// running averages of these: r ← (1 − momentum) r + momentum · (of the batch), where the variance of a batch of n is
    /// taken times n/(n − 1); PyTorch's convention. They begin at 0 and 1, as do β and γ.
    ///
    /// Ioffe and Szegedy, *Batch Normalization*, 2015.
    ///
    /// - Parameters:
    ///   - momentum: The weight of the newest batch, above 0 and at most 1.
    ///   - epsilon: ε, positive.
    public static func batchNorm(momentum: Double, epsilon: Double = 1e-5) -> Layer {
        Layer(.batchNorm(momentum: momentum, epsilon: epsilon))
    }

    /// Layer normalization with the usual ε 10⁻⁵.
    public static var layerNorm: Layer { layerNorm(epsilon: 1e-5) }

    /// γ (x − μ)/√(σ² + ε) + β with mean and (biased) variance of each row by itself, in training and in use alike.
    ///
    /// Ba, Kiros and Hinton, *Layer Normalization*, 2016.
    ///
    /// - Parameter epsilon: ε, positive.
    public static func layerNorm(epsilon: Double) -> Layer { Layer(.layerNorm(epsilon: epsilon)) }

    /// What makes a layer impossible, or `nil`.
    private static func problem(with kind: Kind) -> String? {
        switch kind {
        case .dense(let outputs, _, _):
            outputs >= 1 && outputs <= Int(Int32.max) ? nil : "a dense layer of \(outputs) outputs"
        case .activation(let activation): activation.problem
        case .dropout(let rate):
            rate >= 0 && rate < 1 ? nil : "a dropout rate of \(rate) is not at least 0 and below 1"
        case .batchNorm(let momentum, let epsilon):
            momentum > 0 && momentum <= 1 && epsilon > 0 && epsilon.isFinite
                ? nil : "a batch norm of momentum \(momentum) and epsilon \(epsilon)"
        case .layerNorm(let epsilon):
            epsilon > 0 && epsilon.isFinite ? nil : "a layer norm of epsilon \(epsilon)"
        }
    }
}

extension Layer: Codable {
    /// Writes kind and numbers.
    public func encode(to encoder: any Encoder) throws { try kind.encode(to: encoder) }

    /// Reads what `encode(to:)` wrote.
    ///
    /// Throws `DecodingError` where the numbers do not make a layer.
    public init(from decoder: any Decoder) throws {
        kind = try Kind(from: decoder)
        if let problem = Self.problem(with: kind) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\(problem) is no layer"))
        }
    }
}

extension Layer: CustomStringConvertible {
    /// What the layer is, in a word or two.
    public var description: String {
        switch kind {
        case .dense(_, let hasBias, _): hasBias ? "dense" : "dense, no bias"
        case .activation(let activation): activation.rawValue
        case .dropout(let rate): "dropout \(rate)"
        case .batchNorm: "batch norm"
        case .layerNorm: "layer norm"
        }
    }
}
