import Foundation
import Testing

@testable import DescentLinearAlgebra

/// What statsmodels says about a small regression.
struct InferenceFixture: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let x: [[Double]]
    let y: [Double]
    let weights: [Double]?
    let intercept: Bool
    let new: [[Double]]
    let params, bse, t, p: [Double]
    let interval: [[Double]]
    let rsquared, adjusted, sigma, f, fp, llf, aic, bic, condition: Double
    let hc: [[Double]]
    let vif: [Double]?
    let leverage, standardized, studentized, cooks: [Double]
    let press: Double
    let mean: [Double]
    let meanSe: [Double]
    let meanInterval, obsInterval: [[Double]]

    var testDescription: String { name }

    static let all: [InferenceFixture] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/least-squares/inference.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try! decoder.decode([InferenceFixture].self, from: Data(contentsOf: file))
    }()

    func fit(_ configuration: LeastSquares = LeastSquares()) throws -> LeastSquaresFit {
        var configuration = configuration
        configuration.fitsIntercept = intercept
        return try configuration.fit(Matrix(x), y, weights: weights)
    }
}

@Suite("Inference agrees with statsmodels")
struct InferenceTests {
    @Test(arguments: InferenceFixture.all)
    func coefficients(_ golden: InferenceFixture) throws {
        let fit = try golden.fit()
        let c = fit.coefficients
        #expect(agreeingDigits(fit.estimates, golden.params) > 11)
        #expect(agreeingDigits(c.map { $0.standardError! }, golden.bse) > 11)
        #expect(agreeingDigits(c.map { $0.t! }, golden.t) > 11)
        #expect(agreeingDigits(c.map { $0.p! }, golden.p) > 10)
        #expect(agreeingDigits(c.flatMap { [$0.lower!, $0.upper!] }, golden.interval.flatMap { $0 }) > 10)
        #expect(c.map(\.name) == (golden.intercept ? ["(Intercept)"] : []) + ["x1", "x2", "x3"])
    }

