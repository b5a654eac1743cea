import CZlib

/// Writes a zip archive, with zip64 fields where sizes or offsets need them.
///
/// The same members give the same bytes: the time of every member is the first that zip knows, the beginning
/// of 1980. The data of stored members begins at multiples of 64, so that it can be mapped and used in place.
final class ZipWriter {
    private struct Entry {
        var name: [UInt8]
        var method: UInt16
        var checksum: UInt32 = 0
        var compressedSize = 0
        var size = 0
        var offset: Int
    }

    private let file: AtomicFile
    private let path: String
    private let zip64Limit: Int
    private var entries: [Entry] = []
    private var names: Set<String> = []

    private static let alignment = 64
    private static let date: UInt16 = 1 << 5 | 1

    /// - Parameter zip64Limit: The first size and offset that is written in a zip64 field.
    init(_ file: AtomicFile, path: String, zip64Limit: Int = 0xFFFF_FFFF) {
        self.file = file
        self.path = path
        self.zip64Limit = zip64Limit
    }

    /// Adds a member with the given pieces, one after the other, as its bytes.
    func add(
        _ name: String, compression: DataCompression, pieces: [UnsafeRawBufferPointer]
    ) throws(DataFileError) {
        guard ZipMember.isSafe(name), name.utf8.count <= 0xFFFF else {
            throw DataFileError(file: path, member: name, reason: .unsafeName)
        }
        guard names.insert(name).inserted else {
            throw DataFileError(
                file: path, member: name,
                reason: .unrepresentable("is there twice; each name can be used once"))
        }
        let size = pieces.reduce(0) { $0 + $1.count }
        let method: UInt16 = compression == .stored ? 0 : 8
        var entry = Entry(name: Array(name.utf8), method: method, size: size, offset: file.count)
        for piece in pieces where piece.count > 0 {
            entry.checksum = UInt32(
                truncatingIfNeeded: crc32_z(
                    UInt(entry.checksum), piece.baseAddress!.assumingMemoryBound(to: UInt8.self), piece.count)
            )
        }
        // Deflate makes what it cannot compress longer by five bytes in 16 KiB and a few more.
        let needsZip64 = size + size / 1000 + 1000 >= zip64Limit
        let headerLength = localHeader(entry, zip64: needsZip64).count
        try file.write(localHeader(entry, zip64: needsZip64))
        let dataOffset = entry.offset + headerLength

        switch compression {
        case .stored:
            for piece in pieces { try file.write(piece) }
        case .deflated(let level):
            guard let deflater = Deflater(level: level, wrapping: .none) else {
                throw DataFileError(file: path, member: name, reason: .outOfMemory(bytes: 1 << 18))
            }
            for piece in pieces {
                try deflater.write(piece) { bytes throws(DataFileError) in try file.write(bytes) }
            }
            try deflater.finish { bytes throws(DataFileError) in try file.write(bytes) }
        }
        entry.compressedSize = file.count - dataOffset
        try file.write(localHeader(entry, zip64: needsZip64), at: entry.offset)
        entries.append(entry)
    }

    /// Writes the directory and the end of the archive.
    func finish() throws(DataFileError) {
        let start = file.count
        for entry in entries { try file.write(directoryEntry(entry)) }
        let size = file.count - start
        let end = file.count
        let isZip64 = entries.count >= 0xFFFF || start >= zip64Limit || size >= zip64Limit
        if isZip64 {
            var record: [UInt8] = []
            record.appendLittleEndian(0x0606_4B50 as UInt32)
            record.appendLittleEndian(44 as UInt64)
            record.appendLittleEndian(3 << 8 | 45 as UInt16)
            record.appendLittleEndian(45 as UInt16)
            record.appendLittleEndian(0 as UInt64)
            for value in [entries.count, entries.count, size, start] { record.appendLittleEndian(value) }
            record.appendLittleEndian(0x0706_4B50 as UInt32)
            record.appendLittleEndian(0 as UInt32)
            record.appendLittleEndian(end)
            record.appendLittleEndian(1 as UInt32)
            try file.write(record)
        }
        var record: [UInt8] = []
        record.appendLittleEndian(0x0605_4B50 as UInt32)
        record.appendLittleEndian(0 as UInt32)
        for _ in 0..<2 { record.appendLittleEndian(isZip64 ? 0xFFFF : UInt16(entries.count)) }
        for value in [size, start] { record.appendLittleEndian(isZip64 ? 0xFFFF_FFFF : UInt32(value)) }
        record.appendLittleEndian(0 as UInt16)
        try file.write(record)
    }

