import Descent
import DescentDatasets

/// The classes that a model takes examples for, with their probabilities.
struct ClassPredictions: Predictions {
    let classNames: [String]
    /// Examples × classes.
    let probabilities: [[Double]]
    /// Whether every class is shown, or the most probable one alone.
    let showsAll: Bool
    /// The most probable class of each example; the first of several.
    let classes: [Int]
    /// Where the examples stand in the file, counted from 0; `nil` where none of its rows was left out.
    let rows: [Int]?

    init(classNames: [String], probabilities: [[Double]], showsAll: Bool, rows: [Int]? = nil) {
        self.rows = rows
        self.classNames = classNames
        self.probabilities = probabilities
        self.showsAll = showsAll
        classes = probabilities.map { row in row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 } }
    }

    /// The number of examples.
    var count: Int { probabilities.count }

    /// One prediction in words.
    func sentence(_ row: Int) -> String {
        "\(classNames[classes[row]]), probability "
            + NumberFormat.fixed(probabilities[row][classes[row]], decimals: 4)
    }

    /// The bars of one example.
    func bars(_ row: Int) -> ProbabilityBars {
        ProbabilityBars(classNames: classNames, probabilities: probabilities[row])
    }

    /// A row for each example.
    var table: TextTable {
        var columns: [TextTable.Column] = [
            .init("row"), .init("class", alignment: .left), .init("probability"),
        ]
        if showsAll { columns += classNames.map { .init($0) } }
        var table = TextTable(columns: columns)
        for row in probabilities.indices {
            let values = [probabilities[row][classes[row]]] + (showsAll ? probabilities[row] : [])
            table.append(
                ["\(number(row))", classNames[classes[row]]]
                    + values.map { NumberFormat.fixed($0, decimals: 4) })
        }
        return table
    }

    /// A header, and a record for each example.
    var csv: String {
        var table = CommaSeparated(
            ["row", "class", "probability"] + (showsAll ? classNames.map { "probability[\($0)]" } : []))
        for row in probabilities.indices {
            let values = [probabilities[row][classes[row]]] + (showsAll ? probabilities[row] : [])
            table.append(["\(number(row))", classNames[classes[row]]] + values.map { "\($0)" })
        }
        return table.text
    }

    /// An array with an object for each example.
    var json: String {
        let rows = probabilities.indices.map { row -> JSONText in
            var members: [(String, JSONText)] = [
                ("row", .integer(number(row))), ("class", .string(classNames[classes[row]])),
                ("probability", .number(probabilities[row][classes[row]])),
            ]
            if showsAll {
                members.append(
                    (
                        "probabilities",
                        .object(zip(classNames, probabilities[row]).map { ($0, .number($1)) })
                    ))
            }
            return .object(members)
        }
        return "[\n" + rows.map { "  " + $0.line }.joined(separator: ",\n") + "\n]\n"
    }
}