    @Test(arguments: InferenceFixture.all)
    func quality(_ golden: InferenceFixture) throws {
        let fit = try golden.fit()
        let ours = [
            fit.rSquared, fit.adjustedRSquared, fit.residualStandardError, try #require(fit.fStatistic),
            try #require(fit.fPValue), fit.logLikelihood, fit.akaikeInformationCriterion,
            fit.bayesianInformationCriterion,
        ]
        let theirs = [
            golden.rsquared, golden.adjusted, golden.sigma, golden.f, golden.fp, golden.llf, golden.aic,
            golden.bic,
        ]
        #expect(agreeingDigits(ours, theirs) > 10)
        // Weighting changes the columns whose condition is meant.
        if golden.weights == nil { #expect(agreeingDigits(fit.conditionNumber, golden.condition) > 11) }
        // Without an intercept statsmodels takes the column's variance about its mean all the same.
        if let vif = golden.vif, golden.intercept {
            #expect(agreeingDigits(fit.varianceInflationFactors.compactMap { $0 }, vif) > 11)
        }
        #expect(fit.warnings.isEmpty)
    }

    @Test("variance inflation is 1/(1 − R²) of a column on the others", arguments: InferenceFixture.all)
    func varianceInflation(_ golden: InferenceFixture) throws {
        let factors = try golden.fit().varianceInflationFactors.compactMap { $0 }
        let x = Matrix(golden.x)
        for column in 0..<3 {
            let others = Matrix(golden.x.map { row in (0..<3).filter { $0 != column }.map { row[$0] } })
            let fit = try LeastSquares(fitsIntercept: golden.intercept)
                .fit(others, x.column(column), weights: golden.weights)
            #expect(agreeingDigits(factors[column], 1 / (1 - fit.rSquared)) > 11)
        }
    }

    @Test(arguments: InferenceFixture.all)
    func robustErrors(_ golden: InferenceFixture) throws {
        let kinds: [CoefficientCovariance] = [.hc0, .hc1, .hc2, .hc3]
        for (kind, errors) in zip(kinds, golden.hc) {
            let fit = try golden.fit(LeastSquares(covariance: kind))
            #expect(fit.covariance == kind)
            #expect(agreeingDigits(fit.coefficients.map { $0.standardError! }, errors) > 11)
            let diagonal = fit.coefficientCovariance.diagonal.map { $0.squareRoot() }
            #expect(agreeingDigits(diagonal, errors) > 11)
        }
    }

    @Test(arguments: InferenceFixture.all)
    func rows(_ golden: InferenceFixture) throws {
        let rows = try #require(golden.fit().diagnostics())
        #expect(agreeingDigits(rows.leverage, golden.leverage) > 11)
        #expect(agreeingDigits(rows.standardizedResiduals, golden.standardized) > 10)
        #expect(agreeingDigits(rows.studentizedResiduals, golden.studentized) > 10)
        #expect(agreeingDigits(rows.cooksDistances, golden.cooks) > 10)
        #expect(agreeingDigits(rows.predictedResidualSumOfSquares, golden.press) > 11)
        for row in golden.y.indices {
            #expect(abs(rows.fitted[row] + rows.residuals[row] - golden.y[row]) < 1e-13 * abs(golden.y[row]))
        }
    }

    @Test(arguments: InferenceFixture.all)
    func prediction(_ golden: InferenceFixture) throws {
        let fit = try golden.fit()
        let new = Matrix(golden.new)
        let predictions = try #require(fit.predictions(new, confidence: 0.9))
        #expect(agreeingDigits(predictions.map(\.value), golden.mean) > 11)
        #expect(agreeingDigits(fit.predict(new), golden.mean) > 11)
        #expect(agreeingDigits(predictions.map(\.standardError), golden.meanSe) > 11)
        let mean = predictions.flatMap {
            [$0.confidenceInterval.lowerBound, $0.confidenceInterval.upperBound]
        }
        #expect(agreeingDigits(mean, golden.meanInterval.flatMap { $0 }) > 10)
        let observation = predictions.flatMap {
            [$0.predictionInterval.lowerBound, $0.predictionInterval.upperBound]
        }
        #expect(agreeingDigits(observation, golden.obsInterval.flatMap { $0 }) > 10)
    }

    @Test("a fit survives being written and read", arguments: InferenceFixture.all)
    func coding(_ golden: InferenceFixture) throws {
        let fit = try golden.fit(LeastSquares(covariance: .hc3))
        let copy = try JSONDecoder().decode(LeastSquaresFit.self, from: JSONEncoder().encode(fit))
        #expect(copy.summary == fit.summary)
        #expect(copy.report == fit.report)
        #expect(copy.predict(Matrix(golden.new)) == fit.predict(Matrix(golden.new)))
        #expect(copy.predictions(Matrix(golden.new)) == fit.predictions(Matrix(golden.new)))
        #expect(copy.diagnostics() == nil)
        let report = try JSONDecoder().decode(
            LeastSquaresReport.self, from: JSONEncoder().encode(fit.report))
        #expect(report == fit.report)
    }

    @Test("several targets are fitted as each by itself")
    func targets() throws {
        let golden = InferenceFixture.all[1]
        let other = golden.y.map { $0 * $0 - 7 }
        let targets = Matrix<Double>(rows: other.count, columns: 2) { elements in
            for row in other.indices {
                elements[2 * row] = golden.y[row]
                elements[2 * row + 1] = other[row]
            }
        }
        for refinement in LeastSquares.Refinement.allCases {
            let configuration = LeastSquares(refinement: refinement)
            let both = try configuration.fit(Matrix(golden.x), targets: targets, weights: golden.weights)
            let first = try configuration.fit(Matrix(golden.x), golden.y, weights: golden.weights)
            let second = try configuration.fit(Matrix(golden.x), other, weights: golden.weights)
            #expect(agreeingDigits(both[0].estimates, first.estimates) > 12)
            #expect(agreeingDigits(both[1].estimates, second.estimates) > 12)
            #expect(agreeingDigits(both[1].residualStandardError, second.residualStandardError) > 12)
            #expect(both.map(\.targetName) == ["y1", "y2"])
        }
    }

    @Test("a row of weight 0 does not count, and weight 2 is not two rows")
    func weights() throws {
        let golden = InferenceFixture.all[0]
        let weights = [0.0] + [Double](repeating: 1, count: golden.y.count - 1)
        let weighted = try LeastSquares().fit(Matrix(golden.x), golden.y, weights: weights)
        let without = try LeastSquares().fit(Matrix(Array(golden.x.dropFirst())), Array(golden.y.dropFirst()))
        #expect(agreeingDigits(weighted.estimates, without.estimates) > 13)
        #expect(weighted.degreesOfFreedom == without.degreesOfFreedom)
        #expect(agreeingDigits(weighted.logLikelihood, without.logLikelihood) > 13)
        #expect(weighted.diagnostics()?.leverage[0] == 0)
    }

    @Test(
        "the F-distribution's upper tail",
        arguments: [
            // 1 − I(d₁/2, d₂/2; ·) by mpmath at 30 digits.
            (1.0, 1.0, 1.0, 0.5), (3.5, 2, 10, 0.07042962777237426),
            (330.285339234588, 6, 9, 4.9840305287248105e-10),
            (2162.43954511489, 10, 71, 5.1434584383514946e-84), (1.5, 50, 1_000_000, 0.01259926547026555),
            (0.01, 3, 7, 0.9984952470401117), (5e6, 1, 34, 1.930236072030427e-89),
        ])
    func fDistribution(_ f: Double, _ d1: Double, _ d2: Double, _ tail: Double) {
        let distribution = FDistribution(numeratorDegrees: d1, denominatorDegrees: d2)
        #expect(agreeingDigits(distribution.upperTail(f), tail) > 10)
        #expect(abs(distribution.cumulativeProbability(f) + distribution.upperTail(f) - 1) < 1e-12)
    }
}
