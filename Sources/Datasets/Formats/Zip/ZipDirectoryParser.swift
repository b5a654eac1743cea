/// Reads one entry of a zip archive's central directory.
struct ZipDirectoryParser {
    let source: ByteSource
    /// The directory from the entry on.
    let bytes: ArraySlice<UInt8>
    /// Where the entry is in the file.
    let offset: Int
    /// The length of the entry once it is read.
    private(set) var length = 0

    private static let fixedLength = 46

    init(source: ByteSource, bytes: ArraySlice<UInt8>, offset: Int) {
        self.source = source
        self.bytes = bytes
        self.offset = offset
    }

    /// The entry; `prefix` bytes stand before the archive.
    mutating func member(prefix: Int) throws(DataFileError) -> ZipMember {
        guard bytes.count >= Self.fixedLength, bytes.littleEndian(UInt32.self, at: 0) == 0x0201_4B50 else {
            throw source.error(.malformed("its directory has no entry where one must be"), at: offset)
        }
        let nameLength = Int(bytes.littleEndian(UInt16.self, at: 28)!)
        let extraLength = Int(bytes.littleEndian(UInt16.self, at: 30)!)
        let commentLength = Int(bytes.littleEndian(UInt16.self, at: 32)!)
        length = Self.fixedLength + nameLength + extraLength + commentLength
        guard length <= bytes.count else {
            throw source.error(.malformed("its directory ends within an entry"), at: offset)
        }
        let nameStart = bytes.startIndex + Self.fixedLength
        let rawName = bytes[nameStart..<(nameStart + nameLength)]
        let extra = bytes[(nameStart + nameLength)..<(nameStart + nameLength + extraLength)]
        let flags = bytes.littleEndian(UInt16.self, at: 8)!
        let name = try decode(rawName, flags: flags)

        let fields = ZipExtraField.zip64Values(
            in: extra,
            replacing: [
                bytes.littleEndian(UInt32.self, at: 24)!, bytes.littleEndian(UInt32.self, at: 20)!,
                bytes.littleEndian(UInt32.self, at: 42)!,
            ])
        guard let fields, let size = Int(exactly: fields[0]), let compressed = Int(exactly: fields[1]),
            let headerOffset = Int(exactly: fields[2]), headerOffset <= Int.max - prefix
        else {
            throw source.error(
                .malformed("its sizes are in no valid zip64 extra field"), member: name, at: offset)
        }
        let disk = bytes.littleEndian(UInt16.self, at: 34)!
        if disk != 0 && disk != 0xFFFF { throw source.error(.multiDisk, member: name, at: offset) }
        return ZipMember(
            name: name, flags: flags, method: bytes.littleEndian(UInt16.self, at: 10)!,
            checksum: bytes.littleEndian(UInt32.self, at: 16)!, compressedSize: compressed, size: size,
            headerOffset: headerOffset + prefix, rawName: Array(rawName))
    }

    private func decode(_ raw: ArraySlice<UInt8>, flags: UInt16) throws(DataFileError) -> String {
        let name: String
        if flags & ZipMember.utf8Bit != 0 {
            guard let decoded = String(validating: raw, as: UTF8.self) else {
                throw source.error(.malformed("a member's name is not valid UTF-8"), at: offset)
            }
            name = decoded
        } else {
            name = CodePage437.decode(raw)
        }
        guard ZipMember.isSafe(name) else { throw source.error(.unsafeName, member: name, at: offset) }
        return name
    }
}

/// The extra fields that follow a zip header.
enum ZipExtraField {
    private static let zip64: UInt16 = 1

    /// 32-bit header fields with those that are 0xFFFFFFFF replaced, in order, by the 64-bit values of the
    /// zip64 field; `nil` where the field is damaged or does not have them.
    ///
    /// Without a zip64 field, 0xFFFFFFFF means itself.
    static func zip64Values(in extra: ArraySlice<UInt8>, replacing fields: [UInt32]) -> [UInt64]? {
        var values = fields.map { UInt64($0) }
        var position = 0
        // Fewer than four bytes at the end are padding, as some aligning tools leave it.
        while let identifier = extra.littleEndian(UInt16.self, at: position),
            let size = extra.littleEndian(UInt16.self, at: position + 2)
        {
            let start = position + 4
            position = start + Int(size)
            guard position <= extra.count else { return nil }
            guard identifier == zip64 else { continue }
            var next = start
            for index in fields.indices where fields[index] == 0xFFFF_FFFF {
                guard next + 8 <= position, let value = extra.littleEndian(UInt64.self, at: next) else {
                    return nil
                }
                values[index] = value
                next += 8
            }
            return values
        }
        return values
    }
}
