/// Threads that stay, for loops too short to pay for starting one.
///
/// A loop of `count` independent pieces runs over the calling thread and the team's workers. Pieces are
/// handed out one at a time, so an uneven load evens out; a piece must therefore depend on its index alone,
/// never on the thread that runs it, and sums must be combined by index afterwards. Then results are the
/// same on any number of threads.
///
/// While a loop runs, subnormal numbers are zero on every thread of it (see ``withFlushToZero(_:)``) and
/// OpenBLAS computes on the thread that calls it. A loop inside a piece, or one started while another
/// thread's loop has the team, runs on its own thread alone: nothing waits for a busy team.
package final class WorkerTeam: Sendable {
    /// The team of the process, of ``Compute/threadCount`` threads.
    package static let shared = WorkerTeam(fixedThreadCount: nil)

    private let fixedThreadCount: Int?
    private let rendezvous = Rendezvous()

    /// A team of its own size.
    ///
    /// - Parameter threadCount: The number of threads, the calling one included; at least 1.
    package convenience init(threadCount: Int) {
        precondition(threadCount >= 1, "a team needs at least 1 thread, not \(threadCount)")
        self.init(fixedThreadCount: threadCount)
    }

    private init(fixedThreadCount: Int?) {
        self.fixedThreadCount = fixedThreadCount
    }

    deinit {
        rendezvous.dismiss()
    }

    /// The number of threads that a loop runs on, the calling one included.
    package var threadCount: Int { fixedThreadCount ?? Compute.threadCount }

    /// Runs `body` once for each index below `count`, over the threads, and returns when all are done.
    ///
    /// What the pieces write is visible to the caller on return. The order of the pieces is not defined.
    package func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
        withoutActuallyEscaping(body) { forEach(count, ClosureBody($0)) }
    }

    /// Runs a body once for each index below `count`, over the threads, and returns when all are done.
    ///
    /// What the pieces write is visible to the caller on return. The order of the pieces is not defined. Nothing is
    /// allocated once the threads are there.
    package func forEach(_ count: Int, _ body: any LoopBody) {
        guard count > 0 else { return }
        let seats = min(threadCount, count, Rendezvous.maximumThreadCount) - 1
        withFlushToZero {
            OpenBLAS.withOneThread {
                if seats > 0, rendezvous.tryEnter() {
                    rendezvous.run(count, seats: seats, body)
                    rendezvous.leave()
                } else {
                    for index in 0..<count { body.run(piece: index) }
                }
            }
        }
    }
}
