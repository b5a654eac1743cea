import ArgumentParser
import Descent
import DescentDatasets

/// What to do about values that are not there.
enum MissingValues: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// It is an error.
    case refuse
    /// The row is left out.
    case drop
    /// The mean of the column stands in; rows without target or weight are left out.
    case mean

    /// The rows to compute with.
    ///
    /// What a text file marks as missing (an empty field, `NA`, …) and NaN are missing values. Infinite ones are
    /// refused whatever the policy.
    ///
    /// - Parameters:
    ///   - columns: The columns in which values are looked at.
    ///   - places: Where the columns are in `file`.
    ///   - filled: How many of the columns, counted from the first, may have their mean in place of a value.
    /// - Throws: `DataFileError` at the first value that stands in the way.
    func rows(
        _ columns: [Table.Column], places: [Int], filled: Int, of file: ColumnFile
    ) throws(DataFileError) -> [Int] {
        let count = columns.first?.count ?? 0
        var isDropped = [Bool](repeating: false, count: count)
        var first: (row: Int, index: Int)?
        var total = 0
        for (index, column) in columns.enumerated() {
            switch column.values {
            case .numbers(let values):
                for (row, value) in values.enumerated() where !value.isFinite {
                    if value.isInfinite {
                        throw file.error(row: row, column: places[index], "is infinite")
                    }
                    if self == .mean && index < filled { continue }
                    note(row, index)
                }
            case .text:
                if let row = column.missing.keys.min(), self == .mean && index < filled {
                    throw file.error(
                        row: row, column: places[index],
                        "has no value, and text has no mean; say --missing drop to leave such rows out")
                }
                for row in column.missing.keys { note(row, index) }
            }
        }
        func note(_ row: Int, _ index: Int) {
            isDropped[row] = true
            total += 1
            if first.map({ (row, index) < ($0.row, $0.index) }) ?? true { first = (row, index) }
        }
        if self == .refuse, let first {
            let marker = columns[first.index].missing[first.row] ?? "nan"
            throw file.error(
                row: first.row, column: places[first.index],
                "has no value" + (marker.isEmpty ? "" : " (\(marker))")
                    + (total > 1 ? ", the first of \(total)" : "")
                    + "; --missing drop leaves such rows out"
                    + (first.index < filled ? ", --missing mean puts the column's mean there" : ""))
        }
        return (0..<count).filter { !isDropped[$0] }
    }
}
