/// What some consecutive records of a CSV file hold, read as numbers.
struct CSVPiece: Sendable {
    /// A column as numbers, until something in it is none.
    struct Column: Sendable {
        var values: [Double] = []
        var missing: [Int: String] = [:]
        /// Whether some value is no number; the other members then mean nothing.
        var isText = false
        /// The first number that is too large for a `Double`.
        var overflow: Overflow?

        /// Whether it holds numbers, and not only values that are missing.
        var hasNumber: Bool { !isText && values.count > missing.count }
    }

    /// A number that is too large, and its line.
    struct Overflow: Sendable {
        let text: String
        let line: Int
    }

    /// Where in the file it begins.
    let start: Int
    /// Where the record after the last one begins.
    var end: Int
    /// How many records it has.
    var rowCount = 0
    /// How many line ends.
    var lineCount = 0
    /// One for each field of the first record of the file.
    var columns: [Column] = []
    /// What stopped the reading; lines are counted from the beginning of the piece.
    var failure: DataFileError?
}

extension CSVReader {
    /// What a field is.
    enum Outcome {
        case number(Double)
        case overflow(String)
        case missing(String)
        case text
    }

    /// Reads all records that begin in a range, which begins with one, as numbers.
    func piece(_ range: Range<Int>, width: Int) -> CSVPiece {
        var piece = CSVPiece(start: range.lowerBound, end: range.lowerBound)
        // No more rows than lines, and each but the last has a byte for each of its fields.
        let lines = ByteCount.lineEnds(in: UnsafeRawBufferPointer(rebasing: bytes[range]))
        let capacity = min(lines + 1, range.count / width + 2)
        let scratch = UnsafeMutablePointer<Double>.allocate(capacity: capacity * width)
        defer { scratch.deallocate() }
        piece.columns = Array(repeating: CSVPiece.Column(), count: width)
        var tokenizer = CSVTokenizer(bytes, from: range.lowerBound, separator: separator, name: name)
        var last = LastRecord(start: range.lowerBound)
        do throws(DataFileError) {
            try read(
                &tokenizer, until: range.upperBound, into: &piece, scratch, stride: capacity, last: &last)
        } catch {
            piece.failure = error
        }
        // What touches the end of a text that goes on is not all of a record.
        if isOpen, tokenizer.position == bytes.count, last.start < bytes.count {
            if !last.isPlain {
                // It has left its marks on the columns.
                return last.start > range.lowerBound
                    ? self.piece(range.lowerBound..<last.start, width: width)
                    : CSVPiece(
                        start: last.start, end: last.start, columns: .init(repeating: .init(), count: width))
            }
            piece.failure = nil
            (piece.end, piece.lineCount, piece.rowCount) = (last.start, last.line - 1, last.row)
        } else {
            piece.end = tokenizer.position
            piece.lineCount = tokenizer.line - 1
        }
        for index in 0..<width where !piece.columns[index].isText {
            piece.columns[index].values = Array(
                UnsafeBufferPointer(start: scratch + index * capacity, count: piece.rowCount))
        }
        return piece
    }

    /// Where the record begins that was read last, and how many lines and rows come before it.
    private struct LastRecord {
        var start: Int
        var line = 1
        var row = 0
        /// Whether it has nothing but numbers.
        var isPlain = true
    }

