import DescentReports

/// A table of an experiment: numbers kept whole for files, rounded for people.
package struct ExperimentTable: Sendable, Equatable {
    /// A cell.
    package enum Cell: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        /// Words.
        case text(String)
        /// A count.
        case count(Int)
        /// A measurement, shown with so many significant digits.
        case number(Double, digits: Int)
        /// A mean and half the width of its interval.
        case estimate(Double, margin: Double)
        /// Nothing to be said.
        case none

        /// Words.
        package init(stringLiteral value: String) { self = .text(value) }

        /// A count.
        package init(integerLiteral value: Int) { self = .count(value) }

        /// A measurement, shown with four significant digits.
        package static func number(_ value: Double) -> Cell { .number(value, digits: 4) }

        /// For people.
        var text: String {
            switch self {
            case .text(let text): text
            case .count(let count): NumberFormat.count(count)
            case .number(let value, let digits): NumberFormat.significant(value, digits: digits)
            case .estimate(let mean, let margin): NumberFormat.estimate(mean: mean, halfWidth: margin)
            case .none: "–"
            }
        }

        /// For programs, at full precision.
        var exact: String? {
            switch self {
            case .text(let text): text
            case .count(let count): "\(count)"
            case .number(let value, _): value.isFinite ? "\(value)" : "\(value)".lowercased()
            case .estimate(let mean, _): "\(mean)"
            case .none: nil
            }
        }
    }

    /// The name of its file, without an ending.
    package var name: String
    /// What it holds, in a line.
    package var caption: String
    /// The headings.
    package var columns: [String]
    /// The rows, as many cells each as there are headings.
    package private(set) var rows: [[Cell]] = []

    /// An empty table.
    package init(_ name: String, caption: String, columns: [String]) {
        self.name = name
        self.caption = caption
        self.columns = columns
    }

    /// Adds a row.
    package mutating func append(_ cells: Cell...) { append(row: cells) }

    /// Adds a row.
    package mutating func append(row cells: [Cell]) {
        precondition(
            cells.count == columns.count, "a row of \(cells.count) cells for \(columns.count) columns")
        rows.append(cells)
    }

    /// Whether a column is of words, which stand at the left.
    private func isText(_ column: Int) -> Bool {
        let cells = rows.map { $0[column] }.filter { $0 != .none }
        return !cells.isEmpty && cells.allSatisfy { if case .text = $0 { true } else { false } }
    }

    /// The table as plain text.
    package func lines(width: Int? = nil) -> [String] {
        var table = TextTable(
            columns: columns.indices.map {
                TextTable.Column(columns[$0], alignment: isText($0) ? .left : .right)
            })
        for row in rows { table.append(row.map(\.text)) }
        return table.lines(width: width)
    }

    /// The table in Markdown.
    package var markdown: String {
        func line(_ cells: [String]) -> String {
            "| "
                + cells.map {
                    $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
                }
                .joined(separator: " | ") + " |\n"
        }
        return line(columns) + "|" + columns.indices.map { isText($0) ? "---|" : "---:|" }.joined() + "\n"
            + rows.map { line($0.map(\.text)) }.joined()
    }

    /// The table as comma-separated values; an estimate takes a second column, its margin.
    package var csv: String {
        let estimates = columns.indices.map { column in
            rows.contains { if case .estimate = $0[column] { true } else { false } }
        }
        func widened(_ cells: [String?], _ margins: [String?]) -> [String?] {
            columns.indices.flatMap { estimates[$0] ? [cells[$0], margins[$0]] : [cells[$0]] }
        }
        var text = CommaSeparated(widened(columns, columns.map { $0 + " margin" }).map { $0 ?? "" })
        for row in rows {
            let margins = row.map { cell -> String? in
                if case .estimate(_, let margin) = cell { "\(margin)" } else { nil }
            }
            text.append(widened(row.map(\.exact), margins))
        }
        return text.text
    }
}
