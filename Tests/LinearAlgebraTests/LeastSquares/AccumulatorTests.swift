import Foundation
import Testing

@testable import DescentLinearAlgebra

@Suite("Least squares over blocks of rows")
struct AccumulatorTests {
    /// Rows whose level drifts, so that blocks differ.
    private static func data(rows: Int, features: Int, seed: UInt64) -> (Matrix<Double>, [Double], [Double]) {
        var random = RandomGenerator(seed: seed)
        var x = Matrix<Double>(rows: rows, columns: features)
        var y: [Double] = []
        var w: [Double] = []
        for row in 0..<rows {
            var sum = 3.0
            for column in 0..<features {
                let value =
                    Double.random(in: -1...1, using: &random) * Double(column + 1) + 100 + Double(row) / 50
                x[row, column] = value
                sum += value * Double(column - 1)
            }
            y.append(sum + Double.random(in: -1...1, using: &random) * abs(x[row, 0] - 100))
            w.append(Double.random(in: 0.1...2, using: &random))
        }
        return (x, y, w)
    }

    private static func accumulate(
        _ x: Matrix<Double>, _ y: [Double], _ w: [Double]?, rows: Range<Int>, block: Int,
        intercept: Bool = true,
        degree: Int = 1
    ) throws -> LeastSquaresAccumulator {
        var sums = LeastSquaresAccumulator(
            names: (0..<x.columns).map { "x\($0 + 1)" }, fitsIntercept: intercept, degree: degree,
            collectsRobustCovariance: true)
        for start in stride(from: rows.lowerBound, to: rows.upperBound, by: block) {
            let range = start..<min(start + block, rows.upperBound)
            try sums.add(Matrix(x[rows: range]), Array(y[range]), weights: w.map { Array($0[range]) })
        }
        return sums
    }

    private func expectSame(_ a: LeastSquaresFit, _ b: LeastSquaresFit, digits: Double = 10) {
        #expect(agreeingDigits(a.estimates, b.estimates) > digits)
        #expect(
            agreeingDigits(a.coefficients.map { $0.standardError! }, b.coefficients.map { $0.standardError! })
                > digits)
        #expect(agreeingDigits(a.residualStandardError, b.residualStandardError) > digits)
        #expect(agreeingDigits(a.rSquared, b.rSquared) > digits)
        #expect(agreeingDigits(a.logLikelihood, b.logLikelihood) > digits)
        #expect(agreeingDigits(a.fStatistic!, b.fStatistic!) > digits)
        #expect(a.degreesOfFreedom == b.degreesOfFreedom)
    }

    @Test(arguments: [1, 7, 100, 1000], [true, false])
    func blocksOfAnySize(_ block: Int, _ isWeighted: Bool) throws {
        let (x, y, w) = Self.data(rows: 1000, features: 3, seed: 5)
        let weights = isWeighted ? w : nil
        let sums = try Self.accumulate(x, y, weights, rows: 0..<1000, block: block)
        #expect(sums.rowCount == 1000)
        for covariance in [CoefficientCovariance.classical, .hc0, .hc1] {
            let whole = try LeastSquares(covariance: covariance).fit(x, y, weights: weights)
            expectSame(try sums.fit(covariance: covariance), whole)
        }
    }

    @Test("merging is adding all rows, in any order and after writing and reading", arguments: [true, false])
    func merging(_ hasIntercept: Bool) throws {
        let (x, y, w) = Self.data(rows: 900, features: 3, seed: 6)
        let whole = try LeastSquares(fitsIntercept: hasIntercept, covariance: .hc1).fit(x, y, weights: w)
        let ranges = [0..<200, 200..<210, 210..<900]
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            var total = LeastSquaresAccumulator(
                names: ["x1", "x2", "x3"], fitsIntercept: hasIntercept, collectsRobustCovariance: true)
            for index in order {
                let part = try Self.accumulate(
                    x, y, w, rows: ranges[index], block: 64, intercept: hasIntercept)
                let copy = try JSONDecoder().decode(
                    LeastSquaresAccumulator.self, from: JSONEncoder().encode(part))
                total.merge(copy)
            }
            #expect(total.rowCount == 900)
            expectSame(try total.fit(covariance: .hc1), whole, digits: 9)
        }
    }

    @Test("polynomials merge, too")
    func polynomials() throws {
        let (x, y, _) = Self.data(rows: 600, features: 2, seed: 8)
        var first = try Self.accumulate(x, y, nil, rows: 0..<250, block: 50, degree: 3)
        first.merge(try Self.accumulate(x, y, nil, rows: 250..<600, block: 70, degree: 3))
        let whole = try LeastSquares(degree: 3).fit(x, y)
        expectSame(try first.fit(), whole, digits: 7)
    }

    @Test(
        "NIST's sets in one pass",
        arguments: [
            ("Norris", 11.0), ("Pontius", 11), ("Longley", 10), ("Filip", 7), ("Wampler1", 9),
            ("Wampler2", 9),
        ])
    func nist(_ name: String, _ digits: Double) throws {
        let set = try NISTFixture(name)
        var sums = LeastSquaresAccumulator(
            names: set.predictors, fitsIntercept: set.hasIntercept, degree: set.degree)
        for start in stride(from: 0, to: set.target.count, by: 5) {
            let range = start..<min(start + 5, set.target.count)
            try sums.add(Matrix(set.features[rows: range]), Array(set.target[range]))
        }
        let fit = try sums.fit()
        #expect(agreeingDigits(fit.estimates, set.coefficients) > digits)
    }

    @Test("dependent columns are left out and named, or the least norm taken")
    func dependent() throws {
        for fixture in ExactFixture.deficient where fixture.y.count > fixture.columnCount {
            var sums = LeastSquaresAccumulator(
                names: (1...fixture.x[0].count).map { "x\($0)" }, fitsIntercept: fixture.intercept)
            for (row, y) in zip(fixture.x, fixture.y) { try sums.add(Matrix([row]), [y]) }
            let fit = try sums.fit()
            let kept = fit.coefficients.indices.filter { fit.coefficients[$0].estimate != nil }
            #expect(kept == fixture.independent)
            let least = try sums.fit(dependentColumns: .minimumNorm)
            #expect(zip(least.estimates, fixture.leastNorm).allSatisfy { abs($0 - $1) < 1e-12 })
        }
    }

    @Test("what cannot be added or given")
    func refusals() throws {
        var sums = LeastSquaresAccumulator(names: ["age"])
        #expect(throws: LeastSquaresError.noRows) { try sums.fit() }
        try sums.add([[1], [2], [3]], [1, 2, 4])
        let before = try sums.fit()
        #expect(throws: LeastSquaresError.notFinite(.feature, row: 4, column: "age", value: .infinity)) {
            try sums.add([[1], [.infinity]], [1, 2])
        }
        #expect(try sums.fit().report == before.report)
        #expect(throws: LeastSquaresError.self) { try sums.fit(covariance: .hc0) }
        #expect(throws: LeastSquaresError.self) { try sums.fit(covariance: .hc3) }
        // Rows far beyond those before.
        try sums.add([[1e200], [3e200]], [1e200, 3e200])
        #expect(agreeingDigits(try sums.fit().estimates[1], 1) > 12)
        let text = String(decoding: try JSONEncoder().encode(sums), as: UTF8.self)
        let broken = text.replacingOccurrences(of: "\"columns\":3", with: "\"columns\":9")
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(LeastSquaresAccumulator.self, from: Data(broken.utf8))
        }
    }
}

