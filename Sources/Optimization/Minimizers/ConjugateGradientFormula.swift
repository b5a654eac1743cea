/// How β is computed from g, the gradient before, y, its change, and the direction d before.
public enum ConjugateGradientFormula: String, Equatable, Sendable, Codable, CaseIterable {
    /// β = (y − 2d ‖y‖² / dᵀy)ᵀ g₊ / dᵀy, not below −1 / (‖d‖ min(0.01, ‖g‖)): a direction of descent with
    /// any line search (Hager and Zhang, SIAM J. Optim. 16, 2005).
    case hagerZhang
    /// β = max(0, g₊ᵀy / ‖g‖²), begun anew where successive gradients are far from orthogonal,
    /// |g₊ᵀg| ≥ 0.2 ‖g₊‖² (Powell's test). Wants an accurate line search.
    case polakRibierePlus
    /// β = ‖g₊‖² / ‖g‖², with Powell's test as well (Fletcher and Reeves, 1964).
    case fletcherReeves
}
