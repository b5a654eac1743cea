import Foundation
import Testing

@testable import DescentLinearAlgebra

/// What other programs, or the definitions, say about standard errors beyond plain least squares.
private struct VariantInferenceFixture: Decodable {
    struct Ridge: Decodable {
        let penalty: Double
        let weighted, intercept: Bool
        let estimates, errors, p: [Double]
        let freedom, sigma: Double
        let meanErrors, leverage, standardized: [Double]
        let press: Double
    }
    struct Robust: Decodable {
        let gamma: Double?
        let estimates, errors: [Double]
        let scale: Double?
    }
    struct Constrained: Decodable {
        let estimates, errors, leverage: [Double]
        let f, p: Double
    }
    struct Wald: Decodable {
        let weighted, intercept: Bool
        let f, p: [Double]
    }
    struct Data: Decodable {
        let x: [[Double]]
        let y, weights: [Double]
        let constraints: [[Double]]
        let values: [Double]
    }
    let new: [[Double]]
    let ridge: [Ridge]
    let huber, power: [Robust]
    let constrained: [Constrained]
    let wald: [Wald]

    static let shared: VariantInferenceFixture = decoded("variant-inference.json")
    static let data: Data = decoded("variants.json")

    private static func decoded<T: Decodable>(_ name: String) -> T {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/least-squares/\(name)")
        return try! JSONDecoder().decode(T.self, from: Foundation.Data(contentsOf: file))
    }
}

@Suite("Standard errors beyond plain least squares")
struct VariantInferenceTests {
    private let golden = VariantInferenceFixture.shared
    private let data = VariantInferenceFixture.data
    private var x: Matrix<Double> { Matrix(data.x) }

    private func errors(_ coefficients: [Coefficient]) throws -> [Double] {
        try coefficients.map { try #require($0.standardError) }
    }

    @Test("ridge, by its definition", arguments: VariantInferenceFixture.shared.ridge.indices)
    func ridge(_ index: Int) throws {
        let expected = golden.ridge[index]
        let weights = expected.weighted ? data.weights : nil
        let fit = try RidgeRegression(penalty: .value(expected.penalty), fitsIntercept: expected.intercept)
            .fit(x, data.y, weights: weights)
        #expect(agreeingDigits(fit.estimates, expected.estimates) > 10)
        #expect(agreeingDigits(try errors(fit.coefficients), expected.errors) > 10)
        #expect(agreeingDigits(fit.coefficients.map { $0.p! }, expected.p) > 9)
        #expect(agreeingDigits(fit.residualDegreesOfFreedom, expected.freedom) > 11)
        #expect(agreeingDigits(fit.residualStandardError, expected.sigma) > 11)
        let predictions = try #require(fit.model.predictions(Matrix(golden.new)))
        #expect(agreeingDigits(predictions.map(\.standardError), expected.meanErrors) > 10)
        let rows = fit.model.diagnostics(x, data.y, weights: weights)
        #expect(agreeingDigits(rows.leverage, expected.leverage) > 10)
        #expect(agreeingDigits(rows.standardizedResiduals, expected.standardized) > 9)
        #expect(agreeingDigits(rows.predictedResidualSumOfSquares, expected.press) > 10)
    }

    @Test("ridge without a penalty is least squares", arguments: [true, false])
    func ridgeWithoutPenalty(_ intercept: Bool) throws {
        let ridge = try RidgeRegression(penalty: .value(0), fitsIntercept: intercept).fit(x, data.y)
        let plain = try LeastSquares(fitsIntercept: intercept).fit(x, data.y)
        #expect(agreeingDigits(try errors(ridge.coefficients), try errors(plain.coefficients)) > 10)
        #expect(agreeingDigits(ridge.rSquared, plain.rSquared) > 11)
        #expect(agreeingDigits(ridge.residualDegreesOfFreedom, Double(plain.degreesOfFreedom)) > 12)
        let (a, b) = (
            try #require(ridge.model.predictions(x)), try #require(plain.predictions(x))
        )
        #expect(
            agreeingDigits(
                a.map(\.predictionInterval.upperBound), b.map(\.predictionInterval.upperBound)) > 10)
        let press = try #require(plain.diagnostics()).predictedResidualSumOfSquares
        #expect(agreeingDigits(ridge.model.diagnostics(x, data.y).predictedResidualSumOfSquares, press) > 10)
    }

