import Testing

@testable import DescentDatasets

/// A text that is read in pieces is the same table, or has the same error, as when it is read as a whole.
@Suite struct CSVPiecesTests {
    /// All that is in a table, or the error.
    private func read(_ text: [UInt8], pieceSize: Int) -> String {
        do throws(DataFileError) {
            return describe(try table(text, pieceSize: pieceSize))
        } catch {
            return error.description
        }
    }

    private func table(_ text: [UInt8], pieceSize: Int) throws(DataFileError) -> Table {
        let storage = ByteStorage(text)
        defer { withExtendedLifetime(storage) {} }
        let reader = try CSVReader(storage.bytes, name: "t.csv", options: .init(), pieceSize: pieceSize)
        return try reader.table()!.table
    }

    private func describe(_ table: Table) -> String {
        let columns = table.columns.map { column in
            let values: String =
                switch column.values {
                case .numbers(let numbers): "\(numbers.map(\.bitPattern))"
                case .text(let text): "\(text)"
                }
            return "\(column.name): \(values) \(column.missing.sorted { $0.key < $1.key })"
        }
        return "\(table.hasHeader) \(table.rowCount) " + columns.joined(separator: "\n")
    }

    private static let sizes = [1, 7, 40, 100, 333]

    private static let fields = [
        "1", "-2.5", "3e7", "0.1234567890123456789012", "NA", "", "?", "nan", "-inf", " 4 ", "\"5\"",
        "\"NA\"",
    ]

    /// Records of three fields in which anything may occur.
    private static func text(newline: String, seed: UInt64, oddities: [String]) -> [UInt8] {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var text = "x,y,\"a\nname\"" + newline
        for row in 0..<120 {
            let odd = oddities.isEmpty || random(4) > 0 ? "\(row)" : oddities[random(oddities.count)]
            text += "\(row),\(fields[random(fields.count)]),\(odd)" + newline
            if random(15) == 0 { text += newline }
        }
        return Array(text.utf8)
    }

    @Test(
        arguments: ["\n", "\r\n", "\r"],
        [
            [], ["plain", "ö"], ["\"two\nlines\"", "\"a, b\"", "\"say \"\"so\"\"\""],
            ["\"\n\n1,2,3\n4,5,6\n\""], ["5\" pipe"], ["5\" pipe", "\"two\r\nlines\"", "\"\""],
        ])
    func sameTable(newline: String, oddities: [String]) throws {
        for seed in 1...4 as ClosedRange<UInt64> {
            let text = Self.text(newline: newline, seed: seed, oddities: oddities)
            let whole = try table(text, pieceSize: .max)
            #expect(whole.rowCount == 120)
            for size in Self.sizes {
                #expect(read(text, pieceSize: size) == describe(whole), "pieces of \(size)")
            }
        }
    }

    @Test(arguments: ["\n", "\r\n"])
    func sameError(newline: String) throws {
        let good = Self.text(newline: newline, seed: 3, oddities: ["\"two\nlines\"", "b"])
        for bad in [
            "1,2", "1,2,3,4", "1,1e400,3", "1,2,\"open", "1,2,\"a\"b", "1,2,\u{0}", "1,2,3" + newline + "4,5",
        ] {
            for place in [40, 200, 900, good.count] {
                // At the beginning of a record.
                let start = good[..<place].lastIndex(of: 10)! + 1
                let text = good[..<start] + Array((bad + newline).utf8) + good[start...]
                let whole = read(Array(text), pieceSize: .max)
                #expect(whole.contains("line"), "\(bad)")
                for size in Self.sizes {
                    #expect(read(Array(text), pieceSize: size) == whole, "pieces of \(size)")
                }
            }
        }
        let latin = good + [UInt8(ascii: "1"), 44, 50, 44, 0xFC, 10] + good
        let whole = read(latin, pieceSize: .max)
        #expect(whole.contains("UTF-8"))
        for size in Self.sizes { #expect(read(latin, pieceSize: size) == whole) }
    }

    @Test(arguments: [1, 5, 64, 1000])
    func cutsLieBehindLineEnds(size: Int) {
        let text = Self.text(newline: "\r\n", seed: 9, oddities: ["\"two\nlines\""])
        text.withUnsafeBytes { bytes in
            for rule in CSVCuts.Rule.allCases {
                let ranges = CSVCuts(bytes, rule: rule, size: size).ranges(from: 15)
                #expect(ranges.first?.lowerBound == 15)
                #expect(ranges.last?.upperBound == bytes.count)
                for (range, next) in zip(ranges, ranges.dropFirst()) {
                    #expect(range.upperBound == next.lowerBound && !range.isEmpty)
                    #expect(bytes[range.upperBound - 1] == 10 && ![10, 13].contains(bytes[range.upperBound]))
                }
                #expect((ranges.count == 1) == (rule == .none || (bytes.count - 15) / size < 2), "\(rule)")
            }
        }
    }

    @Test func countsBytes() {
        for count in [0, 1, 15, 16, 17, 5000] {
            let bytes = (0..<count).map { UInt8($0 % 13) }
            let expected = bytes.count { $0 == 10 || $0 == 3 }
            #expect(bytes.withUnsafeBytes { ByteCount.count(of: 10, or: 3, in: $0) } == expected)
        }
    }
}
