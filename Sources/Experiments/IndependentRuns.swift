import Descent

/// Does as many pieces of work as are asked for, on all threads at once, and gives what came of each in order.
///
/// The pieces must not depend on each other; what they give does not depend on how many threads there are.
///
/// - Throws: The error of the first piece that failed.
func independentRuns<Result: Sendable>(
    _ count: Int, _ progress: (Double) -> Void = { _ in }, _ run: @Sendable (Int) throws -> Result
) throws -> [Result] {
    let results = Locked([Swift.Result<Result, any Error>?](repeating: nil, count: count))
    // A row of pieces at a time, so that the progress can be told from here.
    let row = max(1, 2 * Compute.threadCount)
    for first in stride(from: 0, to: count, by: row) {
        progress(Double(first) / Double(count))
        WorkerTeam.shared.forEach(min(row, count - first)) { index in
            let result = Swift.Result { try run(first + index) }
            results.withLock { $0[first + index] = result }
        }
    }
    return try results.withLock { try $0.map { try $0!.get() } }
}
