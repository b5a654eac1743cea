import Testing

@testable import DescentLinearAlgebra

/// Problems tall enough to be split over threads.
@Suite("Tall least-squares problems", .serialized)
struct TallProblemTests {
    private static func data(rows: Int, features: Int, nearness: Double) -> (Matrix<Double>, [Double]) {
        var random = RandomGenerator(seed: 9)
        var x = Matrix<Double>(rows: rows, columns: features)
        var y: [Double] = []
        x.withUnsafeMutableElements { x in
            for row in 0..<rows {
                let line = row * features
                for column in 0..<features {
                    x[line + column] = Double.random(in: -1...1, using: &random) + Double(column)
                }
                x[line + 1] = x[line] + nearness * x[line + 1]
                y.append(1 + x[line] - 2 * x[line + features - 1] + Double.random(in: -1...1, using: &random))
            }
        }
        return (x, y)
    }

    @Test("the same bits on any number of threads", arguments: [1.0, 1e-5], LeastSquares.Method.allCases)
    func threads(_ nearness: Double, _ method: LeastSquares.Method) throws {
        let (x, y) = Self.data(rows: 9_000, features: 6, nearness: nearness)
        let before = Compute.threadCount
        defer { Compute.threadCount = before }
        var reports: [LeastSquaresReport] = []
        for count in [1, 2, 3, 7] {
            Compute.threadCount = count
            let fit = try LeastSquares(method: method, refinement: .never, covariance: .hc3).fit(x, y)
            reports.append(fit.report)
        }
        #expect(reports.dropFirst().allSatisfy { $0 == reports[0] })
    }

    @Test("a plain pass, a refined one and the other methods agree", arguments: [1.0, 1e-2, 1e-5])
    func agreement(_ nearness: Double) throws {
        let (x, y) = Self.data(rows: 9_000, features: 6, nearness: nearness)
        let refined = try LeastSquares(method: .qr, refinement: .always).fit(x, y)
        let offset = x.map { $0 + 1000 }
        for method in LeastSquares.Method.allCases {
            let plain = try LeastSquares(method: method, refinement: .never).fit(x, y)
            // The normal equations are corrected by the residuals: as good as QR.
            let largest = refined.estimates.map { abs($0) }.max()!
            let limit = 20 * 2.2e-16 * refined.workingConditionNumber * largest
            #expect(zip(plain.estimates, refined.estimates).allSatisfy { abs($0 - $1) < limit })
            #expect(plain.scaledResidual < 1)
            // An offset of the features moves the intercept alone.
            let moved = try LeastSquares(method: method, refinement: .never).fit(offset, y)
            #expect(
                zip(moved.estimates, refined.estimates).dropFirst().allSatisfy { abs($0 - $1) < 1000 * limit }
            )
        }
        let auto = try LeastSquares().fit(x, y)
        #expect(auto.method == (nearness == 1e-5 ? .qr : .normal))
        // 54,000 numbers are few.
        #expect(auto.isRefined)
        #expect(agreeingDigits(auto.estimates, refined.estimates) == 16)
    }
}
