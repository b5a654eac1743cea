extension Compute {
    /// Does `count` independent pieces of work on the threads, and gives what came of each in order of its index.
    ///
    /// For runs that differ in a seed or a setting: each computes on one thread, and what it gives is to the last bit what
    /// it would give alone, however many threads there are. While the pieces run, subnormal numbers count as zero.
    ///
    /// ```swift
    /// let ends = Compute.map(10) { index in
    ///     var generator = RandomGenerator(seed: UInt64(index))
    ///     return (0..<1000).reduce(0.0) { sum, _ in sum + generator.nextNormal() }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - count: How many pieces; their indices are those from 0 on.
    ///   - progress: Told on the calling thread, now and then, which share of the pieces is done.
    ///   - piece: Does the piece of an index, on any of the threads.
    /// - Throws: The error of the first piece, by index, that failed.
    /// - Precondition: `count` is not negative.
    public static func map<Outcome: Sendable, Failure: Error>(
        _ count: Int, progress: (Double) -> Void = { _ in },
        _ piece: @Sendable (Int) throws(Failure) -> Outcome
    ) throws(Failure) -> [Outcome] {
        precondition(count >= 0, "\(count) pieces of work")
        let outcomes = Locked([Result<Outcome, Failure>?](repeating: nil, count: count))
        // A row of pieces at a time, so that the progress can be told from here.
        let row = max(1, 2 * threadCount)
        for first in stride(from: 0, to: count, by: row) {
            progress(Double(first) / Double(count))
            WorkerTeam.shared.forEach(min(row, count - first)) { index in
                let outcome = Result { () throws(Failure) in try piece(first + index) }
                outcomes.withLock { $0[first + index] = outcome }
            }
        }
        var results: [Outcome] = []
        results.reserveCapacity(count)
        for outcome in outcomes.withLock({ $0 }) {
            // Every index was visited.
            results.append(try outcome!.get())
        }
        return results
    }
}
