/// Splits the bytes of a CSV file into fields.
///
/// RFC 4180 with its usual extensions: any one-byte separator, lines that end in CR LF, LF or CR, blank lines
/// skipped, quotes inside of an unquoted field taken as they are.
struct CSVTokenizer {
    /// Where a field's text is, without its quotes.
    struct Field {
        let range: Range<Int>
        let isQuoted: Bool
        /// Whether doubled quotes stand for single ones in it.
        let hasDoubledQuotes: Bool
        /// Whether it is the last of its record.
        let endsRecord: Bool
    }

    private let bytes: UnsafeRawBufferPointer
    private let name: String
    private let separator: UInt8
    /// Where the next field begins.
    private(set) var position: Int
    /// Whether a separator has been read and its right side has not.
    private var isInsideRecord = false
    /// The line of the field to be read next, from 1.
    private(set) var line = 1
    /// The field to be read next, from 1.
    private(set) var column = 1

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    init(_ bytes: UnsafeRawBufferPointer, from start: Int, separator: UInt8, name: String) {
        self.bytes = bytes
        self.name = name
        self.separator = separator
        position = start
    }

    /// An error at the field to be read next.
    func error(_ what: String) -> DataFileError {
        DataFileError(file: name, position: .line(line, column: column), reason: .malformed(what))
    }

    /// Moves to the next record, over blank lines.
    @inline(__always)
    mutating func skipBlankLines() {
        while position < bytes.count, Self.isNewline(bytes[position]) { skipNewline() }
    }

    /// Goes on at a field of the same record, given by its column from 1.
    @inline(__always)
    mutating func move(to position: Int, column: Int) {
        self.position = position
        self.column = column
        isInsideRecord = column > 1
    }

    /// Goes on behind a record that ends at a line end, or with the text.
    @inline(__always)
    mutating func endRecord(at position: Int) {
        self.position = position
        isInsideRecord = false
        if position < bytes.count { skipNewline() }
    }

    /// The next field; `nil` at the end of the file.
    mutating func next() throws(DataFileError) -> Field? {
        if !isInsideRecord {
            skipBlankLines()
            if position == bytes.count { return nil }
        }
        if position < bytes.count && bytes[position] == Self.quote { return try quoted() }
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == separator || Self.isNewline(byte) { break }
            if byte == 0 { throw error("has a zero byte, as no text file does") }
            position += 1
        }
        return field(start..<position, isQuoted: false, hasDoubledQuotes: false)
    }

    private mutating func quoted() throws(DataFileError) -> Field {
        let opening = error("a quoted field has no end")
        position += 1
        let start = position
        var doubled = false
        var linesInside = 0
        while true {
            guard position < bytes.count else { throw opening }
            let byte = bytes[position]
            if byte == Self.quote {
                if position + 1 < bytes.count && bytes[position + 1] == Self.quote {
                    doubled = true
                    position += 1
                } else {
                    break
                }
            } else if byte == Self.lineFeed
                || byte == Self.carriageReturn
                    && !(position + 1 < bytes.count && bytes[position + 1] == Self.lineFeed)
            {
                linesInside += 1
            } else if byte == 0 {
                throw error("has a zero byte, as no text file does")
            }
            position += 1
        }
        let end = position
        position += 1
        if position < bytes.count, bytes[position] != separator, !Self.isNewline(bytes[position]) {
            throw error("a quoted field goes on after its closing quote")
        }
        line += linesInside
        return field(start..<end, isQuoted: true, hasDoubledQuotes: doubled)
    }

    /// Moves past what ends a field.
    private mutating func field(_ range: Range<Int>, isQuoted: Bool, hasDoubledQuotes: Bool) -> Field {
        isInsideRecord = position < bytes.count && bytes[position] == separator
        if isInsideRecord {
            position += 1
            column += 1
        } else if position < bytes.count {
            skipNewline()
        }
        return Field(
            range: range, isQuoted: isQuoted, hasDoubledQuotes: hasDoubledQuotes,
            endsRecord: !isInsideRecord)
    }

    @inline(__always)
    private mutating func skipNewline() {
        if bytes[position] == Self.carriageReturn && position + 1 < bytes.count
            && bytes[position + 1] == Self.lineFeed
        {
            position += 1
        }
        position &+= 1
        line &+= 1
        column = 1
    }

    @inline(__always)
    private static func isNewline(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }

    /// The bytes of a field, with doubled quotes made single.
    func bytes(of field: Field) -> [UInt8] {
        let raw = UnsafeRawBufferPointer(rebasing: bytes[field.range])
        guard field.hasDoubledQuotes else { return Array(raw) }
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            result.append(raw[index])
            index += raw[index] == Self.quote ? 2 : 1
        }
        return result
    }
}
