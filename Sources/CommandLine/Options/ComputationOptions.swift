import ArgumentParser
import Descent

/// What every command that computes for a while can be told.
struct ComputationOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "The seed from which everything random follows.")
    var seed: UInt64 = 0

    @Option(parsing: .unconditional, help: "Threads to work on. (default: the number of processors)")
    var threads: Int?

    @Flag(help: "Say nothing while at work.")
    var quiet = false

    func validate() throws {
        if let threads, threads < 1 {
            throw ValidationError("--threads must be at least 1, not \(threads).")
        }
    }

    /// Has the library work on so many threads.
    func apply() {
        if let threads { Compute.threadCount = threads }
    }
}
