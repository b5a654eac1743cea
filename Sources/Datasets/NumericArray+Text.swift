extension NumericArray {
    /// A value as the shortest text that reads back to the same bits (NaN without its payload).
    ///
    /// The index counts in the order of the values in memory. Complex values are `real,imaginary`.
    package func text(at index: Int) -> String {
        withUnsafeBytes { bytes in
            func load<Value>(_ type: Value.Type, at position: Int) -> Value {
                bytes.load(fromByteOffset: position * MemoryLayout<Value>.stride, as: type)
            }
            return switch elementType {
            case .bool: load(UInt8.self, at: index) == 0 ? "0" : "1"
            case .int8: "\(load(Int8.self, at: index))"
            case .int16: "\(load(Int16.self, at: index))"
            case .int32: "\(load(Int32.self, at: index))"
            case .int64: "\(load(Int64.self, at: index))"
            case .uint8: "\(load(UInt8.self, at: index))"
            case .uint16: "\(load(UInt16.self, at: index))"
            case .uint32: "\(load(UInt32.self, at: index))"
            case .uint64: "\(load(UInt64.self, at: index))"
            case .float16: Self.text(load(Float16.self, at: index))
            case .float32: Self.text(load(Float.self, at: index))
            case .float64: Self.text(load(Double.self, at: index))
            case .complex64:
                Self.text(load(Float.self, at: 2 * index)) + ","
                    + Self.text(load(Float.self, at: 2 * index + 1))
            case .complex128:
                Self.text(load(Double.self, at: 2 * index)) + ","
                    + Self.text(load(Double.self, at: 2 * index + 1))
            }
        }
    }

    /// Swift's shortest description, with one name for every NaN.
    private static func text<Value: BinaryFloatingPoint & CustomStringConvertible>(_ value: Value) -> String {
        value.isNaN ? "nan" : value.description
    }
}
