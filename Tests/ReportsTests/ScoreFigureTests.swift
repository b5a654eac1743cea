import DescentOptimization
import Testing

@testable import DescentReports

/// Pictures of how good a model is.
@Suite struct ScoreFigureTests {
    @Test func cornersAreKeptAndStraightLinesShortened() {
        let steps = [(0.0, 0.0), (0, 0.2), (0, 0.5), (0.1, 0.5), (0.3, 0.5), (0.3, 0.5), (0.3, 1), (1, 1)]
        let thinned = RankingFigure.thinned(steps.map { .init(x: $0, y: $1) })
        #expect(thinned.map(\.x) == [0, 0, 0.3, 0.3, 1])
        #expect(thinned.map(\.y) == [0, 0.5, 0.5, 1, 1])
        // A way back is no straight line.
        let back = RankingFigure.thinned([(0.0, 0.0), (0, 1), (0, 0.5)].map { .init(x: $0, y: $1) })
        #expect(back.count == 3)
        let many = RankingFigure.thinned(
            (0...20_000).map { .init(x: Double($0) / 20_000, y: Double($0 * $0) / 4e8) })
        #expect(many.count < 1000 && many.count > 100)
        #expect(many.first == .init(x: 0, y: 0) && many.last == .init(x: 1, y: 1))
    }

    private static func entry(_ name: String, _ y: Double) -> RankingFigure.Class {
        RankingFigure.Class(
            name: name, roc: [(0, 0), (0.1, y), (1, 1)], area: 0.9,
            precisionRecall: [(0, 1), (0.9, y), (1, 0.5)], averagePrecision: 0.8)
    }

    @Test func panelsByKind() {
        let both = RankingFigure([Self.entry("a", 0.5), Self.entry("b", 0.6)], title: "t").figure
        #expect(both.panels.map(\.x.label) == ["false positive rate", "recall"])
        #expect(both.panels.allSatisfy { $0.x.range == 0...1 && $0.y.range == 0...1 })
        #expect(both.legend.map(\.label) == ["a: 0.900, 0.800", "b: 0.900, 0.800"])
        // Steps: the precision of a point holds from the recall before on.
        #expect(
            both.panels[1].curves[0].points.map { [$0.x, $0.y] } == [
                [0, 1], [0, 0.5], [1, 0.5],
            ])
        let roc = RankingFigure([Self.entry("a", 0.95)], .roc, title: "t").figure
        #expect(roc.panels.map(\.x.label) == ["false positive rate"])
        #expect(roc.legend.map(\.label) == ["a: area 0.900"])
        // Everything happens in the corner.
        #expect(roc.panels[0].x.range == 0...0.2 && roc.panels[0].y.range == 0.8...1)
        #expect(roc.notes.count == 1)
        let precision = RankingFigure([Self.entry("a", 0.95)], .precisionRecall, title: "t").figure
        #expect(precision.panels[0].x.range == 0.8...1)
    }

    @Test func learningCurvesShowTheirBands() {
        let points: [(examples: Double, training: MeanEstimate, validation: MeanEstimate)] = [
            (10, MeanEstimate([1, 1])!, MeanEstimate([0.5, 0.7])!),
            (20, MeanEstimate([0.9, 1])!, MeanEstimate([0.8, 0.82])!),
        ]
        let panel = LearningCurveFigure(points, score: "accuracy", title: "t").figure.panels[0]
        #expect(panel.curves.filter { $0.form == .line }.map(\.label) == ["trained on", "held out"])
        let held = panel.curves.first { $0.label == "held out" }!
        #expect(held.points.map(\.x) == [10, 20])
        #expect(abs(held.points[0].y - 0.6) < 1e-12)
        #expect(held.points[0].lower! < 0.5 && held.points[0].upper! > 0.7)
        #expect(panel.y.range!.upperBound == 1)
        #expect(panel.y.range!.lowerBound >= 0)
        // R² may be far below zero, a single fold has no band, and one point no range.
        let one = LearningCurveFigure(
            [(5, MeanEstimate([0.3])!, MeanEstimate([-4])!)], score: "R²", title: "t"
        ).figure.panels[0]
        #expect(one.y.range.map { $0.lowerBound <= -4 } ?? true)
    }

    @Test func largeErrorsAreDrawnOfManyExamples() {
        let truth = (0..<20_000).map { Double($0) }
        var predicted = truth
        predicted[777] = 5000
        let figure = PredictionFigure(
            truth: truth, predicted: predicted, name: "y", title: "t"
        ).figure
        let cloud = figure.panels[1].curves.last!
        #expect(cloud.points.count <= LeastSquaresFigure.mostPoints + 200)
        #expect(cloud.points.contains { $0.x == 5000 && $0.y != 0 })
        #expect(figure.notes.count == 1)
        #expect(figure.panels.map(\.y.label) == ["true y", "residual"])
    }

    @Test func manyEntriesHaveRoomBeneath() {
        func bottom(_ count: Int) -> Double {
            let curves = (0..<count).map {
                Curve(label: "class \($0): area 0.999", color: $0, points: [.init(x: 0, y: 0)])
            }
            let figure = Figure(
                title: "t", panels: [Panel(x: Axis("x"), y: Axis("y"), curves: curves)], width: 700)
            let script = GnuplotScript(figure, name: "f").script
            let line = script.split(separator: "\n").first { $0.contains("set bmargin at screen") }!
            return Double(line.split(separator: "screen ")[1].prefix { $0 != ";" }) ?? .nan
        }
        #expect(bottom(2) < bottom(10))
        #expect(bottom(1) == bottom(2))
    }
}
