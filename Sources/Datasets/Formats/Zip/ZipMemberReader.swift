import CKernels
import CZlib

/// The decoded bytes of one member from beginning to end, with the checksum kept as they pass.
final class ZipMemberReader: ByteReader {
    private let source: ByteSource
    private let member: ZipMember
    private let inflater: Inflater?
    private var position: Int
    private var checksum: UInt = 0
    private var done = 0
    /// Whether the rest was decoded in one go, which has checked where the data end.
    private var isWhole = false

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
        if inflater != nil { return decodedWhole().map { ($0, done) } }
        return source.shared(at: position + done, count: member.size - done)
    }

    /// From this size on decoding in one go, header and all, saves more than decoding the header twice costs.
    private static let smallestWhole = 1 << 16

    /// All bytes of a deflated member, decoded in half the time that zlib takes.
    ///
    /// `nil` for what this decoder refuses: zlib shall say what is wrong with it, and where.
    private func decodedWhole() -> ByteStorage? {
        guard member.size >= Self.smallestWhole else { return nil }
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: member.compressedSize, alignment: 64)
        defer { scratch.deallocate() }
        guard
            let compressed = try? source.chunk(at: position, count: member.compressedSize, scratch: scratch),
            compressed.count == member.compressedSize
        else { return nil }
        var isDecoded = false
        let storage = ByteStorage.allocate(count: member.size) { target in
            isDecoded = descent_inflate(
                compressed.baseAddress!, compressed.count, target.baseAddress!, target.count)
        }
        guard isDecoded else { return nil }
        isWhole = true
        return storage
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
        if !isWhole { try inflater?.finish() }
        let actual = UInt32(truncatingIfNeeded: checksum)
        if actual != member.checksum {
            throw error(.checksumMismatch(expected: member.checksum, actual: actual))
        }
    }
}
