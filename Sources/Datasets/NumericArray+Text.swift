extension NumericArray {
    /// Appends a value's shortest text that reads back to the same bits, NaN without its payload.
    ///
    /// Reading means to the nearest `Double`, as JSON and CSV readers do, and then to the nearest value of the
    /// array's type.
    /// - Parameters:
    ///   - index: Counts in the order of the values in memory.
    ///   - style: How NaN, infinities, bools and complex values are written.
    package func appendText(at index: Int, style: NumberTextStyle, to text: inout [UInt8]) {
        withUnsafeBytes { bytes in
            func load<Value>(_ type: Value.Type, at position: Int) -> Value {
                bytes.load(fromByteOffset: position * MemoryLayout<Value>.stride, as: type)
            }
            switch elementType {
            case .bool: text += (load(UInt8.self, at: index) == 0 ? style.no : style.yes).utf8
            case .int8: text.append(decimal: load(Int8.self, at: index))
            case .int16: text.append(decimal: load(Int16.self, at: index))
            case .int32: text.append(decimal: load(Int32.self, at: index))
            case .int64: text.append(decimal: load(Int64.self, at: index))
            case .uint8: text.append(decimal: load(UInt8.self, at: index))
            case .uint16: text.append(decimal: load(UInt16.self, at: index))
            case .uint32: text.append(decimal: load(UInt32.self, at: index))
            case .uint64: text.append(decimal: load(UInt64.self, at: index))
            case .float16: text += style.text(load(Float16.self, at: index)).utf8
            case .float32: text += style.text(load(Float.self, at: index)).utf8
            case .float64: text += style.text(load(Double.self, at: index)).utf8
            case .complex64:
                let parts = (load(Float.self, at: 2 * index), load(Float.self, at: 2 * index + 1))
                text += "[\(style.text(parts.0)), \(style.text(parts.1))]".utf8
            case .complex128:
                let parts = (load(Double.self, at: 2 * index), load(Double.self, at: 2 * index + 1))
                text += "[\(style.text(parts.0)), \(style.text(parts.1))]".utf8
            }
        }
    }
}

/// How the values that are no ordinary numbers are written.
package struct NumberTextStyle: Sendable {
    let notANumber: String
    let infinity: String
    let negativeInfinity: String
    let no: String
    let yes: String

    /// For JSON, which has no NaN and no infinities: strings.
    package static let json = NumberTextStyle(
        notANumber: "\"NaN\"", infinity: "\"Infinity\"", negativeInfinity: "\"-Infinity\"", no: "false",
        yes: "true")
    /// For CSV files and people.
    package static let plain = NumberTextStyle(
        notANumber: "nan", infinity: "inf", negativeInfinity: "-inf", no: "0", yes: "1")

    /// A floating-point number.
    func text<Value: BinaryFloatingPoint & LosslessStringConvertible>(_ value: Value) -> String {
        if value.isNaN { return notANumber }
        if value.isInfinite { return value < 0 ? negativeInfinity : infinity }
        let shortest = value.description
        if Value.self == Double.self { return shortest }
        // 7.038531e-26 is the shortest text of a Float, but read as Double and then rounded it is another:
        // such a value is written with the digits of its Double.
        guard let read = Double(shortest), Value(read) == value else { return Double(value).description }
        return shortest
    }
}

extension Array where Element == UInt8 {
    /// Appends an integer in decimal.
    mutating func append(decimal value: some FixedWidthInteger) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = UInt64(value.magnitude)
        if rest < 10 {
            append(UInt8(ascii: "0") + UInt8(rest))
            return
        }
        let start = count
        while rest > 0 {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        }
        self[start...].reverse()
    }
}
