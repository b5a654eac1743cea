import Foundation
import Testing

@testable import DescentLinearAlgebra

/// A problem with its solution by rational arithmetic.
struct ExactFixture: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let x: [[Double]]
    let y: [Double]
    let intercept: Bool
    let rank: Int
    let solution: [Double]
    let independent: [Int]
    let leastNorm: [Double]
    let residualSquares: Double

    var testDescription: String { name }
    var columnCount: Int { solution.count }
    var features: Matrix<Double> { Matrix(x) }

    static let all: [ExactFixture] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/least-squares/exact.json")
        return try! JSONDecoder().decode([ExactFixture].self, from: Data(contentsOf: file))
    }()
    static let fullRank = all.filter { $0.rank == $0.columnCount }
    static let deficient = all.filter { $0.rank < $0.columnCount }
}

/// The largest error relative to the largest of the true values.
private func normError(_ values: [Double], _ truths: [Double]) -> Double {
    zip(values, truths).map { abs($0 - $1) }.max()! / truths.map { abs($0) }.max()!
}

@Suite("Solutions against rational arithmetic")
struct ExactSolutionTests {
    @Test(
        "full rank, to the last digits", arguments: ExactFixture.fullRank,
        [LeastSquares.Method.auto, .qr, .svd])
    func fullRank(_ fixture: ExactFixture, _ method: LeastSquares.Method) throws {
        let fit = try LeastSquares(method: method, fitsIntercept: fixture.intercept)
            .fit(fixture.features, fixture.y)
        #expect(fit.rank == fixture.rank)
        #expect(fit.isRefined)
        // No stable method without refinement comes near this: Hilbert 14 × 9 has a condition number of 1e11.
        #expect(agreeingDigits(fit.estimates, fixture.solution) > 15)
        #expect(agreeingDigits(fit.residualSumOfSquares, fixture.residualSquares) > 12)
        #expect(fit.scaledResidual < 1)
    }

    @Test("without refinement, as a backward stable method", arguments: ExactFixture.fullRank)
    func unrefined(_ fixture: ExactFixture) throws {
        let fit = try LeastSquares(method: .qr, fitsIntercept: fixture.intercept, refinement: .never)
            .fit(fixture.features, fixture.y)
        #expect(!fit.isRefined)
        #expect(normError(fit.estimates, fixture.solution) < 10 * 2.2e-16 * fit.workingConditionNumber)
    }

    @Test("the normal equations by name: as good, or refused", arguments: ExactFixture.fullRank)
    func normal(_ fixture: ExactFixture) throws {
        let configuration = LeastSquares(method: .normal, fitsIntercept: fixture.intercept)
        do {
            let fit = try configuration.fit(fixture.features, fixture.y)
            #expect(fit.method == .normal)
            #expect(agreeingDigits(fit.estimates, fixture.solution) > 15)
        } catch LeastSquaresError.normalEquationsFail(let conditionNumber, let limit) {
            #expect(conditionNumber > limit)
        }
    }

