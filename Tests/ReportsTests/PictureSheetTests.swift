import DescentDatasets
import Glibc
import Testing

@testable import DescentReports

/// Pictures of data, bars, and curves of fewer points.
@Suite struct PictureSheetTests {
    @Test func tilesOfADataset() {
        let digits = Digits.load()
        let tile = PictureSheet.Tile(of: digits, example: 17, caption: ["7"])
        #expect(tile.width == 8 && tile.height == 8 && tile.caption == ["7"])
        // Full ink, 16, is white.
        #expect(tile.brightness == digits.example(17).map { $0 / 16 })
        let narrow = PictureSheet.Tile(of: digits, example: 17, range: 4...8)
        #expect(narrow.brightness == digits.example(17).map { min(max(($0 - 4) / 4, 0), 1) })
    }

    @Test func numbersAsATile() {
        let tile = PictureSheet.Tile(width: 2, height: 1, values: [-1, 3])
        #expect(tile.brightness == [0, 1])
        #expect(
            PictureSheet.Tile(width: 2, height: 1, values: [-1, 3], range: -4...4).brightness == [
                0.375, 0.875,
            ])
        #expect(PictureSheet.Tile(width: 2, height: 1, values: [5, 5]).brightness == [0, 0])
    }

    @Test func mosaics() {
        let tiles = [0.1, 0.2, 0.3].map {
            PictureSheet.Tile(width: 2, height: 1, brightness: [$0, $0], caption: ["x"])
        }
        let mosaic = PictureSheet.Tile.mosaic(of: tiles, columns: 2, gap: 1, background: 1)
        #expect(mosaic.width == 5 && mosaic.height == 3 && mosaic.caption.isEmpty)
        #expect(
            mosaic.brightness == [
                0.1, 0.1, 1, 0.2, 0.2,
                1, 1, 1, 1, 1,
                0.3, 0.3, 1, 1, 1,
            ])
        let row = PictureSheet.Tile.mosaic(of: tiles, columns: 9, gap: 0)
        #expect(row.width == 6 && row.height == 1 && row.brightness == [0.1, 0.1, 0.2, 0.2, 0.3, 0.3])
    }

    @Test func palettesAndSizes() {
        let tile = PictureSheet.Tile(width: 4, height: 2, brightness: Array(repeating: 0.5, count: 8))
        func script(_ sheet: PictureSheet) -> String { sheet.script(name: "x").script }
        #expect(script(PictureSheet(title: "", tiles: [tile])).contains("set palette gray\n"))
        #expect(
            script(PictureSheet(title: "", tiles: [tile], palette: .ink)).contains(
                "set palette gray negative\n"))
        #expect(script(PictureSheet(title: "", tiles: [tile], palette: .diverging)).contains("0.5 '#FFFFFF'"))
        // The longer side is the size: 500 × 250, and room around it.
        #expect(
            script(PictureSheet(title: "", tiles: [tile], tileSize: 500)).contains("noenhanced size 528,340 ")
        )
    }

    /// Sixty pictures of 28 × 28 stay small enough for a page.
    @Test func aSheetIsWrittenAndSmall() throws {
        var template = Array("/tmp/descent-test-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { rmdir(folder) }
        let (train, _) = try MNIST.bundledSample()
        let tiles = (0..<60).map { PictureSheet.Tile(of: train, example: $0) }
        let sheet = PictureSheet(
            title: "Sixty", tiles: [.mosaic(of: tiles, columns: 10)], tileSize: 720, palette: .ink)
        try sheet.write(to: "\(folder)/sheet.svg")
        defer { unlink("\(folder)/sheet.svg") }
        let source = try ByteSource(path: "\(folder)/sheet.svg")
        #expect((10_000..<100_000).contains(source.count))
        let text = String(decoding: try source.bytes(at: 0, count: source.count), as: UTF8.self)
        #expect(text.contains("<image image-rendering='pixelated' "))
        #expect(throws: ReportError.self) { try sheet.write(to: "\(folder)/nosuch/sheet.svg") }
    }

    @Test func bars() {
        let curve = Curve(Histogram(of: [0, 0, 1, 2, 2, 2, 4], bins: .count(4)), label: "values")
        #expect(curve.points.map(\.x) == [0.5, 1.5, 2.5, 3.5] && curve.points.map(\.y) == [2, 1, 3, 1])
        #expect(curve.form == .bars && abs(curve.barWidth - 0.85) < 1e-12)
        let single = Curve(barsOf: [3])
        #expect(single.points == [.init(x: 0, y: 3)] && single.barWidth == 0.85)
        let script = GnuplotScript(
            Figure(title: "x", panels: [Panel(x: Axis("x"), y: Axis("y"), curves: [curve])]), name: "x"
        ).script
        #expect(script.contains("using 1:2:($1-0.425000):($1+0.425000):(0):2 with boxxyerror"))
        // Bars stand on 0.
        #expect(script.contains("set yrange [0.0:"))
        #expect(script.contains("2 with boxes"))
    }

    @Test func thinnedCurvesKeepTheirEnds() {
        let points = (0..<1000).map { Curve.Point(x: Double($0), y: 0) }
        let thinned = points.thinned(to: 50)
        #expect(thinned.count <= 50 && thinned.count > 30)
        #expect(thinned.prefix(4).map(\.x) == [0, 1, 2, 3] && thinned.last?.x == 999)
        #expect(zip(thinned, thinned.dropFirst()).allSatisfy { $0.x < $1.x })
        #expect(Array(points.prefix(50)).thinned(to: 50).count == 50)
    }
}
