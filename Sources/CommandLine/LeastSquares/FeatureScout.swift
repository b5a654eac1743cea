import Descent
import DescentDatasets

/// What columns hold, gathered from one block of rows after another: the levels of text and the means of numbers.
struct FeatureScout {
    /// A reference level that does not occur, in words.
    struct UnknownLevel: Error, CustomStringConvertible {
        let description: String
    }

    private struct Column {
        let name: String
        let place: Int
        /// Whether the options say that it holds categories.
        let isNamed: Bool
        var texts: Set<String> = []
        var numbers: Set<Double> = []
        var hasNumbers = false
        /// The complaint about the first text that is no number.
        var firstText: DataFileError?
        /// The same, for a column in which nothing is a word.
        var firstMistypedNumber: DataFileError?
        var mean = 0.0
        var count = 0.0
    }

    private var columns: [Column]
    private var rowCount = 0
    private let references: [String: String]

    /// More levels than these are no categories, unless the options say so.
    private static let mostLevels = 10_000

    /// - Parameters:
    ///   - names: The names of the columns, in the order of the features.
    ///   - places: Where they are in the file.
    ///   - categorical: The names of columns to be coded by levels even if they hold numbers.
    ///   - references: The reference level of columns that are not to have their first one.
    init(names: [String], places: [Int], categorical: Set<String>, references: [String: String]) {
        self.references = references
        columns = zip(names, places).map { name, place in
            Column(name: name, place: place, isNamed: categorical.contains(name) || references[name] != nil)
        }
    }

    /// Looks at some rows.
    ///
    /// - Throws: `DataFileError` for text that is probably no category.
    mutating func add(_ values: [Table.Column], rows: [Int], of file: ColumnFile) throws(DataFileError) {
        rowCount += rows.count
        for index in columns.indices { try add(values[index], rows: rows, of: file, to: &columns[index]) }
    }

    private func add(
        _ values: Table.Column, rows: [Int], of file: ColumnFile, to column: inout Column
    ) throws(DataFileError) {
        if let numbers = values.numbers {
            column.hasNumbers = column.hasNumbers || !rows.isEmpty
            if column.isNamed {
                if let row = rows.first(where: { numbers[$0].isNaN }) {
                    throw file.error(
                        row: row, column: column.place,
                        "has no value, and a category has no mean; say --missing drop to leave such rows out")
                }
                return column.numbers.formUnion(rows.lazy.map { numbers[$0] })
            }
            for row in rows where !numbers[row].isNaN {
                column.count += 1
                // Term by term: a sum could overflow.
                column.mean += numbers[row] / column.count - column.mean / column.count
            }
            return
        }
        guard let texts = values.text else { return }
        column.texts.formUnion(rows.lazy.map { texts[$0] })
        if column.isNamed { return }
        if column.firstText == nil, let row = FeatureCoding.firstText(values) {
            column.firstText = file.error(
                row: row, column: column.place,
                "is \"\(DataFileError.printable(texts[row]))\" where most values are numbers;"
                    + " correct it, or say --categorical if the column holds categories")
            column.firstMistypedNumber = file.error(
                row: row, column: column.place, "is \"\(DataFileError.printable(texts[row]))\", not a number")
        }
        if column.texts.count > Self.mostLevels { throw tooMany(column, file) }
    }

    private func tooMany(_ column: Column, _ file: ColumnFile) -> DataFileError {
        file.error(
            column.place,
            "holds text, with \(column.texts.count) different values in \(rowCount) rows; choose columns"
                + " with --features, or say --categorical if each is to have a coefficient")
    }

    /// The coding that suits the columns.
    ///
    /// - Parameters:
    ///   - hasIntercept: Without an intercept, the first categorical column keeps all its levels.
    ///   - fillsMissing: Whether the mean of a column stands in for what is missing.
    /// - Throws: ``UnknownLevel`` for a reference that does not occur; `DataFileError` for text that is
    ///   probably no category, and a column that has no mean.
    func coding(of file: ColumnFile, hasIntercept: Bool, fillsMissing: Bool) throws -> FeatureCoding {
        var terms: [FeatureCoding.Term] = []
        var keepsAll = !hasIntercept
        for column in columns {
            if column.texts.isEmpty && !column.isNamed {
                if fillsMissing && column.count == 0 {
                    throw file.error(column.place, "has no value at all, so that it has no mean")
                }
                terms.append(
                    .init(
                        column: column.name, levels: nil, reference: nil,
                        mean: fillsMissing ? column.mean : nil))
                continue
            }
            let levels = try levels(column, file)
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
            terms.append(.init(column: column.name, levels: levels, reference: reference, mean: nil))
        }
        return FeatureCoding(terms: terms)
    }

    /// The different values, numbers by size and texts by their Unicode scalars.
    private func levels(_ column: Column, _ file: ColumnFile) throws(DataFileError) -> [String] {
        if column.texts.isEmpty { return column.numbers.sorted().map(NumberFormat.shortest) }
        // As a number, 1.50 is 1.5; as a text it is another one.
        if column.hasNumbers {
            throw file.error(
                column.place,
                "holds numbers in one part of the file and text in another; say --no-stream to read it as text"
            )
        }
        let levels = column.texts.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
        guard !column.isNamed else { return levels }
        if levels.allSatisfy({ Double($0) != nil || NumberNotation.complaint(about: $0) != nil }),
            let complaint = column.firstMistypedNumber
        {
            throw complaint
        }
        let numeric = levels.count { Double($0) != nil }
        if 2 * numeric >= levels.count, let complaint = column.firstText { throw complaint }
        if levels.count > 10, 2 * levels.count > rowCount { throw tooMany(column, file) }
        return levels
    }
}
