import Glibc

/// A file without a name, which is gone when it is closed: for what a process prints.
final class TemporaryFile {
    let descriptor: Int32

    init() throws(PeerError) {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/descent-perf-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw PeerError("no file can be made in \(folder): \(String(cString: strerror(errno)))")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(template)
    }

    deinit { close(descriptor) }

    /// What has been written to it; of much, the end.
    var text: String {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return "" }
        let most: off_t = 1 << 16
        var bytes = [UInt8](repeating: 0, count: Int(min(status.st_size, most)))
        let count = pread(descriptor, &bytes, bytes.count, max(0, status.st_size - most))
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// The last line that is not empty: what a program that failed said in the end.
    var lastLine: String? {
        text.split(whereSeparator: \.isNewline).map { $0.split(separator: " ").joined(separator: " ") }
            .last { !$0.isEmpty }
    }
}
