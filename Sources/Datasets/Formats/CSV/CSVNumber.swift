/// Decimal numbers in text, correctly rounded and independent of the locale.
enum CSVNumber {
    /// What a field turned out to be.
    enum Outcome {
        case number(Double)
        /// A number too large for a `Double`.
        case overflow
        case text
    }

    /// 10⁰ … 10²², the powers of ten that a `Double` holds exactly.
    private static let exactPowers: [Double] = (0..<22).reduce(into: [1]) { powers, _ in
        powers.append(powers.last! * 10)
    }

    /// Reads digits with an optional sign, point and exponent, or `nan`, `inf`, `infinity` in any case;
    /// spaces and tabs around them do not count.
    static func parse(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        var start = 0
        var end = bytes.count
        while start < end, isBlank(bytes[start]) { start += 1 }
        while start < end, isBlank(bytes[end - 1]) { end -= 1 }
        var position = start
        var isNegative = false
        if position < end, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
            isNegative = bytes[position] == UInt8(ascii: "-")
            position += 1
        }
        var mantissa: UInt64 = 0
        var digits = 0
        var significant = 0
        var scale = 0
        var isAfterPoint = false
        while position < end {
            let byte = bytes[position]
            if isDigit(byte) {
                digits += 1
                if isAfterPoint { scale -= 1 }
                if significant > 0 || byte != UInt8(ascii: "0") { significant += 1 }
                if significant <= 19 { mantissa = mantissa * 10 + UInt64(byte - UInt8(ascii: "0")) }
            } else if byte == UInt8(ascii: "."), !isAfterPoint {
                isAfterPoint = true
            } else {
                break
            }
            position += 1
        }
        guard digits > 0 else {
            return special(UnsafeRawBufferPointer(rebasing: bytes[position..<end]), isNegative: isNegative)
        }
        var isSmall = significant <= 19
        if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            var isExponentNegative = false
            if position < end, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
                isExponentNegative = bytes[position] == UInt8(ascii: "-")
                position += 1
            }
            guard position < end else { return .text }
            var exponent = 0
            while position < end, isDigit(bytes[position]) {
                if exponent < 100_000 { exponent = exponent * 10 + Int(bytes[position] - UInt8(ascii: "0")) }
                position += 1
            }
            scale += isExponentNegative ? -exponent : exponent
            isSmall = isSmall && exponent < 100_000
        }
        guard position == end else { return .text }

        // Both factors are exact and one operation rounds once: Clinger, "How to read floating point numbers
        // accurately", PLDI 1990.
        if isSmall, mantissa <= 1 << 53, abs(scale) <= 22 {
            let value = Double(mantissa)
            let magnitude = scale < 0 ? value / exactPowers[-scale] : value * exactPowers[scale]
            return .number(isNegative ? -magnitude : magnitude)
        }
        let text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
        guard let value = Double(text) else { return .text }
        return value.isFinite ? .number(value) : .overflow
    }

    private static func special(_ bytes: UnsafeRawBufferPointer, isNegative: Bool) -> Outcome {
        guard bytes.count == 3 || bytes.count == 8 else { return .text }
        switch String(decoding: bytes.map { $0 | 0x20 }, as: UTF8.self) {
        case "nan": return .number(.nan)
        case "inf", "infinity": return .number(isNegative ? -.infinity : .infinity)
        default: return .text
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
