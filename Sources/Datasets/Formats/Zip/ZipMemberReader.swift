import CZlib

/// The decoded bytes of one member from beginning to end, with the checksum kept as they pass.
final class ZipMemberReader: ByteReader {
    private let source: ByteSource
    private let member: ZipMember
    private let inflater: Inflater?
    private var position: Int
    private var checksum: UInt = 0
    private var done = 0

    /// How much is decoded before its checksum is taken: little enough to be still in the cache.
    private static let step = 1 << 18

    init(_ member: ZipMember, in source: ByteSource) throws(DataFileError) {
        self.source = source
        self.member = member
        position = member.dataOffset
        switch try member.decodable(in: source) {
        case .stored: inflater = nil
        case .deflated:
            inflater = try Inflater(
                source: source, member: member.name,
                range: member.dataOffset..<(member.dataOffset + member.compressedSize), wrapping: .none)
        }
    }

    var remaining: Int { member.size - done }

    func error(_ reason: DataFileError.Reason) -> DataFileError {
        source.error(reason, member: member.name)
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws(DataFileError) {
        guard target.count <= remaining else {
            throw error(.truncated(needed: target.count, available: remaining))
        }
        var written = 0
        while written < target.count {
            let end = min(written + Self.step, target.count)
            let part = UnsafeMutableRawBufferPointer(rebasing: target[written..<end])
            let got: Int
            if let inflater {
                got = try inflater.read(into: part)
            } else {
                try source.read(at: position + done, into: part)
                got = part.count
            }
            add(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(part)[..<got]))
            if got < part.count {
                throw error(.sizeMismatch(claimed: member.size, actual: done))
            }
            written = end
        }
    }

    func rest() -> (storage: ByteStorage, offset: Int)? {
        guard inflater == nil, let shared = source.shared(at: position + done, count: member.size - done)
        else { return nil }
        return shared
    }

    func add(_ bytes: UnsafeRawBufferPointer) {
        // Given no bytes, zlib would start the checksum anew.
        if bytes.isEmpty { return }
        checksum = crc32_z(checksum, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        done += bytes.count
    }

    /// Checks, after the last byte, that the data ends and that its checksum is right.
    func finish() throws(DataFileError) {
        if done != member.size {
            throw error(.trailingBytes(remaining))
        }
        try inflater?.finish()
        let actual = UInt32(truncatingIfNeeded: checksum)
        if actual != member.checksum {
            throw error(.checksumMismatch(expected: member.checksum, actual: actual))
        }
    }
}