    /// Reads the records up to a place into columns of a scratch memory, `stride` numbers apart.
    private func read(
        _ tokenizer: inout CSVTokenizer, until end: Int, into piece: inout CSVPiece,
        _ scratch: UnsafeMutablePointer<Double>, stride: Int, last: inout LastRecord
    ) throws(DataFileError) {
        guard let base = bytes.baseAddress else { return }
        let limit = base + bytes.count
        let (width, rounding) = (piece.columns.count, DecimalRounding.shared)
        // Whether a column has been of numbers so far, so that this is tried first.
        let isNumeric = UnsafeMutablePointer<Bool>.allocate(capacity: width)
        isNumeric.initialize(repeating: missing.areNoNumbers, count: width)
        defer { isNumeric.deallocate() }
        while true {
            tokenizer.skipBlankLines()
            if tokenizer.position >= end { return }
            let (start, line) = (tokenizer.position, tokenizer.line)
            last = LastRecord(start: start, line: line, row: piece.rowCount)
            var place = base + start
            var target = scratch + piece.rowCount
            var index = 0
            while true {
                guard index < width else {
                    throw tooLong(line: line, width: width, start: start, end: place - base)
                }
                if isNumeric[index] {
                    let number = CSVNumberReader(place, limit: limit, rounding: rounding)
                    if let next = number.end, number.value.isFinite, !number.isOpen {
                        let byte = next < limit ? next.load(as: UInt8.self) : Self.lineFeed
                        if byte == separator {
                            target.pointee = number.value
                            target += stride
                            place = next + 1
                            index &+= 1
                            continue
                        }
                        if byte == Self.lineFeed || byte == Self.carriageReturn {
                            target.pointee = number.value
                            index &+= 1
                            tokenizer.endRecord(at: next - base)
                            break
                        }
                    }
                }
                last.isPlain = false
                tokenizer.move(to: place - base, column: index + 1)
                let field = try next(&tokenizer, &piece.columns[index], piece.rowCount, &target.pointee)
                if piece.columns[index].isText { isNumeric[index] = false }
                index &+= 1
                if field.endsRecord { break }
                target += stride
                place = base + tokenizer.position
            }
            if index < width { throw tooShort(line: line, count: index, width: width, start: start) }
            piece.rowCount &+= 1
        }
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Reads a field that is not simply a number.
    @inline(never)
    private func next(
        _ tokenizer: inout CSVTokenizer, _ column: inout CSVPiece.Column, _ row: Int, _ value: inout Double
    ) throws(DataFileError) -> CSVTokenizer.Field {
        let line = tokenizer.line
        guard let field = try tokenizer.next() else { preconditionFailure("a record has no end") }
        if column.isText { return field }
        switch outcome(field) {
        case .number(let number): value = number
        case .missing(let marker):
            column.missing[row] = marker
            value = .nan
        case .overflow(let text):
            value = .infinity
            if column.overflow == nil { column.overflow = .init(text: text, line: line) }
        case .text: column.isText = true
        }
        return field
    }

    /// What a field is.
    func outcome(_ field: CSVTokenizer.Field) -> Outcome {
        let raw = UnsafeRawBufferPointer(rebasing: bytes[field.range])
        if missing.contains(raw) { return .missing(String(decoding: raw, as: UTF8.self)) }
        switch CSVNumber.parse(raw) {
        case .number(let value): return .number(value)
        case .overflow: return .overflow(String(decoding: raw.prefix(40), as: UTF8.self))
        case .text: return .text
        }
    }

    private func tooLong(line: Int, width: Int, start: Int, end: Int) -> DataFileError {
        let isEmpty = end == bytes.count || [Self.lineFeed, Self.carriageReturn].contains(bytes[end])
        return DataFileError(
            file: name, position: .line(line, column: width + 1),
            reason: .malformed(
                "the record has more fields than the first one, which has \(width)"
                    + (isEmpty ? "; it ends in a separator" : comments(start))))
    }

    private func tooShort(line: Int, count: Int, width: Int, start: Int) -> DataFileError {
        DataFileError(
            file: name, position: .line(line, column: count),
            reason: .malformed(
                "the record has \(count) field\(count == 1 ? "" : "s") where the first one has \(width)"
                    + comments(start)))
    }

    /// What to say of a record of an odd length if it, or the first one, looks like a comment.
    private func comments(_ start: Int) -> String {
        guard bytes[start] == UInt8(ascii: "#") || bytes[self.start] == UInt8(ascii: "#") else { return "" }
        return "; comments are not skipped, remove the lines that begin with # (sed '/^#/d')"
    }
}
