/// Work that is ready to be timed: everything that it needs exists.
struct PreparedWork {
    /// The timed part.
    let run: () throws -> Void
    /// What the last run found, for people and as a number; not timed.
    let check: () throws -> (note: String?, value: Double?)

    init(
        _ run: @escaping () throws -> Void,
        check: @escaping () throws -> (note: String?, value: Double?) = { (nil, nil) }
    ) {
        self.run = run
        self.check = check
    }

    /// Runs until so many seconds have passed, at least once.
    ///
    /// - Returns: Seconds a run.
    func seconds(atLeast: Double) throws -> Double {
        let clock = ContinuousClock()
        let begin = clock.now
        var count = 0
        var elapsed = 0.0
        repeat {
            try run()
            count += 1
            elapsed = (clock.now - begin) / .seconds(1)
        } while elapsed < atLeast
        return elapsed / Double(count)
    }
}
