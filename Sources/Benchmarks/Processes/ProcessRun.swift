import Glibc

/// A program run from its start to its end, and what that took.
struct ProcessRun {
    /// Seconds by the clock, from before the start to after the end.
    let seconds: Double

    /// The most memory that it had at a time, in bytes.
    ///
    /// The kernel counts from the copy of this process that becomes the program: where the program took less than
    /// this process has, that is what is seen.
    let peakBytes: Double

    /// What it printed; of much, the end.
    let output: String

    /// Runs a program.
    ///
    /// - Parameters:
    ///   - arguments: The program and what it is told.
    ///   - environment: All of its environment variables.
    ///   - processors: On how many processors it may run.
    /// - Throws: ``PeerError`` if it does not start or does not exit with 0, with the last line that it wrote.
    init(_ arguments: [String], environment: [String: String], processors: Int?) throws(PeerError) {
        let (output, errors) = (try TemporaryFile(), try TemporaryFile())
        let clock = ContinuousClock()
        let begin = clock.now
        let child = try ChildProcess(
            arguments, environment: environment, processors: processors, output: output.descriptor,
            errors: errors.descriptor)
        let (code, usage) = child.wait()
        seconds = (clock.now - begin) / .seconds(1)
        // Linux counts in kilobytes.
        peakBytes = Double(usage.ru_maxrss) * 1024
        self.output = output.text
        guard code == 0 else {
            let name = arguments[0].split(separator: "/").last ?? "the program"
            throw PeerError("\(name) ended with code \(code): \(errors.lastLine ?? "it said nothing")")
        }
    }

    /// The most memory that this process has had, in bytes: the least that can be seen of another's.
    static var floorBytes: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) * 1024
    }
}
