import Foundation
import Testing

@testable import DescentLinearAlgebra

/// Ridge, robust, non-negative and constrained fits of one data set by other libraries.
private struct VariantsFixture: Decodable {
    struct RidgeCase: Decodable {
        let penalty: Double
        let weighted, intercept: Bool
        let estimates: [Double]
    }
    struct PowerCase: Decodable {
        let estimates: [Double]
        let loss: Double
    }
    let x: [[Double]]
    let y, weights: [Double]
    let ridge: [RidgeCase]
    let bestScore, bestPenalty: Double
    let huber: [Double]
    let huberScale: Double
    let power: [String: PowerCase]
    let nonNegative: [Double]
    let constraints: [[Double]]
    let values, constrained: [Double]

    static let shared: VariantsFixture = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/least-squares/variants.json")
        return try! JSONDecoder().decode(VariantsFixture.self, from: Data(contentsOf: file))
    }()
}

@Suite("Ridge, robust, non-negative and constrained least squares")
struct VariantTests {
    private let golden = VariantsFixture.shared
    private var x: Matrix<Double> { Matrix(golden.x) }

    @Test("ridge agrees with scikit-learn", arguments: VariantsFixture.shared.ridge.indices)
    func ridge(_ index: Int) throws {
        let expected = golden.ridge[index]
        let fit = try RidgeRegression(penalty: .value(expected.penalty), fitsIntercept: expected.intercept)
            .fit(x, golden.y, weights: expected.weighted ? golden.weights : nil)
        #expect(agreeingDigits(fit.estimates, expected.estimates) > 11)
        let direct = golden.x.map { row in
            zip(row, expected.estimates.suffix(4)).map { $0 * $1 }.reduce(
                expected.intercept ? expected.estimates[0] : 0, +)
        }
        #expect(zip(fit.predict(x), direct).allSatisfy { abs($0 - $1) < 1e-11 })
    }

    @Test("the penalty of least generalized cross-validation")
    func crossValidation() throws {
        let fit = try RidgeRegression().fit(x, golden.y)
        #expect(fit.generalizedCrossValidation <= golden.bestScore * (1 + 1e-12))
        #expect(abs(fit.penalty / golden.bestPenalty - 1) < 1e-3)
        // No penalty is least squares; a vast one leaves the mean.
        let path = try RidgeRegression().path(x, golden.y)
        let none = try path.fit(penalty: 0)
        #expect(agreeingDigits(none.estimates, try LeastSquares().fit(x, golden.y).estimates) > 11)
        #expect(agreeingDigits(none.effectiveDegreesOfFreedom, 5) > 12)
        let vast = try path.fit(penalty: 1e20)
        #expect(abs(vast.estimates[1]) < 1e-15)
        #expect(agreeingDigits(vast.estimates[0], golden.y.reduce(0, +) / 30) > 12)
    }

