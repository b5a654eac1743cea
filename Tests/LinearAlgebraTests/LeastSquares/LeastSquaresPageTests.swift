import Foundation
import Testing

@testable import DescentLinearAlgebra

/// The figures of docs/least-squares.md, computed and compared with what stands there.
@Suite("The page on least squares")
struct LeastSquaresPageTests {
    private static let page: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return
            (try? String(contentsOf: root.appendingPathComponent("docs/least-squares.md"), encoding: .utf8))
            ?? ""
    }()

    /// The solution of AᵀA·x = Aᵀy as a textbook has it; nil when Cholesky's method breaks down or refuses.
    private func textbook(_ a: Matrix<Double>, _ y: [Double]) -> [Double]? {
        guard let factor = try? Cholesky(gram(of: a)) else { return nil }
        return try? factor.solve(a.times(y, transposed: true))
    }

    private func digits(_ values: [Double]?, _ truth: [Double]) -> String {
        values.map { String(Int(agreeingDigits($0, truth))) } ?? "none: refused"
    }

    @Test func lauchli() throws {
        var lines = [
            "| δ | 1 + δ² in Double | textbook | `auto` solves by | digits |", "|---|---|---|---|---|",
        ]
        for delta in [1e-4, 1e-8, 1e-12] {
            let rows =
                [[Double](repeating: 1, count: 4)] + (0..<4).map { i in (0..<4).map { $0 == i ? delta : 0 } }
            let y = [4.0, 1, 2, -1, 0.5]
            let fixture = try #require(
                ExactFixture.all.first { $0.name.hasPrefix("Läuchli") && $0.x == rows && $0.y == y })
            let a = Matrix(rows)
            let fit = try LeastSquares(fitsIntercept: false).fit(a, y)
            let sum = 1 + delta * delta
            lines.append(
                "| \(delta) | \(sum == 1 ? "1" : "above 1") | \(digits(textbook(a, y), fixture.solution)) |"
                    + " \(fit.method.rawValue) | \(digits(fit.estimates, fixture.solution)) |")
        }
        report(lines)
    }

    @Test func filip() throws {
        let set = try NISTFixture("Filip")
        let x = set.features.column(0)
        var powers = Matrix<Double>(rows: x.count, columns: 10)
        var design = Matrix<Double>(rows: x.count, columns: 11, repeating: 1)
        for row in x.indices {
            for column in 0..<10 {
                design[row, column + 1] = design[row, column] * x[row]
                powers[row, column] = design[row, column + 1]
            }
        }
        let certified = set.coefficients
        let rounded = try LeastSquares().fit(powers, set.target)
        let exact = try LeastSquares(degree: 10).fit(set.features, set.target)
        var lines = ["| how | condition number worked with | digits |", "|---|---|---|"]
        lines.append(
            "| textbook: AᵀA of x, x², …, x¹⁰ | \(significant(exact.conditionNumber, 1)), squared |"
                + " \(digits(textbook(design, set.target), certified)) |")
        lines.append(
            "| `LeastSquares()` on columns x, x², …, x¹⁰ rounded beforehand |"
                + " \(significant(rounded.workingConditionNumber, 1)), by \(rounded.method.rawValue) |"
                + " \(digits(rounded.estimates, certified)) |")
        lines.append(
            "| `LeastSquares(degree: 10)` on x | \(significant(exact.workingConditionNumber, 1)), by"
                + " \(exact.method.rawValue) | \(digits(exact.estimates, certified)) |")
        report(lines)
    }

    @Test func certified() throws {
        var lines = ["| data set | coefficients | standard errors |", "|---|---|---|"]
        for name in NISTFixture.names {
            let set = try NISTFixture(name)
            let fit = try set.fit()
            let errors = fit.coefficients.map { $0.standardError ?? .nan }
            lines.append(
                "| \(name) | \(fixed(agreeingDigits(fit.estimates, set.coefficients), 1)) |"
                    + " \(Int(agreeingDigits(errors, set.standardErrors))) |")
        }
        report(lines)
    }

    private func report(_ lines: [String]) {
        print(lines.joined(separator: "\n"))
        for line in lines { #expect(Self.page.contains(line)) }
    }
}
