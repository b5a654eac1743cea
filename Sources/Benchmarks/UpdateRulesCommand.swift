import ArgumentParser
import Descent

/// Times a step of every update rule on one thread, beside the memory's limit and PyTorch.
struct UpdateRulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Time a step of each update rule, beside what memory allows and PyTorch.",
        discussion: """
            Everything runs on one thread unless --threads says otherwise, in turn, and is timed by the processor time that it takes. 'memory' is a \
            pass that reads the gradient and reads and writes parameters and state, and does next to nothing with \
            them. PyTorch takes its fused path where it has one, else its foreach path.
            """)

    @Argument(help: "Run only the rules whose name contains this.")
    var name = ""

    @Option(help: "Numbers of parameters, separated by commas.")
    var counts = "100000,10000000"

    @Option(help: "Times each step is measured; the median counts.")
    var samples = 15

    @Option(help: "Threads for our steps; above 1 the time is that of the calling thread.")
    var threads = 1

    @Option(
        help: "A Python with PyTorch, to compare with. (default: the one of 'make peers', if it is there)")
    var python: String?

    mutating func validate() throws {
        guard threads >= 1 else { throw ValidationError("--threads must be 1 or more, not \(threads)") }
        guard samples >= 1 else { throw ValidationError("--samples must be 1 or more, not \(samples)") }
        _ = try parsedCounts()
    }

    private func parsedCounts() throws -> [Int] {
        try counts.split(separator: ",").map { text in
            guard let count = Int(text), count > 0 else {
                throw ValidationError("--counts must be numbers above 0, not '\(text)'")
            }
            return count
        }
    }

    mutating func run() throws {
        let wanted = name.lowercased()
        let rules = TimedRule.all.filter { wanted.isEmpty || $0.name.lowercased().contains(wanted) }
        guard !rules.isEmpty else { throw ValidationError("no update rule is called '\(name)'") }
        let peer = try PeerScripts.python(python).map {
            try PeerScripts.start("update_rules", python: $0, threads: 1)
        }
        Compute.threadCount = threads
        for count in try parsedCounts() {
            print(
                "\(count) Float parameters, threads: \(threads). Microseconds a step, medians of \(samples).\n"
            )
            print(row("", ["step", "ns/param", "memory", "of memory", "PyTorch", "faster by", ""]))
            for rule in rules {
                let result = try rule.measure(count: count, samples: samples, peer: peer)
                print(row(rule.name, result.columns))
            }
            print("")
        }
    }

    private func row(_ name: String, _ columns: [String]) -> String {
        name + String(repeating: " ", count: max(1, 27 - name.count))
            + columns.map { String(repeating: " ", count: max(1, 11 - $0.count)) + $0 }.joined()
    }
}
