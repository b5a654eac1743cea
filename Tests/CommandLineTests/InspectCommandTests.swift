import Foundation
import Testing

@Suite struct InspectCommandTests {
    struct Report: Decodable {
        let file: String
        let format: String
        let arrays: [Item]
    }

    struct Item: Decodable {
        let name: String
        let dtype: String
        let shape: [Int]
        let fortranOrder: Bool
        let min: Value?
        let max: Value?
        let nan: Int
        let infinite: Int
        let missing: Int?
        let values: [Value?]?
    }

    /// What a value can be in JSON.
    enum Value: Decodable, Equatable {
        case bool(Bool)
        case integer(Int64)
        case large(UInt64)
        case number(Double)
        case text(String)
        case pair([Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? container.decode(Double.self), value == 0, value.sign == .minus {
                // As an integer it would lose its sign.
                self = .number(value)
            } else if let value = try? container.decode(Int64.self) {
                self = .integer(value)
            } else if let value = try? container.decode(UInt64.self) {
                self = .large(value)
            } else if let value = try? container.decode(Double.self) {
                self = .number(value)
            } else if let value = try? container.decode(String.self) {
                self = .text(value)
            } else {
                self = .pair(try container.decode([Value].self))
            }
        }

        var double: Double? {
            switch self {
            case .integer(let value): Double(value)
            case .number(let value): value
            case .text("NaN"): .nan
            case .text("Infinity"): .infinity
            case .text("-Infinity"): -.infinity
            default: nil
            }
        }
    }

    private func report(_ arguments: String..., input: [UInt8]? = nil) throws -> Report {
        let outcome = try Command.run("inspect", arguments[0], "--format", "json", "--values", input: input)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    }

    private struct Expected: Decodable {
        let dtype: String
        let shape: [Int]
        let fortranOrder: Bool
        let bytes: String
    }

    private static func expected() throws -> [String: Expected] {
        try JSONDecoder().decode(
            [String: Expected].self, from: Data(contentsOf: URL(filePath: dataFixture("expected.json"))))
    }

