/// Reads a table from the bytes of a CSV file.
///
/// The first pass reads every column as numbers and finds those that are not; only if there are any, a second
/// one collects their text. So memory is that of the result, not of a list of all fields.
struct CSVReader {
    private let bytes: UnsafeRawBufferPointer
    private let name: String
    private let start: Int
    /// What stands between fields.
    let separator: UInt8
    private let options: CSVFile.Options
    private let missing: Set<[UInt8]>
    private let longestMissing: Int

    /// More columns than any table has; a file of nothing but commas must not become millions of arrays.
    private static let greatestColumnCount = 1 << 20

    init(_ bytes: UnsafeRawBufferPointer, name: String, options: CSVFile.Options) throws(DataFileError) {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw DataFileError(
                file: name, reason: .malformed("is UTF-16 text; convert it to UTF-8 first (iconv -f UTF-16)"))
        }
        self.bytes = bytes
        self.name = name
        self.options = options
        start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        missing = Set(options.missingMarkers.map { Array($0.utf8) })
        longestMissing = missing.map(\.count).max() ?? 0
        if let separator = options.separator {
            guard let ascii = separator.asciiValue, ![0, 10, 13, 34].contains(ascii) else {
                preconditionFailure("\(separator.debugDescription) cannot separate the fields of a CSV file")
            }
            self.separator = ascii
        } else {
            separator = Self.findSeparator(bytes, from: start, name: name)
        }
    }

    /// The first of tab, semicolon and comma that cuts the first hundred records into the same number of
    /// fields, more than one; else the one that occurs most often in the first record.
    ///
    /// The comma is the last because it may be a decimal sign, which the others cannot be.
    private static func findSeparator(_ bytes: UnsafeRawBufferPointer, from start: Int, name: String) -> UInt8
    {
        var best = (separator: UInt8(ascii: ","), fields: 1)
        for separator in [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ",")] {
            var tokenizer = CSVTokenizer(bytes, from: start, separator: separator, name: name)
            var lengths: [Int] = []
            var length = 0
            while lengths.count < 100, let field = try? tokenizer.next() {
                length += 1
                if field.endsRecord {
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

    func table() throws(DataFileError) -> Table {
        var tokenizer = tokenizer()
        let first = try record(&tokenizer)
        if first.isEmpty { throw DataFileError(file: name, reason: .malformed("has no record in it")) }
        var columns = [NumberColumn](repeating: NumberColumn(), count: first.count)
        var firstColumns = columns
        for (index, field) in first.enumerated() {
            try firstColumns[index].append(outcome(field), line: 1, column: index + 1, name: name)
        }
        let rows = try readNumbers(&tokenizer, into: &columns)

        let hasHeader = options.hasHeader ?? Self.looksLikeHeader(firstColumns, above: columns)
        if !hasHeader {
            for index in columns.indices { columns[index].insert(firstColumns[index]) }
        }
        let names = hasHeader ? try names(first) : first.indices.map { "column\($0 + 1)" }
        let texts = try readTexts(
            ofColumns: columns.indices.filter { columns[$0].isText }, skippingFirst: hasHeader,
            capacity: rows + 1)
        let result = columns.indices.map { index in
            if let text = texts[index] {
                return Table.Column(names[index], .text(text.values), missing: text.missing)
            }
            return Table.Column(
                names[index], .numbers(columns[index].values), missing: columns[index].missing)
        }
        return Table(result, hasHeader: hasHeader)
    }

    private func tokenizer() -> CSVTokenizer {
        CSVTokenizer(bytes, from: start, separator: separator, name: name)
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

    /// Reads all further records; the result is their number.
    private func readNumbers(
        _ tokenizer: inout CSVTokenizer, into columns: inout [NumberColumn]
    ) throws(DataFileError) -> Int {
        var index = 0
        var rows = 0
        while true {
            let line = tokenizer.line
            guard let field = try tokenizer.next() else { return rows }
            guard index < columns.count else {
                throw DataFileError(
                    file: name, position: .line(line, column: index + 1),
                    reason: .malformed(
                        "the record has more fields than the first one, which has \(columns.count)"))
            }
            if !columns[index].isText {
                try columns[index].append(outcome(field), line: line, column: index + 1, name: name)
            }
            index += 1
            if field.endsRecord {
                if index < columns.count {
                    throw DataFileError(
                        file: name, position: .line(line, column: index),
                        reason: .malformed(
                            "the record has \(index) fields where the first one has \(columns.count)"))
                }
                index = 0
                rows += 1
            }
        }
    }

    /// A text above numbers makes a header, and so do texts above texts; a number in it makes it data.
    private static func looksLikeHeader(_ first: [NumberColumn], above rest: [NumberColumn]) -> Bool {
        if zip(first, rest).contains(where: { $0.isText && !$1.isText && $1.hasNumber }) { return true }
        return !first.contains { !$0.isText && $0.hasNumber } && first.contains { $0.isText }
    }

    private func names(_ fields: [CSVTokenizer.Field]) throws(DataFileError) -> [String] {
        var names: [String] = []
        var columns: [String: Int] = [:]
        for (index, field) in fields.enumerated() {
            let text = try string(field, line: 1, column: index + 1)
            let name = text.isEmpty ? "column\(index + 1)" : text
            if let former = columns.updateValue(index, forKey: name) {
                throw DataFileError(
                    file: self.name, position: .line(1, column: index + 1),
                    reason: .malformed(
                        "the name \"\(DataFileError.printable(name))\" is that of column \(former + 1) already"
                    ))
            }
            names.append(name)
        }
        return names
    }

    private func readTexts(
        ofColumns wanted: [Int], skippingFirst: Bool, capacity: Int
    ) throws(DataFileError) -> [Int: TextColumn] {
        if wanted.isEmpty { return [:] }
        var columns = [TextColumn?](repeating: nil, count: (wanted.last ?? 0) + 1)
        for index in wanted {
            columns[index] = TextColumn()
            columns[index]!.values.reserveCapacity(capacity)
        }
        var tokenizer = tokenizer()
        if skippingFirst { _ = try record(&tokenizer) }
        var index = 0
        while true {
            let line = tokenizer.line
            guard let field = try tokenizer.next() else { break }
            if index < columns.count, columns[index] != nil {
                let text = try string(field, line: line, column: index + 1)
                if !field.isQuoted, options.missingMarkers.contains(text) {
                    columns[index]!.missing[columns[index]!.values.count] = text
                    columns[index]!.values.append("")
                } else {
                    columns[index]!.values.append(text)
                }
            }
            index = field.endsRecord ? 0 : index + 1
        }
        return Dictionary(uniqueKeysWithValues: wanted.map { ($0, columns[$0]!) })
    }

    private func string(
        _ field: CSVTokenizer.Field, line: Int, column: Int
    ) throws(DataFileError) -> String {
        guard let text = String(validating: tokenizer().bytes(of: field), as: UTF8.self) else {
            throw DataFileError(
                file: name, position: .line(line, column: column),
                reason: .malformed("the text is not UTF-8; convert the file first (iconv -t UTF-8)"))
        }
        return text
    }

    private enum Outcome {
        case number(Double)
        case overflow(String)
        case missing(String)
        case text
    }

    private func outcome(_ field: CSVTokenizer.Field) -> Outcome {
        let raw = UnsafeRawBufferPointer(rebasing: bytes[field.range])
        if raw.count <= longestMissing, missing.contains(Array(raw)) {
            return .missing(String(decoding: raw, as: UTF8.self))
        }
        switch CSVNumber.parse(raw) {
        case .number(let value): return .number(value)
        case .overflow: return .overflow(String(decoding: raw.prefix(40), as: UTF8.self))
        case .text: return .text
        }
    }

    /// A column as numbers, until something in it is none.
    private struct NumberColumn {
        var values: [Double] = []
        var missing: [Int: String] = [:]
        var isText = false
        var hasNumber: Bool { values.count > missing.count }

        mutating func append(_ outcome: Outcome, line: Int, column: Int, name: String) throws(DataFileError) {
            switch outcome {
            case .number(let value): values.append(value)
            case .missing(let marker):
                missing[values.count] = marker
                values.append(.nan)
            case .text:
                isText = true
                values = []
                missing = [:]
            case .overflow(let text):
                throw DataFileError(
                    file: name, position: .line(line, column: column),
                    reason: .invalidValue("\(text) is larger than the largest Double"))
            }
        }

        /// Puts the one value of `first` in front.
        mutating func insert(_ first: NumberColumn) {
            isText = isText || first.isText
            if isText { return }
            values.insert(contentsOf: first.values, at: 0)
            missing = Dictionary(uniqueKeysWithValues: missing.map { ($0 + 1, $1) })
            missing.merge(first.missing) { $1 }
        }
    }

    private struct TextColumn {
        var values: [String] = []
        var missing: [Int: String] = [:]
    }
}
