extension Dataset {
    /// Creates a data set from a table: one column holds the classes, the others the features.
    ///
    /// ```swift
    /// let flowers = try Dataset(CSVFile.read(path: "iris.csv"), label: "species")
    /// ```
    /// - Parameters:
    ///   - table: The columns; features are columns of numbers without missing values.
    ///   - label: The name of the column of classes: text, or whole numbers.
    ///   - name: What the data are.
    ///   - source: Where the data are from.
    /// - Throws: `DatasetError` that names the column, and the row where there is one.
    public init(
        _ table: Table, label: String, name: String = "data", source: String = "memory"
    ) throws(DatasetError) {
        guard let classes = table.column(named: label) else {
            throw DatasetError(source, .noSuchColumn(label, found: table.columnNames))
        }
        let columns = table.columns.filter { $0.name != label }
        var features = [Double](repeating: 0, count: table.rowCount * columns.count)
        for (position, column) in columns.enumerated() {
            guard let numbers = column.numbers else { throw DatasetError(source, .textColumn(column.name)) }
            if let row = column.missing.keys.min() {
                throw DatasetError(source, .missingValue(row: row, column: column.name))
            }
            for (row, number) in numbers.enumerated() { features[row * columns.count + position] = number }
        }
        if let row = classes.missing.keys.min() {
            throw DatasetError(source, .missingValue(row: row, column: label))
        }
        let array = NumericArray(features, shape: [table.rowCount, columns.count])
        switch classes.values {
        case .numbers(let numbers):
            try self.init(features: array, labels: NumericArray(numbers), name: name, source: source)
        case .text(let text):
            try self.init(features: array, labels: text, name: name, source: source)
        }
    }
}
