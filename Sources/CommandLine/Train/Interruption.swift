import Descent
import Glibc

/// Ctrl-C while training: the first one asks it to stop at a good place, the second one ends the program.
///
/// A request to terminate, which schedulers of batch jobs send before they kill, is taken in the same way.
enum Interruption {
    /// What training looks at after each update.
    static let flag = CancellationFlag()

    private nonisolated(unsafe) static var received: sig_atomic_t = 0

    /// The signal that asked to stop; `nil` for none.
    static var signal: Int32? { received == 0 ? nil : received }

    /// The exit code that shells give to a program ended by the signal.
    static var exitCode: Int32 { 128 + received }

    /// Begins to listen.
    static func listen() {
        // Made here, where memory may be allocated, and not in the handler.
        _ = flag
        for number in [SIGINT, SIGTERM] { Glibc.signal(number, handle) }
    }

    private static let handle: @convention(c) (Int32) -> Void = { number in
        let wipe: StaticString = "\r\u{1B}[K"
        if received != 0 {
            if isatty(STDERR_FILENO) == 1 {
                _ = write(STDERR_FILENO, wipe.utf8Start, wipe.utf8CodeUnitCount)
            }
            Glibc.signal(number, SIG_DFL)
            raise(number)
            return
        }
        received = number
        flag.cancel()
    }
}
