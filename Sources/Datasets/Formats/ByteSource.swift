import Glibc

/// A file, or bytes already in memory, that can be read at any offset, by several threads at once.
package final class ByteSource: Sendable {
    private enum Backing: Sendable {
        case file(Int32)
        case memory(ByteStorage)
    }

    /// The name for error messages: the path.
    package let name: String
    /// The number of bytes.
    package let count: Int
    private let backing: Backing

    /// From this size on, mapping a part of a file costs less than copying it.
    private static let smallestMapping = 1 << 16

    /// Opens a file, or for `-` standard input.
    ///
    /// What cannot be read at any offset, such as a pipe, is read whole.
    package convenience init(path: String) throws(DataFileError) {
        let name = path == "-" ? "standard input" : path
        let descriptor = path == "-" ? dup(STDIN_FILENO) : Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DataFileError(file: name, reason: .unreadable(code: errno)) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw DataFileError(file: name, reason: .unreadable(code: code))
        }
        let kind = status.st_mode & S_IFMT
        if kind == S_IFDIR {
            close(descriptor)
            throw DataFileError(file: name, reason: .isDirectory)
        }
        if kind == S_IFREG && (path != "-" || lseek(descriptor, 0, SEEK_CUR) == 0) {
            self.init(name: name, count: Int(status.st_size), backing: .file(descriptor))
            return
        }
        defer { close(descriptor) }
        self.init(name: name, bytes: try Self.readToEnd(descriptor, name: name))
    }

    /// Bytes in memory under a name.
    package convenience init(name: String, bytes: ByteStorage) {
        self.init(name: name, count: bytes.bytes.count, backing: .memory(bytes))
    }

    private init(name: String, count: Int, backing: Backing) {
        self.name = name
        self.count = count
        self.backing = backing
    }

    deinit {
        if case .file(let descriptor) = backing { close(descriptor) }
    }

    /// An error about this source.
    package func error(
        _ reason: DataFileError.Reason, member: String? = nil, at offset: Int? = nil
    ) -> DataFileError {
        DataFileError(file: name, member: member, position: offset.map { .byte($0) }, reason: reason)
    }

    /// Copies bytes from `offset` on into `target`, all of it.
    package func read(
        at offset: Int, into target: UnsafeMutableRawBufferPointer
    ) throws(DataFileError) {
        guard offset >= 0, offset <= count, target.count <= count - offset else {
            throw error(.truncated(needed: target.count, available: max(count - offset, 0)), at: offset)
        }
        switch backing {
        case .memory(let storage):
            target.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: storage.bytes[offset..<(offset + target.count)]))
        case .file(let descriptor):
            var done = 0
            while done < target.count {
                let result = pread(descriptor, target.baseAddress! + done, target.count - done, offset + done)
                if result > 0 {
                    done += result
                } else if result == 0 {
                    // Shortened since it was opened.
                    throw error(.truncated(needed: target.count, available: done), at: offset)
                } else if errno != EINTR {
                    throw error(.unreadable(code: errno), at: offset + done)
                }
            }
        }
    }

    /// Bytes from `offset` on, in an array.
    package func bytes(at offset: Int, count: Int) throws(DataFileError) -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else {
            throw error(.truncated(needed: count, available: max(self.count - offset, 0)), at: offset)
        }
        var result = [UInt8](repeating: 0, count: count)
        var failure: DataFileError?
        result.withUnsafeMutableBytes { buffer in
            do throws(DataFileError) {
                try read(at: offset, into: buffer)
            } catch { failure = error }
        }
        if let failure { throw failure }
        return result
    }

    /// Bytes without a copy where that can be: a slice of memory, or a mapping of a large part of a file.
    ///
    /// The second value says where in the storage the bytes begin.
    package func shared(at offset: Int, count: Int) -> (storage: ByteStorage, offset: Int)? {
        guard offset >= 0, count > 0, offset <= self.count, count <= self.count - offset else { return nil }
        switch backing {
        case .memory(let storage):
            return (storage, offset)
        case .file(let descriptor):
            guard count >= Self.smallestMapping,
                let mapping = ByteStorage.map(fileDescriptor: descriptor, offset: offset, count: count)
            else { return nil }
            return (mapping, 0)
        }
    }

    /// The next bytes for a decoder: in place when they are in memory, else copied into `scratch`.
    package func chunk(
        at offset: Int, count: Int, scratch: UnsafeMutableRawBufferPointer
    ) throws(DataFileError) -> UnsafeRawBufferPointer {
        if case .memory(let storage) = backing {
            guard offset >= 0, offset <= self.count, count <= self.count - offset else {
                throw error(.truncated(needed: count, available: max(self.count - offset, 0)), at: offset)
            }
            return UnsafeRawBufferPointer(rebasing: storage.bytes[offset..<(offset + count)])
        }
        let part = UnsafeMutableRawBufferPointer(rebasing: scratch[..<min(count, scratch.count)])
        try read(at: offset, into: part)
        return UnsafeRawBufferPointer(part)
    }

    private static func readToEnd(_ descriptor: Int32, name: String) throws(DataFileError) -> ByteStorage {
        var buffer = GrowingBytes()
        while true {
            guard buffer.reserve(1 << 16) else {
                throw DataFileError(file: name, reason: .outOfMemory(bytes: buffer.count))
            }
            let space = buffer.space
            let result = Glibc.read(descriptor, space.baseAddress, space.count)
            if result > 0 {
                buffer.count += result
            } else if result == 0 {
                return buffer.finish()
            } else if errno != EINTR {
                throw DataFileError(file: name, reason: .unreadable(code: errno))
            }
        }
    }
}
