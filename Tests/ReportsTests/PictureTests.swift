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
