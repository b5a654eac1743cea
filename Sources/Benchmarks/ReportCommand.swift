import ArgumentParser
import DescentDatasets
import DescentReports

/// Measures everything, and writes the page and its pictures: what a bare `make perf` does.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Measure everything, and write the page performance.md with its pictures.",
        discussion: """
            The page is not written with --only, --threads, --quick or --no-peers unless --page names the folder. What was \
            measured is also kept in .build/perf/performance.json.
            """)

    @OptionGroup var options: MeasuringOptions

    @Option(help: ArgumentHelp("The folder of the page. (default: docs)", valueName: "folder"))
    var page: String?

    mutating func run() throws {
        let isPart =
            !options.only.isEmpty || options.quick || options.noPeers || options.threads != nil
        let folder = page ?? (isPart ? nil : "docs")
        if let folder { try OutputFolder.make("\(folder)/images") }
        var measurement = try Measurement(options)
        defer { measurement.finish() }
        try measurement.measureLimits()
        try measurement.measureJobs()
        if options.only.isEmpty { measurement.measureGrowth() }
        measurement.finish()
        measurement.noteDuration()
        let report = measurement.report
        PerformanceText(report: report).print()
        try OutputFolder.make(Measurement.folder)
        try AtomicFile.write(report.json(), to: Measurement.lastReport)
        guard let folder else { return }
        try Self.write(report, to: folder)
    }

    /// Writes the page; without gnuplot it has the pictures that are there already.
    static func write(_ report: PerformanceReport, to folder: String) throws {
        try OutputFolder.make("\(folder)/images")
        if let gnuplot = Gnuplot() {
            try gnuplot.draw(report.chart, to: "\(folder)/images/performance.svg")
            if !report.growth.isEmpty {
                try gnuplot.draw(report.growthFigure, to: "\(folder)/images/performance-growth.svg")
            }
        } else {
            print("gnuplot is not installed (Debian: apt install gnuplot-nox): no pictures.")
        }
        try AtomicFile.write(PerformancePage(report: report).text, to: "\(folder)/performance.md")
        print("\nWritten: \(folder)/performance.md and its pictures in \(folder)/images.")
    }
}
