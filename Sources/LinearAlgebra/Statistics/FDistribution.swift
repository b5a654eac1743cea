import Glibc

/// Snedecor's F-distribution, of a ratio of two estimates of variance.
///
/// Probabilities are accurate to about 1e-12 relative, small upper tails included.
public struct FDistribution: Sendable, Equatable {
    /// The degrees of freedom of the numerator.
    public let numeratorDegrees: Double
    /// The degrees of freedom of the denominator.
    public let denominatorDegrees: Double

    /// The distribution with the given degrees of freedom.
    ///
    /// - Precondition: both are positive and finite.
    public init(numeratorDegrees: Double, denominatorDegrees: Double) {
        precondition(
            numeratorDegrees > 0 && denominatorDegrees > 0 && numeratorDegrees.isFinite
                && denominatorDegrees.isFinite,
            "an F-distribution needs positive degrees of freedom, not \(numeratorDegrees) and"
                + " \(denominatorDegrees)")
        self.numeratorDegrees = numeratorDegrees
        self.denominatorDegrees = denominatorDegrees
    }

    /// The probability of a value up to `f`; NaN for NaN.
    public func cumulativeProbability(_ f: Double) -> Double {
        if f.isNaN { return .nan }
        if f <= 0 { return 0 }
        if f == .infinity { return 1 }
        let (x, y) = arguments(f)
        return incompleteBeta(numeratorDegrees / 2, denominatorDegrees / 2, x, y)
    }

    /// The probability of a value beyond `f`: the p-value of an F-test; NaN for NaN.
    public func upperTail(_ f: Double) -> Double {
        if f.isNaN { return .nan }
        if f <= 0 { return 1 }
        if f == .infinity { return 0 }
        let (x, y) = arguments(f)
        return incompleteBeta(denominatorDegrees / 2, numeratorDegrees / 2, y, x)
    }

    /// d₁f / (d₁f + d₂) and its complement, neither by subtraction.
    private func arguments(_ f: Double) -> (Double, Double) {
        let ratio = numeratorDegrees / denominatorDegrees * f
        return ratio > 1
            ? (1 / (1 + 1 / ratio), 1 / ratio / (1 + 1 / ratio)) : (ratio / (1 + ratio), 1 / (1 + ratio))
    }
}

/// I(a, b; x) with y = 1 − x, by the continued fraction of the NIST Digital Library of Mathematical
/// Functions, 8.17.22.
private func incompleteBeta(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
    if x <= 0 { return 0 }
    if y <= 0 { return 1 }
    let factor = exp(a * log(x) + b * log(y) - logBeta(a, b))
    if x < (a + 1) / (a + b + 2) { return factor * betaFraction(a, b, x) / a }
    return 1 - factor * betaFraction(b, a, y) / b
}

/// The continued fraction, by Lentz' method.
private func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    func nonzero(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
    var fraction = d
    for step in 1...1_000_000 {
        let m = Double(step)
        let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / nonzero(1 + even * d)
        c = nonzero(1 + even / c)
        fraction *= c * d
        let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / nonzero(1 + odd * d)
        c = nonzero(1 + odd / c)
        fraction *= c * d
        if (c * d - 1).magnitude <= 0x1p-52 { break }
    }
    return fraction
}

/// log B(a, b).
///
/// For large arguments by Stirling's series, the large terms combined before they can cancel (A. R. DiDonato,
/// A. H. Morris, Significant digit computation of the incomplete beta function ratios, ACM TOMS 18, 1992, for
/// the idea).
private func logBeta(_ a: Double, _ b: Double) -> Double {
    let (small, large) = (min(a, b), max(a, b))
    if large < 10 { return lgamma(small) + lgamma(large) - lgamma(small + large) }
    let sum = small + large
    // log Γ(large) − log Γ(sum), without the difference of large numbers.
    let ratio =
        (large - 0.5) * -log1p(small / large) - small * log(sum) + small + stirlingRest(large)
        - stirlingRest(sum)
    return lgamma(small) + ratio
}

/// log Γ(x) − ((x − ½)·log x − x + ½·log 2π), x ≥ 10.
private func stirlingRest(_ x: Double) -> Double {
    let s = 1 / (x * x)
    return
        (1.0 / 12 + s
        * (-1.0 / 360 + s * (1.0 / 1260 + s * (-1.0 / 1680 + s * (1.0 / 1188 - s * 691.0 / 360360))))) / x
}
