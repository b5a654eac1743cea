import DescentLinearAlgebra
import Foundation
import Testing

@testable import DescentModels

/// The lasso and the elastic net against scikit-learn, and what holds of them anyway.
@Suite struct ElasticNetTests {
    struct Golden: Decodable {
        struct Path: Decodable, CustomTestStringConvertible {
            var data: String
            var l1Ratio: Double
            var standardizes: Bool
            var alphas: [Double]
            var coefficients: [[Double]]
            var testDescription: String { "\(data), ρ \(l1Ratio)\(standardizes ? ", standardized" : "")" }
        }
        struct Wide: Decodable { var features: [[Double]], target: [Double] }
        struct Fit: Decodable { var coefficients: [Double], intercept: Double }
        struct CrossValidation: Decodable {
            var lambdas: [Double], foldErrors: [[Double]], best: Double, coefficients: [Double],
                intercept: Double
        }
        var wide: Wide
        var paths: [Path]
        var weighted: Fit
        var withoutIntercept: [Double]
        var crossValidation: CrossValidation
    }

    static let golden = LinearFixture.load("elastic-net", as: Golden.self)
    static let tight = CoordinateDescentStopping(gapTolerance: 1e-16)

    private func data(_ name: String) -> (features: Matrix<Double>, target: [Double]) {
        name == "wide"
            ? (Matrix(Self.golden.wide.features), Self.golden.wide.target)
            : (LinearFixture.diabetes.features, LinearFixture.diabetes.target)
    }

