import DescentDatasets
import DescentOptimization
import Glibc

/// The files that a comparison leaves in a folder.
public struct ComparisonFiles: Sendable {
    /// What was written, in the order in which a person wants to know.
    public private(set) var written: [String] = []
    /// The command that draws what could not be drawn, and why it could not; `nil` when all pictures are there.
    public private(set) var toDraw: (reason: String, command: String)?

    /// Writes `results.json`, three tables as CSV, and the pictures with their scripts and data.
    ///
    /// Each file is written to a temporary name and renamed, so that none is ever half there. Files of an earlier
    /// comparison in the same folder are replaced, and its pictures removed where they cannot be drawn anew.
    ///
    /// - Parameters:
    ///   - result: What to write.
    ///   - folder: Made if it is not there.
    ///   - drawing: Whether to run gnuplot; scripts and data are written in any case.
    /// - Throws: ``ReportError`` or `DataFileError` when a file cannot be written. That gnuplot is missing or fails is no error: see
    ///   ``toDraw``.
    public init(_ result: OptimizerComparisonResult, in folder: String, drawing: Bool = true) throws {
        try OutputFolder.make(folder)
        func put(_ text: String, _ name: String) throws {
            try AtomicFile.write(text, to: "\(folder)/\(name)")
            written.append("\(folder)/\(name)")
        }
        try put(try result.json(), "results.json")
        try put(result.summaryCSV, "summary.csv")
        try put(result.curvesCSV, "curves.csv")
        var scripts = [GnuplotScript(result.curvesFigure, name: "comparison")]
        if let figure = result.learningRatesFigure {
            try put(result.gridCSV, "learning-rates.csv")
            scripts.append(GnuplotScript(figure, name: "learning-rates"))
        } else {
            // Those of an earlier comparison would be taken for this one's.
            for ending in ["csv", "gnuplot", "dat", "svg", "png"] {
                unlink("\(folder)/learning-rates.\(ending)")
            }
        }
        for script in scripts {
            try put(script.data, script.dataName)
            try put(script.script, script.scriptName)
            for picture in script.pictureNames { unlink("\(folder)/\(picture)") }
        }
        let command =
            "(cd \(Self.shellQuoted(folder)) && gnuplot \(scripts.map(\.scriptName).joined(separator: " ")))"
        guard drawing else {
            toDraw = ("not asked to draw", command)
            return
        }
        guard let gnuplot = Gnuplot() else {
            toDraw = ("gnuplot is not installed (Debian: apt install gnuplot-nox)", command)
            return
        }
        var pictures: [String] = []
        do throws(ReportError) {
            for script in scripts { pictures += try gnuplot.draw(script, in: folder) }
        } catch {
            toDraw = (error.description, command)
        }
        written = pictures + written
    }

    /// A word for a shell, quoted where it has to be.
    static func shellQuoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: ","):
                true
            default: false
            }
        }
        if plain && !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
            + "'"
    }
}
