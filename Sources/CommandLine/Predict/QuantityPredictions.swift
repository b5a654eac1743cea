import Descent
import DescentDatasets

/// The quantities that a model predicts.
struct QuantityPredictions: Predictions {
    /// What is predicted.
    let name: String
    let values: [Double]
    /// Where the examples stand in the file, counted from 0; `nil` where none of its rows was left out.
    var rows: [Int]?

    var count: Int { values.count }

    var table: TextTable {
        var table = TextTable(columns: [.init("row"), .init(DataFileError.printable(name))])
        for (row, value) in values.enumerated() {
            table.append(["\(number(row))", NumberFormat.significant(value, digits: 6)])
        }
        return table
    }

    var csv: String {
        var table = CommaSeparated(["row", name])
        for (row, value) in values.enumerated() { table.append(["\(number(row))", "\(value)"]) }
        return table.text
    }

    var json: String {
        let rows = values.enumerated().map { row, value in
            JSONText.object([("row", .integer(number(row))), ("prediction", .number(value))])
        }
        return "[\n" + rows.map { "  " + $0.line }.joined(separator: ",\n") + "\n]\n"
    }
}
