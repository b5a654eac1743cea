import DescentDatasets
import Glibc

/// The beginning of standard input, looked at before it is known how it will be read.
enum StandardInput {
    /// The first bytes of standard input, which is afterwards there to be read from its beginning all the same.
    ///
    /// What cannot be read again goes through a pipe of ours, fed by a thread that ends with the input.
    ///
    /// - Parameter limit: How many bytes to look at, at most.
    /// - Returns: The bytes, and whether there are no others.
    static func beginning(_ limit: Int) throws(DataFileError) -> (bytes: [UInt8], isWhole: Bool) {
        var bytes: [UInt8] = []
        var isWhole = false
        let isSeekable = lseek(STDIN_FILENO, 0, SEEK_CUR) == 0
        while bytes.count < limit && !isWhole {
            let (start, space) = (bytes.count, min(limit - bytes.count, 1 << 20))
            var result = 0
            bytes.append(
                contentsOf: [UInt8](unsafeUninitializedCapacity: space) { buffer, count in
                    repeat {
                        result =
                            isSeekable
                            ? pread(STDIN_FILENO, buffer.baseAddress!, space, off_t(start))
                            : read(STDIN_FILENO, buffer.baseAddress!, space)
                    } while result < 0 && errno == EINTR
                    count = max(0, result)
                })
            if result < 0 { throw unreadable() }
            isWhole = result == 0
        }
        if !isSeekable { try feed(bytes, more: !isWhole) }
        return (bytes, isWhole)
    }

    private static func unreadable() -> DataFileError {
        DataFileError(file: "standard input", reason: .unreadable(code: errno))
    }

    /// What the feeding thread needs.
    private final class Feed: Sendable {
        let bytes: [UInt8]
        let source: Int32?
        let target: Int32

        init(bytes: [UInt8], source: Int32?, target: Int32) {
            (self.bytes, self.source, self.target) = (bytes, source, target)
        }

        func run() {
            defer { close(target) }
            guard bytes.withUnsafeBytes({ write($0) }), let source else { return }
            var buffer = [UInt8](repeating: 0, count: 1 << 18)
            buffer.withUnsafeMutableBytes { buffer in
                while true {
                    let count = read(source, buffer.baseAddress!, buffer.count)
                    if count < 0 && errno == EINTR { continue }
                    if count <= 0 || !write(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { break }
                }
            }
            close(source)
        }

        private func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
            var start = 0
            while start < bytes.count {
                let count = Glibc.write(target, bytes.baseAddress! + start, bytes.count - start)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return false }
                start += count
            }
            return true
        }
    }

    private static func feed(_ bytes: [UInt8], more: Bool) throws(DataFileError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw unreadable() }
        // Standard input becomes the pipe's end, which stays open as long as the program.
        let source = dup(STDIN_FILENO)
        guard source >= 0, dup2(ends[0], STDIN_FILENO) >= 0 else { throw unreadable() }
        close(ends[0])
        let feed = Feed(bytes: bytes, source: more ? source : nil, target: ends[1])
        if !more { close(source) }
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { context in
                Unmanaged<Feed>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(feed).toOpaque())
        guard status == 0 else {
            errno = status
            throw unreadable()
        }
        pthread_detach(thread)
    }
}
