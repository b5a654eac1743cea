extension NumericArray {
    /// Appends values as the shortest text that reads back to the same bits, NaN without its payload.
    ///
    /// Reading means to the nearest `Double`, as JSON and CSV readers do, and then to the nearest value of the
    /// array's type.
    /// - Parameters:
    ///   - range: Counts in the order of the values in memory.
    ///   - style: How NaN, infinities, bools and complex values are written.
    ///   - terminator: What follows every value.
    package func appendText(
        of range: Range<Int>, style: NumberTextStyle, terminator: String = "", to text: inout [UInt8]
    ) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count) values")
        let end = Array(terminator.utf8)
        withUnsafeBytes { bytes in
            func integers<Value: FixedWidthInteger>(_ type: Value.Type) {
                let values = bytes.assumingMemoryBound(to: Value.self)
                for index in range {
                    text.append(decimal: values[index])
                    text += end
                }
            }
            func floats<Value: BinaryFloatingPoint & LosslessStringConvertible>(_ type: Value.Type) {
                let values = bytes.assumingMemoryBound(to: Value.self)
                for index in range {
                    text += style.text(values[index]).utf8
                    text += end
                }
            }
            func pairs<Value: BinaryFloatingPoint & LosslessStringConvertible>(_ type: Value.Type) {
                let parts = bytes.assumingMemoryBound(to: Value.self)
                for index in range {
                    text += "[\(style.text(parts[2 * index])), \(style.text(parts[2 * index + 1]))]".utf8
                    text += end
                }
            }
            switch elementType {
            case .bool:
                for index in range {
                    text += (bytes[index] == 0 ? style.no : style.yes).utf8
                    text += end
                }
            case .int8: integers(Int8.self)
            case .int16: integers(Int16.self)
            case .int32: integers(Int32.self)
            case .int64: integers(Int64.self)
            case .uint8: integers(UInt8.self)
            case .uint16: integers(UInt16.self)
            case .uint32: integers(UInt32.self)
            case .uint64: integers(UInt64.self)
            case .float16: floats(Float16.self)
            case .float32: floats(Float.self)
            case .float64: floats(Double.self)
            case .complex64: pairs(Float.self)
            case .complex128: pairs(Double.self)
            }
        }
    }

    /// Appends one value.
    package func appendText(at index: Int, style: NumberTextStyle, to text: inout [UInt8]) {
        appendText(of: index..<(index + 1), style: style, to: &text)
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
