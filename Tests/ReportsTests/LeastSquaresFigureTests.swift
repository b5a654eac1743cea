import DescentLinearAlgebra
import Testing

@testable import DescentReports

@Suite struct LeastSquaresFigureTests {
    private func part(rows: Int) throws -> LeastSquaresFigure.Part {
        let x = (0..<rows).map { Double($0 % 101) / 10 }
        let features = Matrix(rows: rows, columns: 1, elements: x)
        let target = (0..<rows).map { 1e-4 * (x[$0] + Double($0 * 7 % 13)) }
        let fit = try LeastSquares().fit(features, target, targetName: "y")
        return .init(
            target: "y", rank: fit.rank, diagnostics: try #require(fit.diagnostics()),
            rowNumbers: Array(1...rows))
    }

    @Test func oneTargetHasFourPanelsAndSeveralTwoEach() throws {
        let part = try part(rows: 40)
        let alone = LeastSquaresFigure([part]).figure
        #expect(
            alone.panels.map(\.y.label) == [
                "residual / 10⁻⁴", "standardized residual", "√|standardized residual|",
                "standardized residual",
            ])
        #expect(alone.panels.allSatisfy { $0.curves.last?.points.count == 40 })
        #expect(LeastSquaresFigure([part, part]).figure.panels.count == 4)
    }

    @Test func contoursAreThoseOfCooksDistance() throws {
        let part = try part(rows: 40)
        let curves = LeastSquaresFigure([part]).figure.panels[3].curves.filter { $0.label.hasPrefix("Cook") }
        #expect(curves.count == 4)
        for (curve, distance) in zip(curves, [0.5, 0.5, 1, 1]) {
            for point in curve.points {
                let found = point.y * point.y * point.x / (1 - point.x) / Double(part.rank)
                #expect(abs(found - distance) < 1e-12)
            }
        }
    }

    @Test func manyRowsAreThinnedButNotTheExtremes() throws {
        let part = try part(rows: 20_000)
        let figure = LeastSquaresFigure([part]).figure
        for panel in figure.panels {
            let count = panel.curves.last?.points.count ?? 0
            #expect(count > 1000 && count < 5000)
        }
        let drawn = figure.panels[0].curves.last?.points.map(\.y.magnitude).max() ?? 0
        #expect(drawn * 1e-4 == part.diagnostics.residuals.map(\.magnitude).max())
        #expect(figure.notes.contains { $0.hasPrefix("Of 20,000 rows") })
    }

    @Test(arguments: [
        (0.0, ""), (0.5, ""), (99_999, ""), (0.0031, " / 10⁻³"), (2e5, " / 10⁵"), (1e-12, " / 10⁻¹²"),
    ])
    func smallAndLargeResidualsHaveAUnit(largest: Double, label: String) {
        #expect(LeastSquaresFigure.unit(for: [-largest, largest / 2, .nan]).label == label)
    }
}
