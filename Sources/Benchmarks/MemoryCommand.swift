import ArgumentParser
import DescentReports

/// Measures the most memory of the jobs that are whole processes, and prints it.
struct MemoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory",
        abstract: "Measure the most memory of whole processes, ours and the peers'.")

    @OptionGroup var options: MeasuringOptions

    mutating func run() throws {
        var measurement = try Measurement(options)
        defer { measurement.finish() }
        try measurement.measureJobs { $0.isWholeProcess }
        measurement.finish()
        PerformanceText(report: measurement.report).print()
    }
}
