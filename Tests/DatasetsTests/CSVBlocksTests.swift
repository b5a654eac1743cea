import Foundation
import Testing

@testable import DescentDatasets

@Suite struct CSVBlocksTests {
    /// Reads a text through a file in blocks of so many bytes.
    private func blocks(_ text: String, size: Int, upTo greatest: Int? = nil) throws -> [CSVBlocks.Block] {
        let path = FileManager.default.temporaryDirectory.appending(path: "blocks-\(UUID()).csv").path
        defer { unlink(path) }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        var reader = try CSVBlocks(path: path, blockSizes: size...(greatest ?? size))
        var all: [CSVBlocks.Block] = []
        while let block = try reader.next() { all.append(block) }
        return all
    }

    private static let records = (1...200).map { "\($0),\(Double($0) / 7),\"q \($0)\n,\"\"x\"\"\"" }

    @Test(arguments: ["\n", "\r\n", "\r"], [24, 100, 1000, 1 << 20])
    func blocksTogetherAreTheFile(newline: String, size: Int) throws {
        let text = (["\u{FEFF}a,b,c"] + Self.records).joined(separator: newline) + newline
        let whole = try CSVFile.read(source(Array(text.utf8), name: "t.csv"))
        let parts = try blocks(text, size: size)
        #expect((parts.count == 1) == (size > text.utf8.count))
        #expect(parts.allSatisfy { $0.table.columnNames == ["a", "b", "c"] })
        #expect(parts.flatMap { $0.table["a"] } == whole["a"])
        #expect(parts.flatMap { $0.table["b"] } == whole["b"])
        #expect(parts.flatMap { $0.table.column(named: "c")?.text ?? [] } == whole.column(named: "c")?.text)
    }

    @Test(arguments: ["\n", "\r\n"], [30, 333])
    func everyRowHasTheLineOfTheWholeFile(newline: String, size: Int) throws {
        // Blank lines count as lines and not as rows.
        let text =
            "a;b\n\n" + (1...60).map { "\($0);\($0 % 3 == 0 ? newline : "")" }.joined(separator: newline)
        var rows: [(row: Double, line: Int)] = []
        for block in try blocks(text, size: size) {
            for row in 0..<block.table.rowCount {
                let line = CSVFile.line(ofRow: row, column: 0, of: block.table, in: block.source)
                rows.append((block.table["a"][row], try #require(line) + block.lineOffset))
            }
        }
        #expect(rows.map(\.row) == (1...60).map(Double.init))
        #expect(rows.map(\.line) == (1...60).map { 2 + $0 + ($0 - 1) / 3 })
    }

    /// Eight rows for each column, if the greatest size allows that.
    @Test func blocksGrowForWideTables() throws {
        let record = (1...10).map(String.init).joined(separator: ",") + "\n"  // 21 bytes
        let text = String(repeating: record, count: 400)
        let fixed = try blocks(text, size: 210).map(\.table.rowCount)
        #expect(fixed.allSatisfy { $0 <= 12 } && fixed.reduce(0, +) == 400)
        // The second was on its way already.
        let grown = try blocks(text, size: 210, upTo: 1 << 20).map(\.table.rowCount)
        #expect(grown.reduce(0, +) == 400)
        #expect(grown.dropFirst(2).first.map { $0 >= 78 } == true)
        let limited = try blocks(text, size: 210, upTo: 840).map(\.table.rowCount)
        #expect(limited.reduce(0, +) == 400 && limited.max()! <= 42)
    }

    @Test func complaintsNameTheLineOfTheWholeFile() throws {
        let text = "a,b\n" + (1...50).map { "\($0),2\n" }.joined() + "51,2,3\n"
        let error = #expect(throws: DataFileError.self) { try blocks(text, size: 40) }
        #expect(error?.position == .line(52, column: 3))
        #expect(throws: DataFileError.self) { try blocks("", size: 40) }
        #expect(throws: DataFileError.self) { try blocks("\u{1F}\u{8B}\u{8}", size: 40) }
    }
}
