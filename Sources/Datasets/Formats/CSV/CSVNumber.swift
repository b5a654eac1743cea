/// Decimal numbers in text, correctly rounded and independent of the locale.
enum CSVNumber {
    /// What a field turned out to be.
    enum Outcome {
        case number(Double)
        /// A number too large for a `Double`.
        case overflow
        case text
    }

    /// Reads digits with an optional sign, point and exponent, or `nan`, `inf`, `infinity` in any case;
    /// spaces and tabs around them do not count.
    static func parse(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        var (start, end) = (0, bytes.count)
        while start < end, isBlank(bytes[start]) { start += 1 }
        while start < end, isBlank(bytes[end - 1]) { end -= 1 }
        guard start < end, let base = bytes.baseAddress else { return .text }
        let number = CSVNumberReader(base + start, limit: base + end, rounding: .shared)
        guard let last = number.end else {
            let isNegative = bytes[start] == UInt8(ascii: "-")
            if isNegative || bytes[start] == UInt8(ascii: "+") { start += 1 }
            return special(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), isNegative: isNegative)
        }
        guard last == base + end else { return .text }
        var value = number.value
        if number.isOpen {
            // More digits than an integer holds, and the first 19 do not decide.
            let text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
            guard let slow = Double(text) else { return .text }
            value = slow
        }
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

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
