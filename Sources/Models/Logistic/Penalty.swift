/// What is added to the loss to keep weights small; intercepts are never penalized.
///
///     λ₁ Σ |w| + (λ₂/2) Σ w²
///
/// over the weights, added to the mean of the losses over the examples (`.mean`) or to their sum (`.sum`). Examples
/// that have weights count by them: the mean is Σ sᵢ ℓᵢ / Σ sᵢ, the sum Σ sᵢ ℓᵢ. Hence λ for `.sum` is Σ sᵢ times λ
/// for `.mean`.
///
/// | who | writes | here |
/// |---|---|---|
/// | scikit-learn, `LogisticRegression(C:, l1_ratio: ρ)` | C Σ ℓ + ρ ‖w‖₁ + (1 − ρ)/2 ‖w‖² | `.inverseStrength(C, l1Ratio: ρ)` |
/// | glmnet, family "binomial", "multinomial", α | mean ℓ + λ (α ‖w‖₁ + (1 − α)/2 ‖w‖²) | `.elasticNet(λ, l1Ratio: α)`, features standardized |
/// | PyTorch, `weight_decay` of SGD | mean ℓ + (λ/2) ‖w‖², intercepts too | `.l2(λ)`, intercepts not |
public struct Penalty: Codable, Equatable, Sendable {
    /// What λ is measured against.
    public enum Scale: String, Codable, CaseIterable, Sendable {
        /// The mean of the losses: the right λ does not change with the number of examples.
        case mean
        /// The sum of the losses: the penalty fades as examples come in, as a prior does.
        case sum
    }

    /// λ₁, before Σ |w|.
    public let l1: Double

    /// λ₂, before Σ w² / 2.
    public let l2: Double

    /// What both are measured against.
    public let scale: Scale

    /// The penalty λ₁ Σ |w| + (λ₂/2) Σ w².
    ///
    /// - Precondition: neither is negative, and both are finite.
    public init(l1: Double, l2: Double, scale: Scale = .mean) {
        precondition(
            l1 >= 0 && l2 >= 0 && l1.isFinite && l2.isFinite,
            "a penalty of l1 \(l1) and l2 \(l2): both must be 0 or more, and finite")
        self.l1 = l1
        self.l2 = l2
        self.scale = scale
    }

    /// Nothing.
    public static let none = Penalty(l1: 0, l2: 0)

    /// (λ/2) Σ w²: ridge.
    public static func l2(_ lambda: Double, scale: Scale = .mean) -> Penalty {
        Penalty(l1: 0, l2: lambda, scale: scale)
    }

    /// λ Σ |w|: lasso.
    public static func l1(_ lambda: Double, scale: Scale = .mean) -> Penalty {
        Penalty(l1: lambda, l2: 0, scale: scale)
    }

    /// λ (ρ Σ |w| + (1 − ρ)/2 Σ w²), with ρ the `l1Ratio`: elastic net.
    ///
    /// - Precondition: 0 ≤ `l1Ratio` ≤ 1.
    public static func elasticNet(_ lambda: Double, l1Ratio: Double, scale: Scale = .mean) -> Penalty {
        precondition(
            l1Ratio >= 0 && l1Ratio <= 1, "the share of L1 lies between 0 and 1, \(l1Ratio) does not")
        return Penalty(l1: lambda * l1Ratio, l2: lambda * (1 - l1Ratio), scale: scale)
    }

    /// scikit-learn's C: C Σ ℓ + ρ Σ |w| + (1 − ρ)/2 Σ w², the same minimum as with λ = 1/C and `.sum`.
    ///
    /// - Precondition: C > 0, and 0 ≤ `l1Ratio` ≤ 1.
    public static func inverseStrength(_ c: Double, l1Ratio: Double = 0) -> Penalty {
        precondition(c > 0, "scikit-learn's C must be positive, \(c) is not")
        return elasticNet(c == .infinity ? 0 : 1 / c, l1Ratio: l1Ratio, scale: .sum)
    }

    /// Whether nothing is added.
    public var isNone: Bool { l1 == 0 && l2 == 0 }

    /// The same penalty measured against the mean of the losses.
    ///
    /// - Parameter totalWeight: The number of examples, or the sum of their weights.
    public func measuredByMean(totalWeight: Double) -> Penalty {
        switch scale {
        case .mean: self
        case .sum: Penalty(l1: l1 / totalWeight, l2: l2 / totalWeight)
        }
    }

    /// λ₂ against the mean of the losses, for objectives that take nothing else.
    ///
    /// - Precondition: there is no L1 part, which has no gradient at 0, and the penalty is not measured against a sum.
    public var lambda: Double {
        precondition(l1 == 0, "an L1 penalty has no gradient; fit without an update rule handles it")
        precondition(
            scale == .mean || l2 == 0,
            "a penalty against the sum of the losses: convert it by measuredByMean(totalWeight:)")
        return l2
    }
}

extension Penalty: CustomStringConvertible {
    /// As in "L2 0.01 on the mean loss".
    public var description: String {
        var parts: [String] = []
        if l1 > 0 { parts.append("L1 \(l1)") }
        if l2 > 0 { parts.append("L2 \(l2)") }
        return parts.isEmpty ? "none" : parts.joined(separator: " and ") + " on the \(scale) loss"
    }
}
