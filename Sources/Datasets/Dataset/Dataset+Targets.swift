import DescentLinearAlgebra

extension Dataset {
    /// Creates a data set of features alone: to predict for, not to learn from.
    ///
    /// - Parameters:
    ///   - features: The first axis counts examples; the others, if any, are the shape of one example.
    ///   - nominalRange: The range that features may take by their nature, where it is known.
    ///   - name: What the data are.
    ///   - source: Where the data are from.
    /// - Throws: `DatasetError` for features that are not finite or not numbers of one component.
    public init(
        features: NumericArray, nominalRange: ClosedRange<Double>? = nil, name: String = "data",
        source: String = "memory"
    ) throws(DatasetError) {
        guard let exampleCount = features.shape.first, features.count > 0 else {
            throw DatasetError(source, .empty(shape: features.shape))
        }
        guard exampleCount <= Int(Int32.max) else {
            throw DatasetError(source, .tooManyExamples(exampleCount))
        }
        try self.init(
            storable: Self.storable(features, source: source),
            exampleShape: features.shape.count > 1 ? Array(features.shape.dropFirst()) : [1], labels: [],
            classNames: [], nominalRange: nominalRange, name: name, source: source, sha256: nil)
    }

    /// Creates a data set of a matrix of features alone, examples × features.
    ///
    /// - Throws: `DatasetError` for features that are not finite.
    public init<Scalar: MatrixScalar>(
        features: Matrix<Scalar>, name: String = "data", source: String = "memory"
    ) throws(DatasetError) {
        try self.init(features: Self.array(features), name: name, source: source)
    }

    /// Creates a data set whose examples have quantities to be predicted instead of classes: for regression.
    ///
    /// - Parameters:
    ///   - features: The first axis counts examples; the others, if any, are the shape of one example.
    ///   - targets: One row an example, one column a quantity.
    ///   - targetNames: What the quantities are called; `nil` for `y`, or `y1`, `y2`, ….
    ///   - nominalRange: The range that features may take by their nature, where it is known.
    ///   - name: What the data are.
    ///   - source: Where the data are from.
    ///   - sha256: The SHA-256 of that file.
    /// - Throws: `DatasetError` for numbers that do not fit together or are not finite.
    public init(
        features: NumericArray, targets: Matrix<Double>, targetNames: [String]? = nil,
        nominalRange: ClosedRange<Double>? = nil, name: String = "data", source: String = "memory",
        sha256: String? = nil
    ) throws(DatasetError) {
        guard let exampleCount = features.shape.first, features.count > 0 else {
            throw DatasetError(source, .empty(shape: features.shape))
        }
        guard exampleCount <= Int(Int32.max) else {
            throw DatasetError(source, .tooManyExamples(exampleCount))
        }
        guard targets.rows == exampleCount, targets.columns >= 1 else {
            throw DatasetError(source, .targetShape([targets.rows, targets.columns], examples: exampleCount))
        }
        precondition(
            targetNames == nil || targetNames!.count == targets.columns,
            "\(targetNames?.count ?? 0) names for \(targets.columns) targets")
        let notFinite = targets.withUnsafeElements { $0.firstIndex { !$0.isFinite } }
        if let index = notFinite {
            let (row, column) = index.quotientAndRemainder(dividingBy: targets.columns)
            throw DatasetError(
                source, .targetNotFinite(row: row, column: column, value: "\(targets[row, column])"))
        }
        try self.init(
            storable: Self.storable(features, source: source),
            exampleShape: features.shape.count > 1 ? Array(features.shape.dropFirst()) : [1], labels: [],
            classNames: [], targets: targets,
            targetNames: targetNames
                ?? (targets.columns == 1 ? ["y"] : (1...targets.columns).map { "y\($0)" }),
            nominalRange: nominalRange, name: name, source: source, sha256: sha256)
    }

    /// Creates a data set of a matrix of features and a matrix of targets, a row an example.
    ///
    /// - Throws: `DatasetError` for numbers that do not fit together or are not finite.
    public init<Scalar: MatrixScalar>(
        features: Matrix<Scalar>, targets: Matrix<Double>, targetNames: [String]? = nil,
        name: String = "data", source: String = "memory"
    ) throws(DatasetError) {
        try self.init(
            features: Self.array(features), targets: targets, targetNames: targetNames, name: name,
            source: source)
    }

    /// Creates a data set of a matrix of features and one target an example.
    ///
    /// - Throws: `DatasetError` for numbers that do not fit together or are not finite.
    public init<Scalar: MatrixScalar>(
        features: Matrix<Scalar>, targets: [Double], name: String = "data", source: String = "memory"
    ) throws(DatasetError) {
        try self.init(
            features: features, targets: Matrix(rows: targets.count, columns: 1, elements: targets),
            name: name, source: source)
    }

    /// Creates a data set for regression from a table: some columns hold the targets, the others the features.
    ///
    /// - Parameters:
    ///   - table: Columns of numbers without missing values.
    ///   - targets: The names of the columns of targets, at least one.
    ///   - name: What the data are.
    ///   - source: Where the data are from.
    /// - Throws: `DatasetError` that names the column, and the row where there is one.
    public init(
        _ table: Table, targets: [String], name: String = "data", source: String = "memory"
    ) throws(DatasetError) {
        for target in targets where table.column(named: target) == nil {
            throw DatasetError(source, .noSuchColumn(target, found: table.columnNames))
        }
        let columns = table.columns.filter { !targets.contains($0.name) }
        let features = try Self.matrix(of: columns, rows: table.rowCount, source: source)
        let values = try Self.matrix(
            of: targets.map { table.column(named: $0)! }, rows: table.rowCount, source: source)
        try self.init(
            features: features, targets: values, targetNames: targets, name: name, source: source)
    }

    private static func matrix(
        of columns: [Table.Column], rows: Int, source: String
    ) throws(DatasetError) -> Matrix<Double> {
        var elements = [Double](repeating: 0, count: rows * columns.count)
        for (position, column) in columns.enumerated() {
            guard let numbers = column.numbers else { throw DatasetError(source, .textColumn(column.name)) }
            if let row = column.missing.keys.min() {
                throw DatasetError(source, .missingValue(row: row, column: column.name))
            }
            for (row, number) in numbers.enumerated() { elements[row * columns.count + position] = number }
        }
        return Matrix(rows: rows, columns: columns.count, elements: elements)
    }
}
