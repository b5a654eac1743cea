import Glibc

/// Standard error, unbuffered.
enum StandardError {
    /// Writes text, all of it.
    static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(STDERR_FILENO, bytes.baseAddress! + written, bytes.count - written)
                if count < 0 && errno != EINTR { return }
                written += max(count, 0)
            }
        }
    }
}