    @Test("ridge of dependent columns needs a penalty")
    func dependentRidge() throws {
        let twice = Matrix<Double>(rows: 30, columns: 2) { target in
            for row in 0..<30 {
                target[2 * row] = golden.x[row][0]
                target[2 * row + 1] = 2 * golden.x[row][0]
            }
        }
        #expect(throws: LeastSquaresError.self) {
            try RidgeRegression(penalty: .value(0)).fit(twice, golden.y)
        }
        let fit = try RidgeRegression(penalty: .value(1)).fit(twice, golden.y)
        #expect(agreeingDigits(fit.estimates[2], 2 * fit.estimates[1]) > 12)
        for bad in [-1, Double.nan, .infinity] {
            #expect(throws: LeastSquaresError.self) {
                try RidgeRegression(penalty: .value(bad)).fit(x, golden.y)
            }
        }
    }

    @Test("Huber's regression agrees with statsmodels")
    func huber() throws {
        let fit = try RobustRegression().fit(x, golden.y)
        #expect(fit.isConverged)
        #expect(agreeingDigits(fit.estimates, golden.huber) > 8)
        #expect(agreeingDigits(fit.scale, golden.huberScale) > 8)
        #expect(fit.weights.contains { $0 < 1 })
    }

    @Test("|err|^γ", arguments: ["1.5", "3.0", "4.0"])
    func power(_ exponent: String) throws {
        let gamma = try #require(Double(exponent))
        let expected = try #require(golden.power[exponent])
        let fit = try RobustRegression(loss: .power(gamma)).fit(x, golden.y)
        #expect(fit.isConverged)
        let loss = zip(golden.y, fit.predict(x)).map { pow(abs($0 - $1), gamma) }.reduce(0, +)
        // The minimum is flat: equal losses tell more than equal coefficients.
        #expect(loss <= expected.loss * (1 + 1e-9))
        #expect(agreeingDigits(fit.estimates, expected.estimates) > 3)
        let squares = try RobustRegression(loss: .power(2)).fit(x, golden.y)
        #expect(agreeingDigits(squares.estimates, try LeastSquares().fit(x, golden.y).estimates) > 12)
    }

    @Test("least absolute deviations are not moved by outliers")
    func absolute() throws {
        var y = golden.x.map { 1 + 2 * $0[0] - $0[1] }
        for row in stride(from: 0, to: 30, by: 7) { y[row] += 1000 }
        let fit = try RobustRegression(loss: .power(1)).fit(x, y)
        #expect(zip(fit.estimates, [1, 2, -1, 0, 0]).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test("non-negative least squares agree with SciPy")
    func nonNegative() throws {
        let fit = try NonNegativeLeastSquares().fit(x, golden.y)
        for (ours, theirs) in zip(fit.estimates, golden.nonNegative) {
            #expect(abs(ours - theirs) < 1e-12)
            #expect(ours >= 0)
        }
        #expect(golden.nonNegative.contains(0) && golden.nonNegative.contains { $0 > 0 })
    }

    @Test("non-negative solutions satisfy the conditions of Karush, Kuhn and Tucker", arguments: 0..<20)
    func optimality(_ seed: Int) throws {
        var random = RandomGenerator(seed: UInt64(seed))
        let n = 3 + seed % 7
        let a = Matrix<Double>(rows: 25, columns: n) { target in
            for index in 0..<target.count { target[index] = Double.random(in: -1...1, using: &random) }
        }
        let b = (0..<25).map { _ in Double.random(in: -1...1, using: &random) }
        let fit = try NonNegativeLeastSquares(fitsIntercept: seed % 2 == 0).fit(a, b)
        let residual = zip(b, fit.predict(a)).map { $0 - $1 }
        let gradient = a.times(residual, transposed: true)
        for (x, g) in zip(fit.estimates.suffix(n), gradient) {
            #expect(x >= 0)
            #expect(x > 0 ? abs(g) < 1e-12 : g < 1e-12)
        }
    }

    @Test("equality constraints agree with LAPACK's gglse on the whole design")
    func constraints() throws {
        let fit = try ConstrainedLeastSquares(constraints: Matrix(golden.constraints), values: golden.values)
            .fit(x, golden.y)
        #expect(agreeingDigits(fit.estimates, golden.constrained) > 11)
        #expect(agreeingDigits(Matrix(golden.constraints).times(fit.estimates), golden.values) > 13)
        #expect(fit.degreesOfFreedom == 30 - 5 + 2)
        // Constraints that fix coefficients are the regression without those columns.
        let fixed = try ConstrainedLeastSquares(constraints: [[0, 0, 0, 0, 1]], values: [0]).fit(x, golden.y)
        let without = try LeastSquares().fit(Matrix(x[columns: 0..<3]), golden.y)
        #expect(agreeingDigits(Array(fixed.estimates.prefix(4)), without.estimates) > 11)
        #expect(
            agreeingDigits(
                fixed.coefficients.prefix(4).map { $0.standardError! },
                without.coefficients.map { $0.standardError! }) > 11)
        #expect(agreeingDigits(fixed.residualStandardError, without.residualStandardError) > 12)
        #expect(abs(fixed.estimates[4]) < 1e-13)
    }

    @Test("constraints that depend on each other are refused")
    func dependentConstraints() {
        let twice = ConstrainedLeastSquares(
            constraints: [[0, 1, 1, 0, 0], [0, 2, 2, 0, 0]], values: [1, 2])
        #expect(throws: LeastSquaresError.dependentConstraints(rank: 1, count: 2)) {
            try twice.fit(x, golden.y)
        }
    }
}
