import Testing

@testable import DescentLinearAlgebra

@Suite("NIST's reference data sets")
struct NISTTests {
    /// Digits that agree with the certified coefficients and standard errors.
    ///
    /// 15 are certified. The exact solution for the data rounded to Double agrees to 13.2 in the worst set,
    /// Wampler2: more is not in the numbers.
    static let owed: [(name: String, coefficients: Double, errors: Double)] = [
        ("Norris", 14, 13.5), ("Pontius", 13.4, 13.5), ("NoInt1", 14.5, 14.5), ("NoInt2", 14.5, 14.5),
        ("Longley", 14.5, 12), ("Filip", 13.9, 13.5), ("Wampler1", 15, 15), ("Wampler2", 13, 14),
    ]

    @Test("auto agrees with the certified digits", arguments: owed.indices)
    func certifiedDigits(_ index: Int) throws {
        let owed = Self.owed[index]
        let set = try NISTFixture(owed.name)
        let fit = try set.fit()
        #expect(agreeingDigits(fit.estimates, set.coefficients) >= owed.coefficients)
        #expect(
            agreeingDigits(fit.coefficients.map { $0.standardError ?? .nan }, set.standardErrors)
                >= owed.errors)
        #expect(agreeingDigits(fit.residualStandardError, set.residualStandardDeviation) >= 13.5)
        #expect(agreeingDigits(fit.rSquared, set.rSquared) >= 14)
        #expect(fit.scaledResidual < 1)
        if set.fStatistic.isFinite {
            #expect(agreeingDigits(try #require(fit.fStatistic), set.fStatistic) >= 13)
            #expect(agreeingDigits(fit.residualSumOfSquares, set.residualSumOfSquares) >= 13)
        } else {
            #expect(fit.warnings.contains(.perfectFit))
        }
    }

    @Test("every method reaches the digits owed", arguments: LeastSquares.Method.allCases, NISTFixture.names)
    func everyMethod(_ method: LeastSquares.Method, _ name: String) throws {
        let set = try NISTFixture(name)
        let fit = try set.fit(LeastSquares(method: method))
        #expect(agreeingDigits(fit.estimates, set.coefficients) >= 13)
        #expect(method == .auto || fit.method.rawValue == method.rawValue)
        let errors = agreeingDigits(fit.coefficients.map { $0.standardError ?? .nan }, set.standardErrors)
        #expect(errors >= (method == .normal ? 7 : 12))
    }

    /// Wampler3, 4 and 5: y = Σ xᵏ + δ, with δ orthogonal to every polynomial of degree 5.
    ///
    /// So all coefficients are exactly 1. The standard errors are NIST's.
    @Test("noise that hides the polynomial", arguments: [1.0, 100, 10000])
    func wampler(_ factor: Double) throws {
        let delta: [Double] = [
            759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048, -2048, 1838, -2048, 2048,
            -2048,
            2523, -2048, 2048, -2048, 759,
        ]
        let x = (0...20).map(Double.init)
        let y = x.map { x in (0..<6).reduce(0.0) { sum, _ in sum * x + 1 } }
        let target = zip(y, delta).map { $0 + factor * $1 }
        let fit = try LeastSquares(degree: 5).fit(Matrix(rows: 21, columns: 1, elements: x), target)
        #expect(agreeingDigits(fit.estimates, [1, 1, 1, 1, 1, 1]) >= 15)
        let errors = [
            2152.32624678170, 2363.55173469681, 779.343524331583, 101.475507550350, 5.64566512170752,
            0.112324854679312,
        ]
        #expect(
            agreeingDigits(fit.coefficients.map { $0.standardError! }, errors.map { $0 * factor }) >= 13.5)
        #expect(agreeingDigits(fit.residualStandardError, 2360.14502379268 * factor) >= 14)
    }

    @Test("powers rounded to Double beforehand are another problem, and solved as such")
    func roundedPowers() throws {
        let set = try NISTFixture("Filip")
        let x = set.features.column(0)
        let powers = Matrix<Double>(rows: x.count, columns: 10) { target in
            for row in x.indices {
                var power = 1.0
                for column in 0..<10 {
                    power *= x[row]
                    target[row * 10 + column] = power
                }
            }
        }
        let fit = try LeastSquares().fit(powers, set.target)
        // The rounding of the powers alone moves the coefficients in the eighth digit.
        #expect(agreeingDigits(fit.estimates, set.coefficients) >= 7)
        #expect(fit.method == .qr)
        #expect(fit.digitsLost > 8)
        #expect(throws: LeastSquaresError.self) { try LeastSquares(method: .normal).fit(powers, set.target) }
    }

    @Test("the summary of Norris")
    func summary() throws {
        let set = try NISTFixture("Norris")
        let fit = try LeastSquares().fit(set.features, set.target, names: ["x"])
        let expected = """
            Least squares: y from 1 feature, 36 rows

                           Estimate  Std. Error         t   P>|t|      0.025     0.975
            (Intercept)  -0.2623231     0.23282    -1.127   0.268  -0.735467  0.210821
            x              1.002117   0.0004298  2331.606  <2e-16    1.00124   1.00299

            Residual standard error 0.8848 on 34 degrees of freedom
            R² 0.9999937459, adjusted 0.9999935619
            F 5.4364e+06 on 1 and 34 degrees of freedom, p <2e-16
            Log-likelihood -45.6466, AIC 97.2932, BIC 102.044

            Rank 2 of 2; condition number 855, with columns scaled 2.8
            Method: normal equations; condition number 1.3 of the centred and scaled columns: they lose nothing
            Refined in double-double; digits of the data lost: 0.2; residual test
            """
        // The residual test's figure is rounding noise.
        #expect(fit.summary.hasPrefix(expected), "\(fit.summary)")
    }
}

extension NISTFixture {
    func fit(_ configuration: LeastSquares = LeastSquares()) throws -> LeastSquaresFit {
        var configuration = configuration
        configuration.fitsIntercept = hasIntercept
        configuration.degree = degree
        return try configuration.fit(features, target, names: predictors)
    }
}
