import Glibc

/// The normal distribution with mean 0 and standard deviation 1.
public struct StandardNormal: Sendable, Equatable {
    /// The distribution.
    public init() {}

    /// The probability of a value up to `z`; NaN for NaN.
    public func cumulativeProbability(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

    /// The value that a draw stays below with the given probability.
    ///
    /// −∞ for 0 and ∞ for 1.
    ///
    /// - Precondition: 0 ≤ probability ≤ 1.
    public func quantile(_ probability: Double) -> Double {
        symmetricQuantile(probability, center: center, tail: tail, density: density)
    }

    /// The density at `z`.
    public func density(_ z: Double) -> Double { exp(-0.5 * z * z) / (2 * Double.pi).squareRoot() }

    /// P(Z > z), z ≥ 0.
    func tail(_ z: Double) -> Double { 0.5 * erfc(z / 2.0.squareRoot()) }

    /// P(0 < Z ≤ z), z ≥ 0.
    func center(_ z: Double) -> Double { 0.5 * erf(z / 2.0.squareRoot()) }
}

/// The quantile of a distribution that is symmetric about 0, from its probabilities on the positive side.
///
/// Newton's method inside a bracket: on the probability between 0 and x near the middle, where that is the
/// accurate one, and on the logarithms of tail and x further out, where a tail like a power is a straight line.
///
/// - Precondition: 0 ≤ probability ≤ 1.
func symmetricQuantile(
    _ probability: Double, center: (Double) -> Double, tail: (Double) -> Double, density: (Double) -> Double
) -> Double {
    precondition(probability >= 0 && probability <= 1, "\(probability) is not a probability")
    if probability == 0.5 { return 0 }
    let isUpper = probability > 0.5
    // Exact: both numbers are within a factor of two of each other.
    let fromCenter = (probability - 0.5).magnitude
    let fromTail = isUpper ? 1 - probability : probability
    if fromTail == 0 { return isUpper ? .infinity : -.infinity }
    let isCentral = fromTail > 0.25

    /// Below zero while x is too small.
    func excess(_ x: Double) -> Double {
        isCentral ? center(x) - fromCenter : log(fromTail) - log(tail(x))
    }

    var lower = 0.0
    var upper = 1.0
    while excess(upper) < 0 {
        lower = upper
        upper *= 2
        if upper == .infinity { return isUpper ? .infinity : -.infinity }
    }
    var x = lower == 0 ? upper / 2 : lower.squareRoot() * upper.squareRoot()
    for _ in 0..<200 {
        let value = excess(x)
        if value < 0 { lower = x } else { upper = x }
        let slope = density(x)
        var next: Double
        if isCentral {
            next = x - value / slope
        } else {
            // d log tail / d log x = −x·density / tail
            next = x * exp(-value * tail(x) / (x * slope))
        }
        if !(next >= lower && next <= upper) { next = 0.5 * (lower + upper) }
        let step = (next - x).magnitude
        x = next
        if step <= 2 * x.ulp || value == 0 { break }
    }
    return isUpper ? x : -x
}
