import Testing

@testable import DescentLinearAlgebra

@Suite("Unusual input to least squares, by every method")
struct UnusualInputTests {
    private static let x: Matrix<Double> = [[1, 2], [2, 1], [3, 5], [4, 3], [5, 9], [7, 7]]
    private static let y = [1.0, 3, 2, 5, 4, 6]

    @Test(arguments: LeastSquares.Method.allCases, [Double.nan, .infinity, -.infinity])
    func notFinite(_ method: LeastSquares.Method, _ bad: Double) throws {
        let configuration = LeastSquares(method: method)
        var x = Self.x
        x[3, 1] = bad
        let inFeature = #expect(throws: LeastSquaresError.self) {
            try configuration.fit(x, Self.y, names: ["age", "dose"])
        }
        guard case .notFinite(.feature, row: 3, column: "dose", let value) = inFeature else {
            Issue.record("\(String(describing: inFeature))")
            return
        }
        #expect(value == bad || value.isNaN && bad.isNaN)
        #expect(inFeature?.description.contains("\"dose\"") == true)
        var y = Self.y
        y[5] = bad
        let inTarget = #expect(throws: LeastSquaresError.self) {
            try configuration.fit(Self.x, y, targetName: "growth")
        }
        guard case .notFinite(.target, row: 5, column: "growth", _) = inTarget else {
            Issue.record("\(String(describing: inTarget))")
            return
        }
        var weights = [Double](repeating: 1, count: 6)
        weights[2] = bad
        let inWeight = #expect(throws: LeastSquaresError.self) {
            try configuration.fit(Self.x, Self.y, weights: weights)
        }
        guard case .notFinite(.weight, row: 2, _, _) = inWeight else {
            Issue.record("\(String(describing: inWeight))")
            return
        }
    }

    @Test(arguments: LeastSquares.Method.allCases)
    func emptiness(_ method: LeastSquares.Method) throws {
        let configuration = LeastSquares(method: method)
        #expect(throws: LeastSquaresError.noRows) { try configuration.fit(Matrix(rows: 0, columns: 3), []) }
        #expect(throws: LeastSquaresError.noRows) { try configuration.fit(Matrix(rows: 0, columns: 0), []) }
        let nothing = LeastSquares(method: method, fitsIntercept: false)
        #expect(throws: LeastSquaresError.noColumns) {
            try nothing.fit(Matrix(rows: 3, columns: 0), [1, 2, 3])
        }
        #expect(throws: LeastSquaresError.noWeight) {
            try configuration.fit(Self.x, Self.y, weights: [Double](repeating: 0, count: 6))
        }
        #expect(throws: LeastSquaresError.negativeWeight(row: 1, value: -1)) {
            try configuration.fit(Self.x, Self.y, weights: [1, -1, 1, 1, 1, 1])
        }
        // No features at all: the mean.
        let mean = try configuration.fit(Matrix(rows: 6, columns: 0), Self.y)
        #expect(mean.estimates == [3.5])
        #expect(mean.rSquared == 0)
        #expect(mean.fStatistic == nil)
        #expect(agreeingDigits(mean.coefficients[0].standardError!, (17.5 / 5 / 6).squareRoot()) > 15)
        #expect(!mean.summary.isEmpty)
    }

    @Test(arguments: [LeastSquares.Method.auto, .qr, .svd])
    func fewerRowsThanColumns(_ method: LeastSquares.Method) throws {
        let x: Matrix<Double> = [[1, 2, 4, 1], [2, 1, 1, 0]]
        let fit = try LeastSquares(method: method).fit(x, [3, 5])
        #expect(fit.rank == 2)
        #expect(fit.degreesOfFreedom == 0)
        #expect(fit.warnings.contains(.noResidualDegreesOfFreedom))
        #expect(fit.coefficients.allSatisfy { $0.standardError == nil && $0.p == nil })
        let fitted = try #require(fit.fittedValues)
        #expect(agreeingDigits(fitted, [3, 5]) > 14)
        #expect(fit.predictions(x) == nil)
        #expect(fit.report.fStatistic == nil)
        #expect(!fit.summary.isEmpty)
        #expect(throws: LeastSquaresError.self) { try LeastSquares(method: .normal).fit(x, [3, 5]) }
    }

    @Test(arguments: [LeastSquares.Method.auto, .qr, .svd])
    func allZero(_ method: LeastSquares.Method) throws {
        let zero = Matrix<Double>(rows: 6, columns: 2)
        let fit = try LeastSquares(method: method).fit(zero, Self.y)
        #expect(fit.rank == 1)
        #expect(fit.intercept == 3.5)
        #expect(fit.aliasedColumns == (method == .svd ? [] : ["x1", "x2"]))
        let without = try LeastSquares(method: method, fitsIntercept: false).fit(zero, Self.y)
        #expect(without.rank == 0)
        #expect(without.predict(Self.x) == [Double](repeating: 0, count: 6))
        #expect(agreeingDigits(without.residualSumOfSquares, 91) > 15)
        #expect(!without.summary.isEmpty)
        // A target that does not vary has nothing to explain.
        let constant = try LeastSquares(method: method).fit(Self.x, [Double](repeating: 2, count: 6))
        #expect(constant.intercept == 2)
        #expect(constant.rSquared.isNaN)
        #expect(constant.report.rSquared == nil)
        let zeroTarget = try LeastSquares(method: method).fit(Self.x, [Double](repeating: 0, count: 6))
        #expect(zeroTarget.estimates == [0, 0, 0])
    }

    @Test(arguments: LeastSquares.Method.allCases)
    func extremeMagnitudes(_ method: LeastSquares.Method) throws {
        // Close to the ends of the range; nothing may overflow on the way.
        for (a, b) in [(1e300, 1e300), (1e-300, 1e-300), (1e300, 1), (1, 1e-300)] {
            let x = Self.x.map { $0 * a }
            let fit = try LeastSquares(method: method).fit(x, Self.y.map { $0 * b })
            let plain = try LeastSquares(method: method).fit(Self.x, Self.y)
            #expect(
                agreeingDigits(
                    fit.estimates.dropFirst().map { $0 * a / b }, Array(plain.estimates.dropFirst())) > 14)
            #expect(agreeingDigits(fit.intercept / b, plain.intercept) > 14)
        }
        // Beyond it, an error.
        #expect(throws: LeastSquaresError.coefficientOverflows(column: "x1")) {
            try LeastSquares(method: method).fit(Self.x.map { $0 * 1e-200 }, Self.y.map { $0 * 1e200 })
        }
    }

    @Test("values beyond what a sample of the rows shows", arguments: LeastSquares.Method.allCases)
    func outliers(_ method: LeastSquares.Method) throws {
        // 5000 rows, of which every fourth is looked at.
        var x = Matrix<Double>(rows: 5000, columns: 1)
        for row in 0..<5000 { x[row, 0] = Double(row % 17) }
        x[4001, 0] = 1e250
        let y = (0..<5000).map { 2 * x[$0, 0] + 1 }
        let fit = try LeastSquares(method: method).fit(x, y)
        #expect(agreeingDigits(fit.estimates[1], 2) > 14)
    }

    @Test("single precision data")
    func float() throws {
        let x = Matrix<Float>(rows: 6, columns: 2, elements: Self.x.elements.map { Float($0) })
        let fit = try LeastSquares().fit(x, Self.y.map { Float($0) })
        #expect(fit.estimates == (try LeastSquares().fit(Self.x, Self.y)).estimates)
    }

    @Test("powers of a feature with few levels")
    func levels() throws {
        let x: Matrix<Double> = [[0], [1], [2], [0], [1], [2], [1]]
        let y: [Double] = [1, 4, 2, 3, 5, 2, 6]
        let fit = try LeastSquares(degree: 3).fit(x, y)
        #expect(fit.aliasedColumns == ["x1^3"])
        #expect(agreeingDigits(fit.predict(x), [2, 5, 2, 2, 5, 2, 5]) > 14)
        // A power that depends on an earlier feature, below one that does not.
        let both = Matrix<Double>(rows: 8, columns: 2) { target in
            for row in 0..<8 {
                target[2 * row] = Double(row)
                target[2 * row + 1] = Double(row * row)
            }
        }
        let target: [Double] = [3, 1, 4, 1, 5, 9, 2, 6]
        let mixed = try LeastSquares(degree: 2).fit(both, target, names: ["a", "b"])
        #expect(mixed.aliasedColumns == ["b"])
        let powers = both.map { $0 }
        let direct = (0..<8).map { row in
            mixed.estimates[0] + mixed.estimates[1] * powers[row, 0] + mixed.estimates[2] * powers[row, 1]
                + mixed.estimates[4] * powers[row, 1] * powers[row, 1]
        }
        #expect(zip(direct, mixed.predict(both)).allSatisfy { abs($0 - $1) < 1e-10 })
    }
}
