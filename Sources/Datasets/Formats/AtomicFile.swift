import Glibc

/// A file being written under a temporary name beside its own, which it gets when it is complete.
package final class AtomicFile {
    /// The path as it was given, for messages.
    private let name: String
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    /// The number of bytes written, which is where the next ones go.
    private(set) var count = 0

    /// Creates a file, lets `body` write it, and gives it its name; on an error nothing is left behind.
    ///
    /// - Parameter replacing: Whether a file of that name may be replaced.
    static func write(
        to path: String, replacing: Bool, _ body: (AtomicFile) throws(DataFileError) -> Void
    ) throws(DataFileError) {
        let file = try AtomicFile(path: path, replacing: replacing)
        do {
            try body(file)
            try file.commit(replacing: replacing)
        } catch {
            unlink(file.temporaryPath)
            throw error
        }
    }

    /// Writes bytes, over whatever file of that name there is.
    package static func write(_ bytes: [UInt8], to path: String) throws(DataFileError) {
        try write(to: path, replacing: true) { file throws(DataFileError) in try file.write(bytes) }
    }

    /// Writes a text, over whatever file of that name there is.
    package static func write(_ text: String, to path: String) throws(DataFileError) {
        try write(to: path, replacing: true) { file throws(DataFileError) in try file.write(Array(text.utf8))
        }
    }

    private init(path: String, replacing: Bool) throws(DataFileError) {
        // Through a symbolic link, its target is written; renaming would replace the link.
        name = path
        var path = path
        if let resolved = realpath(path, nil) {
            path = String(cString: resolved)
            free(resolved)
        }
        self.path = path
        var mode: mode_t = 0o666
        var status = stat()
        if stat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { throw DataFileError(file: name, reason: .isDirectory) }
            // Renaming over a device would take it away from everybody.
            if status.st_mode & S_IFMT != S_IFREG {
                throw DataFileError(file: name, reason: .unrepresentable("is no regular file"))
            }
            if !replacing { throw DataFileError(file: name, reason: .exists) }
            mode = status.st_mode & 0o777
        }
        let unique = "\(getpid())-\(UInt64.random(in: 0 ... .max))"
        temporaryPath = "\(path).\(unique).part"
        descriptor = open(temporaryPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        if descriptor < 0 { throw DataFileError(file: name, reason: .unwritable(code: errno)) }
    }

    deinit { close(descriptor) }

    /// Appends bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws(DataFileError) {
        try write(bytes, at: count)
        count += bytes.count
    }

    /// Appends bytes.
    func write(_ bytes: [UInt8]) throws(DataFileError) {
        try write(bytes, at: count)
        count += bytes.count
    }

    /// Overwrites bytes that have been written before.
    func write(_ bytes: [UInt8], at offset: Int) throws(DataFileError) {
        var failure: DataFileError?
        bytes.withUnsafeBytes { buffer in
            do throws(DataFileError) {
                try write(buffer, at: offset)
            } catch { failure = error }
        }
        if let failure { throw failure }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(DataFileError) {
        var done = 0
        while done < bytes.count {
            let result = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, offset + done)
            if result >= 0 {
                done += result
            } else if errno != EINTR {
                throw DataFileError(file: name, reason: .unwritable(code: errno))
            }
        }
    }

    private func commit(replacing: Bool) throws(DataFileError) {
        // Linking fails where the name has been taken meanwhile; renaming would take it.
        if !replacing {
            if link(temporaryPath, path) == 0 {
                unlink(temporaryPath)
                return
            }
            if errno == EEXIST { throw DataFileError(file: name, reason: .exists) }
            // A file system without hard links: the check at the beginning has to do.
        }
        if rename(temporaryPath, path) != 0 {
            throw DataFileError(file: name, reason: .unwritable(code: errno))
        }
    }
}
