import Descent
import Glibc

/// A line that says how far things are, on standard error: renewed in place on a terminal, and nowhere else.
///
/// Messages are lines of their own in both cases; where there is no terminal they are all there is, without control
/// characters. An interrupt from the keyboard wipes the line before it ends the program.
final class TerminalProgress: Sendable {
    private let terminal: Terminal
    private let isQuiet: Bool
    private let state = Locked(State())

    private struct State {
        var isShown = false
        var isOver = false
        var lastShown: ContinuousClock.Instant?
    }

    /// A progress line.
    ///
    /// - Parameter isQuiet: Whether to say nothing at all.
    init(isQuiet: Bool, terminal: Terminal = .error) {
        self.terminal = terminal
        self.isQuiet = isQuiet
        if terminal.isInteractive && !isQuiet { Self.wipeOnInterrupt() }
    }

    /// Shows a line in place of the one before; at most ten times a second.
    func show(_ line: @autoclosure () -> String) {
        guard terminal.isInteractive && !isQuiet else { return }
        let now = ContinuousClock().now
        state.withLock { state in
            if state.isOver { return }
            if let last = state.lastShown, now - last < .milliseconds(100) { return }
            state.lastShown = now
            state.isShown = true
            // A line that reaches the last column would wrap and could not be wiped.
            let text = line().prefix(max(10, (terminal.width ?? 80) - 1))
            StandardError.write("\r\(text)\u{1B}[K")
        }
    }

    /// Says something that stays.
    func say(_ message: String) {
        guard !isQuiet else { return }
        state.withLock { state in
            StandardError.write((state.isShown ? "\r\u{1B}[K" : "") + message + "\n")
            state.isShown = false
            state.lastShown = nil
        }
    }

    /// Wipes the line, to make room for something on standard output.
    func wipe() {
        state.withLock { state in
            if state.isShown { StandardError.write("\r\u{1B}[K") }
            state.isShown = false
            state.lastShown = nil
        }
    }

    /// Wipes the line; nothing is shown any more.
    func finish() {
        state.withLock { state in
            if state.isShown { StandardError.write("\r\u{1B}[K") }
            state.isShown = false
            state.isOver = true
        }
    }

    /// `[#####-----]`, with blocks where they can be shown.
    func bar(_ fraction: Double, width: Int = 20) -> String {
        let filled = Int((min(max(fraction, 0), 1) * Double(width)).rounded(.down))
        let (full, empty) = terminal.isUnicode ? ("█", "░") : ("#", "-")
        return (terminal.isUnicode ? "" : "[") + String(repeating: full, count: filled)
            + String(repeating: empty, count: width - filled) + (terminal.isUnicode ? "" : "]")
    }

    private static func wipeOnInterrupt() {
        signal(SIGINT) { number in
            // Nothing but what a signal handler may call: write, signal, raise.
            let wipe: StaticString = "\r\u{1B}[K"
            _ = Glibc.write(STDERR_FILENO, wipe.utf8Start, wipe.utf8CodeUnitCount)
            signal(number, SIG_DFL)
            raise(number)
        }
    }
}