    private func flags(_ entry: Entry) -> UInt16 {
        entry.name.allSatisfy { $0 < 128 } ? 0 : ZipMember.utf8Bit
    }

    private func localHeader(_ entry: Entry, zip64: Bool) -> [UInt8] {
        var extra: [UInt8] = []
        if zip64 {
            extra.appendLittleEndian(1 as UInt16)
            extra.appendLittleEndian(16 as UInt16)
            extra.appendLittleEndian(entry.size)
            extra.appendLittleEndian(entry.compressedSize)
        }
        if entry.method == 0 {
            // The field that aligning tools use: the alignment, then zeros.
            let unaligned = entry.offset + 30 + entry.name.count + extra.count + 6
            let padding = (Self.alignment - unaligned % Self.alignment) % Self.alignment
            extra.appendLittleEndian(0xD935 as UInt16)
            extra.appendLittleEndian(UInt16(2 + padding))
            extra.appendLittleEndian(UInt16(Self.alignment))
            extra += [UInt8](repeating: 0, count: padding)
        }
        var header: [UInt8] = []
        header.appendLittleEndian(0x0403_4B50 as UInt32)
        header.appendLittleEndian(zip64 ? 45 : 20 as UInt16)
        header.appendLittleEndian(flags(entry))
        header.appendLittleEndian(entry.method)
        header.appendLittleEndian(0 as UInt16)
        header.appendLittleEndian(Self.date)
        header.appendLittleEndian(entry.checksum)
        header.appendLittleEndian(zip64 ? 0xFFFF_FFFF : UInt32(entry.compressedSize))
        header.appendLittleEndian(zip64 ? 0xFFFF_FFFF : UInt32(entry.size))
        header.appendLittleEndian(UInt16(entry.name.count))
        header.appendLittleEndian(UInt16(extra.count))
        return header + entry.name + extra
    }

    private func directoryEntry(_ entry: Entry) -> [UInt8] {
        var extra: [UInt8] = []
        /// The value, or the mark that it stands in the zip64 field.
        func field(_ value: Int) -> UInt32 {
            if value < zip64Limit { return UInt32(value) }
            extra.appendLittleEndian(value)
            return 0xFFFF_FFFF
        }
        let size = field(entry.size)
        let compressedSize = field(entry.compressedSize)
        let offset = field(entry.offset)
        if !extra.isEmpty {
            var head: [UInt8] = []
            head.appendLittleEndian(1 as UInt16)
            head.appendLittleEndian(UInt16(extra.count))
            extra = head + extra
        }
        let version: UInt16 = extra.isEmpty ? 20 : 45
        var header: [UInt8] = []
        header.appendLittleEndian(0x0201_4B50 as UInt32)
        // Made on Unix, with a file's permissions for the owner, as NumPy's are.
        header.appendLittleEndian(3 << 8 | version)
        header.appendLittleEndian(version)
        header.appendLittleEndian(flags(entry))
        header.appendLittleEndian(entry.method)
        header.appendLittleEndian(0 as UInt16)
        header.appendLittleEndian(Self.date)
        header.appendLittleEndian(entry.checksum)
        header.appendLittleEndian(compressedSize)
        header.appendLittleEndian(size)
        header.appendLittleEndian(UInt16(entry.name.count))
        header.appendLittleEndian(UInt16(extra.count))
        header.appendLittleEndian(0 as UInt16)
        header.appendLittleEndian(0 as UInt32)
        header.appendLittleEndian(0o600 << 16 as UInt32)
        header.appendLittleEndian(offset)
        return header + entry.name + extra
    }
}
