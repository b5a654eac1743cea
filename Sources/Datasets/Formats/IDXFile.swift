/// The IDX format of the MNIST files: one array of big-endian numbers, plain or compressed by gzip.
///
/// All six types are read and written: unsigned and signed bytes, 16- and 32-bit integers, float32 and
/// float64. Source: Y. LeCun, C. Cortes, C. J. C. Burges, *The MNIST database of handwritten digits*, "file
/// formats for the MNIST database".
public enum IDXFile {
    /// Reads the array in a file, or for `-` in standard input.
    ///
    /// A gzip file is recognised by its first bytes.
    /// - Throws: `DataFileError` naming the file and what is wrong with it.
    public static func read(path: String) throws(DataFileError) -> NumericArray {
        let source = try ByteSource(path: path)
        if source.count == 0 { throw source.error(.empty) }
        guard try Gzip.recognizes(source) else { return try read(source) }
        let start = try Gzip.start(of: source, count: longestHeader)
        return try read(Gzip.decode(source, limit: size(from: start)))
    }

    /// The bytes of a header with 255 axes.
    static let longestHeader = 4 + 4 * 255

    /// The size of the whole file by what its header says; `nil` where that is none or is cut short.
    static func size(from start: [UInt8]) -> Int? {
        guard start.count >= 4, let type = types.first(where: { $0.code == start[2] })?.type,
            start.count >= 4 + 4 * Int(start[3])
        else { return nil }
        let shape = (0..<Int(start[3])).map { axis in
            start[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
        }
        guard let bytes = NumericArray.byteCount(shape: shape, elementType: type) else { return nil }
        let (size, overflow) = bytes.addingReportingOverflow(4 + 4 * shape.count)
        return overflow ? nil : size
    }

    private static let types: [(code: UInt8, type: ElementType)] = [
        (0x08, .uint8), (0x09, .int8), (0x0B, .int16), (0x0C, .int32), (0x0D, .float32), (0x0E, .float64),
    ]

    /// Whether bytes begin as an IDX file does: two zeros, a type and a number of axes.
    static func recognizes(_ start: some Collection<UInt8>) -> Bool {
        let start = Array(start.prefix(4))
        return start.count == 4 && start[0] == 0 && start[1] == 0
            && types.contains { $0.code == start[2] }
    }

    static func read(_ source: ByteSource) throws(DataFileError) -> NumericArray {
        if source.count == 0 { throw source.error(.empty) }
        let reader = SourceReader(source)
        let start = try reader.read(4)
        guard start[0] == 0, start[1] == 0 else {
            throw source.error(.malformed("is no IDX file: it does not begin with two zero bytes"), at: 0)
        }
        guard let type = types.first(where: { $0.code == start[2] })?.type else {
            throw source.error(
                .unsupportedType("values of the IDX type \(start[2]), which does not exist"), at: 2)
        }
        var shape: [Int] = []
        for _ in 0..<start[3] {
            let length = try reader.read(4)
            shape.append(length.reduce(0) { $0 << 8 | Int($1) })
        }
        return try reader.readArray(
            shape: shape, elementType: type, isBigEndian: true, fortranOrder: false)
    }

    /// Writes an array; where the path ends in `.gz`, compressed by gzip.
    ///
    /// The file appears under its name only when it is complete.
    /// - Parameters:
    ///   - array: Of a type that IDX has, with at most 255 axes shorter than 2³².
    ///   - path: Where to write.
    ///   - replacing: Whether a file of that name may be replaced.
    /// - Throws: `DataFileError` naming the file and why it could not be written.
    public static func write(
        _ array: NumericArray, to path: String, replacing: Bool = true
    ) throws(DataFileError) {
        guard let code = types.first(where: { $0.type == array.elementType })?.code else {
            throw DataFileError(
                file: path,
                reason: .unrepresentable(
                    "IDX has no \(array.elementType); it has "
                        + types.map(\.type.rawValue).joined(separator: ", ")))
        }
        guard array.shape.count <= 255, array.shape.allSatisfy({ $0 <= 0xFFFF_FFFF }) else {
            throw DataFileError(
                file: path, reason: .unrepresentable("the shape \(array.shape) is too large for IDX"))
        }
        var header: [UInt8] = [0, 0, code, UInt8(array.shape.count)]
        for length in array.shape {
            header += (0..<4).reversed().map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        }
        try AtomicFile.write(to: path, replacing: replacing) { file throws(DataFileError) in
            let isCompressed = path.hasSuffix(".gz")
            let deflater = isCompressed ? Deflater(level: 6, wrapping: .gzip) : nil
            if isCompressed && deflater == nil {
                throw DataFileError(file: path, reason: .outOfMemory(bytes: 1 << 18))
            }
            func write(_ bytes: UnsafeRawBufferPointer) throws(DataFileError) {
                guard let deflater else { return try file.write(bytes) }
                try deflater.write(bytes) { bytes throws(DataFileError) in try file.write(bytes) }
            }
            let storage = ByteStorage(header)
            try write(storage.bytes)
            withExtendedLifetime(storage) {}
            try array.inCOrder().withUnsafeBytes { bytes throws(DataFileError) in
                try Self.swapped(bytes, size: array.elementType.swapSize, write)
            }
            try deflater?.finish { bytes throws(DataFileError) in try file.write(bytes) }
        }
    }

    /// Hands on bytes in big-endian order, a piece at a time.
    private static func swapped(
        _ bytes: UnsafeRawBufferPointer, size: Int,
        _ write: (UnsafeRawBufferPointer) throws(DataFileError) -> Void
    ) throws(DataFileError) {
        if size == 1 { return try write(bytes) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
        defer { buffer.deallocate() }
        var done = 0
        while done < bytes.count {
            let part = UnsafeMutableRawBufferPointer(
                rebasing: buffer[..<min(buffer.count, bytes.count - done)])
            part.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[done..<(done + part.count)]))
            part.swapBytes(ofEach: size)
            try write(UnsafeRawBufferPointer(part))
            done += part.count
        }
    }
}
