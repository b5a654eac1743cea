import DescentLinearAlgebra

/// Reads a table from the bytes of a CSV file.
///
/// The first pass reads every column as numbers and finds those that are not; only if there are any, a second
/// one collects their text. So memory is that of the result, not of a list of all fields. Both go over pieces
/// of the file on all threads.
struct CSVReader: @unchecked Sendable {
    // Unchecked: nobody writes to the bytes.
    let bytes: UnsafeRawBufferPointer
    let name: String
    /// What stands between fields.
    let separator: UInt8
    let missing: CSVMissingMarkers
    /// Whether the text goes on: what touches its end is then not all of a record.
    let isOpen: Bool
    /// The bytes of a piece of a table of few columns: enough for a thread to be busy with, and few enough for
    /// its cache.
    private let pieceSize: Int
    /// Where the text begins, behind a byte order mark.
    let start: Int
    private let options: CSVFile.Options

    /// More columns than any table has; a file of nothing but commas must not become millions of arrays.
    private static let greatestColumnCount = 1 << 20

    init(
        _ bytes: UnsafeRawBufferPointer, name: String, options: CSVFile.Options, isOpen: Bool = false,
        pieceSize: Int = 1 << 20
    ) throws(DataFileError) {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw DataFileError(
                file: name, reason: .malformed("is UTF-16 text; convert it to UTF-8 first (iconv -f UTF-16)"))
        }
        self.bytes = bytes
        self.name = name
        self.options = options
        self.isOpen = isOpen
        self.pieceSize = pieceSize
        start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        missing = CSVMissingMarkers(options.missingMarkers)
        if let separator = options.separator {
            guard let ascii = separator.asciiValue, ![0, 10, 13, 34].contains(ascii) else {
                preconditionFailure("\(separator.debugDescription) cannot separate the fields of a CSV file")
            }
            self.separator = ascii
        } else {
            separator = Self.findSeparator(bytes, from: start, name: name, isOpen: isOpen)
        }
    }

    /// The first of tab, semicolon and comma that cuts the first hundred records into the same number of
    /// fields, more than one; else the one that occurs most often in the first record.
    ///
    /// The comma is the last because it may be a decimal sign, which the others cannot be.
    private static func findSeparator(
        _ bytes: UnsafeRawBufferPointer, from start: Int, name: String, isOpen: Bool
    ) -> UInt8 {
        var best = (separator: UInt8(ascii: ","), fields: 1)
        for separator in [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ",")] {
            var tokenizer = CSVTokenizer(bytes, from: start, separator: separator, name: name)
            var lengths: [Int] = []
            var length = 0
            while lengths.count < 100, let field = try? tokenizer.next() {
                length += 1
                if field.endsRecord {
                    if isOpen, tokenizer.position == bytes.count, !lengths.isEmpty { break }
                    lengths.append(length)
                    length = 0
                }
            }
            guard let first = lengths.first, first > 1 else { continue }
            if lengths.allSatisfy({ $0 == first }) { return separator }
            if first > best.fields { best = (separator, first) }
        }
        return best.separator
    }

    /// Some records as a table.
    struct Part: Sendable {
        let table: Table
        /// Where the text that is not in it begins.
        let end: Int
        /// How many line ends come before that.
        let lineCount: Int
        /// What stands between its fields.
        let separator: Character
    }

    /// The table that the text holds, perhaps with a header; `nil` for a text that goes on before its first record
    /// has ended.
    func table() throws(DataFileError) -> Part? {
        var tokenizer = CSVTokenizer(bytes, from: start, separator: separator, name: name)
        tokenizer.skipBlankLines()
        let (firstLine, firstStart) = (tokenizer.line, tokenizer.position)
        let first: [CSVTokenizer.Field]
        do throws(DataFileError) {
            first = try record(&tokenizer)
        } catch {
            if isOpen, tokenizer.position == bytes.count { return nil }
            throw error
        }
        if isOpen, tokenizer.position == bytes.count { return nil }
        if first.isEmpty { throw DataFileError(file: name, reason: .malformed("has no record in it")) }
        let (headLines, rest) = (tokenizer.line - 1, tokenizer.position)
        let pieces = try pieces(from: rest, width: first.count, linesBefore: headLines)

        let head = piece(firstStart..<rest, width: first.count)
        let columns = first.indices.map { index in
            (
                isText: pieces.contains { $0.columns[index].isText },
                hasNumber: pieces.contains { $0.columns[index].hasNumber }
            )
        }
        let hasHeader = options.hasHeader ?? Self.looksLikeHeader(head.columns, above: columns)
        let names =
            hasHeader
            ? try names(first, line: firstLine, tokenizer) : first.indices.map { "column\($0 + 1)" }
        return try part(
            hasHeader ? pieces : [head] + pieces, from: hasHeader ? rest : start,
            linesBefore: hasHeader ? headLines : firstLine - 1, names: names, hasHeader: hasHeader)
    }

    /// The table that a text without a header holds, under the given names.
    func table(names: [String]) throws(DataFileError) -> Part {
        let pieces = try pieces(from: start, width: names.count, linesBefore: 0)
        return try part(pieces, from: start, linesBefore: 0, names: names, hasHeader: false)
    }

    private func part(
        _ pieces: [CSVPiece], from start: Int, linesBefore: Int, names: [String], hasHeader: Bool
    ) throws(DataFileError) -> Part {
        let assembly = CSVAssembly(reader: self, pieces: pieces, linesBefore: linesBefore)
        return Part(
            table: try assembly.table(names: names, hasHeader: hasHeader), end: pieces.last?.end ?? start,
            lineCount: pieces.reduce(linesBefore) { $0 + $1.lineCount },
            separator: Character(UnicodeScalar(separator)))
    }

    /// All fields of the next record.
    private func record(_ tokenizer: inout CSVTokenizer) throws(DataFileError) -> [CSVTokenizer.Field] {
        var fields: [CSVTokenizer.Field] = []
        while let field = try tokenizer.next() {
            fields.append(field)
            if field.endsRecord { break }
            if fields.count == Self.greatestColumnCount {
                throw tokenizer.error("the record has more than \(Self.greatestColumnCount) fields")
            }
        }
        return fields
    }

    /// A text above numbers makes a header, and so do texts above texts; a number in it makes it data.
    private static func looksLikeHeader(
        _ first: [CSVPiece.Column], above rest: [(isText: Bool, hasNumber: Bool)]
    ) -> Bool {
        if zip(first, rest).contains(where: { $0.isText && !$1.isText && $1.hasNumber }) { return true }
        return !first.contains { $0.hasNumber } && first.contains { $0.isText }
    }

    private func names(
        _ fields: [CSVTokenizer.Field], line: Int, _ tokenizer: CSVTokenizer
    ) throws(DataFileError) -> [String] {
        var names: [String] = []
        var columns: [String: Int] = [:]
        for (index, field) in fields.enumerated() {
            let text = try string(field, tokenizer, line: line, column: index + 1)
            let name = text.isEmpty ? "column\(index + 1)" : text
            if let former = columns.updateValue(index, forKey: name) {
                throw DataFileError(
                    file: self.name, position: .line(line, column: index + 1),
                    reason: .malformed(
                        "the name \"\(DataFileError.printable(name))\" is that of column \(former + 1) already"
                    ))
            }
            names.append(name)
        }
        return names
    }

    /// A field as text, which must be UTF-8.
    func string(
        _ field: CSVTokenizer.Field, _ tokenizer: CSVTokenizer, line: Int, column: Int
    ) throws(DataFileError) -> String {
        guard let text = String(validating: tokenizer.bytes(of: field), as: UTF8.self) else {
            throw DataFileError(
                file: name, position: .line(line, column: column),
                reason: .malformed("the text is not UTF-8; convert the file first (iconv -t UTF-8)"))
        }
        return text
    }

    // MARK: Pieces

    /// All records from a place on.
    ///
    /// The text is cut at line ends, in as many pieces as its size asks for. Whether a line end stands inside of
    /// quotes can only be known from the beginning; so all pieces are read on the assumption that none does, and
    /// what follows the first one that does not begin where the one before has ended is read again. The second
    /// guess counts quotes, and is right where none stand inside of an unquoted field; then there is no more
    /// guessing.
    ///
    /// - Throws: The first error, with its line counted from the beginning of the text.
    private func pieces(
        from start: Int, width: Int, linesBefore: Int
    ) throws(DataFileError) -> [CSVPiece] {
        var accepted: [CSVPiece] = []
        var (position, lines) = (start, linesBefore)
        // Some rows at least: each column of each piece is an array.
        let size = max(pieceSize, pieceSize / 4096 * width)
        for rule in CSVCuts.Rule.allCases where position < bytes.count {
            let ranges = CSVCuts(bytes, rule: rule, size: size).ranges(from: position)
            for piece in Parallel.map(ranges, { piece($0, width: width) }) where piece.start == position {
                if let failure = piece.failure { throw failure.shifted(by: lines) }
                position = piece.end
                lines += piece.lineCount
                accepted.append(piece)
            }
        }
        return accepted
    }
}
