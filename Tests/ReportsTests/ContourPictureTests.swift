import DescentDatasets
import DescentOptimization
import Glibc
import Testing

@testable import DescentReports

@Suite struct ContourLinesTests {
    @Test func aCircleIsOneClosedLine() throws {
        let lines = ContourLines(of: { $0 * $0 + $1 * $1 }, x: -2...2, y: -2...2, cells: 50).lines(at: 1)
        #expect(lines.count == 1)
        let circle = try #require(lines.first)
        #expect(circle.first == circle.last)
        // Within the tolerance of the ranges and what straight lines between the nodes are off by.
        for point in circle { #expect(abs((point * point).sum().squareRoot() - 1) < 0.003) }
        #expect(circle.count > 20 && circle.count < 80, "\(circle.count)")
        // Once around: the area that it encloses, either way.
        let area = zip(circle, circle.dropFirst()).reduce(0) { $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y } / 2
        #expect(abs(abs(area) - .pi) < 0.05)
    }

    @Test func aLineEndsAtTheBorder() throws {
        let line = try #require(
            ContourLines(of: { x, y in x + 2 * y }, x: 0...1, y: 0...1, cells: 7).lines(at: 1.3).first)
        // Straight, so that nothing is left between its ends.
        #expect(line.count == 2)
        let ends = line.sorted { $0.x < $1.x }
        #expect(abs(ends[0].x) < 1e-12 && abs(ends[0].y - 0.65) < 1e-12)
        #expect(abs(ends[1].x - 1) < 1e-12 && abs(ends[1].y - 0.15) < 1e-12)
    }

    @Test func aSaddleHasTwoBranches() {
        for (level, isLeftRight) in [(0.25, true), (-0.25, false)] {
            let lines = ContourLines(of: { $0 * $0 - $1 * $1 }, x: -2...2, y: -2...2, cells: 3).lines(
                at: level)
            #expect(lines.count == 2)
            for line in lines {
                let signs = Set(line.map { (isLeftRight ? $0.x : $0.y) > 0 })
                #expect(signs.count == 1, "a branch does not cross the saddle")
            }
        }
    }

    @Test func aFunctionThatIsNotFiniteHasNoLinesThere() {
        let lines = ContourLines(of: { x, y in x < 0 ? .nan : y }, x: -1...1, y: 0...1, cells: 10).lines(
            at: 0.5)
        #expect(lines.count == 1)
        #expect(lines[0].allSatisfy { $0.x >= 0 })
        #expect(ContourLines(of: { x, _ in x }, x: 0...1, y: 0...1).lines(at: 2).isEmpty)
    }
}

@Suite struct CompactSVGTests {
    @Test func emptyGroupsAndSecondDecimalsGo() {
        let group =
            "<g fill=\"none\" color=\"black\" stroke=\"currentColor\" stroke-width=\"1.00\""
            + " stroke-linecap=\"butt\" stroke-linejoin=\"miter\">"
        let text = """
            <svg width="10.25">
            <defs>
            </defs>
            \(group)
            </g>
            \(group)
            \t<path d='M1.25,20.00 L3.333,4.07  '/>\t<g transform="translate(1.50,2.00)">
            \t\t<text>1.00</text>
            \t</g>
            </g>
            </svg>
            """
        #expect(
            CompactSVG.compacted(text) == """
                <svg width="10.25">
                <defs>
                </defs>
                <g fill="none" color="black" stroke="currentColor" stroke-linecap="butt" stroke-linejoin="miter">
                <g stroke-width="1">
                <path d='M1.2,20 L3.333,4  '/>\t<g transform="translate(1.5,2)">
                <text>1.00</text>
                </g>
                </g>
                </g>
                </svg>

                """)
    }
}

@Suite struct ContourPictureTests {
    @Test func gradientsAreThoseOfTheValues() {
        for function in [PlaneFunction.bowl, .saddle, .rosenbrock] {
            for point in [[0.3, -0.7], function.start] {
                #expect(GradientCheck(of: function, at: point).relativeError < 1e-7)
                #expect(HessianCheck(of: function, at: point).relativeError < 1e-6)
            }
            for minimum in function.ground.minima {
                let gradient = function.gradient(at: [minimum.x, minimum.y])
                #expect(gradient.allSatisfy { abs($0) < 1e-12 })
            }
        }
    }

    @Test func aPathIsCutWhereItLeaves() throws {
        let ground = PlaneFunction.bowl.ground
        let picture = ContourPicture(
            title: "t", subtitle: "s", on: ground,
            paths: [.init(title: "p", points: [.init(0, 0), .init(1, 1), .init(1e300, 0), .init(0, 0)])],
            columns: 2, marking: 1)
        let panel = try #require(picture.figure.panels.first)
        #expect(panel.title == "p")
        let path = try #require(panel.curves.first { $0.label == "path" })
        #expect(path.points.map(\.x) == [0, 1])
        #expect(panel.curves.contains { $0.label == "step" && $0.points.count == 1 })
        // A contour is broken between its lines.
        #expect(panel.curves[0].points.last?.x.isNaN == true)
        let script = GnuplotScript(picture.figure, name: "x")
        #expect(script.script.contains("set title 'p'"))
        #expect(!script.data.contains("nan"))
    }

