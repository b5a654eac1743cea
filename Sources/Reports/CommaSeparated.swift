/// Rows of comma-separated values, quoted as RFC 4180 says, with a line feed after each.
package struct CommaSeparated: Sendable {
    /// What has been written so far.
    package private(set) var text = ""
    private let columnCount: Int

    /// A table with a heading.
    package init(_ heading: [String]) {
        columnCount = heading.count
        append(heading)
    }

    /// Adds a row; a cell without a value stays empty.
    package mutating func append(_ cells: [String?]) {
        precondition(cells.count == columnCount, "a row of \(cells.count) cells for \(columnCount) columns")
        text += cells.map { Self.quoted($0 ?? "") }.joined(separator: ",") + "\n"
    }

    private static func quoted(_ cell: String) -> String {
        // By scalar: a carriage return and a line feed make one character, which equals neither.
        let special = cell.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
        guard special else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            + "\""
    }
}
