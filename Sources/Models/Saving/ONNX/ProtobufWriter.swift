/// Protocol Buffers' wire format, as much of it as ONNX needs: numbers, bytes and messages inside messages.
///
/// A field is its number and type as a variable-length integer, then its value. Source: *Protocol Buffers: Encoding*.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    /// An integer or an enum's value; negative ones take ten bytes.
    mutating func integer(_ field: Int, _ value: Int) {
        varint(UInt64(field) << 3)
        varint(UInt64(bitPattern: Int64(value)))
    }

    /// A `float`.
    mutating func float(_ field: Int, _ value: Float) {
        varint(UInt64(field) << 3 | 5)
        let bits = value.bitPattern
        for shift in stride(from: 0 as UInt32, to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
    }

    /// Bytes, or a message that has been written.
    mutating func data(_ field: Int, _ value: [UInt8]) {
        varint(UInt64(field) << 3 | 2)
        varint(UInt64(value.count))
        bytes += value
    }

    /// A text in UTF-8.
    mutating func text(_ field: Int, _ value: String) { data(field, Array(value.utf8)) }

    /// A message.
    mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        data(field, inner.bytes)
    }

    /// Fields that have been written elsewhere.
    mutating func append(_ fields: ProtobufWriter) { bytes += fields.bytes }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
