/// Files compressed by gzip, RFC 1952, decoded into memory.
enum Gzip {
    /// The first bytes of every gzip file.
    static let magic: [UInt8] = [0x1F, 0x8B]

    /// The decoded contents: all members of the file, their checksums and lengths compared.
    ///
    /// Zeros after the last member are padding; anything else is an error.
    static func decode(_ source: ByteSource) throws(DataFileError) -> ByteSource {
        let inflater = try Inflater(source: source, range: 0..<source.count, wrapping: .gzip)
        var buffer = GrowingBytes()
        // The last four bytes give the length modulo 2³², which saves growing where they tell the truth.
        let trailer = try source.bytes(at: max(source.count - 4, 0), count: min(source.count, 4))
        let claimed = Int(trailer.littleEndian(UInt32.self, at: 0) ?? 0)
        var wanted = claimed <= source.count * ZipMember.greatestExpansion ? claimed + 1 : 1 << 16
        while true {
            guard buffer.reserve(wanted) else {
                throw source.error(.outOfMemory(bytes: buffer.count + wanted))
            }
            let space = buffer.space
            let read = try inflater.read(into: space)
            buffer.count += read
            if read < space.count { break }
            wanted = 1 << 20
        }
        try inflater.finish()
        return ByteSource(name: source.name, bytes: buffer.finish())
    }
}
