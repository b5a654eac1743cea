/// What is added to the mean loss to keep weights small; intercepts are never penalized.
public enum Penalty: Codable, Equatable, Sendable {
    /// Nothing.
    case none

    /// (λ/2) Σ w² over the weights, added to the *mean* loss over the examples.
    ///
    /// Since the loss is a mean, the right λ does not change with the number of examples. scikit-learn's C stands
    /// before a *sum* of losses: λ = 1 / (C n) is the same problem.
    case l2(Double)

    /// λ, 0 where there is no penalty.
    public var lambda: Double {
        switch self {
        case .none: 0
        case .l2(let lambda): lambda
        }
    }
}
