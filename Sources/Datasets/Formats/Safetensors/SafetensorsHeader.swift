/// The header of a safetensors file, checked.
struct SafetensorsHeader {
    struct Entry {
        var name: String
        /// The type as the format names it, such as `F32`.
        var type: String
        var shape: [Int]
        /// Bytes behind the header.
        var range: Range<Int>
    }

    /// In the order of their bytes.
    var entries: [Entry]
    var metadata: [String: String]

    /// Names and sizes of the types; `nil` for those that are not read here.
    static let types: [(name: String, bytes: Int, type: ElementType?)] = [
        ("BOOL", 1, .bool), ("U8", 1, .uint8), ("I8", 1, .int8), ("F8_E5M2", 1, nil), ("F8_E4M3", 1, nil),
        ("U16", 2, .uint16), ("I16", 2, .int16), ("F16", 2, .float16), ("BF16", 2, nil), ("U32", 4, .uint32),
        ("I32", 4, .int32), ("F32", 4, .float32), ("U64", 8, .uint64), ("I64", 8, .int64),
        ("F64", 8, .float64),
        ("C64", 8, .complex64),
    ]

    /// Reads the JSON.
    ///
    /// Names stand once, offsets agree with types and shapes, and the tensors' bytes follow each other without overlap or
    /// hole to the end of the file, as the format demands, so that nothing can hide between them.
    ///
    /// - Parameter byteCount: The bytes behind the header.
    init(_ text: [UInt8], byteCount: Int, _ error: (DataFileError.Reason) -> DataFileError)
        throws(DataFileError)
    {
        guard text.first == UInt8(ascii: "{") else {
            throw error(.malformed("its header does not begin with a brace"))
        }
        let value: JSONValue
        do throws(JSONValue.Failure) {
            value = try JSONValue(parsing: text)
        } catch {
            throw DataFileError(
                file: "", position: .byte(8 + error.position),
                reason: .malformed("its header is no JSON: \(error.what)"))
        }
        guard case .object(let members) = value else { throw error(.malformed("its header is no object")) }
        (entries, metadata) = ([], [:])
        var names: Set<String> = []
        for member in members {
            guard names.insert(member.name).inserted else {
                throw error(
                    .malformed("\"\(DataFileError.printable(member.name))\" stands twice in its header"))
            }
            if member.name == "__metadata__" {
                metadata = try Self.metadata(member.value, error)
            } else {
                entries.append(try Self.entry(member, error))
            }
        }
        entries.sort {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        var end = 0
        for entry in entries {
            guard entry.range.lowerBound == end else {
                let what =
                    entry.range.lowerBound < end ? "overlaps with another" : "leaves a hole before it"
                throw error(
                    .malformed("the tensor \"\(DataFileError.printable(entry.name))\" \(what)"))
            }
            end = entry.range.upperBound
        }
        if end > byteCount { throw error(.truncated(needed: end, available: byteCount)) }
        if end < byteCount { throw error(.trailingBytes(byteCount - end)) }
    }

    private static func metadata(
        _ value: JSONValue, _ error: (DataFileError.Reason) -> DataFileError
    ) throws(DataFileError) -> [String: String] {
        guard case .object(let members) = value else {
            throw error(.malformed("its metadata are no object"))
        }
        var metadata: [String: String] = [:]
        for member in members {
            guard case .string(let text) = member.value, metadata[member.name] == nil else {
                throw error(.malformed("its metadata are not one text for each name"))
            }
            metadata[member.name] = text
        }
        return metadata
    }

    private static func entry(
        _ member: JSONValue.Member, _ error: (DataFileError.Reason) -> DataFileError
    ) throws(DataFileError) -> Entry {
        let name = DataFileError.printable(member.name)
        func wrong(_ what: String) -> DataFileError { error(.malformed("the tensor \"\(name)\" \(what)")) }
        guard case .object(let fields) = member.value else { throw wrong("is described by no object") }
        guard Set(fields.map(\.name)).count == fields.count else { throw wrong("has a field twice") }
        func field(_ name: String) -> JSONValue? { fields.first { $0.name == name }?.value }
        func integers(_ name: String) -> [Int]? {
            guard case .array(let values) = field(name) else { return nil }
            var result: [Int] = []
            for value in values {
                guard case .integer(let integer) = value, integer >= 0 else { return nil }
                result.append(integer)
            }
            return result
        }
        guard case .string(let type) = field("dtype") else { throw wrong("has no dtype") }
        guard let shape = integers("shape") else { throw wrong("has no shape of whole numbers") }
        guard let offsets = integers("data_offsets"), offsets.count == 2, offsets[0] <= offsets[1] else {
            throw wrong("has no two data_offsets in order")
        }
        guard let size = types.first(where: { $0.name == type })?.bytes else {
            throw error(.unsupportedType(DataFileError.printable(type)))
        }
        guard let count = NumericArray.elementCount(shape: shape) else {
            throw error(.shapeOverflow("\(shape)"))
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
        guard !overflow, bytes == offsets[1] - offsets[0] else {
            throw wrong("of type \(type) and shape \(shape) has \(offsets[1] - offsets[0]) bytes")
        }
        return Entry(name: member.name, type: type, shape: shape, range: offsets[0]..<offsets[1])
    }
}