@Suite("A second pass over the rows of an accumulator")
struct SecondPassTests {
    private let golden = InferenceFixture.all[1]  // weighted

    @Test(arguments: CoefficientCovariance.allCases)
    func hasWhatRowsInMemoryHave(_ covariance: CoefficientCovariance) throws {
        let (x, weights) = (Matrix(golden.x), try #require(golden.weights))
        var sums = LeastSquaresAccumulator(names: ["a", "b", "c"])
        for start in stride(from: 0, to: x.rows, by: 7) {
            let rows = start..<min(start + 7, x.rows)
            try sums.add(Matrix(x[rows: rows]), Array(golden.y[rows]), weights: Array(weights[rows]))
        }
        var again = try sums.secondPass(covariance: covariance)
        // In other blocks than before.
        for start in stride(from: 0, to: x.rows, by: 10) {
            let rows = start..<min(start + 10, x.rows)
            try again.add(Matrix(x[rows: rows]), Array(golden.y[rows]), weights: Array(weights[rows]))
        }
        let fit = try again.fit()
        let inMemory = try LeastSquares(covariance: covariance).fit(x, golden.y, weights: weights)
        #expect(fit.isRefined)
        #expect(fit.covariance == covariance)
        #expect(agreeingDigits(fit.estimates, inMemory.estimates) > 14)
        #expect(
            agreeingDigits(
                fit.coefficients.map { $0.standardError! }, inMemory.coefficients.map { $0.standardError! })
                > 11)
        #expect(agreeingDigits(try #require(fit.fStatistic), try #require(inMemory.fStatistic)) > 11)
    }

    @Test("rows that were not there before are noticed")
    func countsRows() throws {
        var sums = LeastSquaresAccumulator(names: ["x"])
        try sums.add([[1], [2], [4]], [1, 2, 3])
        var again = try sums.secondPass()
        try again.add([[1], [2]], [1, 2])
        #expect(throws: LeastSquaresError.self) { try again.fit() }
        #expect(throws: LeastSquaresError.self) { try again.add([[Double.nan]], [1]) }
    }
}

@Suite("Residuals in double-double")
struct PreciseResidualTests {
    /// With and without the way for features that enter as they are.
    @Test(arguments: [1, 3, 4, 5, 9], [false, true])
    func bothWaysAgree(_ columns: Int, isWeighted: Bool) throws {
        var random = RandomGenerator(seed: UInt64(columns))
        let rows = 4103  // two pieces, and rows that are no multiple of four
        let x = Matrix<Double>(rows: rows, columns: columns) { target in
            for index in 0..<target.count { target[index] = 3 + Double.random(in: -1...1, using: &random) }
        }
        let y = (0..<rows).map { _ in Double.random(in: 5...6, using: &random) }
        let weights = isWeighted ? (0..<rows).map { _ in Double.random(in: 0...2, using: &random) } : nil
        let data = LeastSquaresData(
            features: x, targets: Matrix(rows: rows, columns: 1, elements: y), weights: weights)
        let basis = PolynomialBasis(
            hasIntercept: true, degree: 1, features: x.view, targets: data.targets.view, rows: 0..<rows)
        #expect(basis.isNearlyPlain(offset: 1000))
        let coefficients = (0...columns).map { _ in
            DoubleDouble(
                Double.random(in: -1...1, using: &random), Double.random(in: -1e-17...1e-17, using: &random))
        }
        let piece = 0..<rows
        let general = data.preciseResiduals(of: piece, basis, 0, coefficients)
        let plain = data.plainPreciseResiduals(of: piece, basis, 0, coefficients)
        func difference(_ a: DoubleDouble, _ b: DoubleDouble) -> Double { abs((a - b).value) }
        let size = general.sumOfSquares.value
        #expect(difference(general.sumOfSquares, plain.sumOfSquares) < 1e-28 * size)
        for (a, b) in zip(general.gradient, plain.gradient) { #expect(difference(a, b) < 1e-27 * size) }
    }
}
