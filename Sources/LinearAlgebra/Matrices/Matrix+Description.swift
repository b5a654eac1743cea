import Glibc

extension MatrixView: CustomStringConvertible {
    /// The elements to six significant digits, a line for each row, decimal points in line.
    ///
    /// Of a matrix with more than a thousand elements, the middle rows and columns are left out.
    public var description: String {
        if rows == 0 || columns == 0 { return "[] (\(shape))" }
        let isLong = rows * columns > 1000
        let shownRows = MatrixView.shown(of: rows, isLong: isLong)
        let shownColumns = MatrixView.shown(of: columns, isLong: isLong)
        // One column of text for each column shown; a gap is a nil.
        let texts = shownColumns.map { column in
            guard let column else { return shownRows.map { _ in "…" } }
            return MatrixView.align(
                shownRows.map { row in row.map { MatrixView.text(self[$0, column]) } ?? "⋮" })
        }
        let lines = shownRows.indices.map { row in "[" + texts.map { $0[row] }.joined(separator: "  ") + "]" }
        return "[" + lines.joined(separator: "\n ") + "]" + (isLong ? " (\(shape))" : "")
    }

    /// The indices to show, nil where some are left out.
    private static func shown(of count: Int, isLong: Bool) -> [Int?] {
        guard isLong, count > 7 else { return (0..<count).map { $0 } }
        return [0, 1, 2, nil, count - 3, count - 2, count - 1]
    }

    private static func text(_ value: Scalar) -> String {
        withVaList([Double(value)]) { arguments in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
                vsnprintf(buffer.baseAddress!, buffer.count, "%.6g", arguments)
                return String(cString: buffer.baseAddress!)
            }
        }
    }

    /// Pads the texts to one width, decimal points above each other.
    private static func align(_ texts: [String]) -> [String] {
        // A number without a point has it after its last digit; one with an exponent is set flush right.
        let hasExponent = texts.contains { $0.contains("e") }
        let fractions = texts.map { text in
            hasExponent ? 0 : text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) } ?? 0
        }
        let longestFraction = fractions.max() ?? 0
        let padded = zip(texts, fractions).map { $0 + String(repeating: " ", count: longestFraction - $1) }
        let width = padded.map(\.count).max() ?? 0
        return padded.map { String(repeating: " ", count: width - $0.count) + $0 }
    }
}

extension Matrix: CustomStringConvertible {
    /// The elements to six significant digits, a line for each row, decimal points in line.
    ///
    /// Of a matrix with more than a thousand elements, the middle rows and columns are left out.
    public var description: String { view.description }
}
