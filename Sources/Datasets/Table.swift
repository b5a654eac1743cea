/// Named columns of equal length, each of numbers or of text: what a CSV file holds.
public struct Table: Sendable {
    /// One column.
    public struct Column: Sendable {
        /// The name at the head of the column.
        public let name: String
        /// The values, one a row.
        public let values: Values
        /// The rows without a value, and how the file said so: `NA`, `?`, or nothing at all.
        ///
        /// A column of numbers has NaN there, a column of text the empty string.
        public let missing: [Int: String]

        /// A column under a name.
        public init(_ name: String, _ values: Values, missing: [Int: String] = [:]) {
            self.name = name
            self.values = values
            self.missing = missing
        }

        /// The numbers; `nil` for a column of text.
        public var numbers: [Double]? {
            if case .numbers(let numbers) = values { return numbers }
            return nil
        }

        /// The texts; `nil` for a column of numbers.
        public var text: [String]? {
            if case .text(let text) = values { return text }
            return nil
        }

        /// The number of rows.
        public var count: Int {
            switch values {
            case .numbers(let numbers): numbers.count
            case .text(let text): text.count
            }
        }
    }

    /// The values of a column.
    public enum Values: Sendable {
        /// Every value that is not missing is a number.
        case numbers([Double])
        /// Some value is not a number.
        case text([String])
    }

    /// The columns, from left to right.
    public let columns: [Column]
    /// The number of rows, without the header.
    public let rowCount: Int
    /// Whether the names stood in the file; otherwise they are `column1`, `column2`, ….
    public let hasHeader: Bool

    /// A table of the given columns, which have different names and the same length.
    public init(_ columns: [Column], hasHeader: Bool = true) {
        for column in columns.dropFirst() {
            precondition(
                column.count == columns[0].count,
                "column \(column.name) has \(column.count) rows, column \(columns[0].name) has \(columns[0].count)"
            )
        }
        precondition(Set(columns.map(\.name)).count == columns.count, "two columns have the same name")
        self.columns = columns
        self.hasHeader = hasHeader
        rowCount = columns.first?.count ?? 0
    }

    /// The names of the columns, from left to right.
    public var columnNames: [String] { columns.map(\.name) }

    /// The column of a name; `nil` where there is none.
    public func column(named name: String) -> Column? { columns.first { $0.name == name } }

    /// The numbers of a column, NaN where one is missing.
    ///
    /// The column must be there and hold numbers; `column(named:)` asks whether it does.
    public subscript(name: String) -> [Double] {
        guard let column = column(named: name) else {
            preconditionFailure("no column \"\(name)\" among \(columnNames)")
        }
        guard let numbers = column.numbers else {
            preconditionFailure("column \"\(name)\" holds text, not numbers")
        }
        return numbers
    }
}
