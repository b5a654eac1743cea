import CZlib

/// zlib's decoder, reading a range of a source and writing straight to where the bytes are wanted.
final class Inflater {
    /// What wraps the compressed bytes.
    enum Wrapping: Int32 {
        /// Nothing, as in zip archives.
        case none = -15
        /// The header and checksum of zlib, RFC 1950, as in PNG files.
        case zlib = 15
        /// The header and trailer of gzip, RFC 1952, which zlib checks.
        case gzip = 31
    }

    private let source: ByteSource
    private let member: String?
    private let end: Int
    private let stream: UnsafeMutablePointer<z_stream>
    private let scratch: UnsafeMutableRawBufferPointer
    private let isGzip: Bool
    /// The next compressed byte to fetch.
    private var position: Int
    private var isAtEnd = false

    private static let scratchSize = 1 << 16

    init(
        source: ByteSource, member: String? = nil, range: Range<Int>, wrapping: Wrapping
    ) throws(DataFileError) {
        self.source = source
        self.member = member
        position = range.lowerBound
        end = range.upperBound
        isGzip = wrapping == .gzip
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        scratch = .allocate(byteCount: min(Self.scratchSize, max(range.count, 1)), alignment: 64)
        let status = inflateInit2_(
            stream, wrapping.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            throw source.error(.outOfMemory(bytes: 1 << 16), member: member)
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        scratch.deallocate()
    }

    /// The compressed bytes that have been used.
    private var consumed: Int { position - Int(stream.pointee.avail_in) }

    /// Decodes the next bytes into `target`; fewer than asked for only at the end of the data.
    func read(into target: UnsafeMutableRawBufferPointer) throws(DataFileError) -> Int {
        var written = 0
        while written < target.count && !isAtEnd {
            let wanted = min(target.count - written, 1 << 30)
            stream.pointee.next_out = target.baseAddress!.assumingMemoryBound(to: UInt8.self) + written
            stream.pointee.avail_out = UInt32(wanted)
            try step()
            written += wanted - Int(stream.pointee.avail_out)
        }
        stream.pointee.next_out = nil
        stream.pointee.avail_out = 0
        return written
    }

    /// Checks that the compressed data ends here, with all its bytes used.
    func finish() throws(DataFileError) {
        if !isAtEnd {
            // The end of the stream, and a gzip trailer, may still have to be read; they decode to nothing.
            let extra = try withUnsafeTemporaryByte { byte throws(DataFileError) in try read(into: byte) }
            if extra > 0 || !isAtEnd {
                throw source.error(
                    .corruptStream("it decodes to more bytes than it claims"), member: member, at: consumed)
            }
        }
        if consumed < end {
            throw source.error(.trailingBytes(end - consumed), member: member, at: consumed)
        }
    }

    private func withUnsafeTemporaryByte(
        _ body: (UnsafeMutableRawBufferPointer) throws(DataFileError) -> Int
    ) throws(DataFileError) -> Int {
        let byte = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
        defer { byte.deallocate() }
        return try body(byte)
    }

    /// One call of `inflate`, with fresh input where it has none.
    private func step() throws(DataFileError) {
        if stream.pointee.avail_in == 0 { try fetch() }
        let spaceBefore = stream.pointee.avail_out
        let inputBefore = stream.pointee.avail_in
        let status = inflate(stream, Z_NO_FLUSH)
        switch status {
        case Z_STREAM_END:
            if isGzip, try nextGzipMember() { return }
            isAtEnd = true
        case Z_OK, Z_BUF_ERROR:
            let advanced =
                stream.pointee.avail_out != spaceBefore || stream.pointee.avail_in != inputBefore
            if !advanced && stream.pointee.avail_in == 0 && position == end {
                throw source.error(.corruptStream("it ends too early"), member: member, at: end)
            }
            if !advanced && stream.pointee.avail_in > 0 {
                throw source.error(.corruptStream("it cannot go on"), member: member, at: consumed)
            }
        case Z_MEM_ERROR:
            throw source.error(.outOfMemory(bytes: 1 << 16), member: member)
        default:
            let message = stream.pointee.msg.map { String(cString: $0) } ?? "zlib reports error \(status)"
            throw source.error(.corruptStream(message), member: member, at: consumed)
        }
    }

    private func fetch() throws(DataFileError) {
        let chunk = try source.chunk(
            at: position, count: min(end - position, 1 << 30), scratch: scratch)
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: chunk.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(chunk.count)
        position += chunk.count
    }

    /// After a gzip member: goes on to the next one, past zeros to the end, or refuses what follows.
    private func nextGzipMember() throws(DataFileError) -> Bool {
        while true {
            if stream.pointee.avail_in == 0 {
                if position == end { return false }
                try fetch()
            }
            if stream.pointee.next_in.pointee == 0x1F {
                inflateReset(stream)
                return true
            }
            // Tapes and some tools pad with zeros.
            guard stream.pointee.next_in.pointee == 0 else {
                throw source.error(.trailingBytes(end - consumed), member: member, at: consumed)
            }
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
        }
    }
}
