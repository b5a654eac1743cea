import Glibc

/// The folder that reports are written to.
package enum OutputFolder {
    /// Makes a folder and those above it, and checks that files can be made in it.
    package static func make(_ path: String) throws(ReportError) {
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

    /// Checks that a file can be made where a path says, without making it.
    package static func checkFolder(of path: String) throws(ReportError) {
        var there = stat()
        if stat(path, &there) == 0, there.st_mode & S_IFMT == S_IFDIR {
            throw .cannotWrite(path: path, reason: "it is a folder, not a file")
        }
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var status = stat()
        guard stat(folder, &status) == 0 else { throw .cannotWrite(path: path, reason: lastError()) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .cannotWrite(path: path, reason: "\(folder) is a file, not a folder")
        }
        guard access(folder, W_OK | X_OK) == 0 else { throw .cannotWrite(path: path, reason: lastError()) }
    }

    /// Renames a finished file to its proper name, over whatever stands there.
    static func rename(_ temporary: String, to path: String) throws(ReportError) {
        guard Glibc.rename(temporary, path) == 0 else {
            let reason = lastError()
            unlink(temporary)
            throw .cannotWrite(path: path, reason: reason)
        }
    }

    private static func lastError() -> String { String(cString: strerror(errno)) }
}
