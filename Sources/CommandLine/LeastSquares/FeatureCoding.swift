import Descent
import DescentDatasets

/// How the columns of a file become the features of a model.
///
/// Numbers stay as they are. A column of text becomes a column of zeros and ones for each of its levels but
/// the reference, named `column[level]`: its coefficient is the difference from the reference level.
struct FeatureCoding: Sendable, Equatable, Codable {
    /// One column of the file.
    struct Term: Sendable, Equatable, Codable {
        /// The column's name.
        let column: String
        /// The texts that a categorical column may hold; `nil` for numbers.
        let levels: [String]?
        /// The level without a feature of its own; `nil` for numbers and where every level has one.
        let reference: String?
        /// What stands in for a missing number; `nil` where none was wanted.
        let mean: Double?

        /// The levels that have a feature.
        var coded: [String] { (levels ?? []).filter { $0 != reference } }
        /// The names of the features that the column becomes.
        var featureNames: [String] { levels == nil ? [column] : coded.map { "\(column)[\($0)]" } }
    }

    let terms: [Term]

    /// The names of the features, in their order.
    var featureNames: [String] { terms.flatMap(\.featureNames) }

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

    /// Whether a column is coded by its levels.
    var hasCategories: Bool { terms.contains { $0.levels != nil } }

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
    /// A reference level that does not occur, in words.
    struct UnknownLevel: Error, CustomStringConvertible {
        let description: String
    }

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
    /// - Throws: ``UnknownLevel`` for a reference that does not occur; `DataFileError` for text that is
    ///   probably no category, and a column that has no mean.
    init(
        _ columns: [Table.Column], places: [Int], of file: ColumnFile, rows: [Int], categorical: Set<String>,
        references: [String: String], hasIntercept: Bool, fillsMissing: Bool
    ) throws {
        var terms: [Term] = []
        var keepsAll = !hasIntercept
        for (column, place) in zip(columns, places) {
            let isNamed = categorical.contains(column.name) || references[column.name] != nil
            if column.numbers != nil && !isNamed {
                terms.append(
                    Term(
                        column: column.name, levels: nil, reference: nil,
                        mean: fillsMissing
                            ? try Self.mean(column, rows: rows, of: file, at: place) : nil))
                continue
            }
            let levels = Self.levels(column, rows: rows)
            if !isNamed { try Self.check(column, levels: levels, rows: rows, of: file, at: place) }
            var reference = keepsAll ? nil : levels.first
            if let wanted = references[column.name] {
                guard levels.contains(wanted) else {
                    throw UnknownLevel(
                        description: "\"\(DataFileError.printable(column.name))\" has no level"
                            + " \"\(DataFileError.printable(wanted))\"; it has \(ColumnList.described(levels))."
                    )
                }
                if !keepsAll { reference = wanted }
            }
            // One level alone is a constant column: the report says that it has no coefficient of its own.
            if levels.count == 1 { reference = nil }
            keepsAll = false
            terms.append(Term(column: column.name, levels: levels, reference: reference, mean: nil))
        }
        self.terms = terms
    }

    /// The different values, numbers by size and texts by their Unicode scalars.
    private static func levels(_ column: Table.Column, rows: [Int]) -> [String] {
        if let numbers = column.numbers {
            return Set(rows.map { numbers[$0] }).sorted().map(NumberFormat.shortest)
        }
        let different = Set(rows.map { column.text![$0] })
        return different.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    }

    /// Refuses text that is probably no category: a mistyped number, or a name of its own for every row.
    private static func check(
        _ column: Table.Column, levels: [String], rows: [Int], of file: ColumnFile, at place: Int
    ) throws(DataFileError) {
        if !levels.isEmpty,
            levels.allSatisfy({ Double($0) != nil || NumberNotation.complaint(about: $0) != nil }),
            let row = firstText(column)
        {
            throw file.error(
                row: row, column: place, "is \"\(DataFileError.printable(column.text![row]))\", not a number")
        }
        let numeric = levels.count { Double($0) != nil }
        if 2 * numeric >= levels.count, let row = firstText(column) {
            throw file.error(
                row: row, column: place,
                "is \"\(DataFileError.printable(column.text![row]))\" where most values are numbers;"
                    + " correct it, or say --categorical if the column holds categories")
        }
        if levels.count > 10, 2 * levels.count > rows.count {
            throw file.error(
                place,
                "holds text, with \(levels.count) different values in \(rows.count) rows; choose columns"
                    + " with --features, or say --categorical if each is to have a coefficient")
        }
    }

    private static func mean(
        _ column: Table.Column, rows: [Int], of file: ColumnFile, at place: Int
    ) throws(DataFileError) -> Double {
        let numbers = column.numbers ?? []
        var (mean, count) = (0.0, 0.0)
        for row in rows where !numbers[row].isNaN {
            count += 1
            // Term by term: a sum could overflow.
            mean += numbers[row] / count - mean / count
        }
        if count == 0 { throw file.error(place, "has no value at all, so that it has no mean") }
        return mean
    }
}
