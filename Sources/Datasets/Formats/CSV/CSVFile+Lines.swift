extension CSVFile {
    /// The line, counted from 1, in which a field of a table begins; `nil` where the source has no such field.
    ///
    /// Reads the text once more: for messages, which are few, so that no table has to remember its lines.
    ///
    /// - Parameters:
    ///   - row: The row of the table, from 0.
    ///   - column: The column of the table, from 0.
    ///   - table: The table that was read from the source.
    ///   - source: The same text, plain or compressed by gzip.
    package static func line(ofRow row: Int, column: Int, of table: Table, in source: ByteSource) -> Int? {
        guard source.count > 1, let magic = try? source.bytes(at: 0, count: 2) else { return nil }
        guard let text = magic == Gzip.magic ? try? Gzip.decode(source) : source,
            let bytes = try? text.bytes(at: 0, count: text.count)
        else { return nil }
        return bytes.withUnsafeBytes { bytes in
            for separator in [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ",")] {
                let start = offset(
                    ofRecord: row + (table.hasHeader ? 1 : 0), field: column, width: table.columns.count,
                    in: bytes, separator: separator)
                if let start { return line(at: start, in: bytes) }
            }
            return nil
        }
    }

    /// Where a field begins if this separator cuts every record up to it into `width` fields.
    private static func offset(
        ofRecord record: Int, field wanted: Int, width: Int, in bytes: UnsafeRawBufferPointer,
        separator: UInt8
    ) -> Int? {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var tokenizer = CSVTokenizer(bytes, from: start, separator: separator, name: "")
        var (records, fields) = (0, 0)
        var place: Int?
        while let field = try? tokenizer.next() {
            if records == record && fields == wanted { place = field.range.lowerBound }
            fields += 1
            guard field.endsRecord else { continue }
            guard fields == width else { return nil }
            if let place { return place }
            records += 1
            fields = 0
        }
        return nil
    }

    private static func line(at offset: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        var line = 1
        for index in 0..<offset {
            let isReturn = bytes[index] == UInt8(ascii: "\r") && bytes[index + 1] != UInt8(ascii: "\n")
            if bytes[index] == UInt8(ascii: "\n") || isReturn { line += 1 }
        }
        return line
    }
}

extension DataFileError {
    /// The same error in a text that has so many lines in front.
    func shifted(by lines: Int) -> DataFileError {
        guard case .line(let line, let column) = position else { return self }
        var error = self
        error.position = .line(line + lines, column: column)
        return error
    }
}
