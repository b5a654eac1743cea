import Foundation
import Testing

@testable import DescentDatasets

/// The safetensors format: what it promises, and everything that breaks the promise.
@Suite struct SafetensorsTests {
    static func bytes(_ header: String, _ data: [UInt8] = [], length: Int? = nil) -> [UInt8] {
        let text = Array(header.utf8)
        let count = UInt64(length ?? text.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * UInt64($0))) } + text + data
    }

    static func open(_ bytes: [UInt8]) throws -> SafetensorsFile {
        try SafetensorsFile(ByteSource(name: "memory", bytes: ByteStorage(bytes)))
    }

    @Test func aFileByHand() throws {
        let file = try Self.open(
            Self.bytes(
                #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"k":"v\u00fc\ud83d\ude00"},"#
                    + #""b":{"dtype":"U8","shape":[],"data_offsets":[8,9]},"e":{"dtype":"I64","shape":[0,3],"#
                    + #""data_offsets":[9,9]}}  "#,
                [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 7]))
        #expect(file.names == ["a", "b", "e"])
        #expect(file.metadata == ["k": "vü😀"])
        #expect(try file.array(named: "a").values(as: Float.self) == [1, -2])
        let scalar = try file.array(named: "b")
        #expect(scalar.shape == [])
        #expect(try scalar.values(as: Int.self) == [7])
        #expect(try file.array(named: "e").shape == [0, 3])
        #expect(throws: DataFileError.self) { try file.array(named: "c") }
        #expect(try Self.open(Self.bytes("{}")).names.isEmpty)
    }

    @Test func arraysOfEveryTypeComeBack() throws {
        let arrays: [(String, NumericArray)] = [
            ("a", NumericArray([true, false, true])), ("b", NumericArray([UInt8(1), 255])),
            ("c", NumericArray([Int8(-1)])), ("d", NumericArray([Int16(-300), 2])),
            ("e", NumericArray([UInt16(65535)])), ("f", NumericArray([Int32.min])),
            ("g", NumericArray([UInt32.max])), ("h", NumericArray([Int64.min, .max])),
            ("i", NumericArray([UInt64.max])),
            ("j", NumericArray([Float.nan, .infinity, 1.5], shape: [3, 1])),
            ("k\"\\\n\u{1}", NumericArray([Double.pi, -0.0], shape: [1, 2])), ("l", NumericArray([Double]())),
        ]
        let folder = FileManager.default.temporaryDirectory.appending(path: "st-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "x.safetensors").path()
        try SafetensorsFile(
            tensors: arrays.map { .init(name: $0.0, array: $0.1) }, metadata: ["x": "1", "a": "\u{7}"]
        ).write(to: path)
        let file = try SafetensorsFile(path: path)
        #expect(Set(file.names) == Set(arrays.map(\.0)))
        #expect(file.metadata == ["x": "1", "a": "\u{7}"])
        for (name, array) in arrays {
            let copy = try file.array(named: name)
            #expect(copy.shape == array.shape && copy.elementType == array.elementType)
            #expect(copy.withUnsafeBytes { Array($0) } == array.withUnsafeBytes { Array($0) })
        }
        let length = try Data(contentsOf: URL(filePath: path)).prefix(8).reversed().reduce(0) {
            $0 << 8 | Int($1)
        }
        #expect(length % 8 == 0, "data begin at a multiple of eight bytes")
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
    }

    static func one(_ tensor: String) -> String { #"{"a":\#(tensor)}"# }
    static let good = #"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#

    static let broken: [Broken] = [
        Broken(testDescription: "empty", bytes: []),
        Broken(testDescription: "five bytes", bytes: [1, 0, 0, 0, 0]),
        Broken(testDescription: "header longer than the file", bytes: bytes("{}", length: 3)),
        Broken(testDescription: "header of 2⁶³ bytes", bytes: [0, 0, 0, 0, 0, 0, 0, 0x80, 0x7B, 0x7D]),
        Broken(testDescription: "header above the limit", bytes: bytes("{}", length: 100_000_001)),
        Broken(testDescription: "no brace", bytes: bytes(" {}")),
        Broken(testDescription: "no JSON", bytes: bytes("{\"a\"}")),
        Broken(testDescription: "more behind the JSON", bytes: bytes("{} x")),
        Broken(
            testDescription: "no UTF-8",
            bytes: [5, 0, 0, 0, 0, 0, 0, 0] + Array("{\"".utf8) + [0xFF, 0x22, 0x7D]),
        Broken(testDescription: "half a surrogate", bytes: bytes(#"{"__metadata__":{"a":"\ud800"}}"#)),
        Broken(testDescription: "nested deeply", bytes: bytes(one(String(repeating: "[", count: 10_000)))),
        Broken(
            testDescription: "a name twice",
            bytes: bytes(
                #"{"a":\#(good),"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
                [UInt8](repeating: 0, count: 8))),
        Broken(
            testDescription: "overlap",
            bytes: bytes(
                #"{"a":\#(good),"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
                [UInt8](repeating: 0, count: 6))),
        Broken(
            testDescription: "hole",
            bytes: bytes(
                #"{"a":\#(good),"b":{"dtype":"F32","shape":[1],"data_offsets":[5,9]}}"#,
                [UInt8](repeating: 0, count: 9))),
        Broken(testDescription: "cut short", bytes: bytes(one(good), [0, 0, 0])),
        Broken(testDescription: "goes on", bytes: bytes(one(good), [0, 0, 0, 0, 0])),
        Broken(
            testDescription: "shape and offsets disagree",
            bytes: bytes(one(#"{"dtype":"F32","shape":[2],"data_offsets":[0,4]}"#), [0, 0, 0, 0])),
        Broken(
            testDescription: "offsets turned round",
            bytes: bytes(one(#"{"dtype":"F32","shape":[1],"data_offsets":[4,0]}"#), [0, 0, 0, 0])),
        Broken(
            testDescription: "negative shape",
            bytes: bytes(one(#"{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}"#), [0, 0, 0, 0])),
        Broken(
            testDescription: "shape beyond memory",
            bytes: bytes(
                one(#"{"dtype":"F32","shape":[4611686018427387904,8],"data_offsets":[0,4]}"#), [0, 0, 0, 0])),
        Broken(
            testDescription: "bytes beyond 2⁶³",
            bytes: bytes(
                one(#"{"dtype":"F64","shape":[4611686018427387904],"data_offsets":[0,4]}"#), [0, 0, 0, 0])),
        Broken(
            testDescription: "fractions in offsets",
            bytes: bytes(one(#"{"dtype":"F32","shape":[1],"data_offsets":[0,4.0]}"#), [0, 0, 0, 0])),
        Broken(
            testDescription: "unknown type",
            bytes: bytes(one(#"{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}"#), [0, 0, 0, 0])),
        Broken(
            testDescription: "no type",
            bytes: bytes(one(#"{"shape":[1],"data_offsets":[0,4]}"#), [0, 0, 0, 0])),
        Broken(testDescription: "metadata that are no text", bytes: bytes(#"{"__metadata__":{"a":1}}"#)),
        Broken(
            testDescription: "a number with a leading zero",
            bytes: bytes(one(#"{"dtype":"U8","shape":[01],"data_offsets":[0,1]}"#), [0])),
    ]

    @Test(arguments: broken) func whatBreaksThePromiseIsRefused(_ file: Broken) {
        #expect(throws: DataFileError.self) { try Self.open(file.bytes) }
    }

    @Test func typesWithoutCounterpartAreNamedWhenRead() throws {
        let file = try Self.open(
            Self.bytes(Self.one(#"{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}"#), [0, 0, 0, 0]))
        let error = #expect(throws: DataFileError.self) { try file.array(named: "a") }
        #expect(error?.reason == .unsupportedType("BF16"))
        let bools = try Self.open(
            Self.bytes(Self.one(#"{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}"#), [1, 2]))
        #expect(throws: DataFileError.self) { try bools.array(named: "a") }
    }
}
