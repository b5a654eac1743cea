import DescentDatasets
import DescentOptimization
import Glibc
import Testing

@testable import DescentReports

@Suite struct PictureTests {
    @Test func figureHasLossAndAccuracyAgainstFourMeasures() {
        let figure = SyntheticComparison.result().curvesFigure
        #expect(figure.panels.count == 8)
        #expect(
            figure.panels[4...].map(\.x.label) == [
                "epochs", "updates", "gradient evaluations (examples)", "seconds of training",
            ])
        #expect(
            figure.legend.map(\.label) == ["gd (0.316)", "sgd (0.1)", "momentum (0.01)", "adam (0.00316)"])
        #expect(SyntheticComparison.result(accuracy: false).curvesFigure.panels.count == 4)
    }

    @Test func divergedRunsAreDottedAndInNoMean() throws {
        let figure = SyntheticComparison.result(diverged: 2).curvesFigure
        let panel = figure.panels[0]
        let excluded = panel.curves.filter { $0.form == .excluded }
        #expect(excluded.count == 2)
        // As far as the loss was a number, and no farther.
        #expect(excluded.allSatisfy { $0.points.last?.y == 900 })
        let mean = try #require(panel.curves.first { $0.label.hasPrefix("sgd") })
        #expect(mean.points.allSatisfy { $0.y <= 2.31 })
        #expect(figure.notes == ["sgd: 2 of 5 runs diverged (thin dotted lines, in no mean)"])
        // The scale is that of the means.
        let script = GnuplotScript(figure, name: "x").script
        #expect(!script.contains("yrange [0.2:9"))
    }

    @Test func bandsAreIntervalsAndSingleRunsHaveNone() throws {
        let result = SyntheticComparison.result()
        let point = try #require(result.curvesFigure.panels[0].curves[1].points.last)
        let estimate = try #require(result.summaries[1].estimates[.trainingLoss])
        #expect(point.x == 20)
        #expect(abs(point.y - estimate.mean) < 1e-12)
        #expect(abs(point.upper! - estimate.interval!.upperBound) < 1e-12)
        let single = SyntheticComparison.result(replicates: 1).curvesFigure
        #expect(single.panels.flatMap(\.curves).flatMap(\.points).allSatisfy { $0.lower == nil })
        #expect(!GnuplotScript(single, name: "x").script.contains("filledcurves"))
    }

    @Test func secondsAreInterpolatedAsFarAsEveryRunWent() throws {
        let result = SyntheticComparison.result()
        let points = result.curvesFigure.panels[3].curves[3].points
        let ends = result.methods[3].replicates.map { $0.history.records.last!.seconds }
        #expect(points.last?.x == ends.min())
        #expect(points.map(\.x) == points.map(\.x).sorted())
        #expect(points.allSatisfy { $0.lower != nil })
        let curve = [(x: 0.0, y: 4.0), (x: 2.0, y: 2.0)]
        #expect(OptimizerComparisonResult.interpolate(curve, at: 0.5) == 3.5)
        #expect(OptimizerComparisonResult.interpolate(curve, at: 2) == 2)
        #expect(OptimizerComparisonResult.interpolate(curve, at: 2.1) == nil)
    }

    @Test func gridFigureMarksChosenAndDivergedRates() throws {
        let figure = try #require(SyntheticComparison.result().learningRatesFigure)
        let curves = figure.panels[0].curves
        let rings = curves.filter { $0.form == .rings }
        #expect(rings.map { $0.points.map(\.x) } == [[0.316], [0.1], [0.01], [0.00316]])
        let highest = curves.filter { $0.form == .dottedLine }.flatMap(\.points).map(\.y).max()!
        let crosses = curves.filter { $0.form == .crosses }.flatMap(\.points)
        #expect(crosses.count == 3 + 1 + 4)
        #expect(crosses.allSatisfy { $0.y > highest })
        var given = SyntheticComparison.result()
        for index in given.methods.indices { given.methods[index].grid = [] }
        #expect(given.learningRatesFigure == nil)
    }

    @Test func thinningKeepsEndsAndSpikes() {
        var points = (1...1000).map { Curve.Point(x: Double($0), y: 1 / Double($0)) }
        points[776].y = 5
        points[500].y = -5
        let thinned = points.thinned(perDecade: 20)
        #expect(thinned.count < 130 && thinned.count > 60)
        #expect(thinned.first == points.first && thinned.last == points.last)
        #expect(thinned.contains(points[776]) && thinned.contains(points[500]))
        #expect(thinned.map(\.x) == thinned.map(\.x).sorted())
        // Where the abscissa has no logarithm, the points make one part.
        #expect([.init(x: 0, y: 1), .init(x: 1, y: 2)].thinned(perDecade: 40).count == 2)
        #expect([Curve.Point]().thinned(perDecade: 40).isEmpty)
    }

    @Test func nothingInATitleIsRunByGnuplot() {
        let figure = Figure(title: "it's `touch x` \"$(y)\"\nsystem('z')", panels: [])
        let script = GnuplotScript(figure, name: "x").script
        #expect(script.contains("set label 1 'it''s `touch x` \"$(y)\" system(''z'')'"))
        #expect(!script.contains("\nsystem"))
    }

    @Test(.enabled(if: Gnuplot() != nil))
    func gnuplotDrawsWithoutAWord() throws {
        try withTemporaryFolder { folder in
            let folder = folder + "/it's a folder"
            let result = SyntheticComparison.result(diverged: 2)
            let files = try ComparisonFiles(result, in: folder)
            #expect(files.toDraw == nil)
            #expect(
                Set(files.written.map { $0.split(separator: "/").last! }) == [
                    "comparison.svg", "comparison.png", "learning-rates.svg", "learning-rates.png",
                    "results.json",
                    "summary.csv", "curves.csv", "learning-rates.csv", "comparison.gnuplot", "comparison.dat",
                    "learning-rates.gnuplot", "learning-rates.dat",
                ])
            #expect(
                try read("\(folder)/comparison.png").prefix(8) == [
                    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A,
                ])
            let svg = String(decoding: try read("\(folder)/comparison.svg"), as: UTF8.self)
            #expect(svg.contains("momentum (0.01)"))
            #expect(svg.contains("gradient evaluations (examples)"))
            #expect(svg.hasSuffix("</svg>\n\n"))
            #expect(names(in: folder).allSatisfy { !$0.contains("partial") })
        }
    }

    @Test func withoutDrawingTheCommandIsTold() throws {
        try withTemporaryFolder { folder in
            let files = try ComparisonFiles(SyntheticComparison.result(), in: folder + "/a b", drawing: false)
            #expect(
                files.toDraw?.command
                    == "(cd '\(folder)/a b' && gnuplot comparison.gnuplot learning-rates.gnuplot)")
            #expect(!names(in: folder + "/a b").contains("comparison.png"))
            #expect(names(in: folder + "/a b").contains("comparison.gnuplot"))
        }
    }

    @Test func aFolderThatIsAFileIsRefused() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write("x", to: "\(folder)/file")
            #expect(throws: ReportError.self) { try OutputFolder.make("\(folder)/file") }
            #expect(throws: ReportError.self) { try OutputFolder.make("\(folder)/file/below") }
            #expect(throws: DataFileError.self) { try AtomicFile.write("x", to: "\(folder)/none/file") }
        }
    }

    // MARK: Characters

    @Test func chartInLetters() {
        let panel = Panel(
            x: Axis("updates", scale: .logarithmic), y: Axis("loss"),
            curves: [
                Curve(label: "sgd", color: 0, points: [.init(x: 1, y: 1), .init(x: 1000, y: 0)]),
                Curve(label: "slow", color: 1, points: [.init(x: 1, y: 1), .init(x: 1000, y: 1)]),
            ])
        let lines = TextChart(panel, width: 40, height: 5, color: false, ascii: true).lines()
        #expect(lines.allSatisfy { $0.count <= 40 && $0.allSatisfy(\.isASCII) })
        #expect(lines.last?.hasSuffix("s sgd   l slow") == true)
        #expect(lines[1].contains("llllll"))
        #expect(lines[5].hasSuffix("s"))
        #expect(lines.contains { $0.contains("10") && $0.contains("100") })
    }

    @Test func chartInBrailleHasColoursForEachCurve() {
        let panel = SyntheticComparison.result().lossPanel
        let lines = TextChart(panel, width: 80, color: true, ascii: false).lines()
        #expect(lines.joined().contains("\u{1B}[38;5;32m"))
        #expect(lines.joined().contains { ("\u{2801}"..."\u{28FF}").contains($0) })
        let plain = TextChart(panel, width: 80, color: false, ascii: false).lines()
        #expect(!plain.joined().contains("\u{1B}"))
    }
}

/// Runs `body` with a new folder that is removed afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/descent-reports-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer { removeAll(folder) }
    try body(folder)
}

private func removeAll(_ path: String) {
    for name in names(in: path) {
        let child = "\(path)/\(name)"
        if unlink(child) != 0 { removeAll(child) }
    }
    rmdir(path)
}

private func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names
}

/// The bytes of a file.
func read(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "re"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
    return bytes
}
