import Descent
import DescentDatasets

extension FeatureCoding {
    /// The features that are zeros and ones, counted from 0: powers of them are themselves.
    var indicatorFeatures: Set<Int> {
        let kinds = terms.flatMap { term in term.featureNames.map { _ in term.levels != nil } }
        return Set(kinds.indices.filter { kinds[$0] })
    }

    /// What the coefficients of a model of these features are called.
    func coefficientNames(degree: Int, hasIntercept: Bool) -> [String] {
        let indicators = indicatorFeatures
        return (hasIntercept ? ["(Intercept)"] : [])
            + featureNames.enumerated().flatMap { index, name in
                [name]
                    + (indicators.contains(index) || degree < 2 ? [] : (2...degree).map { "\(name)^\($0)" })
            }
    }

    /// The features of some rows.
    ///
    /// - Parameters:
    ///   - columns: The columns of the terms, without missing values in these rows except where a term has a
    ///     mean for them.
    ///   - places: Where the columns are in `file`, for messages.
    /// - Throws: `DataFileError` for a text where a number is wanted, and for a level that is not known.
    func matrix(
        _ columns: [Table.Column], rows: [Int], of file: ColumnFile, places: [Int]
    ) throws(DataFileError) -> Matrix<Double> {
        if !hasCategories {
            var numbers: [[Double]] = []
            for index in terms.indices {
                numbers.append(try Self.numbers(columns[index], of: file, at: places[index]))
            }
            return numericMatrix(numbers, rows: rows)
        }
        var features: [[Double]] = []
        for (index, term) in terms.enumerated() {
            guard let levels = term.levels else {
                let numbers = try Self.numbers(columns[index], of: file, at: places[index])
                let mean = term.mean ?? .nan
                features.append(rows.map { numbers[$0].isNaN ? mean : numbers[$0] })
                continue
            }
            let order = Dictionary(uniqueKeysWithValues: term.coded.enumerated().map { ($1, $0) })
            var indicators = [[Double]](
                repeating: [Double](repeating: 0, count: rows.count), count: order.count)
            for (position, row) in rows.enumerated() {
                let level = Self.level(columns[index], row)
                if let place = order[level] {
                    indicators[place][position] = 1
                } else if level != term.reference {
                    throw file.error(
                        row: row, column: places[index],
                        "is \"\(DataFileError.printable(level))\", a level that the model does not know;"
                            + " it knows \(ColumnList.described(levels))")
                }
            }
            features += indicators
        }
        let width = features.count
        return Matrix<Double>(rows: rows.count, columns: width) { target in
            for row in 0..<rows.count {
                for column in 0..<width { target[row * width + column] = features[column][row] }
            }
        }
    }

    /// Refuses missing numbers that have no mean to take their place.
    func requireMeans(
        for columns: [Table.Column], places: [Int], of file: ColumnFile
    ) throws(DataFileError) {
        for (index, term) in terms.enumerated() where term.levels == nil && term.mean == nil {
            let column = columns[index]
            if let row = column.missing.keys.min() ?? column.numbers?.firstIndex(where: \.isNaN) {
                throw file.error(
                    row: row, column: places[index],
                    "has no value, and the model no mean to put there: it was not fitted with --missing mean")
            }
        }
    }

    /// A value as a level: a text, or a number as it would be written.
    static func level(_ column: Table.Column, _ row: Int) -> String {
        switch column.values {
        case .text(let values): values[row]
        case .numbers(let values): NumberFormat.shortest(values[row])
        }
    }

    /// The numbers of a column.
    static func numbers(
        _ column: Table.Column, of file: ColumnFile, at place: Int
    ) throws(DataFileError) -> [Double] {
        if let numbers = column.numbers { return numbers }
        let row = firstText(column) ?? 0
        let text = DataFileError.printable(column.text?[row] ?? "")
        throw file.error(row: row, column: place, "is \"\(text)\", not a number")
    }

    /// The first row of a column of text that holds no number.
    static func firstText(_ column: Table.Column) -> Int? {
        column.text?.indices.first { column.missing[$0] == nil && Double(column.text![$0]) == nil }
    }
}

extension FeatureCoding {
    /// The coding that suits some columns.
    ///
    /// - Parameters:
    ///   - columns: The columns, in the order of the features.
    ///   - places: Where they are in `file`.
    ///   - rows: The rows that count.
    ///   - categorical: The names of columns to be coded by levels even if they hold numbers.
    ///   - references: The reference level of columns that are not to have their first one.
    ///   - hasIntercept: Without an intercept, the first categorical column keeps all its levels.
    ///   - fillsMissing: Whether the mean of a column stands in for what is missing.
    /// - Throws: ``FeatureScout/UnknownLevel`` for a reference that does not occur; `DataFileError` for text that is
    ///   probably no category, and a column that has no mean.
    init(
        _ columns: [Table.Column], places: [Int], of file: ColumnFile, rows: [Int], categorical: Set<String>,
        references: [String: String], hasIntercept: Bool, fillsMissing: Bool
    ) throws {
        var scout = FeatureScout(
            names: columns.map(\.name), places: places, categorical: categorical, references: references)
        try scout.add(columns, rows: rows, of: file)
        self = try scout.coding(of: file, hasIntercept: hasIntercept, fillsMissing: fillsMissing)
    }
}
