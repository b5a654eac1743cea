import ArgumentParser

/// Times what the package spends its time in.
@main
struct PerformanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "descent-perf",
        abstract: "Time the kernels, and the steps of the update rules.",
        subcommands: [KernelsCommand.self, UpdateRulesCommand.self], defaultSubcommand: KernelsCommand.self)
}
