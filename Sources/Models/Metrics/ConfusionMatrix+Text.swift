import DescentLinearAlgebra

extension ConfusionMatrix: CustomStringConvertible {
    /// The counts as a table: a row for each class, a column for what it was taken for, recall at the right and precision
    /// below.
    ///
    /// A class without examples or without predictions has a dash there. Names longer than a column are cut with an
    /// ellipsis.
    public var description: String {
        let names = classNames.map { Self.shortened($0) }
        var rows = [[""] + names + ["", "recall"]]
        for (index, row) in counts.enumerated() {
            rows.append(
                [names[index]] + row.map(Self.text) + [
                    "", Self.text(share: recall(ofClass: index)),
                ])
        }
        rows.append(
            ["precision"] + classNames.indices.map { Self.text(share: precision(ofClass: $0)) } + [
                "", Self.text(share: accuracy),
            ])
        return (["actual ↓  predicted →"] + alignedColumns(rows)).joined(separator: "\n")
    }

    static func text(_ count: Double) -> String {
        count == count.rounded() && count < 1e15 ? "\(Int(count))" : fixed(count, 2)
    }

    static func text(share: Double?) -> String { share.map { fixed($0, 3) } ?? "–" }

    static func shortened(_ name: String, to length: Int = 12) -> String {
        name.count <= length ? name : name.prefix(length - 1) + "…"
    }
}

/// Rows of cells as lines: the first column to the left, the others to the right, two spaces between.
func alignedColumns(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
        rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
        var line = ""
        for (column, cell) in row.enumerated() {
            let space = String(repeating: " ", count: widths[column] - cell.count)
            line += column == 0 ? cell + space : "  " + space + cell
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
