import Foundation
import Testing

@testable import DescentReports

@Suite struct FigureWritingTests {
    private let figure = Figure(
        title: "A line",
        panels: [
            Panel(
                x: Axis("x"), y: Axis("y"),
                curves: [Curve(label: "line", color: 0, points: [.init(x: 0, y: 1), .init(x: 1, y: 2)])])
        ])

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    @Test(.enabled(if: Gnuplot() != nil)) func drawsWhatTheNameSays() throws {
        try withFolder { folder in
            let path = "\(folder)/a picture.svg"
            try figure.write(to: path)
            #expect(try String(contentsOfFile: path, encoding: .utf8).contains("A line"))
            try figure.write(to: "\(folder)/a.PNG")
            let start = try #require(FileManager.default.contents(atPath: "\(folder)/a.PNG")).prefix(4)
            #expect(Array(start) == [0x89, 0x50, 0x4E, 0x47])
            try FigureAnimation(figure, steps: 1).write(to: "\(folder)/a.gif")
            let gif = try #require(FileManager.default.contents(atPath: "\(folder)/a.gif")).prefix(3)
            #expect(Array(gif) == Array("GIF".utf8))
            // Nothing else is left.
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                    "a picture.svg", "a.PNG", "a.gif",
                ])
        }
    }

    @Test func otherEndingsAreRefused() {
        let reason = "the name of this picture must end in .svg or .png"
        for path in ["a.gif", "a.pdf", "a", "svg"] {
            #expect(throws: ReportError.cannotWrite(path: path, reason: reason)) {
                try figure.write(to: path)
            }
            #expect(throws: ReportError.cannotWrite(path: path, reason: reason)) {
                try PictureSheet(title: "", tiles: []).write(to: path)
            }
        }
        #expect(throws: ReportError.self) { try FigureAnimation(figure, steps: 1).write(to: "a.pdf") }
    }

    @Test(.enabled(if: Gnuplot() != nil)) func aFolderThatIsNotThereIsSaid() {
        #expect(throws: ReportError.self) { try figure.write(to: "/nonexistent/a.svg") }
    }
}