    @Test("ridge of many columns has no degrees of freedom without a penalty")
    func ridgeOfSquareProblem() throws {
        let square = Matrix(x[rows: 0..<5])
        let y = Array(data.y.prefix(5))
        let fit = try RidgeRegression(penalty: .value(0)).fit(square, y)
        #expect(fit.coefficients.allSatisfy { $0.standardError == nil })
        #expect(fit.model.predictions(square) == nil)
        // What is not a number is not written.
        let again = try JSONDecoder().decode(LinearFit.self, from: JSONEncoder().encode(fit.model))
        #expect(again.predict(square) == fit.predict(square))
        let penalized = try RidgeRegression(penalty: .value(1)).fit(square, y)
        #expect(penalized.coefficients.allSatisfy { $0.standardError != nil })
    }

    @Test("Huber's errors are statsmodels' H1", arguments: [0, 1])
    func huber(_ index: Int) throws {
        let expected = golden.huber[index]
        let weights = index == 1 ? data.weights : nil
        let fit = try RobustRegression().fit(x, data.y, weights: weights)
        #expect(agreeingDigits(fit.estimates, expected.estimates) > 7)
        #expect(agreeingDigits(try errors(fit.coefficients), expected.errors) > 7)
        #expect(agreeingDigits(fit.scale, try #require(expected.scale)) > 7)
    }

