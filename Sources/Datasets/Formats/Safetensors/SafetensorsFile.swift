/// The safetensors format: named arrays behind a JSON header, without anything that a reader would execute.
///
/// Eight bytes with the length of the header (little-endian), the header, and the arrays' bytes, little-endian and in C
/// order. Opening reads and checks the header; arrays are read when they are asked for. Values that are not finite are
/// allowed, as in the format. There are no checksums: bytes that have changed in an array cannot be seen.
///
/// Source: the format's description in the repository `huggingface/safetensors`.
public struct SafetensorsFile: Sendable {
    /// An array and its name.
    public struct Tensor: Sendable {
        /// The name.
        public var name: String
        /// The values.
        public var array: NumericArray

        /// A tensor.
        public init(name: String, array: NumericArray) {
            self.name = name
            self.array = array
        }
    }

    /// The texts that come with the arrays.
    public let metadata: [String: String]

    /// The names of the arrays, in the order of their bytes.
    public let names: [String]

    private let content: Content

    private enum Content: Sendable {
        case arrays([String: NumericArray])
        case file(ByteSource, start: Int, [String: SafetensorsHeader.Entry])
    }

    /// The longest header that is read, as in the format's own library: 100 million bytes.
    static let longestHeader = 100_000_000

    /// A file to be written.
    ///
    /// - Precondition: every name stands once, and none is `__metadata__`.
    public init(tensors: [Tensor], metadata: [String: String] = [:]) {
        let names = tensors.map(\.name)
        precondition(
            Set(names).count == names.count && !names.contains("__metadata__"),
            "tensors have one name each, and not \"__metadata__\": \(names)")
        self.metadata = metadata
        self.names = names
        content = .arrays(
            Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.array.inCOrder()) }))
    }

    /// Opens a file, or for `-` standard input.
    ///
    /// - Throws: `DataFileError` naming the file and what is wrong: a length or a header that is no header, names that
    ///   stand twice, offsets that do not fit types and shapes, overlaps, holes, and a file that is cut short or goes on.
    public init(path: String) throws(DataFileError) { try self.init(ByteSource(path: path)) }

    package init(_ source: ByteSource) throws(DataFileError) {
        if source.count == 0 { throw source.error(.empty) }
        guard source.count >= 8 else {
            throw source.error(.truncated(needed: 8, available: source.count))
        }
        let length = try source.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(Self.longestHeader) else {
            throw source.error(
                .impossibleSize(claimed: Int(clamping: length), most: Self.longestHeader), at: 0)
        }
        let start = 8 + Int(length)
        guard start <= source.count else {
            throw source.error(.truncated(needed: start, available: source.count), at: 0)
        }
        let header: SafetensorsHeader
        do {
            header = try SafetensorsHeader(
                source.bytes(at: 8, count: Int(length)), byteCount: source.count - start
            ) {
                source.error($0)
            }
        } catch {
            // What is wrong in the JSON has a place, and no file yet.
            throw DataFileError(file: source.name, position: error.position, reason: error.reason)
        }
        metadata = header.metadata
        names = header.entries.map(\.name)
        content = .file(
            source, start: start, Dictionary(uniqueKeysWithValues: header.entries.map { ($0.name, $0) }))
    }

    /// One array.
    ///
    /// - Throws: `DataFileError` for a name that is not there, a type that has no counterpart here (`BF16` and the `F8`
    ///   types), and bytes that cannot be read.
    public func array(named name: String) throws(DataFileError) -> NumericArray {
        switch content {
        case .arrays(let arrays):
            guard let array = arrays[name] else {
                throw DataFileError(file: "memory", reason: .noSuchArray(name, available: names))
            }
            return array
        case .file(let source, let start, let entries):
            guard let entry = entries[name] else {
                throw source.error(.noSuchArray(name, available: names))
            }
            guard let type = SafetensorsHeader.types.first(where: { $0.name == entry.type })?.type else {
                throw source.error(.unsupportedType(entry.type), member: name)
            }
            return try Self.read(entry, of: type, at: start + entry.range.lowerBound, from: source)
        }
    }

    private static func read(
        _ entry: SafetensorsHeader.Entry, of type: ElementType, at offset: Int, from source: ByteSource
    ) throws(DataFileError) -> NumericArray {
        let array: NumericArray
        if let shared = source.shared(at: offset, count: entry.range.count),
            Int(bitPattern: shared.storage.bytes.baseAddress! + shared.offset) % type.alignment == 0
        {
            array = NumericArray(
                storage: shared.storage, offset: shared.offset, shape: entry.shape, elementType: type)
        } else {
            let storage = try ByteStorage.allocate(count: entry.range.count) { target throws(DataFileError) in
                if !target.isEmpty { try source.read(at: offset, into: target) }
            }
            guard let storage else { throw source.error(.outOfMemory(bytes: entry.range.count)) }
            array = NumericArray(storage: storage, shape: entry.shape, elementType: type)
        }
        if type == .bool {
            let wrong = array.withUnsafeBytes { $0.firstIndex { $0 > 1 } }
            if let wrong {
                throw source.error(
                    .invalidValue("its value \(wrong) is neither 0 nor 1, and bool has no other"),
                    member: entry.name)
            }
        }
        return array
    }

    /// Writes the file; it appears under its name only when it is complete.
    ///
    /// Arrays of wide types come first, so that each begins at a multiple of its type's size; the header is padded with
    /// spaces for the same reason. The same arrays give the same bytes.
    ///
    /// - Throws: `DataFileError` where the file cannot be written, or a type has no name in the format.
    public func write(to path: String) throws(DataFileError) {
        var tensors: [(name: String, type: String, array: NumericArray)] = []
        for name in names {
            let array = try array(named: name)
            guard let type = SafetensorsHeader.types.first(where: { $0.type == array.elementType }) else {
                throw DataFileError(
                    file: path, member: name,
                    reason: .unrepresentable("safetensors have no type \(array.elementType)"))
            }
            tensors.append((name, type.name, array))
        }
        // Stable, so that equal types keep their order.
        let order = tensors.indices.sorted { a, b in
            let (x, y) = (tensors[a].array.elementType.size, tensors[b].array.elementType.size)
            return x == y ? a < b : x > y
        }
        var members: [String] = []
        if !metadata.isEmpty {
            let texts = metadata.sorted { $0.key < $1.key }.map {
                "\(Self.quoted($0.key)):\(Self.quoted($0.value))"
            }
            members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
        }
        var offset = 0
        for index in order {
            let (name, type, array) = tensors[index]
            let shape = array.shape.map(String.init).joined(separator: ",")
            members.append(
                """
                \(Self.quoted(name)):{"dtype":"\(type)","shape":[\(shape)],"data_offsets":[\(offset),\
                \(offset + array.byteCount)]}
                """)
            offset += array.byteCount
        }
        var header = Array("{\(members.joined(separator: ","))}".utf8)
        header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        try AtomicFile.write(to: path, replacing: true) { file throws(DataFileError) in
            try file.write(
                (0..<8).map { UInt8(truncatingIfNeeded: UInt64(header.count) >> (8 * UInt64($0))) })
            try file.write(header)
            for index in order {
                try tensors[index].array.withUnsafeBytes { bytes throws(DataFileError) in
                    try file.write(bytes)
                }
            }
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
