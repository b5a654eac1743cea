import Glibc

/// Student's t-distribution, of a standardized mean whose standard deviation was estimated too.
///
/// The half-width of a two-sided 95 % interval for a mean of n values is
/// `StudentT(degreesOfFreedom: n − 1).quantile(0.975)` standard errors.
///
/// Probabilities and quantiles are accurate to about 1e-12 relative, tails included; ask for the upper tail
/// beyond t as `cumulativeProbability(-t)`.
public struct StudentT: Sendable, Equatable {
    /// The degrees of freedom ν; infinite for the normal distribution.
    public let degreesOfFreedom: Double

    /// The distribution with the given degrees of freedom.
    ///
    /// - Precondition: they are positive; they need not be whole.
    public init(degreesOfFreedom: Double) {
        precondition(
            degreesOfFreedom > 0,
            "a t-distribution needs positive degrees of freedom, not \(degreesOfFreedom)")
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// The probability of a value up to `t`; NaN for NaN.
    ///
    /// By the incomplete beta function: P(T > t) = ½·I(ν/2, ½; ν/(ν + t²)) for t ≥ 0.
    public func cumulativeProbability(_ t: Double) -> Double {
        if t.isNaN { return .nan }
        return t < 0 ? tail(-t) : 0.5 + center(t)
    }

    /// The value that a draw stays below with the given probability.
    ///
    /// −∞ for 0 and ∞ for 1.
    ///
    /// - Precondition: 0 ≤ probability ≤ 1.
    public func quantile(_ probability: Double) -> Double {
        symmetricQuantile(probability, center: center, tail: tail, density: density)
    }

    /// The density at `t`.
    public func density(_ t: Double) -> Double {
        if isNormal { return StandardNormal().density(t) }
        let half = degreesOfFreedom / 2
        // Γ((ν+1)/2) / (Γ(ν/2)·√(νπ)) · (1 + t²/ν)^−(ν+1)/2
        let logarithm =
            logGammaHalfStep(half) - 0.5 * log(degreesOfFreedom * .pi)
            - (half + 0.5) * logOfOnePlusSquareRatio(t)
        return exp(logarithm)
    }

    /// From here on the normal distribution is the same to the last digit, within what tails a Double can hold.
    private var isNormal: Bool { degreesOfFreedom > 1e17 }

    /// log(1 + t²/ν), also where t² overflows.
    private func logOfOnePlusSquareRatio(_ t: Double) -> Double {
        let root = t.magnitude / degreesOfFreedom.squareRoot()
        return root > 1e8 ? 2 * log(root) : log1p(root * root)
    }

    /// P(T > t), t ≥ 0.
    private func tail(_ t: Double) -> Double {
        if isNormal { return StandardNormal().tail(t) }
        let root = t / degreesOfFreedom.squareRoot()
        // x = 1 / (1 + t²/ν) and 1 − x, neither by subtraction.
        let x = 1 / (1 + root * root)
        let y = root > 1 ? 1 / (1 + 1 / (root * root)) : root * root / (1 + root * root)
        return 0.5
            * regularizedBeta(
                degreesOfFreedom / 2, x: x, complement: y, logX: -logOfOnePlusSquareRatio(t))
    }

    /// P(0 < T ≤ t), t ≥ 0.
    private func center(_ t: Double) -> Double {
        if isNormal { return StandardNormal().center(t) }
        let root = t / degreesOfFreedom.squareRoot()
        let x = 1 / (1 + root * root)
        let y = root > 1 ? 1 / (1 + 1 / (root * root)) : root * root / (1 + root * root)
        return 0.5
            * complementaryRegularizedBeta(
                degreesOfFreedom / 2, x: x, complement: y, logX: -logOfOnePlusSquareRatio(t))
    }
}
