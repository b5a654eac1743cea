/// As much of JSON as file headers need: names in their order, so that one that stands twice is seen.
indirect enum JSONValue: Equatable {
    case string(String)
    case integer(Int)
    case array([JSONValue])
    case object([Member])
    /// A number with a fraction or too large, true, false or null.
    case other

    struct Member: Equatable {
        var name: String
        var value: JSONValue
    }

    /// What is wrong with a text, and at which byte of it.
    struct Failure: Error {
        var what: String
        var position: Int
    }

    /// Reads a text that holds one value and white space.
    init(parsing text: [UInt8]) throws(Failure) {
        var parser = Parser(text: text)
        self = try parser.value(depth: 0)
        parser.skipSpace()
        if parser.position < text.count { throw parser.failure("there is more behind its end") }
    }
}

/// RFC 8259, over bytes.
private struct Parser {
    let text: [UInt8]
    var position = 0

    init(text: [UInt8]) { self.text = text }

    func failure(_ what: String) -> JSONValue.Failure { JSONValue.Failure(what: what, position: position) }

    var current: UInt8? { position < text.count ? text[position] : nil }

    mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            position += 1
        }
    }

    mutating func expect(_ character: Unicode.Scalar) throws(JSONValue.Failure) {
        skipSpace()
        guard current == UInt8(ascii: character) else { throw failure("\"\(character)\" is missing") }
        position += 1
    }

    private mutating func takes(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func value(depth: Int) throws(JSONValue.Failure) -> JSONValue {
        if depth > 32 { throw failure("it is nested too deeply") }
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
        default:
            for word in ["true", "false", "null"] where text[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return .other
            }
            throw failure("a value is missing")
        }
    }

    private mutating func object(depth: Int) throws(JSONValue.Failure) -> JSONValue {
        try expect("{")
        var members: [JSONValue.Member] = []
        if takes("}") { return .object(members) }
        repeat {
            skipSpace()
            let name = try string()
            try expect(":")
            members.append(JSONValue.Member(name: name, value: try value(depth: depth + 1)))
        } while takes(",")
        try expect("}")
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONValue.Failure) -> JSONValue {
        try expect("[")
        var values: [JSONValue] = []
        if takes("]") { return .array(values) }
        repeat { values.append(try value(depth: depth + 1)) } while takes(",")
        try expect("]")
        return .array(values)
    }

    private mutating func number() throws(JSONValue.Failure) -> JSONValue {
        let start = position
        while let byte = current, isPartOfNumber(byte) { position += 1 }
        let digits = String(decoding: text[start..<position], as: UTF8.self)
        // A number, whatever else; and no zero before other digits.
        guard Double(digits) != nil, !digits.hasPrefix("+"),
            !(digits.count > 1 && digits.hasPrefix("0") && digits.dropFirst().first?.isNumber == true)
        else { throw failure("\"\(DataFileError.printable(digits))\" is no number") }
        return Int(digits).map { .integer($0) } ?? .other
    }

    private func isPartOfNumber(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
    }

    mutating func string() throws(JSONValue.Failure) -> String {
        try expect("\"")
        var bytes: [UInt8] = []
        while true {
            guard let byte = current else { throw failure("a string does not end") }
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let result = String(validating: bytes, as: UTF8.self) else {
                    throw failure("a string is not UTF-8")
                }
                return result
            case UInt8(ascii: "\\"): try escape(&bytes)
            case 0..<0x20: throw failure("a string has a control character")
            default: bytes.append(byte)
            }
        }
    }

    private mutating func escape(_ bytes: inout [UInt8]) throws(JSONValue.Failure) {
        guard let byte = current else { throw failure("a string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"):
            var unit = try hexadecimal()
            if (0xD800..<0xDC00).contains(unit) {
                guard text[position...].starts(with: [0x5C, 0x75]) else {
                    throw failure("half a character")
                }
                position += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw failure("half a character") }
                unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(unit) else { throw failure("half a character") }
            bytes += Array(String(scalar).utf8)
        default: throw failure("an unknown escape")
        }
    }

    private mutating func hexadecimal() throws(JSONValue.Failure) -> UInt32 {
        guard position + 4 <= text.count,
            let value = UInt32(String(decoding: text[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw failure("four hexadecimal digits are missing") }
        position += 4
        return value
    }
}
