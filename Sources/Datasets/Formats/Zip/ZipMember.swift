/// One file inside a zip archive, as the archive's directory describes it.
package struct ZipMember: Sendable {
    /// The methods of compression that are supported.
    package enum Compression: UInt16, Sendable {
        /// The bytes as they are.
        case stored = 0
        /// zlib's algorithm, RFC 1951.
        case deflated = 8
    }

    /// Deflate turns two bits into at most 258 bytes: no honest member expands by more than this.
    package static let greatestExpansion = 1032

    /// The name in the archive.
    package let name: String
    /// General purpose bits, section 4.4.4 of APPNOTE.
    let flags: UInt16
    /// The number of the method of compression.
    let method: UInt16
    /// The checksum of the decoded bytes.
    package let checksum: UInt32
    /// The size in the archive.
    package let compressedSize: Int
    /// The size of the decoded bytes.
    package let size: Int
    /// Where its local header begins in the file.
    let headerOffset: Int
    /// Where its bytes begin in the file, behind the local header.
    package internal(set) var dataOffset = 0

    let rawName: [UInt8]

    /// Whether the member is a folder.
    package var isFolder: Bool { name.utf8.last == UInt8(ascii: "/") }

    private static let encryptedBits: UInt16 = 1 | 1 << 6 | 1 << 13

    /// Whether the sizes and the checksum stand behind the data, and maybe not before it.
    static let descriptorBit: UInt16 = 1 << 3
    static let utf8Bit: UInt16 = 1 << 11

    /// Checks that the member can be decoded here and does not claim more than its bytes can hold.
    func decodable(in source: ByteSource) throws(DataFileError) -> Compression {
        if flags & Self.encryptedBits != 0 { throw source.error(.encrypted, member: name) }
        guard let compression = Compression(rawValue: method) else {
            throw source.error(.unsupportedCompression(method: Int(method)), member: name)
        }
        switch compression {
        case .stored:
            if size != compressedSize {
                throw source.error(.sizeMismatch(claimed: size, actual: compressedSize), member: name)
            }
        case .deflated:
            let (most, overflow) = compressedSize.multipliedReportingOverflow(by: Self.greatestExpansion)
            if !overflow && size > most {
                throw source.error(.impossibleSize(claimed: size, most: most), member: name)
            }
        }
        return compression
    }

    /// Whether a name stays below the folder it is unpacked in and is safe to show.
    static func isSafe(_ name: String) -> Bool {
        // By bytes: comparing characters would bring Unicode's tables into memory.
        let bytes = Array(name.utf8)
        let slash = UInt8(ascii: "/")
        if bytes.isEmpty || bytes[0] == slash { return false }
        if bytes.contains(where: { $0 < 32 || $0 == 127 || $0 == UInt8(ascii: "\\") }) { return false }
        let isDriveLetter = bytes.count > 1 && bytes[1] == UInt8(ascii: ":")
        if isDriveLetter && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[0] | 0x20) { return false }
        return bytes.split(separator: slash).allSatisfy { part in
            part.count > 2 || part.contains { $0 != UInt8(ascii: ".") }
        }
    }
}
