import DescentOptimization
import Glibc
import Testing

@testable import DescentReports

@Suite struct PictureTests {
    @Test func draw() throws {
        let folder = "/tmp/reports-look"
        try AtomicFile.makeFolder(folder)
        for (name, figure) in [
            ("comparison", SyntheticComparison.result(diverged: 2).curvesFigure),
            ("learning-rates", SyntheticComparison.result().learningRatesFigure!),
            ("single", SyntheticComparison.result(replicates: 1, accuracy: false).curvesFigure),
        ] {
            let script = GnuplotScript(figure, name: name)
            try AtomicFile.write(script.script, to: "\(folder)/\(script.scriptName)")
            try AtomicFile.write(script.data, to: "\(folder)/\(script.dataName)")
            try Gnuplot()!.draw(script, in: folder)
        }
    }
}
@Suite struct LookTests {
    @Test func look() throws {
        print(SyntheticComparison.result(diverged: 2).text())
        print(SyntheticComparison.result(diverged: 0).text(width: 80, ascii: true))
        print(SyntheticComparison.result(replicates: 1, accuracy: false).text(width: 80))
        let panel = SyntheticComparison.result().lossPanel
        for line in TextChart(panel, width: 80, color: true, ascii: false).lines() { print(line) }
        for line in TextChart(panel, width: 80, color: false, ascii: true).lines() { print(line) }
        print(SyntheticComparison.result().summaryCSV)
        print(SyntheticComparison.result().gridCSV.prefix(300))
        print(try SyntheticComparison.result().json().prefix(3000))
        let f = try ComparisonFiles(SyntheticComparison.result(), in: "/tmp/reports-look/files it's")
        print(f)
    }
}
