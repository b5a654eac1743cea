/// Files compressed by gzip, RFC 1952, decoded into memory.
enum Gzip {
    /// The first bytes of every gzip file.
    static let magic: [UInt8] = [0x1F, 0x8B]

    /// Whether a source begins as a gzip file does.
    static func recognizes(_ source: ByteSource) throws(DataFileError) -> Bool {
        try source.bytes(at: 0, count: min(2, source.count)) == magic
    }

    /// The first bytes of the decoded contents, as far as there are any.
    static func start(of source: ByteSource, count: Int) throws(DataFileError) -> [UInt8] {
        let inflater = try Inflater(source: source, range: 0..<source.count, wrapping: .gzip)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { buffer.deallocate() }
        let read = try inflater.read(into: buffer)
        return Array(buffer[..<read])
    }

    /// The decoded contents: all members of the file, their checksums and lengths compared.
    ///
    /// Zeros after the last member are padding; anything else is an error.
    /// - Parameter limit: How many bytes the contents have by their own account; more are an error, found
    ///   before they fill the memory.
    static func decode(_ source: ByteSource, limit: Int? = nil) throws(DataFileError) -> ByteSource {
        let (most, overflow) = source.count.multipliedReportingOverflow(by: ZipMember.greatestExpansion)
        if let limit, !overflow, limit > most {
            throw source.error(.impossibleSize(claimed: limit, most: most))
        }
        let inflater = try Inflater(source: source, range: 0..<source.count, wrapping: .gzip)
        var buffer = GrowingBytes()
        // The last four bytes give the length modulo 2³², which saves growing where they tell the truth.
        let trailer = try source.bytes(at: max(source.count - 4, 0), count: min(source.count, 4))
        let claimed = limit ?? Int(trailer.littleEndian(UInt32.self, at: 0) ?? 0)
        var wanted = overflow || claimed <= most ? claimed + 1 : 1 << 16
        while true {
            guard buffer.reserve(wanted) else {
                throw source.error(.outOfMemory(bytes: buffer.count + wanted))
            }
            let space = buffer.space
            let read = try inflater.read(into: space)
            buffer.count += read
            if let limit, buffer.count > limit {
                throw source.error(.trailingBytes(buffer.count - limit))
            }
            if read < space.count { break }
            wanted = 1 << 20
        }
        try inflater.finish()
        return ByteSource(name: source.name, bytes: buffer.finish())
    }
}
