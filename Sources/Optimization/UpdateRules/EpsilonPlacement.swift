/// Where the ε stands that keeps a denominator away from zero.
public enum EpsilonPlacement: String, Codable, Sendable {
    /// √x + ε, as in PyTorch.
    case outsideRoot
    /// √(x + ε), as in optax and TensorFlow. The same ε then acts as its root: 1e-8 as 1e-4 does outside.
    case insideRoot

    // The a and b with which √(x + a) + b is the denominator.

    func inside(_ epsilon: Double) -> Double { self == .insideRoot ? epsilon : 0 }
    func outside(_ epsilon: Double) -> Double { self == .outsideRoot ? epsilon : 0 }
}
