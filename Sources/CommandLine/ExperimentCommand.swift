import ArgumentParser
import Descent
import DescentExperiments
import DescentReports

/// Runs the experiments of the documentation again, one subcommand each.
struct ExperimentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiment",
        abstract: "Run an experiment of the documentation: picture, table, conclusion.",
        discussion: """
            Without a name, lists them. Each one's options, the figures that it can be run with instead of its own, \
            are shown by 'descent experiment NAME --help'.
            """,
        subcommands: [ExperimentList.self] + Experiments.all.map { subcommand($0) },
        defaultSubcommand: ExperimentList.self)

    private static func subcommand<E: Experiment>(_ experiment: E.Type) -> any ParsableCommand.Type {
        ExperimentRun<E>.self
    }
}

/// The experiments, a line each; and what `descent experiment` ends up with where the name is none of theirs.
struct ExperimentList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the experiments, a line each.")

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var words: [String] = []

    func run() throws {
        try reportingMisuse {
            guard words.isEmpty else {
                throw Misuse(unknown: words, of: Experiments.all.map { $0.name }, as: "experiment")
            }
        }
        let width = Experiments.all.map { $0.name.count }.max() ?? 0
        for experiment in Experiments.all {
            let padding = String(repeating: " ", count: width - experiment.name.count)
            print("\(experiment.name)\(padding)  \(experiment.summary)")
        }
        print("\ndescent experiment NAME runs one; descent experiment NAME --help shows its options.")
    }
}

/// One experiment as a command: its own options, and where its files go.
struct ExperimentRun<E: Experiment>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: E.name, abstract: E.summary)
    }

    @OptionGroup var experiment: E

    @Option(
        help: ArgumentHelp(
            "Where table, pictures and data go; made if it is not there.", valueName: "folder"))
    var output = "results/\(E.name)"

    @Option(help: "What standard output holds: text or json.")
    var format = Format.text

    @Option(help: ArgumentHelp("Also write the page NAME.md and its pictures there.", valueName: "folder"))
    var page: String?

    @Flag(name: .shortAndLong, help: "No progress, no list of files.")
    var quiet = false

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    func run() throws {
        let progress = TerminalProgress(isQuiet: quiet)
        let report = try experiment.report(
            ExperimentProgress { fraction, what in progress.show("\(progress.bar(fraction)) \(what)") })
        progress.finish()
        switch format {
        case .text: print(report.text(width: Terminal.output.width), terminator: "")
        case .json: print(try report.json(name: E.name), terminator: "")
        }
        let files = try ExperimentFiles(report, of: E.name, in: output)
        if let page {
            try ExperimentFiles.writePage(
                report, of: E.name, command: "descent experiment \(E.name)", in: page)
        }
        guard !quiet else { return }
        let pictures = files.written.filter { $0.hasSuffix(".png") }
        StandardError.write(
            "\nWritten to \(output): \(files.written.count) files"
                + (pictures.isEmpty ? "" : ", among them \(pictures.joined(separator: ", "))") + "\n")
        if let reason = files.notDrawn { StandardError.write("Pictures were not drawn: \(reason)\n") }
    }
}
