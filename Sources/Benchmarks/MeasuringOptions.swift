import ArgumentParser
import Descent
import DescentReports
import Glibc

/// What all the measuring commands share.
struct MeasuringOptions: ParsableArguments {
    @Option(help: "A Python with the peers. (default: the one of 'make peers', if it is there)")
    var python: String?

    @Flag(help: "Measure Descent and the machine alone.")
    var noPeers = false

    @Option(
        help: ArgumentHelp("Run only the jobs whose name contains this (may be repeated).", valueName: "job"))
    var only: [String] = []

    @Option(help: "How often each job is run; by default 5 times, and those that take long 3 times.")
    var runs: Int?

    @Option(help: "Run the jobs on so many threads only, 1 or 2 (default: on 2, then on 1).")
    var threads: Int?

    @Flag(help: "Small problems and two runs, to see whether everything works.")
    var quick = false

    @Option(
        help: ArgumentHelp(
            "MNIST as an npz file. (default: where 'descent' finds it, else the bundled sample)",
            valueName: "file"))
    var data: String?

    mutating func validate() throws {
        if let runs, runs < 1 { throw ValidationError("--runs must be 1 or more, not \(runs)") }
        if let threads, !(1...2).contains(threads) {
            throw ValidationError("--threads must be 1 or 2, not \(threads)")
        }
        if let threads, threads > ProcessorSet.allowed.count {
            throw ValidationError("--threads is \(threads), but there is only one processor")
        }
        if noPeers, python != nil { throw ValidationError("--python and --no-peers exclude each other") }
    }

    /// The workers.
    func pool() throws -> WorkerPool {
        let python = noPeers ? nil : PeerScripts.python(self.python)
        if let python = self.python, access(python, X_OK) != 0 {
            throw ValidationError("--python: there is no program \(python)")
        }
        return WorkerPool(python: python)
    }

    /// How often each job is run.
    var runCount: JobRunner.RunCount {
        if let runs { return JobRunner.RunCount(count: runs, countOfLong: runs) }
        return quick ? JobRunner.RunCount(count: 2, countOfLong: 2) : JobRunner.RunCount()
    }

    /// The numbers of threads of a job that this machine has processors for.
    func threadCounts(_ job: Job) -> [Int] {
        let processors = ProcessorSet.allowed.count
        let possible = job.threadCounts.filter { $0 <= processors }
        guard let threads else { return possible.isEmpty ? [1] : possible }
        return [threads]
    }

    /// Whether a job was asked for.
    func wants(_ name: String) -> Bool {
        only.isEmpty || only.contains { name.contains($0) }
    }
}
