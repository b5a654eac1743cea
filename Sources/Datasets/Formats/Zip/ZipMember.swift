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
    package var isFolder: Bool { name.hasSuffix("/") }

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
        if name.isEmpty || name.hasPrefix("/") || name.contains("\\") { return false }
        if name.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) { return false }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains("..") || parts.contains(".") { return false }
        // A drive letter.
        let scalars = Array(name.unicodeScalars.prefix(2))
        return !(scalars.count == 2 && scalars[1] == ":" && scalars[0].properties.isAlphabetic)
    }
}
