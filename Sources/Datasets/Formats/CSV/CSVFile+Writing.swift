extension CSVFile {
    /// Writes a table with its header; missing values as the file they came from had them.
    ///
    /// Numbers are the shortest that read back to the same bits. The file appears under its name only when it
    /// is complete.
    /// - Throws: `DataFileError` naming the file and why it could not be written.
    public static func write(
        _ table: Table, to path: String, separator: Character = ",", replacing: Bool = true
    ) throws(DataFileError) {
        try write(to: path, replacing: replacing) { output throws(DataFileError) in
            if table.hasHeader {
                let names = table.columnNames.map { quoted($0, separator: separator) }
                try output.append(record: names.joined(separator: String(separator)))
            }
            for row in 0..<table.rowCount {
                let fields = table.columns.map { column in
                    // Alone in its record, nothing would be a blank line.
                    if let marker = column.missing[row] {
                        return marker.isEmpty && table.columns.count == 1 ? "\"\"" : marker
                    }
                    switch column.values {
                    case .numbers(let values): return text(values[row])
                    case .text(let values): return quoted(values[row], separator: separator)
                    }
                }
                try output.append(record: fields.joined(separator: String(separator)))
            }
        }
    }

    /// Writes vectors of equal length, of any types that are not complex, as columns under their names.
    package static func write(
        columns: [(name: String, array: NumericArray)], to path: String, separator: Character,
        replacing: Bool
    ) throws(DataFileError) {
        try write(to: path, replacing: replacing) { output throws(DataFileError) in
            let names = columns.map { quoted($0.name, separator: separator) }
            try output.append(record: names.joined(separator: String(separator)))
            let arrays = columns.map { $0.array.inCOrder() }
            for row in 0..<(columns.first?.array.count ?? 0) {
                try output.append(
                    arrays.lazy.map { ($0, row) }, separator: separator)
            }
        }
    }

    /// Writes an array without a header, one record for each index of its first axis; images lie flat.
    package static func write(
        _ array: NumericArray, to path: String, separator: Character, replacing: Bool
    ) throws(DataFileError) {
        try write(to: path, replacing: replacing) { output throws(DataFileError) in
            let array = array.inCOrder()
            let rows = array.shape.first ?? 1
            let width = rows == 0 ? 0 : array.count / rows
            for row in 0..<rows where width > 0 {
                try output.append(array, row * width..<(row + 1) * width, separator: separator)
            }
        }
    }

    private static func write(
        to path: String, replacing: Bool, _ body: (inout Output) throws(DataFileError) -> Void
    ) throws(DataFileError) {
        try AtomicFile.write(to: path, replacing: replacing) { file throws(DataFileError) in
            var output = Output(file: file)
            try body(&output)
            try output.flush()
        }
    }

    /// Shortest that reads back to the same bits.
    private static func text(_ value: Double) -> String {
        // 3 rather than 3.0: counts and labels stay what people wrote.
        if value == value.rounded(), abs(value) < 1e15, !(value == 0 && value.sign == .minus) {
            return "\(Int(value))"
        }
        return "\(value)"
    }

    /// A text as a field; quoted where it must be, and where it would be taken for something else.
    private static func quoted(_ text: String, separator: Character) -> String {
        let needsQuotes =
            Options().missingMarkers.contains(text) || text.first == " " || text.last == " "
            || text.contains { $0 == separator || $0 == "\"" || $0.isNewline }
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    private struct Output {
        let file: AtomicFile
        private var buffer: [UInt8] = []

        init(file: AtomicFile) { self.file = file }

        mutating func append(record: String) throws(DataFileError) {
            buffer += record.utf8
            buffer.append(UInt8(ascii: "\n"))
            if buffer.count > 1 << 16 { try flush() }
        }

        /// Values of arrays as one record.
        mutating func append(
            _ values: some Sequence<(NumericArray, Int)>, separator: Character
        ) throws(DataFileError) {
            for (array, index) in values {
                array.appendText(at: index, style: .plain, to: &buffer)
                buffer += separator.utf8
            }
            buffer.removeLast()
            buffer.append(UInt8(ascii: "\n"))
            if buffer.count > 1 << 16 { try flush() }
        }

        /// Values of one array as one record.
        mutating func append(
            _ array: NumericArray, _ range: Range<Int>, separator: Character
        ) throws(DataFileError) {
            array.appendText(of: range, style: .plain, terminator: String(separator), to: &buffer)
            buffer.removeLast()
            buffer.append(UInt8(ascii: "\n"))
            if buffer.count > 1 << 16 { try flush() }
        }

        mutating func flush() throws(DataFileError) {
            try file.write(buffer)
            buffer.removeAll(keepingCapacity: true)
        }
    }
}
