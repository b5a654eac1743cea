/// What a network is trained to make small, for each example; its mean over the examples is minimized.
///
/// z are the network's outputs for an example, y its targets. Losses that compare numbers with numbers are means over
/// the outputs, as PyTorch's are; on labelled examples their targets are 1 at the class and 0 elsewhere, and a network
/// of one output has two classes and the target 1 for the second.
public enum NetworkLoss: Codable, Equatable, Sendable {
    /// −Σₖ qₖ log softmax(z)ₖ, where q is 1 − ε at the class plus ε/K everywhere, and ε is the `labelSmoothing`.
    ///
    /// For labelled examples, one output a class. Smoothing: Szegedy and others, *Rethinking the Inception
    /// Architecture*, 2016.
    case crossEntropy(labelSmoothing: Double = 0)

    /// −y log σ(z) − (1 − y) log(1 − σ(z)), computed from z without overflow; y between 0 and 1.
    case binaryCrossEntropy

    /// Large margins between classes; see `Margin`.
    case hinge(Margin = .crammerSinger)

    /// (z − y)².
    case squaredError

    /// |z − y|.
    case absoluteError

    /// ½ e² for an error e = z − y up to δ, δ(|e| − ½ δ) beyond.
    ///
    /// Huber, *Robust Estimation of a Location Parameter*, 1964.
    case huber(delta: Double = 1)

    /// |z − y|^γ for γ > 0; where the derivative does not exist, at z = y for γ ≤ 1, it is taken as 0.
    case power(Double)

    /// What a margin is between.
    public enum Margin: String, Codable, CaseIterable, Sendable {
        /// max(0, 1 + max_{k ≠ c} zₖ − z_c): between the class c and the best of the others.
        ///
        /// Crammer and Singer, *On the Algorithmic Implementation of Multiclass Kernel-based Vector Machines*, 2001.
        case crammerSinger
        /// max(0, 1 − t z) for each output, t being +1 for the class and −1 for the others.
        case oneVersusRest
    }
}

extension NetworkLoss {
    /// Whether the loss goes by the number of the class, rather than comparing numbers with numbers.
    var goesByLabel: Bool {
        switch self {
        case .crossEntropy, .hinge(.crammerSinger): true
        default: false
        }
    }

    /// Whether the outputs are quantities that are compared with quantities.
    package var isRegression: Bool {
        switch self {
        case .squaredError, .absoluteError, .huber, .power: true
        case .crossEntropy, .binaryCrossEntropy, .hinge: false
        }
    }

    /// What is wrong with the loss's number, or `nil`.
    var problem: String? {
        switch self {
        case .crossEntropy(let smoothing):
            smoothing >= 0 && smoothing < 1
                ? nil : "a label smoothing of \(smoothing) is not at least 0 and below 1"
        case .huber(let delta):
            delta > 0 && delta.isFinite ? nil : "a Huber loss of delta \(delta), which is not positive"
        case .power(let exponent):
            exponent > 0 && exponent.isFinite ? nil : "a power of \(exponent), which is not positive"
        default: nil
        }
    }
}

extension NetworkLoss: CustomStringConvertible {
    /// What the loss is, in a word or two.
    public var description: String {
        switch self {
        case .crossEntropy(0): "cross-entropy"
        case .crossEntropy(let smoothing): "cross-entropy, labels smoothed by \(smoothing)"
        case .binaryCrossEntropy: "binary cross-entropy"
        case .hinge(.crammerSinger): "hinge, Crammer–Singer"
        case .hinge(.oneVersusRest): "hinge, one versus rest"
        case .squaredError: "squared error"
        case .absoluteError: "absolute error"
        case .huber(let delta): "Huber, delta \(delta)"
        case .power(let exponent): "|error|^\(exponent)"
        }
    }
}
