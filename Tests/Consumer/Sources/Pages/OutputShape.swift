import Foundation

/// Compares what a command prints with what a page shows: the words have to be the same, numbers may differ.
///
/// A line `…` on the page stands for any lines.
enum OutputShape {
    /// The first line that is different, or nil.
    static func difference(shown: String, printed: String) -> String? {
        let shown = lines(shown)
        let printed = lines(printed)
        return isMatch(shown[...].map(shape), printed[...].map(shape)) ? nil : describe(shown, printed)
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
        return lines
    }

    /// The line with `#` for every number, without its spacing.
    static func shape(_ line: String) -> String {
        line.replacing(/[-+−]?\d[\d.,]*(?:e[-+]?\d+)?/, with: "#")
            .replacing(/─+/, with: "─")
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func isMatch(_ shown: [String], _ printed: [String]) -> Bool {
        guard let gap = shown.firstIndex(of: "…") else { return shown == printed }
        guard printed.count >= gap, shown[..<gap] == printed[..<gap] else { return false }
        let rest = Array(shown[(gap + 1)...])
        return (gap...printed.count).contains { isMatch(rest, Array(printed[$0...])) }
    }

    private static func describe(_ shown: [String], _ printed: [String]) -> String {
        for index in 0..<max(shown.count, printed.count) {
            let (a, b) = (
                index < shown.count ? shown[index] : nil, index < printed.count ? printed[index] : nil
            )
            if a == "…" { break }
            if a.map(shape) != b.map(shape) {
                return "shown:   \(a ?? "(nothing more)")\nprinted: \(b ?? "(nothing more)")"
            }
        }
        return "prints something else than the page shows:\n" + printed.joined(separator: "\n")
    }
}
