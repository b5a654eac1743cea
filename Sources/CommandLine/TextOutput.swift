import Glibc

/// Standard output through a buffer, for text too long to be put together first.
struct TextOutput: ~Copyable {
    private var buffer: [UInt8] = []
    private static let capacity = 1 << 16

    init() { buffer.reserveCapacity(Self.capacity + 4096) }

    /// Appends text.
    mutating func write(_ text: String) {
        buffer += text.utf8
        if buffer.count >= Self.capacity { flush() }
    }

    /// Lets `body` append bytes.
    mutating func write(_ body: (inout [UInt8]) -> Void) {
        body(&buffer)
        if buffer.count >= Self.capacity { flush() }
    }

    /// Hands everything to the system.
    ///
    /// A reader that went away ends the process, as for every filter.
    mutating func flush() {
        buffer.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let result = Glibc.write(STDOUT_FILENO, bytes.baseAddress! + done, bytes.count - done)
                if result >= 0 {
                    done += result
                } else if errno != EINTR {
                    return
                }
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

}
