/// What stands at the end of a zip archive: where its directory is.
struct ZipEndRecord {
    /// Where the directory begins in the file.
    let directoryOffset: Int
    /// The directory's size in bytes.
    let directorySize: Int
    /// The number of members that the directory should have.
    let entryCount: Int
    /// The number of bytes in front of the archive, to be added to every offset in it.
    let prefix: Int
    /// Whether the record is a zip64 one.
    let isZip64: Bool

    private static let size = 22
    private static let longestComment = 0xFFFF
    private static let locatorSize = 20
    private static let zip64Size = 56

    /// Looks for the record as Python's `zipfile` does: at the very end, else the last one within the
    /// 65,557 bytes in which a comment can have pushed it forward.
    init(source: ByteSource) throws(DataFileError) {
        let tailCount = min(source.count, Self.size + Self.longestComment)
        let tailOffset = source.count - tailCount
        let tail = try source.bytes(at: tailOffset, count: tailCount)
        guard let position = Self.position(in: tail) else {
            let isBegun = try source.bytes(at: 0, count: min(4, source.count)) == [0x50, 0x4B, 3, 4]
            throw source.error(
                .malformed(
                    isBegun
                        ? "is cut short: the directory at its end is missing from its \(source.count) bytes"
                        : "is no zip archive: it has no end of directory record"))
        }
        let record = tail[position...]
        var disks = [
            Int(record.littleEndian(UInt16.self, at: 4)!), Int(record.littleEndian(UInt16.self, at: 6)!),
        ]
        var countHere = UInt64(record.littleEndian(UInt16.self, at: 8)!)
        var count = UInt64(record.littleEndian(UInt16.self, at: 10)!)
        var size = UInt64(record.littleEndian(UInt32.self, at: 12)!)
        var offset = UInt64(record.littleEndian(UInt32.self, at: 16)!)
        // Where the directory must end.
        var end = tailOffset + position

        if let zip64 = try Self.zip64Record(before: end, in: source) {
            end = zip64.offset
            disks = [
                Int(zip64.bytes.littleEndian(UInt32.self, at: 16)!),
                Int(zip64.bytes.littleEndian(UInt32.self, at: 20)!),
            ]
            countHere = zip64.bytes.littleEndian(UInt64.self, at: 24)!
            count = zip64.bytes.littleEndian(UInt64.self, at: 32)!
            size = zip64.bytes.littleEndian(UInt64.self, at: 40)!
            offset = zip64.bytes.littleEndian(UInt64.self, at: 48)!
            isZip64 = true
        } else {
            isZip64 = false
        }
        if disks != [0, 0] || countHere != count { throw source.error(.multiDisk, at: end) }
        guard size <= UInt64(end), offset <= UInt64(end) - size else {
            throw source.error(
                .malformed("its directory of \(size) bytes at offset \(offset) lies outside of the file"),
                at: end)
        }
        directorySize = Int(size)
        directoryOffset = end - Int(size)
        prefix = directoryOffset - Int(offset)
        // A member takes at least 46 bytes of the directory.
        guard count <= size / 46 else {
            throw source.error(.malformed("its directory is too small for \(count) members"), at: end)
        }
        entryCount = Int(count)
    }

    private static func position(in tail: [UInt8]) -> Int? {
        let signature: [UInt8] = [0x50, 0x4B, 5, 6]
        guard tail.count >= size else { return nil }
        let exact = tail.count - size
        if tail[exact...].starts(with: signature) && tail[(exact + 20)...].elementsEqual([0, 0]) {
            return exact
        }
        return (0...exact).last { tail[$0] == 0x50 && tail[$0...].starts(with: signature) }
    }

    /// The zip64 record, where a locator in front of the plain record points to one.
    private static func zip64Record(
        before end: Int, in source: ByteSource
    ) throws(DataFileError) -> (bytes: [UInt8], offset: Int)? {
        guard end >= locatorSize else { return nil }
        let locatorOffset = end - locatorSize
        let locator = try source.bytes(at: locatorOffset, count: locatorSize)
        guard locator.littleEndian(UInt32.self, at: 0) == 0x0706_4B50 else { return nil }
        if locator.littleEndian(UInt32.self, at: 4) != 0 || locator.littleEndian(UInt32.self, at: 16)! > 1 {
            throw source.error(.multiDisk, at: locatorOffset)
        }
        // The locator's offset does not know of bytes in front of the archive: then the record is where it
        // stands without an extensible part, directly before the locator.
        let claimed = Int(exactly: locator.littleEndian(UInt64.self, at: 8)!) ?? -1
        for offset in [claimed, locatorOffset - zip64Size]
        where offset >= 0 && offset <= locatorOffset - zip64Size {
            let bytes = try source.bytes(at: offset, count: zip64Size)
            guard bytes.littleEndian(UInt32.self, at: 0) == 0x0606_4B50 else { continue }
            let length = bytes.littleEndian(UInt64.self, at: 4)!
            if length == UInt64(locatorOffset - offset - 12) { return (bytes, offset) }
        }
        throw source.error(
            .malformed("its zip64 end record is not where its locator says"), at: locatorOffset)
    }
}
