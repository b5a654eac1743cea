import DescentLinearAlgebra

/// The function between the layers of a network, applied to each number.
///
/// At a kink, z = 0, derivatives are those that PyTorch takes: 0 for the rectifier, the slope of the left side for the
/// others.
public enum Activation: Equatable, Sendable {
    /// max(0, z).
    case relu
    /// z for z > 0, `slope` · z otherwise; the slope is not negative.
    ///
    /// Maas, Hannun and Ng, *Rectifier Nonlinearities Improve Neural Network Acoustic Models*, 2013.
    case leakyReLU(slope: Double = 0.01)
    /// z for z > 0, α(eᶻ − 1) otherwise; α is not negative.
    ///
    /// Clevert, Unterthiner and Hochreiter, *Fast and Accurate Deep Network Learning by Exponential Linear Units*, 2016.
    case elu(alpha: Double = 1)
    /// λ z for z > 0, λα(eᶻ − 1) otherwise, with λ = 1.0507…, α = 1.6732…: keeps mean 0 and variance 1 from layer to layer.
    ///
    /// Meant for LeCun's normal initial weights. Klambauer, Unterthiner, Mayr and Hochreiter, *Self-Normalizing Neural
    /// Networks*, 2017.
    case selu
    /// z Φ(z), with the normal distribution function Φ exactly, by the error function.
    ///
    /// Hendrycks and Gimpel, *Gaussian Error Linear Units*, 2016.
    case gelu
    /// ½ z (1 + tanh(√(2/π)(z + 0.044715 z³))), the approximation of `gelu` by a hyperbolic tangent.
    case geluTanh
    /// z / (1 + e⁻ᶻ), also called swish.
    case silu
    /// tanh z.
    case tanh
    /// 1 / (1 + e⁻ᶻ).
    case sigmoid
    /// log(1 + eᶻ).
    case softplus
    /// z itself: layers without anything between them.
    case identity
}

extension Activation: CaseIterable {
    /// Every function once, with its usual parameter.
    public static var allCases: [Activation] {
        [
            .relu, .leakyReLU(), .elu(), .selu, .gelu, .geluTanh, .silu, .tanh, .sigmoid, .softplus,
            .identity,
        ]
    }
}

extension Activation: RawRepresentable, Codable {
    /// The name, with the parameter behind it where it is not the usual one: `relu`, `leakyReLU`, `leakyReLU(0.2)`.
    public var rawValue: String {
        switch self {
        case .leakyReLU(let slope) where slope != 0.01: "\(name)(\(slope))"
        case .elu(let alpha) where alpha != 1: "\(name)(\(alpha))"
        default: name
        }
    }

    /// The function of a name as `rawValue` writes it; `nil` where there is none, or its parameter is negative.
    public init?(rawValue: String) {
        if let usual = Self.allCases.first(where: { $0.name == rawValue }) {
            self = usual
            return
        }
        guard rawValue.hasSuffix(")"), let open = rawValue.firstIndex(of: "("),
            let parameter = Double(rawValue[rawValue.index(after: open)...].dropLast())
        else { return nil }
        switch rawValue[..<open] {
        case "leakyReLU": self = .leakyReLU(slope: parameter)
        case "elu": self = .elu(alpha: parameter)
        default: return nil
        }
        if problem != nil { return nil }
    }

    private var name: String {
        switch self {
        case .relu: "relu"
        case .leakyReLU: "leakyReLU"
        case .elu: "elu"
        case .selu: "selu"
        case .gelu: "gelu"
        case .geluTanh: "geluTanh"
        case .silu: "silu"
        case .tanh: "tanh"
        case .sigmoid: "sigmoid"
        case .softplus: "softplus"
        case .identity: "identity"
        }
    }

    /// What is wrong with the parameter, or `nil`.
    var problem: String? {
        switch self {
        case .leakyReLU(let parameter), .elu(let parameter):
            parameter >= 0 && parameter.isFinite ? nil : "\(name) with a parameter of \(parameter)"
        default: nil
        }
    }
}

extension Activation {
    /// Whether the derivative is told from z; those of the others are told from φ(z), which can then take z's place.
    var differentiatesFromInput: Bool {
        switch self {
        case .gelu, .geluTanh, .silu: true
        default: false
        }
    }

    /// Whether the derivative is told from the sign of φ(z) alone, which survives what dropout does to it.
    var differentiatesFromSign: Bool {
        switch self {
        case .relu, .leakyReLU: true
        default: false
        }
    }
}
