import Descent
import DescentDatasets

/// What each row contributes to the fit of one target, with the rows' places in the file.
struct LeastSquaresRows {
    let target: String
    let diagnostics: RowDiagnostics
    /// The rows of the file that count, from 0.
    let rows: [Int]
    let observed: [Double]
    /// The weight that a robust fit gave each row, relative to the largest.
    var weights: [Double]?

    private static let heading = [
        "row", "target", "observed", "fitted", "residual", "leverage", "standardized", "studentized",
        "cooksDistance",
    ]

    private func numbers(_ index: Int) -> [Double] {
        [
            observed[index], diagnostics.fitted[index], diagnostics.residuals[index],
            diagnostics.leverage[index], diagnostics.standardizedResiduals[index],
            diagnostics.studentizedResiduals[index], diagnostics.cooksDistances[index],
        ]
    }

    /// A row for each row of the targets; numbers that do not exist are left empty.
    static func csv(_ targets: [LeastSquaresRows]) -> String {
        let isRobust = targets.contains { $0.weights != nil }
        var table = CommaSeparated(heading + (isRobust ? ["weight"] : []))
        for target in targets {
            for (index, row) in target.rows.enumerated() {
                table.append(
                    ["\(row + 1)", target.target]
                        + (target.numbers(index) + (target.weights.map { [$0[index]] } ?? []))
                        .map { $0.isFinite ? NumberFormat.shortest($0) : nil })
            }
        }
        return table.text
    }

    /// The ten rows that move the coefficients most, in the order of their influence.
    private var influential: [Int] {
        // A row that alone determines a coefficient has no Cook's distance, and all the influence there is.
        func influence(_ index: Int) -> Double {
            let distance = diagnostics.cooksDistances[index]
            return distance.isNaN ? (diagnostics.leverage[index] > 0.5 ? .infinity : 0) : distance
        }
        let order = rows.indices.sorted { (-influence($0), $0) < (-influence($1), $1) }
        return Array(order.prefix(10))
    }

    /// The most influential rows for people.
    func lines(rule: Character) -> [String] {
        var table = TextTable(columns: [
            .init("row"), .init("observed"), .init("fitted"), .init("residual"), .init("leverage"),
            .init("standardized"), .init("studentized"), .init("Cook's D"),
        ])
        for index in influential {
            table.append(
                ["\(rows[index] + 1)"]
                    + numbers(index).map { $0.isFinite ? significant($0, 5) : "NA" })
        }
        return ["The rows with most influence, by Cook's distance:"] + table.lines(rule: rule)
    }

    /// The most influential rows as objects.
    var json: JSONText {
        .array(
            influential.map { index in
                .object(
                    [("row", .integer(rows[index] + 1))]
                        + zip(Self.heading.dropFirst(2), numbers(index)).map { ($0, .number($1)) })
            })
    }
}
