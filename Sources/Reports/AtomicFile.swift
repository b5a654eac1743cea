import Glibc

/// Files that are there whole or not at all.
package enum AtomicFile {
    /// Writes `text` to a temporary name in the same folder and renames it to `path`.
    package static func write(_ text: String, to path: String) throws(ReportError) {
        let temporary = "\(path).partial-\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: lastError()) }
        var text = text
        let failure: String? = text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
                if count < 0 && errno == EINTR { continue }
                if count < 0 { return lastError() }
                written += count
            }
            return nil
        }
        // Some file systems report a full disk only here.
        let closed = close(descriptor) == 0 ? nil : lastError()
        if let reason = failure ?? closed {
            unlink(temporary)
            throw .cannotWrite(path: path, reason: reason)
        }
        try rename(temporary, to: path)
    }

    /// Renames a finished file to its proper name, over whatever stands there.
    package static func rename(_ temporary: String, to path: String) throws(ReportError) {
        guard Glibc.rename(temporary, path) == 0 else {
            let reason = lastError()
            unlink(temporary)
            throw .cannotWrite(path: path, reason: reason)
        }
    }

    /// Removes a file if it is there.
    package static func remove(_ path: String) { unlink(path) }

    /// Makes a folder and those above it, and checks that files can be made in it.
    package static func makeFolder(_ path: String) throws(ReportError) {
        var partial = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            partial += (partial.isEmpty || partial.hasSuffix("/") ? "" : "/") + component
            if mkdir(partial, 0o777) != 0 && errno != EEXIST {
                throw .cannotWrite(path: path, reason: lastError())
            }
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw .cannotWrite(path: path, reason: lastError()) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .cannotWrite(path: path, reason: "it is a file, not a folder")
        }
        guard access(path, W_OK | X_OK) == 0 else { throw .cannotWrite(path: path, reason: lastError()) }
    }

    private static func lastError() -> String { String(cString: strerror(errno)) }
}
