import Glibc

// The incomplete beta function with second parameter ½, which is what Student's distribution needs.
//
// By the continued fraction of the NIST Digital Library of Mathematical Functions, 8.17.22, evaluated by
// Lentz' method. The factor in front of it is a quotient of gamma functions that would lose six digits at a
// million degrees of freedom if taken as a difference of logarithms, so the quotient has a series of its own.

/// I(a, ½; x), accurate also where it is small.
///
/// - Parameters:
///   - complement: 1 − x, which the caller knows better than a subtraction would tell.
///   - logX: log x, likewise.
func regularizedBeta(_ a: Double, x: Double, complement: Double, logX: Double) -> Double {
    if x <= 0 { return x == 0 && logX > -.infinity ? smallTail(a, logX) : 0 }
    if complement <= 0 { return 1 }
    // Where the fraction for I(a, ½; x) converges slowly, that for its complement converges fast.
    if x < (a + 1) / (a + 2.5) {
        return betaFactor(a, complement: complement, logX: logX) * betaFraction(a, 0.5, x, complement)
    }
    return 1 - betaFactor(a, complement: complement, logX: logX) * betaFraction(0.5, a, complement, x)
}

/// 1 − I(a, ½; x), accurate also where it is small.
func complementaryRegularizedBeta(_ a: Double, x: Double, complement: Double, logX: Double) -> Double {
    if complement <= 0 { return 0 }
    if x < (a + 1) / (a + 2.5) {
        return 1 - regularizedBeta(a, x: x, complement: complement, logX: logX)
    }
    return betaFactor(a, complement: complement, logX: logX) * betaFraction(0.5, a, complement, x)
}

/// I(a, ½; x) for an x that underflowed: the first term of its series, xᵃ / (a·B(a, ½)).
private func smallTail(_ a: Double, _ logX: Double) -> Double {
    exp(a * logX + logGammaHalfStep(a)) / (Double.pi.squareRoot() * a)
}

/// xᵃ·(1 − x)^½ / B(a, ½).
private func betaFactor(_ a: Double, complement: Double, logX: Double) -> Double {
    exp(a * logX + logGammaHalfStep(a)) * (complement / Double.pi).squareRoot()
}

/// The continued fraction of I(a, b; x)·B(a, b) / (xᵃ·yᵇ), y = 1 − x.
///
/// The even part of the fraction of DLMF 8.17.22, its denominators rewritten so that x close to 1 is not
/// subtracted from anything: where a is large, it is y that tells values of x apart.
private func betaFraction(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
    let tiny = 1e-300
    func nonzero(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
    let excess = a * y - b * x
    func denominator(_ m: Double) -> Double {
        m + m * (b - m) * x / (a + 2 * m - 1) + (a + m) / (a + 2 * m + 1) * (excess + 1 + m * (1 + y))
    }
    var value = nonzero(a / (a + 1) * (excess + 1))
    var c = value
    var d = 0.0
    for step in 1...100_000 {
        let m = Double(step)
        let ratio = x / (a + 2 * m - 1)
        let numerator = (a + m - 1) * (a + b + m - 1) * m * (b - m) * ratio * ratio
        let partial = denominator(m)
        d = 1 / nonzero(partial + numerator * d)
        c = nonzero(partial + numerator / c)
        value *= c * d
        if (c * d - 1).magnitude <= 0x1p-52 { break }
    }
    return 1 / value
}

/// log(Γ(a + ½) / Γ(a)), a > 0.
///
/// Its asymptotic series is ½·log a − 1/(8a) + 1/(192a³) − …; a small a is first shifted up by the recurrence
/// of the gamma function. (NIST DLMF 5.11.)
func logGammaHalfStep(_ a: Double) -> Double {
    var shifted = a
    var factor = 1.0
    while shifted < 20 {
        factor *= shifted / (shifted + 0.5)
        shifted += 1
    }
    let square = 1 / (shifted * shifted)
    let series =
        (-1.0 / 8 + square
            * (1.0 / 192 + square * (-1.0 / 640 + square * (17.0 / 14336 - square * 31.0 / 18432))))
        / shifted
    return 0.5 * log(shifted) + series + log(factor)
}
