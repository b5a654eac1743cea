import Synchronization

/// A way to end a training run from elsewhere: another thread, another task, a signal handler.
///
///     let flag = CancellationFlag()
///     signal(SIGINT) { _ in flag.cancel() }    // `flag` a global
///     try loop.run(until: .epochs(15), options: TrainingOptions(cancellation: flag))
///
/// The run looks at it after each update: it finishes the batch, writes its checkpoint if it writes any, and throws
/// `TrainingError.cancelled`, which names the file. Raising the flag is one atomic store and takes no lock.
public final class CancellationFlag: Sendable, Equatable {
    private let flag = Atomic(false)

    /// A flag that is not raised.
    public init() {}

    /// Asks whoever looks at the flag to stop.
    public func cancel() { flag.store(true, ordering: .relaxed) }

    /// Lowers the flag, so that another run can be given it.
    public func reset() { flag.store(false, ordering: .relaxed) }

    /// Whether it is raised.
    public var isCancelled: Bool { flag.load(ordering: .relaxed) }

    /// Whether both are the same flag.
    public static func == (a: CancellationFlag, b: CancellationFlag) -> Bool { a === b }
}
