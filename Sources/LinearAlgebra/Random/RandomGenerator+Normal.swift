// Normal deviates by inversion: one raw number each, so that `advance(by: n)` skips exactly n deviates, and
// nothing but additions, multiplications, divisions and square roots, which IEEE 754 fixes to the last bit. The
// logarithm is computed here because those of the platforms' C libraries differ in their last bits.

extension RandomGenerator {
    /// Returns a standard normal deviate: mean 0, standard deviation 1.
    @inlinable
    public mutating func nextNormal() -> Double {
        Self.normalQuantile(signed: Int64(bitPattern: next()) >> 11)
    }

    /// Returns a standard normal deviate, for `Float` that of `Double` rounded.
    ///
    /// It is Φ⁻¹(u) for u = (k + ½) · 2⁻⁵³ + ½, where k is the top 53 bits of `next()` as a signed number: u runs
    /// through the middles of 2⁵³ equal parts of (0, 1), and the deviates are symmetric and at most 8.3 in
    /// magnitude. Φ⁻¹ is Wichura's rational approximation PPND16, accurate to about 1 part in 10¹⁶; the deviates
    /// themselves to a few units in the last place.
    ///
    /// Source: M. J. Wichura, *Algorithm AS 241: The Percentage Points of the Normal Distribution*, Applied
    /// Statistics 37, 1988.
    @inlinable
    public mutating func nextNormal<Scalar: MatrixScalar>(as type: Scalar.Type) -> Scalar {
        Scalar(nextNormal())
    }

    /// Fills an array with normal deviates, one raw number each.
    public mutating func fillNormal<Scalar: MatrixScalar>(
        _ values: inout [Scalar], mean: Scalar = 0, standardDeviation: Scalar = 1
    ) {
        values.withUnsafeMutableBufferPointer {
            fillNormal($0, mean: mean, standardDeviation: standardDeviation)
        }
    }

    /// Fills a buffer with normal deviates, as `fillNormal(_:mean:standardDeviation:)` of an array does.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package mutating func fillNormal<Scalar: MatrixScalar>(
        _ values: UnsafeMutableBufferPointer<Scalar>, mean: Scalar = 0, standardDeviation: Scalar = 1
    ) {
        precondition(
            standardDeviation >= 0, "a standard deviation of \(standardDeviation) is negative or NaN")
        for index in values.indices {
            values[index] = mean + standardDeviation * nextNormal(as: Scalar.self)
        }
    }

    /// Φ⁻¹((k + ½) · 2⁻⁵³ + ½) for −2⁵² ≤ k < 2⁵².
    @usableFromInline
    static func normalQuantile(signed k: Int64) -> Double {
        // Both q = u − ½ and the distance ½ − |q| of u from the nearer end are exact.
        let q = (Double(k) + 0.5) * 0x1p-53
        if q.magnitude <= 0.425 {
            let r = 0.180625 - q * q
            return q * polynomial(centralNumerator, r) / polynomial(centralDenominator, r)
        }
        let r = (-logarithm(0.5 - q.magnitude)).squareRoot()
        let magnitude =
            r <= 5
            ? polynomial(middleNumerator, r - 1.6) / polynomial(middleDenominator, r - 1.6)
            : polynomial(tailNumerator, r - 5) / polynomial(tailDenominator, r - 5)
        return q < 0 ? -magnitude : magnitude
    }

    /// Natural logarithm of a positive normal number, within about one unit in the last place away from 1.
    ///
    /// log(2ᵉ·m) = e·log 2 + 2·artanh((m − 1)/(m + 1)), with √½ ≤ m < √2 and the series of artanh to s²¹, whose
    /// remainder is below 10⁻¹⁷.
    static func logarithm(_ x: Double) -> Double {
        var exponent = Double(x.exponent)
        var m = x.significand
        if m > 1.4142135623730951 {
            m /= 2
            exponent += 1
        }
        let s = (m - 1) / (m + 1)
        let s2 = s * s
        var series = 0.0
        for n in stride(from: 21.0, through: 3, by: -2) {
            series = (series + 1 / n) * s2
        }
        // log 2 in two parts, the first with trailing zeros so that its product with the exponent is exact.
        let high = 0x1.62e42feep-1
        let low = 0x1.a39ef35793c76p-33
        return exponent * high + (2 * s + (2 * s * series + exponent * low))
    }

    /// c₀ + c₁x + … + c₇x⁷ by Horner's rule.
    private static func polynomial(_ c: InlineArray<8, Double>, _ x: Double) -> Double {
        ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0]
    }
}

// The coefficients of PPND16, constant term first.

private let centralNumerator: InlineArray<8, Double> = [
    3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
    4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3,
]
private let centralDenominator: InlineArray<8, Double> = [
    1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
    2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3,
]
private let middleNumerator: InlineArray<8, Double> = [
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
]
private let middleDenominator: InlineArray<8, Double> = [
    1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
    1.05075007164441684324e-9,
]
private let tailNumerator: InlineArray<8, Double> = [
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5,
    2.01033439929228813265e-7,
]
private let tailDenominator: InlineArray<8, Double> = [
    1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15,
]