    @Test func theRateIsTheBestOfTheGrid() {
        let path = ContourPicture.Path("g", GradientDescent(learningRate: 1), on: .bowl, steps: 60)
        // Above 2/25 gradient descent diverges.
        #expect(path.note.hasPrefix("η 0.05: f = "))
        #expect(path.points.count == 61)
    }

    @Test func onlyOneRateIsTakenEvenIfItLeadsAway() {
        let run = PlaneRun(GradientDescent(learningRate: 1), on: .bowl, steps: 60, rates: [0.2])
        #expect(run.rate == 0.2 && run.points.count == 61 && run.values[60] > run.values[0])
        let lost = PlaneRun(GradientDescent(learningRate: 1), on: .bowl, steps: 60, rates: [1e300])
        #expect(lost.points.count < 61 && lost.points.allSatisfy { $0.x.isFinite && $0.y.isFinite })
        // In sight counts for more than low.
        let chosen = PlaneRun(GradientDescent(learningRate: 1), on: .bowl, steps: 60, rates: [0.2, 1e-4])
        #expect(chosen.rate == 1e-4)
    }

    /// A still frame is the whole of the lines, each frame before it a step less.
    @Test func anAnimationGrows() throws {
        let ground = PlaneFunction.bowl.ground
        let paths = ["one", "two"].map { name in
            ContourPicture.Path(title: name, points: (0...7).map { .init(Double($0) / 7, 0) })
        }
        let figure = ContourPicture(
            title: "t", subtitle: "s", races: [("a", ground, paths), ("b", ground, paths)], side: 100
        ).figure
        #expect(figure.legend.map(\.label) == ["one", "two", "minimum"])
        let animation = FigureAnimation(figure, steps: 7, stride: 2, delay: 50)
        // Frames after 0, 2, 4, 6 and 7 steps, and the end again for a second and a half.
        #expect(animation.frameCount == 8)
        let script = GnuplotScript(animation, name: "x")
        #expect(script.pictureNames == ["x.svg", "x.png", "x.gif"])
        #expect(script.script.contains("every ::::last using 1:2 with lines"))
        #expect(GnuplotScript(figure, name: "x").pictureNames == ["x.svg", "x.png"])
        guard let gnuplot = Gnuplot() else { return }
        try withTemporaryFolder { folder in
            try gnuplot.draw(animation, to: "\(folder)/a.gif")
            let bytes = try read("\(folder)/a.gif")
            #expect(bytes.starts(with: Array("GIF89a".utf8)))
            // Each frame has a graphic control extension, whose delay is in hundredths of a second.
            let marks = bytes.indices.dropLast(8).count {
                Array(bytes[$0..<$0 + 3]) == [0x21, 0xF9, 0x04] && bytes[$0 + 4] == 50
            }
            #expect(marks == 8)
        }
    }

    @Test func aLegendOfManyEntriesGetsRows() {
        func figure(_ labels: [String], width: Int) -> Figure {
            Figure(
                title: "t",
                panels: [
                    Panel(
                        x: Axis(""), y: Axis(""),
                        curves: labels.map { Curve(label: $0, color: 0, points: []) })
                ],
                width: width)
        }
        #expect(figure(["a", "b"], width: 900).legendHeight == 30)
        #expect(figure([], width: 900).legendHeight == 30)
        // 9 + 11 characters an entry of about eight pixels: five in a row of 900.
        let names = (0..<11).map { "a method \(10 + $0)" }
        #expect(figure(names, width: 900).legendHeight == 68)
        #expect(figure(names, width: 10).legendHeight == 30 + 19 * 10)
    }

    /// Draws the pictures of the documentation into the folder that `DESCENT_PICTURES` names.
    ///
    /// Without it they are made, but not drawn.
    @Test func documentationPictures() throws {
        let pictures = try DocumentationPictures.all()
        #expect(Set(pictures.map(\.name)).count == pictures.count)
        for (name, figure) in pictures {
            #expect(figure.panels.count >= 4, "\(name)")
            // Every path begins at its start and goes somewhere.
            for panel in figure.panels {
                let path = panel.curves.last { $0.form == .line }
                #expect(
                    path.map { $0.points.count > 1 || $0.label.isEmpty } == true, "\(name): \(panel.title)")
            }
        }
        guard let folder = getenv("DESCENT_PICTURES").map({ String(cString: $0) }) else { return }
        let gnuplot = try #require(Gnuplot(), "drawing needs gnuplot")
        for (name, figure) in pictures { try gnuplot.draw(figure, to: "\(folder)/\(name).svg") }
    }
}
