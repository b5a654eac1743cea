import ArgumentParser
import DescentReports

/// Writes the page again, from what was measured last.
struct PageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "page",
        abstract: "Write the page and its pictures from what the last report measured.")

    @Option(help: ArgumentHelp("What a report left.", valueName: "file"))
    var from = Measurement.lastReport

    @Option(help: ArgumentHelp("The folder of the page.", valueName: "folder"))
    var page = "docs"

    mutating func run() throws {
        let text = SystemFile.contents(from)
        guard !text.isEmpty else { throw ValidationError("\(from) is not there: 'make perf' measures first") }
        let report: PerformanceReport
        do { report = try PerformanceReport(json: text) } catch {
            throw ValidationError("\(from) is not what a report leaves: \(error)")
        }
        try ReportCommand.write(report, to: page)
    }
}
