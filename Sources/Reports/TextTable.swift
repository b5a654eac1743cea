/// A table in plain text: columns aligned, folded into several tables where the width does not suffice.
package struct TextTable: Sendable {
    /// On which side a column's cells stand.
    package enum Alignment: Sendable { case left, right }

    /// A column: one or more lines of heading and a side.
    package struct Column: Sendable {
        /// The heading, from top to bottom.
        package var heading: [String]
        /// Where the cells stand.
        package var alignment: Alignment

        /// A column.
        package init(_ heading: String..., alignment: Alignment = .right) {
            self.heading = heading
            self.alignment = alignment
        }
    }

    /// The columns; the first one names the rows and is repeated when the table is folded.
    package var columns: [Column]
    /// The rows, one cell for each column.
    package private(set) var rows: [[String]] = []

    /// An empty table.
    package init(columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row.
    package mutating func append(_ cells: [String]) {
        precondition(
            cells.count == columns.count, "a row of \(cells.count) cells for \(columns.count) columns")
        rows.append(cells)
    }

    /// The table in lines no longer than `width`, if any column at all is narrow enough; without a width unfolded.
    ///
    /// - Parameters:
    ///   - width: Characters in a line.
    ///   - rule: The character that underlines the heading.
    package func lines(width: Int? = nil, rule: Character = "─") -> [String] {
        let widths = columns.indices.map { column in
            (columns[column].heading + rows.map { $0[column] }).map(\.count).max() ?? 0
        }
        var lines: [String] = []
        for group in groups(widths: widths, width: width) {
            if !lines.isEmpty { lines.append("") }
            lines += block(group, widths: widths, rule: rule)
        }
        return lines
    }

    private static let gap = 2

    /// Which columns stand together.
    private func groups(widths: [Int], width: Int?) -> [[Int]] {
        guard let width, let first = columns.indices.first else { return [Array(columns.indices)] }
        var groups: [[Int]] = []
        var group = [first]
        var used = widths[first]
        for column in columns.indices.dropFirst() {
            if group.count > 1 && used + Self.gap + widths[column] > width {
                groups.append(group)
                group = [first]
                used = widths[first]
            }
            group.append(column)
            used += Self.gap + widths[column]
        }
        groups.append(group)
        return groups
    }

    private func block(_ group: [Int], widths: [Int], rule: Character) -> [String] {
        func line(_ cell: (Int) -> String) -> String {
            var text = ""
            for (position, column) in group.enumerated() {
                if position > 0 { text += String(repeating: " ", count: Self.gap) }
                let content = cell(column)
                let padding = String(repeating: " ", count: widths[column] - content.count)
                text += columns[column].alignment == .left ? content + padding : padding + content
            }
            while text.last == " " { text.removeLast() }
            return text
        }
        let height = group.map { columns[$0].heading.count }.max() ?? 0
        var lines = (0..<height).map { row in
            // Short headings stand at the bottom, next to their numbers.
            line { column in
                let heading = columns[column].heading
                let index = row - (height - heading.count)
                return index >= 0 ? heading[index] : ""
            }
        }
        let total = group.map { widths[$0] }.reduce(0, +) + Self.gap * (group.count - 1)
        lines.append(String(repeating: rule, count: total))
        lines += rows.map { row in line { row[$0] } }
        return lines
    }
}