    @Test func describesEveryArray() throws {
        let report = try report(dataFixture("deflated.npz"))
        #expect(report.format == "npz")
        let expected = try Self.expected()
        #expect(Set(report.arrays.map(\.name)) == Set(expected.keys))
        for item in report.arrays {
            let wanted = try #require(expected[item.name])
            #expect(item.dtype == wanted.dtype)
            #expect(item.shape == wanted.shape)
            #expect(item.fortranOrder == wanted.fortranOrder)
            #expect(item.values?.count == wanted.shape.reduce(1, *))
        }
        func item(_ name: String) throws -> Item { try #require(report.arrays.first { $0.name == name }) }
        #expect(try item("fortran").values == (0..<6).map { .integer($0) })
        #expect(try item("bool").values == [.bool(true), .bool(false), .bool(true)])
        #expect(try item("int64").min == .integer(.min))
        #expect(try item("int64").max == .integer(.max))
        #expect(try item("uint64").max == .large(.max))
        #expect(try item("float32").nan == 4)
        #expect(try item("float32").infinite == 2)
        #expect(try item("complex64").values?[2] == .pair([.number(Double("1.1754944e-38")!), .number(0.1)]))
        #expect(try item("empty").min == nil)
    }

    /// Text and back, for every bit pattern of the fixture that is no NaN.
    @Test func valuesReadBackBitForBit() throws {
        let report = try report(dataFixture("stored.npz"))
        let expected = try Self.expected()
        func bits<Word: FixedWidthInteger>(_ name: String, _ type: Word.Type) throws -> [Word] {
            let digits = Array(try #require(expected[name]).bytes)
            let width = MemoryLayout<Word>.size * 2
            return stride(from: 0, to: digits.count, by: width).map { start in
                Word(String(digits[start..<(start + width)]), radix: 16)!.byteSwapped
            }
        }
        func values(_ name: String) throws -> [Double] {
            let item = try #require(report.arrays.first { $0.name == name })
            return try #require(item.values).map { try #require($0?.double) }
        }
        for (value, word) in zip(try values("float64"), try bits("float64", UInt64.self)) {
            #expect(value.isNaN ? Double(bitPattern: word).isNaN : value.bitPattern == word)
        }
        for (value, word) in zip(try values("float32"), try bits("float32", UInt32.self)) {
            #expect(value.isNaN ? Float(bitPattern: word).isNaN : Float(value).bitPattern == word)
        }
        for (value, word) in zip(try values("float16"), try bits("float16", UInt16.self)) {
            #expect(value.isNaN ? Float16(bitPattern: word).isNaN : Float16(value).bitPattern == word)
        }
    }

    @Test func readsStandardInputAndEveryFormat() throws {
        let npy = try Array(Data(contentsOf: URL(filePath: dataFixture("matrix.npy"))))
        let fromInput = try report("-", input: npy)
        #expect(fromInput.format == "npy")
        #expect(fromInput.arrays[0].values == (0..<6).map { .integer($0) })
        let csv = try report("-", input: Array("x,who\n1.5,Ann\nNA,\"B\"\"\n\"\n".utf8))
        #expect(csv.format == "csv")
        #expect(csv.arrays.map(\.name) == ["x", "who"])
        #expect(csv.arrays.map(\.dtype) == ["float64", "str"])
        #expect(csv.arrays[0].values == [.number(1.5), nil])
        #expect(csv.arrays[0].missing == 1)
        #expect(csv.arrays[0].nan == 0)
        #expect(csv.arrays[1].values == [.text("Ann"), .text("B\"\n")])
        let idx = try report("-", input: [0, 0, 9, 2, 0, 0, 0, 1, 0, 0, 0, 2, 255, 3])
        #expect(idx.format == "idx")
        #expect(idx.arrays[0].shape == [1, 2])
        #expect(idx.arrays[0].values == [.integer(-1), .integer(3)])
    }

    @Test func textIsATable() throws {
        let outcome = try Command.run("inspect", dataFixture("fortran.npy"))
        #expect(outcome.status == 0)
        #expect(
            outcome.output.hasSuffix(
                """
                fortran.npy: npy, 1 array, 24 bytes

                name     type   shape  order    min  max
                fortran  int32  2 × 3  Fortran    0    5

                """))
        let values = try Command.run("inspect", dataFixture("fortran.npy"), "--values")
        #expect(values.output.hasSuffix("\nfortran:\n0 1 2\n3 4 5\n"))
    }

    @Test(arguments: ["refused-object.npy", "refused-bzip2.npz", "no-such-file", "."])
    func badFilesGiveOneMessage(name: String) throws {
        let outcome = try Command.run("inspect", dataFixture(name), "--format", "json", "--values")
        #expect(outcome.status == 1)
        #expect(outcome.output == "", "nothing is shown of a file that is refused")
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.errors.contains(name == "." ? "directory" : name))
    }

    @Test func damagedFilesGiveOneMessage() throws {
        let whole = try Array(Data(contentsOf: URL(filePath: dataFixture("deflated.npz"))))
        var damaged = whole
        damaged[damaged.count / 2] ^= 0xFF
        for bytes in [[], Array(whole.dropLast(30)), damaged, [0, 1, 2, 3]] {
            let outcome = try Command.run("inspect", "-", input: bytes)
            #expect(outcome.status == 1)
            #expect(outcome.output == "")
            #expect(outcome.errors.contains("standard input"))
        }
    }

    @Test func wrongUsageIs64() throws {
        #expect(try Command.run("inspect").status == 64)
        #expect(try Command.run("inspect", "a", "--format", "xml").status == 64)
        #expect(try Command.run("inspect", "a", "b").status == 64)
        #expect(try Command.run("inspect", "--help").status == 0)
    }
}
