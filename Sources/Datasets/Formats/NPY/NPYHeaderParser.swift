/// A parser for the one kind of Python literal that an npy header may hold; nothing is evaluated.
///
/// A dictionary with exactly the keys `descr`, `fortran_order` and `shape` in any order, either kind of
/// quotes, optional trailing commas, white space between tokens and after the end.
struct NPYHeaderParser {
    struct Failure: Error {
        let reason: DataFileError.Reason
    }

    private let text: [UInt8]
    private var position = 0

    init(_ text: [UInt8]) { self.text = text }

    mutating func header() throws(Failure) -> NPYHeader {
        var type: (ElementType, isBigEndian: Bool)?
        var fortranOrder: Bool?
        var shape: [Int]?
        skipSpace()
        try expect("{")
        while true {
            skipSpace()
            if consume("}") { break }
            let key = try string()
            skipSpace()
            try expect(":")
            skipSpace()
            switch key {
            case "descr" where type == nil: type = try elementType()
            case "fortran_order" where fortranOrder == nil: fortranOrder = try boolean()
            case "shape" where shape == nil: shape = try tuple()
            case "descr", "fortran_order", "shape": throw malformed("has the key \(key) twice")
            default: throw malformed("has the unknown key \"\(DataFileError.printable(key))\"")
            }
            skipSpace()
            if consume(",") { continue }
            try expect("}")
            break
        }
        skipSpace()
        if position < text.count { throw malformed("goes on after the closing brace") }
        guard let type else { throw malformed("lacks the key descr") }
        guard let fortranOrder else { throw malformed("lacks the key fortran_order") }
        guard let shape else { throw malformed("lacks the key shape") }
        return NPYHeader(
            elementType: type.0, isBigEndian: type.isBigEndian, fortranOrder: fortranOrder, shape: shape)
    }

    private func malformed(_ what: String) -> Failure {
        Failure(reason: .malformed("its npy header \(what) (character \(position + 1))"))
    }

    private var next: UInt8? { position < text.count ? text[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || (9...13).contains(byte) { position += 1 }
    }

    private mutating func consume(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
        if !consume(character) { throw malformed("should have \"\(character)\" here") }
    }

    private mutating func word() -> String {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) {
            position += 1
        }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    /// A string without escapes; none of the words that belong here has one.
    private mutating func string() throws(Failure) -> String {
        guard let quote = next, quote == 0x27 || quote == 0x22 else {
            throw malformed("should have a quoted string here")
        }
        position += 1
        let start = position
        while let byte = next, byte != quote {
            if byte == 0x5C || byte < 0x20 { throw malformed("has a character that no name has") }
            position += 1
        }
        guard next == quote else { throw malformed("has a string without an end") }
        position += 1
        return String(decoding: text[start..<(position - 1)], as: UTF8.self)
    }

    private mutating func boolean() throws(Failure) -> Bool {
        switch word() {
        case "True": return true
        case "False": return false
        default: throw malformed("should have True or False as fortran_order")
        }
    }

    private mutating func tuple() throws(Failure) -> [Int] {
        try expect("(")
        var lengths: [Int] = []
        var endsInComma = false
        while true {
            skipSpace()
            if consume(")") { break }
            if !lengths.isEmpty && !endsInComma { throw malformed("should have \",\" or \")\" here") }
            lengths.append(try length())
            if lengths.count > NPYHeader.greatestRank {
                throw malformed("has more than \(NPYHeader.greatestRank) axes")
            }
            skipSpace()
            endsInComma = consume(",")
        }
        // (3) is a number in parentheses, not a tuple.
        if lengths.count == 1 && !endsInComma { throw malformed("has a shape that is no tuple") }
        return lengths
    }

    private mutating func length() throws(Failure) -> Int {
        if next == 0x2D { throw malformed("has a negative length in its shape") }
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        let digits = text[start..<position]
        if digits.isEmpty { throw malformed("should have a length here") }
        if digits.count > 1 && digits.first == 0x30 { throw malformed("has a length with a leading zero") }
        // Python 2 wrote its long integers with an L.
        if next == 0x4C { position += 1 }
        guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
            throw Failure(
                reason: .shapeOverflow(
                    "with the length \(String(decoding: digits.prefix(40), as: UTF8.self))"))
        }
        return value
    }

    private mutating func elementType() throws(Failure) -> (ElementType, isBigEndian: Bool) {
        if next == 0x5B {
            throw Failure(reason: .unsupportedType("records of several fields (a structured dtype)"))
        }
        let description = try string()
        return try Self.elementType(described: description)
    }

    /// The type that an array-protocol string such as `<f8` names.
    ///
    /// `<` is little and `>` big endian, `=` or no sign the machine's own order; `|` says that the order does
    /// not matter, which is so for one-byte types only.
    private static func elementType(
        described description: String
    ) throws(Failure) -> (ElementType, isBigEndian: Bool) {
        var rest = Array(description.utf8)
        let order = rest.first.flatMap { Array("<>=|".utf8).contains($0) ? $0 : nil }
        if order != nil { rest.removeFirst() }
        if let type = ElementType.allCases.first(where: {
            $0.npyDescription.utf8.dropFirst().elementsEqual(rest)
        })
            ?? (rest == [UInt8(ascii: "?")] ? .bool : nil)
        {
            if order == UInt8(ascii: "|") && type.size > 1 {
                throw Failure(
                    reason: .malformed("its npy header leaves the byte order open (\(description))"))
            }
            return (type, order == UInt8(ascii: ">"))
        }
        throw Failure(reason: .unsupportedType(Self.unsupportedName(of: description)))
    }

    /// What a type that is not numbers is called.
    private static func unsupportedName(of description: String) -> String {
        let rest = description.drop { "<>=|".contains($0) }
        let name =
            switch rest.first {
            case "O": "Python objects (object arrays, which only pickle can read)"
            case "V": "raw or structured records"
            case "S", "a": "byte strings"
            case "U": "Unicode strings"
            case "M": "dates (datetime64)"
            case "m": "time spans (timedelta64)"
            case "f" where ["f10", "f12", "f16"].contains(rest): "long double numbers"
            case "c" where ["c20", "c24", "c32"].contains(rest): "complex long double numbers"
            case "g", "G": "long double numbers"
            default: "an unknown type"
            }
        return "\(name), dtype '\(DataFileError.printable(String(description.prefix(40))))'"
    }
}
