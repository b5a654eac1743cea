import Descent
import DescentDatasets

/// The named columns of a data file of any format, and where their values stand in it.
///
/// The columns of a CSV file have its names, or `column1`, `column2`, … without a header; those of an npy or
/// IDX array have the latter. The vectors of an npz archive have their own names, and the columns of a matrix
/// `X` in it are `X1`, `X2`, …, together called `X`.
struct ColumnFile {
    /// What messages call the file.
    let name: String
    /// The names of the columns, from left to right.
    private(set) var columnNames: [String] = []
    /// The columns of each matrix of an archive.
    private(set) var groups: [String: Range<Int>] = [:]
    /// How many values each column has.
    private(set) var lengths: [Int] = []

    private var blocks: [NumericArray] = []
    private var places: [(block: Int, column: Int)] = []
    private let table: Table?
    private let text: Text

    /// The bytes that the columns were read from.
    private enum Text {
        case file(ByteSource)
        case block(CSVBlocks.Block)
    }

    /// Some rows of a CSV file.
    init(_ block: CSVBlocks.Block) {
        text = .block(block)
        name = block.name
        table = block.table
        columnNames = block.table.columnNames
        lengths = block.table.columns.map(\.count)
    }

    /// Opens a file, or for `-` standard input.
    init(path: String) throws(DataFileError) {
        let source = try ByteSource(path: path)
        try self.init(source, holding: DataFile(source))
    }

    /// The columns of what a source was found to hold.
    init(_ source: ByteSource, holding data: DataFile) throws(DataFileError) {
        text = .file(source)
        name = source.name
        switch data {
        case .csv(let table):
            self.table = table
            columnNames = table.columnNames
            lengths = table.columns.map(\.count)
        case .npy(let array), .idx(let array):
            table = nil
            try add(array) { "column\($0 + 1)" }
        case .npz(let archive):
            table = nil
            for (name, array) in zip(archive.names, try archive.arrays(named: archive.names)) {
                let start = columnNames.count
                let isVector = array.shape.count == 1
                // A single value is no column; it may well be there for other purposes.
                if array.shape.isEmpty { continue }
                try add(array) { isVector ? name : "\(name)\($0 + 1)" }
                if !isVector { groups[name] = start..<columnNames.count }
            }
            var seen: Set<String> = []
            for column in columnNames where !seen.insert(column).inserted {
                throw DataFileError(
                    file: name,
                    reason: .malformed(
                        "the name \"\(DataFileError.printable(column))\" is that of two columns"))
            }
        }
    }

    /// Takes in the columns of an array; axes after the first lie flat.
    private mutating func add(
        _ array: NumericArray, named columnName: (Int) -> String
    ) throws(DataFileError) {
        guard let rows = array.shape.first else {
            throw DataFileError(file: name, reason: .malformed("holds a single value, no columns"))
        }
        let width = array.shape.dropFirst().reduce(1, *)
        for column in 0..<width {
            columnNames.append(columnName(column))
            lengths.append(rows)
            places.append((blocks.count, column))
        }
        blocks.append(array)
    }

    /// The columns at the given places, in their order.
    func columns(_ indices: [Int]) throws(DataFileError) -> [Table.Column] {
        if let table { return indices.map { table.columns[$0] } }
        var values: [Int: [Double]] = [:]
        var result: [Table.Column] = []
        for index in indices {
            let (block, column) = places[index]
            if values[block] == nil { values[block] = try numbers(blocks[block], of: columnNames[index]) }
            let numbers = values[block]!
            let width = lengths[index] == 0 ? 1 : numbers.count / lengths[index]
            let slice =
                width == 1 ? numbers : stride(from: column, to: numbers.count, by: width).map { numbers[$0] }
            result.append(Table.Column(columnNames[index], .numbers(slice)))
        }
        return result
    }

    private func numbers(_ array: NumericArray, of column: String) throws(DataFileError) -> [Double] {
        do throws(NumericConversionError) {
            return try array.values(as: Double.self, .nearest)
        } catch {
            throw DataFileError(
                file: name, reason: .invalidValue("\"\(DataFileError.printable(column))\": \(error)"))
        }
    }

    /// An error about one value; a text file's place is line and column, an array's its row.
    func error(row: Int, column: Int, _ complaint: String) -> DataFileError {
        let title = "\"\(DataFileError.printable(columnNames[column]))\" "
        if let table {
            let (source, lines) =
                switch text {
                case .file(let source): (source, 0)
                case .block(let block): (block.source, block.lineOffset)
                }
            let line = CSVFile.line(ofRow: row, column: column, of: table, in: source)
            return DataFileError(
                file: name, position: line.map { .line($0 + lines, column: column + 1) },
                reason: .invalidValue(title + complaint + hint(row: row, table.columns[column], at: column)))
        }
        return DataFileError(
            file: name, reason: .invalidValue("row \(row + 1), counted from 1: " + title + complaint))
    }

    /// What to do about a value that a person may take for another.
    private func hint(row: Int, _ column: Table.Column, at place: Int) -> String {
        if let text = column.text?[row], let hint = NumberNotation.complaint(about: text) {
            return "; " + hint
        }
        let isNameless = column.name == "column\(place + 1)" && table?.hasHeader == true
        return isNameless && place + 1 == columnNames.count && column.missing.count == column.count
            ? "; the column has neither name nor values: the records end in a separator" : ""
    }

    /// An error about a column.
    func error(_ column: Int, _ complaint: String) -> DataFileError {
        DataFileError(
            file: name,
            reason: .invalidValue("\"\(DataFileError.printable(columnNames[column]))\" " + complaint))
    }
}
