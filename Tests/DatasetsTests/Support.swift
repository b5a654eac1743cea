import FoundationEssentials
import Glibc

@testable import DescentDatasets

/// The path of a file in Fixtures/.
func fixture(_ name: String) -> String {
    let here = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return (here + ["Fixtures", Substring(name)]).joined(separator: "/")
}

/// The bytes of a file.
func contents(of path: String) throws -> [UInt8] {
    let source = try ByteSource(path: path)
    return try source.bytes(at: 0, count: source.count)
}

/// Bytes as if they were a file.
func source(_ bytes: [UInt8], name: String = "test") -> ByteSource {
    ByteSource(name: name, bytes: ByteStorage(bytes))
}

/// The bytes of an array's values, in C order.
func bytesInCOrder(_ array: NumericArray) -> [UInt8] {
    array.inCOrder().withUnsafeBytes { Array($0) }
}

/// Runs `body` with the path of a folder that exists only meanwhile.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    var template = Array("/tmp/descent-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw POSIXFailure(code: errno) }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
}

struct POSIXFailure: Error {
    let code: Int32
}

/// Writes a file as it is.
func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
}

/// What `expected.json` says about an array that NumPy saved.
struct ExpectedArray: Decodable, Sendable {
    let dtype: String
    let shape: [Int]
    let fortranOrder: Bool
    let bytes: String

    static let all: [String: ExpectedArray] = {
        let data = try! Data(contentsOf: URL(filePath: fixture("numpy/expected.json")))
        return try! JSONDecoder().decode([String: ExpectedArray].self, from: data)
    }()

    /// The names of all arrays, sorted.
    static let names = all.keys.sorted()

    /// The bytes of the values in C order, little endian.
    var decodedBytes: [UInt8] {
        let digits = Array(bytes.utf8).map { $0 < 58 ? $0 - 48 : $0 - 87 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
