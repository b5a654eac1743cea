import Glibc

/// A line on standard error that says what is being measured, renewed in place; nothing where that is no terminal.
final class ProgressLine {
    private let isShown = isatty(STDERR_FILENO) == 1

    /// Shows a line in place of the one before.
    func show(_ text: String) { write("\r\(text.prefix(100))\u{1B}[K") }

    /// Wipes the line.
    func finish() { write("\r\u{1B}[K") }

    private func write(_ text: String) {
        guard isShown else { return }
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress!, $0.count) }
    }
}
