import ArgumentParser
import DescentReports

/// Times how work grows with its size, and prints it.
struct GrowthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "growth",
        abstract: "Time how work grows with rows, batch size, width and parameters.",
        discussion: "--only takes part of a study's title or of what grows, such as 'batch'.")

    @OptionGroup var options: MeasuringOptions

    mutating func run() throws {
        var measurement = try Measurement(options)
        defer { measurement.finish() }
        measurement.measureGrowth()
        measurement.finish()
        guard !measurement.report.growth.isEmpty else {
            throw ValidationError("nothing that grows is called '\(options.only.joined(separator: ", "))'")
        }
        PerformanceText(report: measurement.report).print()
    }
}
