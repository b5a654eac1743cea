extension NetworkLayout: CustomStringConvertible {
    /// A table of the layers: what they are, the shapes of what goes in and out, the numbers of parameters.
    public var description: String {
        var rows = [["layer", "shape", "parameters"]]
        for placement in layers {
            let shape =
                placement.layer.isDense
                ? "\(placement.inputs) → \(placement.outputs)" : "\(placement.outputs)"
            rows.append([placement.layer.description, shape, Self.grouped(placement.parameterCount)])
        }
        rows.append(["total", "", Self.grouped(parameterCount)])
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max()! }
        func padding(_ text: String, _ column: Int) -> String {
            String(repeating: " ", count: widths[column] - text.count)
        }
        var lines = rows.map { row in
            row[0] + padding(row[0], 0) + "  " + row[1] + padding(row[1], 1) + "  " + padding(row[2], 2)
                + row[2]
        }
        let rule = String(repeating: "─", count: widths.reduce(4, +))
        lines.insert(rule, at: 1)
        lines.insert(rule, at: lines.count - 1)
        if valueCount > parameterCount {
            lines.append("and \(Self.grouped(valueCount - parameterCount)) running statistics")
        }
        return lines.joined(separator: "\n")
    }

    /// 109386 as 109,386.
    private static func grouped(_ number: Int) -> String {
        var digits = String(number)
        var position = digits.count - 3
        while position > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: position))
            position -= 3
        }
        return digits
    }
}