    @Test("errors of |err|^γ, by the same formula", arguments: [0, 1])
    func power(_ index: Int) throws {
        let expected = golden.power[index]
        let fit = try RobustRegression(loss: .power(try #require(expected.gamma))).fit(x, data.y)
        #expect(agreeingDigits(fit.estimates, expected.estimates) > 6)
        #expect(agreeingDigits(try errors(fit.coefficients), expected.errors) > 6)
    }

    @Test("squares have the errors of least squares, and small powers none")
    func ends() throws {
        let squares = try RobustRegression(loss: .power(2)).fit(x, data.y, weights: data.weights)
        let plain = try LeastSquares().fit(x, data.y, weights: data.weights)
        #expect(agreeingDigits(try errors(squares.coefficients), try errors(plain.coefficients)) > 10)
        #expect(agreeingDigits(squares.estimates, plain.estimates) > 11)
        for gamma in [1, 1.5] {
            let fit = try RobustRegression(loss: .power(gamma)).fit(x, data.y)
            #expect(fit.coefficients.allSatisfy { $0.standardError == nil && $0.estimate != nil })
            #expect(fit.model.predictions(x) == nil)
        }
    }

    @Test("weights of 2 are rows written twice", arguments: [RobustRegression.Loss.power(1.7), .power(3)])
    func duplicates(_ loss: RobustRegression.Loss) throws {
        // Powers of √2·err are a constant times those of err: only the estimates are the same.
        let twice = Matrix((data.x + data.x))
        let doubled = try RobustRegression(loss: loss).fit(twice, data.y + data.y)
        let weighted = try RobustRegression(loss: loss).fit(
            x, data.y, weights: [Double](repeating: 2, count: 30))
        #expect(agreeingDigits(doubled.estimates, weighted.estimates) > 6)
        // Rows of weight 0 do not count.
        let zeros = [Double](repeating: 1, count: 30) + [Double](repeating: 0, count: 3)
        let extra = try RobustRegression().fit(
            Matrix(data.x + [[9, 9, 9, 9], [1, 2, 3, 4], [0, 0, 0, 0]]), data.y + [1000, -1000, 50],
            weights: zeros)
        let without = try RobustRegression().fit(x, data.y)
        #expect(agreeingDigits(extra.estimates, without.estimates) > 8)
        #expect(agreeingDigits(try errors(extra.coefficients), try errors(without.coefficients)) > 8)
    }

    @Test("equality constraints, by the equations of their Lagrangian", arguments: [0, 1])
    func constrained(_ index: Int) throws {
        let expected = golden.constrained[index]
        let weights = index == 1 ? data.weights : nil
        let fit = try ConstrainedLeastSquares(constraints: Matrix(data.constraints), values: data.values)
            .fit(x, data.y, weights: weights)
        #expect(agreeingDigits(fit.estimates, expected.estimates) > 10)
        #expect(agreeingDigits(try errors(fit.coefficients), expected.errors) > 10)
        #expect(agreeingDigits(try #require(fit.constraintFStatistic), expected.f) > 9)
        #expect(agreeingDigits(try #require(fit.constraintFPValue), expected.p) > 9)
        let rows = fit.model.diagnostics(x, data.y, weights: weights)
        #expect(agreeingDigits(rows.leverage, expected.leverage) > 9)
        #expect(abs(rows.leverage.reduce(0, +) - 3) < 1e-12)
    }

    @Test("a constraint that leaves a column out gives the rows of the fit without it")
    func leavingOut() throws {
        let fit = try ConstrainedLeastSquares(constraints: [[0, 0, 0, 0, 1]], values: [0]).fit(x, data.y)
        let without = try LeastSquares().fit(Matrix(x[columns: 0..<3]), data.y)
        let (a, b) = (fit.model.diagnostics(x, data.y), try #require(without.diagnostics()))
        #expect(agreeingDigits(a.studentizedResiduals, b.studentizedResiduals) > 9)
        #expect(agreeingDigits(a.cooksDistances, b.cooksDistances) > 9)
        #expect(agreeingDigits(a.predictedResidualSumOfSquares, b.predictedResidualSumOfSquares) > 10)
    }

    @Test("non-negative coefficients have no errors, and their rows are those of the positive columns")
    func nonNegative() throws {
        let fit = try NonNegativeLeastSquares(fitsIntercept: true).fit(x, data.y)
        #expect(fit.coefficients.allSatisfy { $0.standardError == nil })
        let positive = (0..<4).filter { fit.estimates[$0 + 1] > 0 }
        #expect(fit.positiveCount == positive.count && positive.count < 4)
        let kept = Matrix(data.x.map { row in positive.map { row[$0] } })
        let plain = try LeastSquares().fit(kept, data.y)
        #expect(agreeingDigits(fit.residualStandardError, plain.residualStandardError) > 11)
        #expect(agreeingDigits(fit.rSquared, plain.rSquared) > 11)
        let rows = fit.model.diagnostics(x, data.y)
        #expect(agreeingDigits(rows.leverage, try #require(plain.diagnostics()).leverage) > 10)
    }

    @Test("Wald's F is statsmodels'", arguments: VariantInferenceFixture.shared.wald.indices)
    func wald(_ index: Int) throws {
        let expected = golden.wald[index]
        for (place, kind) in [CoefficientCovariance.hc0, .hc1, .hc2, .hc3].enumerated() {
            for method in [LeastSquares.Method.auto, .qr, .svd] {
                let fit = try LeastSquares(
                    method: method, fitsIntercept: expected.intercept, covariance: kind
                ).fit(x, data.y, weights: expected.weighted ? data.weights : nil)
                #expect(agreeingDigits(try #require(fit.fStatistic), expected.f[place]) > 10)
                #expect(agreeingDigits(try #require(fit.fPValue), expected.p[place]) > 9)
                #expect(fit.summary.contains("Wald F"))
            }
        }
    }

    @Test("Wald's F does not depend on units, or on columns that depend on others")
    func waldInvariance() throws {
        let plain = try #require(try LeastSquares(covariance: .hc1).fit(x, data.y).fStatistic)
        let scaled = x.scalingColumns(by: [0x1p90, 1, 0x1p-80, 3])
        let other = try LeastSquares(covariance: .hc1).fit(scaled, data.y.map { $0 * 0x1p200 + 0x1p201 })
        #expect(agreeingDigits(try #require(other.fStatistic), plain) > 10)
        let more = Matrix(data.x.map { $0 + [$0[0] - 2 * $0[1]] })
        for columns in LeastSquares.DependentColumns.allCases {
            let fit = try LeastSquares(dependentColumns: columns, covariance: .hc1).fit(more, data.y)
            #expect(fit.rank == 5)
            #expect(agreeingDigits(try #require(fit.fStatistic), plain) > 9)
        }
    }

    @Test("models read back predict the same bits")
    func codable() throws {
        let models = [
            try RidgeRegression().fit(x, data.y).model, try RobustRegression().fit(x, data.y).model,
            try NonNegativeLeastSquares().fit(x, data.y).model,
            try ConstrainedLeastSquares(constraints: [[0, 1, 1, 0, 0]], values: [1]).fit(x, data.y).model,
        ]
        for model in models {
            let again = try JSONDecoder().decode(LinearFit.self, from: JSONEncoder().encode(model))
            #expect(again.predict(Matrix(golden.new)) == model.predict(Matrix(golden.new)))
            #expect(again.predictions(Matrix(golden.new)) == model.predictions(Matrix(golden.new)))
            #expect(again.coefficients == model.coefficients)
        }
    }
}

@Suite("Powers of some features only, and exact zeros")
struct PartialDegreeTests {
    private let x: Matrix<Double> = {
        var random = RandomGenerator(seed: 5)
        return Matrix<Double>(rows: 40, columns: 3) { target in
            for row in 0..<40 {
                target[3 * row] = Double.random(in: 3...9, using: &random)
                target[3 * row + 1] = Double(row % 2)
                target[3 * row + 2] = Double.random(in: -1...1, using: &random)
            }
        }
    }()

    private var y: [Double] {
        (0..<40).map { row in
            let (a, b, c) = (x[row, 0], x[row, 1], x[row, 2])
            return 2 + a - 0.5 * a * a + 3 * b + c * c * c + 0.1 * Double(row % 7)
        }
    }

    /// The columns written out.
    private var expanded: Matrix<Double> {
        Matrix(
            (0..<40).map { row in
                let (a, c) = (x[row, 0], x[row, 2])
                return [a, a * a, a * a * a, x[row, 1], c, c * c, c * c * c]
            })
    }

    @Test(arguments: LeastSquares.Method.allCases)
    func isTheFitOfTheColumnsWrittenOut(_ method: LeastSquares.Method) throws {
        let fit = try LeastSquares(method: method, degree: 3, linearFeatures: [1]).fit(x, y)
        let plain = try LeastSquares().fit(expanded, y)
        #expect(
            fit.coefficients.map(\.name)
                == ["(Intercept)", "x1", "x1^2", "x1^3", "x2", "x3", "x3^2", "x3^3"])
        #expect(agreeingDigits(fit.estimates, plain.estimates) > 10)
        #expect(agreeingDigits(fit.predict(x), plain.predict(expanded)) > 12)
        #expect(
            agreeingDigits(
                fit.varianceInflationFactors.compactMap { $0 },
                plain.varianceInflationFactors.compactMap { $0 }) > 8)
    }

    @Test func variantsToo() throws {
        let ridge = try RidgeRegression(penalty: .value(2), degree: 3, linearFeatures: [1]).fit(x, y)
        let written = try RidgeRegression(penalty: .value(2)).fit(expanded, y)
        #expect(agreeingDigits(ridge.estimates, written.estimates) > 8)
        let robust = try RobustRegression(degree: 3, linearFeatures: [1]).fit(x, y)
        #expect(agreeingDigits(robust.estimates, try RobustRegression().fit(expanded, y).estimates) > 6)
        let constraint: Matrix<Double> = [[0, 0, 0, 0, 1, 1, 0, 0]]
        let constrained = try ConstrainedLeastSquares(
            constraints: constraint, values: [1], degree: 3, linearFeatures: [1]
        ).fit(x, y)
        let all = try ConstrainedLeastSquares(constraints: constraint, values: [1]).fit(expanded, y)
        #expect(agreeingDigits(constrained.estimates, all.estimates) > 8)
        let positive = try NonNegativeLeastSquares(fitsIntercept: true, degree: 3, linearFeatures: [1]).fit(
            x, y)
        let both = try NonNegativeLeastSquares(fitsIntercept: true).fit(expanded, y)
        #expect(zip(positive.estimates, both.estimates).allSatisfy { abs($0 - $1) < 1e-8 })
    }

    @Test("what is exactly zero is zero")
    func exactZeros() throws {
        let x: Matrix<Double> = [[1, 2], [2, 1], [3, 5], [4, 0]]
        let fit = try LeastSquares().fit(x, [2, 4, 6, 8])
        #expect(fit.estimates == [0, 2, 0])
        #expect(fit.summary.contains(" inf "))
        // A coefficient may be small beside others and still be all that its rows have.
        let diagonal: Matrix<Double> = [[1, 0], [0, 1], [0, 0]]
        let small = try LeastSquares(fitsIntercept: false).fit(diagonal, [1, 0x1p-130, 0])
        #expect(small.estimates == [1, 0x1p-130])
    }
}
