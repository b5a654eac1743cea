import CZlib

/// zlib's encoder: takes bytes in pieces and hands compressed ones on.
final class Deflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)

    /// What wraps the compressed bytes.
    enum Wrapping: Int32 {
        /// Nothing, as in zip archives.
        case none = -15
        /// The header and trailer of gzip, without a name or a time.
        case gzip = 31
    }

    /// An encoder at zlib's level 1 (fast) to 9 (small); `nil` where there is no memory.
    init?(level: Int, wrapping: Wrapping) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, wrapping.rawValue, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        if status != Z_OK { return nil }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        buffer.deallocate()
    }

    /// Compresses the next bytes.
    func write(
        _ bytes: UnsafeRawBufferPointer, to output: (UnsafeRawBufferPointer) throws(DataFileError) -> Void
    ) throws(DataFileError) {
        var done = 0
        while done < bytes.count {
            let part = min(bytes.count - done, 1 << 30)
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: bytes.baseAddress!.assumingMemoryBound(to: UInt8.self) + done)
            stream.pointee.avail_in = UInt32(part)
            try run(Z_NO_FLUSH, to: output)
            done += part
        }
    }

    /// Writes what is left and the end of the stream.
    func finish(to output: (UnsafeRawBufferPointer) throws(DataFileError) -> Void) throws(DataFileError) {
        stream.pointee.avail_in = 0
        try run(Z_FINISH, to: output)
    }

    private func run(
        _ flush: Int32, to output: (UnsafeRawBufferPointer) throws(DataFileError) -> Void
    ) throws(DataFileError) {
        repeat {
            stream.pointee.next_out = buffer.baseAddress!.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(buffer.count)
            // With room for output and a valid state, deflate does not fail.
            _ = deflate(stream, flush)
            let written = buffer.count - Int(stream.pointee.avail_out)
            if written > 0 { try output(UnsafeRawBufferPointer(rebasing: buffer[..<written])) }
        } while stream.pointee.avail_out == 0
    }
}
