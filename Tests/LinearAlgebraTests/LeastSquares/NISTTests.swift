import Testing

@testable import DescentLinearAlgebra

@Suite("NIST's reference data sets")
struct NISTTests {
    /// Digits that agree with the certified coefficients, standard errors and residual standard deviation.
    static let owed: [(name: String, coefficients: Double, errors: Double, deviation: Double)] = [
        ("Norris", 13, 13, 13), ("Pontius", 13, 12, 12), ("NoInt1", 13, 13, 13), ("NoInt2", 13, 13, 13),
        ("Longley", 13, 12, 12), ("Filip", 13, 9, 9), ("Wampler1", 13, 13, 13), ("Wampler2", 13, 13, 13),
    ]

    @Test(arguments: owed.indices)
    func certifiedDigits(_ index: Int) throws {
        let owed = Self.owed[index]
        let set = try NISTFixture(owed.name)
        let fit = try LeastSquares(fitsIntercept: set.hasIntercept, degree: set.degree)
            .fit(set.features, set.target, names: set.predictors)
        let c = agreeingDigits(fit.estimates, set.coefficients)
        let e = agreeingDigits(fit.coefficients.map { $0.standardError! }, set.standardErrors)
        let d = agreeingDigits(fit.residualStandardError, set.residualStandardDeviation)
        let r = agreeingDigits(fit.rSquared, set.rSquared)
        print("\(set.name): \(fixed(c, 1)) coefficients, \(fixed(e, 1)) errors, \(fixed(d, 1)) deviation, \(fixed(r, 1)) R², \(fit.method) \(significant(fit.workingConditionNumber, 3)) \(fit.scaledResidual)")
    }
}
