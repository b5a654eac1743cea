/// Something to be timed: work of a known amount, done again and again.
struct Benchmark {
    /// What it times, with its sizes, such as `sgemm 512 × 512 × 512`.
    let name: String

    /// How much work one run does, in `unit`s.
    let amount: Double

    /// What the amount counts: `GF` (10⁹ floating-point operations), `MB` (10⁶ bytes), `steps`.
    let unit: String

    /// Makes what a run needs, outside the time, and returns the run.
    let prepare: () throws -> () throws -> Void

    /// Times runs until there are enough of them to tell, and for a while.
    ///
    /// The first run is not counted: it touches memory and wakes threads for the first time.
    ///
    /// - Parameter duration: How long to go on at least; five runs are made in any case.
    func measure(for duration: Duration) throws -> Timing {
        let run = try prepare()
        try run()
        let clock = ContinuousClock()
        let begin = clock.now
        var seconds: [Double] = []
        while seconds.count < 5 || clock.now - begin < duration {
            seconds.append(try clock.measure { try run() } / .seconds(1))
        }
        return Timing(seconds: seconds.sorted())
    }
}

/// The times of one benchmark's runs.
struct Timing {
    /// Seconds a run, the shortest first; at least one.
    let seconds: [Double]

    /// The shortest: the work itself, with the least of what else the machine was doing.
    var best: Double { seconds[0] }

    /// The one in the middle.
    var median: Double { seconds[seconds.count / 2] }
}