    @Test("Läuchli's matrices: the normal equations refuse what they cannot see")
    func lauchli() throws {
        let hard = try #require(ExactFixture.all.first { $0.name == "Läuchli 1e-08" })
        #expect(throws: LeastSquaresError.self) {
            try LeastSquares(method: .normal, fitsIntercept: false).fit(hard.features, hard.y)
        }
        let fit = try LeastSquares(fitsIntercept: false).fit(hard.features, hard.y)
        #expect(fit.method == .qr)
        #expect(agreeingDigits(fit.estimates, hard.solution) > 15)
        #expect(fit.digitsLost > 7)
    }

    @Test("dependent columns: the later ones have no coefficient", arguments: ExactFixture.deficient)
    func dependent(_ fixture: ExactFixture) throws {
        let fit = try LeastSquares(fitsIntercept: fixture.intercept).fit(fixture.features, fixture.y)
        #expect(fit.rank == fixture.rank)
        let kept = fit.coefficients.indices.filter { fit.coefficients[$0].estimate != nil }
        #expect(kept == fixture.independent)
        #expect(agreeingDigits(kept.map { fit.estimates[$0] }, kept.map { fixture.solution[$0] }) > 14.5)
        #expect(fit.warnings.contains(.aliasedColumns(fit.aliasedColumns)))
        #expect(fit.degreesOfFreedom == fixture.y.count - fixture.rank)
        #expect(fit.summary.contains("NA"))
    }

    @Test(
        "dependent columns: least norm", arguments: ExactFixture.deficient,
        [LeastSquares.Method.auto, .qr, .svd])
    func leastNorm(_ fixture: ExactFixture, _ method: LeastSquares.Method) throws {
        let fit = try LeastSquares(
            method: method, fitsIntercept: fixture.intercept, dependentColumns: .minimumNorm
        ).fit(fixture.features, fixture.y)
        #expect(fit.rank == fixture.rank)
        #expect(fit.method == .svd)
        #expect(normError(fit.estimates, fixture.leastNorm) < 1e-13)
        // The coefficients worked with are the same.
        let fitted = try #require(fit.fittedValues)
        let direct = zip(fixture.x, fixture.y).map { row, _ in
            zip(fit.estimates.dropFirst(fixture.intercept ? 1 : 0), row).map { $0 * $1 }.reduce(
                fit.intercept, +)
        }
        #expect(zip(fitted, direct).allSatisfy { abs($0 - $1) < 1e-10 })
    }

    @Test(
        "scaling by powers of two changes nothing but exponents",
        arguments: [0, 3, 8, 12], [(600, 600), (-600, -600), (300, -300), (-500, 0), (0, 600)])
    func scaling(_ index: Int, _ exponents: (Int, Int)) throws {
        let fixture = ExactFixture.all[index]
        let configuration = LeastSquares(fitsIntercept: fixture.intercept)
        let plain = try configuration.fit(fixture.features, fixture.y)
        let x = fixture.features.map { scalbn($0, exponents.0) }
        let y = fixture.y.map { scalbn($0, exponents.1) }
        let scaled = try configuration.fit(x, y)
        #expect(scaled.rank == plain.rank)
        for (a, b) in zip(plain.coefficients, scaled.coefficients) {
            let isIntercept = a.name == "(Intercept)"
            let shift = exponents.1 - (isIntercept ? 0 : exponents.0)
            #expect(a.estimate.map { scalbn($0, shift) } == b.estimate)
            // A norm near the ends of the range is summed differently.
            #expect(agreeingDigits(a.standardError.map { scalbn($0, shift) } ?? 0, b.standardError ?? 0) > 15)
            #expect(agreeingDigits(a.t ?? 0, b.t ?? 0) > 15)
        }
        #expect(scaled.rSquared == plain.rSquared)
        #expect(
            scaled.residualStandardError == scalbn(plain.residualStandardError, exponents.1)
                || plain.degreesOfFreedom == 0)
    }

    @Test("columns scaled apart by 2¹²⁰", arguments: ExactFixture.all)
    func apart(_ fixture: ExactFixture) throws {
        let configuration = LeastSquares(fitsIntercept: fixture.intercept)
        let plain = try configuration.fit(fixture.features, fixture.y)
        var x = fixture.features
        for column in stride(from: 0, to: x.columns, by: 2) {
            x.setColumn(column, to: x.column(column).map { scalbn($0, 120) })
        }
        let scaled = try configuration.fit(x, fixture.y)
        #expect(scaled.rank == plain.rank)
        for (index, pair) in zip(plain.coefficients, scaled.coefficients).enumerated() {
            let feature = index - (fixture.intercept ? 1 : 0)
            let shift = feature >= 0 && feature % 2 == 0 ? -120 : 0
            if index == 0 && fixture.intercept {
                #expect(agreeingDigits(pair.1.estimate ?? 0, pair.0.estimate ?? 0) > 14)
            } else {
                #expect(pair.0.estimate.map { scalbn($0, shift) } == pair.1.estimate)
            }
        }
        #expect(scaled.conditionNumber.isNaN == false)
    }
}
