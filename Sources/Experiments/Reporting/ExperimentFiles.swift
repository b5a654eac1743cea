import DescentDatasets
import DescentReports

/// The files that an experiment leaves in a folder.
package struct ExperimentFiles: Sendable {
    /// What was written, pictures first.
    package private(set) var written: [String] = []

    /// Why pictures could not be drawn; `nil` when all are there.
    package private(set) var notDrawn: String?

    /// Writes `results.json`, a CSV file for each table, and each picture with its script and data.
    ///
    /// - Parameters:
    ///   - report: What to write.
    ///   - name: The experiment's name.
    ///   - folder: Made if it is not there.
    /// - Throws: `ReportError` or `DataFileError` when a file cannot be written. That gnuplot is missing or fails is
    ///   no error: see `notDrawn`.
    package init(_ report: ExperimentReport, of name: String, in folder: String) throws {
        try OutputFolder.make(folder)
        func put(_ text: String, _ name: String) throws {
            try AtomicFile.write(text, to: "\(folder)/\(name)")
            written.append("\(folder)/\(name)")
        }
        try put(try report.json(name: name), "results.json")
        for table in report.tables { try put(table.csv, "\(table.name).csv") }
        let scripts = report.pictures.map(\.script)
        for script in scripts {
            try put(script.data, script.dataName)
            try put(script.script, script.scriptName)
        }
        guard let gnuplot = Gnuplot() else {
            notDrawn = "gnuplot is not installed (Debian: apt install gnuplot-nox)"
            return
        }
        var pictures: [String] = []
        do throws(ReportError) {
            for script in scripts { pictures += try gnuplot.draw(script, in: folder) }
        } catch {
            notDrawn = error.description
        }
        written = pictures + written
    }

    /// Writes the page of an experiment and its pictures (SVG) for the documentation.
    ///
    /// - Parameters:
    ///   - report: What to write.
    ///   - name: The experiment's name; the page is `name.md`.
    ///   - command: What to type to see it again.
    ///   - folder: The folder of the pages; pictures go into its folder `images`.
    /// - Throws: `ReportError` or `DataFileError` when a file cannot be written or a picture cannot be drawn.
    package static func writePage(
        _ report: ExperimentReport, of name: String, command: String, in folder: String
    ) throws {
        try OutputFolder.make(folder)
        let images = "\(folder)/images"
        try OutputFolder.make(images)
        if let gnuplot = Gnuplot() {
            for picture in report.pictures {
                for ending in picture.isAnimated ? ["svg", "gif"] : ["svg"] {
                    try gnuplot.draw(picture, to: "\(images)/\(name)-\(picture.name).\(ending)")
                }
            }
        } else {
            throw ReportError.gnuplotFailed(script: name, message: "gnuplot is not installed")
        }
        var renamed = report
        for index in renamed.pictures.indices {
            renamed.pictures[index].name = "\(name)-\(renamed.pictures[index].name)"
        }
        try AtomicFile.write(
            renamed.page(command: command, pictureFolder: "images"), to: "\(folder)/\(name).md")
    }
}

extension Gnuplot {
    fileprivate func draw(_ picture: ExperimentPicture, to path: String) throws(ReportError) {
        switch picture.content {
        case .figure(let figure): try draw(figure, to: path)
        case .sheet(let sheet): try draw(sheet, to: path)
        case .animation(let animation): try draw(animation, to: path)
        }
    }
}
