import ArgumentParser

/// Times what the package spends its time in.
@main
struct PerformanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "descent-perf",
        abstract: "Time what the package does, beside its peers and the machine's limits.",
        subcommands: [
            ReportCommand.self, JobsCommand.self, MemoryCommand.self, GrowthCommand.self, PageCommand.self,
            KernelsCommand.self, UpdateRulesCommand.self, WorkerCommand.self,
        ], defaultSubcommand: ReportCommand.self)
}
