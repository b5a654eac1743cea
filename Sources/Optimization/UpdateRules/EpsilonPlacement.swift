import DescentLinearAlgebra

/// Where the ε stands that keeps a denominator away from zero.
public enum EpsilonPlacement: String, Codable, Sendable {
    /// √x + ε, as in PyTorch.
    case outsideRoot
    /// √(x + ε), as in optax and TensorFlow. The same ε then acts as its root: 1e-8 as 1e-4 does outside.
    case insideRoot

    /// The two numbers (a, b) with which √(x + a) + b is the denominator.
    @inline(__always)
    func terms<Scalar: MatrixScalar>(_ epsilon: Double) -> (inside: Scalar, outside: Scalar) {
        switch self {
        case .outsideRoot: (0, Scalar(epsilon))
        case .insideRoot: (Scalar(epsilon), 0)
        }
    }
}
