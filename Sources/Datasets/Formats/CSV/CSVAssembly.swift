/// Puts the pieces of a CSV file together.
struct CSVAssembly: Sendable {
    let reader: CSVReader
    let pieces: [CSVPiece]
    /// How many lines of the text come before the first piece.
    let linesBefore: Int

    /// The table of all pieces; columns in which something is no number are read again, as text.
    ///
    /// - Throws: `DataFileError` for numbers that are too large in columns of numbers, and text that is no UTF-8.
    func table(names: [String], hasHeader: Bool) throws(DataFileError) -> Table {
        let isText = names.indices.map { index in pieces.contains { $0.columns[index].isText } }
        try complain(isText)
        let texts = try texts(isText)
        let columns = Parallel.map(Array(names.indices)) { index in
            if let text = texts[index] {
                return Table.Column(names[index], .text(text.values), missing: text.missing)
            }
            let (values, missing) = numbers(index)
            return Table.Column(names[index], .numbers(values), missing: missing)
        }
        return Table(columns, hasHeader: hasHeader)
    }

    private func numbers(_ index: Int) -> (values: [Double], missing: [Int: String]) {
        if pieces.count == 1 { return (pieces[0].columns[index].values, pieces[0].columns[index].missing) }
        var missing: [Int: String] = [:]
        let count = pieces.reduce(0) { $0 + $1.rowCount }
        let values = [Double](unsafeUninitializedCapacity: count) { target, written in
            for piece in pieces {
                let column = piece.columns[index]
                for (row, marker) in column.missing { missing[written + row] = marker }
                _ = target[written...].update(fromContentsOf: column.values)
                written += column.values.count
            }
        }
        return (values, missing)
    }

    /// Refuses the first number that is too large.
    private func complain(_ isText: [Bool]) throws(DataFileError) {
        var lines = linesBefore
        for piece in pieces {
            let first = piece.columns.indices
                .compactMap { index in isText[index] ? nil : piece.columns[index].overflow.map { (index, $0) }
                }
                .min { $0.1.line < $1.1.line }
            if let (index, overflow) = first {
                throw DataFileError(
                    file: reader.name, position: .line(overflow.line + lines, column: index + 1),
                    reason: .invalidValue("\(overflow.text) is larger than the largest Double"))
            }
            lines += piece.lineCount
        }
    }

    // MARK: Text

    private struct TextColumn: Sendable {
        var values: [String] = []
        var missing: [Int: String] = [:]
    }

    /// The columns of text among all; nil where one is of numbers.
    private func texts(_ isText: [Bool]) throws(DataFileError) -> [TextColumn?] {
        guard isText.contains(true) else { return isText.map { _ in nil } }
        let parts = Parallel.map(pieces) { piece in
            Result { () throws(DataFileError) in try texts(of: piece, isText) }
        }
        var whole: [TextColumn?] = isText.map { $0 ? TextColumn() : nil }
        var lines = linesBefore
        for (piece, part) in zip(pieces, parts) {
            let columns: [TextColumn]
            do throws(DataFileError) {
                columns = try part.get()
            } catch {
                throw error.shifted(by: lines)
            }
            for (index, column) in columns.enumerated() where isText[index] {
                let before = whole[index]!.values.count
                whole[index]!.values += column.values
                for (row, marker) in column.missing { whole[index]!.missing[before + row] = marker }
            }
            lines += piece.lineCount
        }
        return whole
    }

    private func texts(of piece: CSVPiece, _ isText: [Bool]) throws(DataFileError) -> [TextColumn] {
        var columns = [TextColumn](repeating: TextColumn(), count: isText.count)
        for index in isText.indices where isText[index] {
            columns[index].values.reserveCapacity(piece.rowCount)
        }
        var tokenizer = CSVTokenizer(
            reader.bytes, from: piece.start, separator: reader.separator, name: reader.name)
        for _ in 0..<piece.rowCount {
            for index in isText.indices {
                let line = tokenizer.line
                guard let field = try tokenizer.next() else { preconditionFailure("a record has no end") }
                guard isText[index] else { continue }
                let raw = UnsafeRawBufferPointer(rebasing: reader.bytes[field.range])
                if !field.isQuoted, reader.missing.contains(raw) {
                    columns[index].missing[columns[index].values.count] = String(decoding: raw, as: UTF8.self)
                    columns[index].values.append("")
                } else {
                    columns[index].values.append(
                        try reader.string(field, tokenizer, line: line, column: index + 1))
                }
            }
        }
        return columns
    }
}
