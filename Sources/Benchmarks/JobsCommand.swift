import ArgumentParser
import DescentReports

/// Times jobs side by side with the peers, and prints them.
struct JobsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "Time jobs side by side with NumPy, scikit-learn, PyTorch, JAX, polars and pandas.",
        discussion: """
            Examples:
              descent-perf jobs --only mlp
              descent-perf jobs --only least-squares --runs 9
              descent-perf jobs --quick --no-peers
            """)

    @OptionGroup var options: MeasuringOptions

    mutating func run() throws {
        var measurement = try Measurement(options)
        defer { measurement.finish() }
        try measurement.measureLimits()
        try measurement.measureJobs()
        measurement.finish()
        PerformanceText(report: measurement.report).print()
    }
}