    /// The coefficients in the units of scikit-learn's features.
    private func unscaled(_ coefficients: [Double], _ standardizes: Bool) -> [Double] {
        guard standardizes else { return coefficients }
        let features = LinearFixture.diabetes.features
        return coefficients.enumerated().map { j, value in
            let column = features.column(j)
            let mean = column.reduce(0, +) / Double(column.count)
            return value
                * (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)).squareRoot()
        }
    }

    @Test(arguments: golden.paths)
    func pathsAreThoseOfScikitLearn(_ golden: Golden.Path) throws {
        let (features, target) = data(golden.data)
        let path = try ElasticNetPath(
            features, target, grid: .automatic(count: 30, ratio: 1e-3), l1Ratio: golden.l1Ratio,
            standardizes: golden.standardizes, stopping: Self.tight)
        #expect(componentDistance(path.lambdas, golden.alphas) < 1e-12)
        var worst = 0.0
        for (fit, expected) in zip(path.fits, golden.coefficients) {
            let ours = unscaled(fit.model.coefficients, golden.standardizes)
            worst = max(worst, relativeDistance(ours, expected))
            #expect(fit.isConverged && fit.dualityGap >= 0)
            #expect(zip(ours, expected).allSatisfy { ($0 == 0) == ($1 == 0) } || golden.data == "wide")
        }
        #expect(worst < 1e-7)
        #expect(path.fits[0].nonZeroCount <= 1)
    }

    @Test func weightsAndMissingInterceptsAreThoseOfScikitLearn() throws {
        let (features, target) = data("diabetes")
        let weighted = try ElasticNet(lambda: 0.05, l1Ratio: 0.5, stopping: Self.tight).fit(
            features, target, weights: LinearFixture.weights(442))
        #expect(relativeDistance(weighted.model.coefficients, Self.golden.weighted.coefficients) < 1e-7)
        #expect(abs(weighted.model.intercept / Self.golden.weighted.intercept - 1) < 1e-7)
        let plain = try ElasticNet(lambda: 0.05, l1Ratio: 0.5, fitsIntercept: false, stopping: Self.tight)
            .fit(
                features, target)
        #expect(relativeDistance(plain.model.coefficients, Self.golden.withoutIntercept) < 1e-7)
        #expect(plain.model.intercept == 0)
    }

    @Test func crossValidationIsThatOfScikitLearn() throws {
        let (features, target) = data("diabetes")
        let rows = 0..<440
        let golden = Self.golden.crossValidation
        // scikit-learn's features were standardized over all 442 rows.
        var columns: [[Double]] = []
        for j in 0..<10 {
            let column = features.column(j)
            let mean = column.reduce(0, +) / 442
            let size = (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 442).squareRoot()
            columns.append(column.map { ($0 - mean) / size })
        }
        let x = Matrix(rows.map { row in columns.map { $0[row] } })
        let result = try ElasticNetCrossValidation(
            x, Array(target.prefix(440)), folds: .consecutive(count: 10),
            grid: .automatic(count: 50, ratio: 1e-3), stopping: Self.tight)
        #expect(componentDistance(result.scores.map(\.lambda), golden.lambdas) < 1e-12)
        for (score, expected) in zip(result.scores, golden.foldErrors) {
            #expect(componentDistance(score.foldErrors, expected) < 1e-8)
        }
        #expect(abs(result.best.lambda / golden.best - 1) < 1e-12)
        #expect(relativeDistance(result.best.model.coefficients, golden.coefficients) < 1e-7)
        // By hand: the mean of the folds and its standard error, and the sparsest model within one of it.
        let best = result.scores[result.minimumIndex]
        let mean = best.foldErrors.reduce(0, +) / 10
        let error = (best.foldErrors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 90).squareRoot()
        #expect(abs(best.meanSquaredError / mean - 1) < 1e-12 && abs(best.standardError / error - 1) < 1e-12)
        #expect(result.scores[result.oneStandardErrorIndex].meanSquaredError <= mean + error)
        #expect(result.scores[result.oneStandardErrorIndex - 1].meanSquaredError > mean + error)
        #expect(result.sparsest.nonZeroCount <= result.best.nonZeroCount)
    }

    @Test func foldsAreAsAsked() throws {
        let random = try ElasticNetCrossValidation.Folds.random(count: 4, seed: 3).assignment(rows: 10)
        #expect((0..<4).map { fold in random.count { $0 == fold } } == [3, 3, 2, 2])
        #expect(try ElasticNetCrossValidation.Folds.random(count: 4, seed: 3).assignment(rows: 10) == random)
        #expect(try ElasticNetCrossValidation.Folds.random(count: 4, seed: 4).assignment(rows: 10) != random)
        #expect(
            try ElasticNetCrossValidation.Folds.consecutive(count: 3).assignment(rows: 5) == [0, 0, 1, 1, 2])
        for bad in [
            ElasticNetCrossValidation.Folds.random(count: 1), .consecutive(count: 6),
            .assigned([0, 2, 2, 0, 0]), .assigned([0, 1]),
        ] {
            #expect(throws: LeastSquaresError.self) { _ = try bad.assignment(rows: 5) }
        }
    }

    @Test func bothKindsOfUpdatesAgree() throws {
        // Above 2,000 columns the residual is kept, and not the correlations.
        var generator = RandomGenerator(seed: 1)
        let wide = Matrix<Double>(
            rows: 30, columns: 2100, elements: (0..<63_000).map { _ in generator.nextUnit() - 0.5 })
        let target = (0..<30).map { (row: Int) -> Double in
            3 * wide[row, 5] - wide[row, 2000] + 0.1 * generator.nextUnit()
        }
        let fit = try Lasso(lambda: 0.03, stopping: Self.tight).fit(wide, target)
        let coefficients = fit.model.coefficients
        let kept = (0..<2100).filter { (j: Int) -> Bool in j % 2 == 1 || coefficients[j] != 0 }
        let narrow = try Lasso(lambda: 0.03, stopping: Self.tight).fit(
            Matrix((0..<30).map { row in kept.map { wide[row, $0] } }), target)
        #expect(fit.isConverged && narrow.isConverged && kept.count <= 2000)
        #expect(relativeDistance(kept.map { fit.model.coefficients[$0] }, narrow.model.coefficients) < 1e-9)
        #expect(fit.model.coefficients[5] > 2 && fit.nonZeroCount < 30)
    }

    @Test func weightTwoIsTheRowTwice() throws {
        let (features, target) = data("diabetes")
        let rows = (0..<442).flatMap { $0 % 3 == 0 ? [$0, $0] : [$0] }
        let regression = ElasticNet(lambda: 0.5, l1Ratio: 0.7, standardizes: true, stopping: Self.tight)
        let weighted = try regression.fit(features, target, weights: (0..<442).map { $0 % 3 == 0 ? 2 : 1 })
        let repeated = try regression.fit(Matrix(rows.map { features.row($0) }), rows.map { target[$0] })
        #expect(relativeDistance(weighted.model.coefficients, repeated.model.coefficients) < 1e-9)
        #expect(abs(weighted.rSquared - repeated.rSquared) < 1e-10)
    }

    @Test func withoutAPenaltyItIsLeastSquaresAndWithARidgeRidge() throws {
        let (features, target) = data("diabetes")
        let plain = try ElasticNet(lambda: 0, stopping: .init(gapTolerance: 1e-20)).fit(features, target)
        let exact = try LinearRegression().fit(features, target)
        #expect(relativeDistance(plain.model.coefficients, exact.coefficients) < 1e-6)
        let ridge = try ElasticNet(lambda: 2, l1Ratio: 0, stopping: .init(gapTolerance: 1e-20)).fit(
            features, target)
        let golden = try RidgeRegression(penalty: .value(2 * 442)).fit(features, target)
        #expect(relativeDistance(ridge.model.coefficients, Array(golden.estimates.dropFirst())) < 1e-6)
    }

    @Test func standardizedPenaltiesDoNotMindUnits() throws {
        let (features, target) = data("diabetes")
        let other = Matrix(
            (0..<442).map { row in features.row(row).enumerated().map { $1 * Double(1 + $0 * $0) + 5 } })
        let a = try Lasso(lambda: 3, standardizes: true, stopping: Self.tight).fit(features, target)
        let b = try Lasso(lambda: 3, standardizes: true, stopping: Self.tight).fit(other, target)
        #expect(relativeDistance(a.predict(features), b.predict(other)) < 1e-10)
        #expect(a.nonZeroCount == b.nonZeroCount && a.nonZeroCount < 10)
    }

    @Test func badInput() throws {
        let x: Matrix<Double> = [[1, 7], [2, 7], [4, 7]]
        #expect(throws: LeastSquaresError.notFinite(.target, row: 1, column: "y", value: .infinity)) {
            try Lasso(lambda: 1).fit(x, [1, .infinity, 2])
        }
        #expect(throws: LeastSquaresError.negativeWeight(row: 0, value: -1)) {
            try Lasso(lambda: 1).fit(x, [1, 2, 3], weights: [-1, 1, 1])
        }
        #expect(throws: LeastSquaresError.noWeight) {
            try Lasso(lambda: 1).fit(x, [1, 2, 3], weights: [0, 0, 0])
        }
        #expect(throws: LeastSquaresError.noRows) {
            try Lasso(lambda: 1).fit(Matrix<Double>(rows: 0, columns: 2), [])
        }
        #expect(throws: LeastSquaresError.self) { _ = try ElasticNetPath(x, [1, 2, 3], grid: .values([-1])) }
        // A constant column has a coefficient of 0; a constant target is its own intercept.
        let fit = try Lasso(lambda: 0.01).fit(x, [1, 2, 4])
        #expect(fit.model.coefficients[1] == 0 && fit.model.coefficients[0] > 0.9)
        let flat = try ElasticNetPath(x, [5, 5, 5])
        #expect(flat.fits.allSatisfy { $0.model.intercept == 5 && $0.nonZeroCount == 0 && $0.rSquared.isNaN })
    }
}
