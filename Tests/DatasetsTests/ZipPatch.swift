@testable import DescentDatasets

/// A zip archive of the fixtures with some of its bytes changed.
struct ZipPatch {
    var bytes: [UInt8]

    init(_ fixtureName: String) throws { bytes = try contents(of: fixture("numpy/" + fixtureName)) }

    /// Where the local headers, the directory's entries and the end record begin.
    func positions(_ signature: [UInt8]) -> [Int] {
        bytes.indices.filter { bytes[$0...].starts(with: signature) }
    }
    var local: [Int] { positions([0x50, 0x4B, 3, 4]) }
    var central: [Int] { positions([0x50, 0x4B, 1, 2]) }
    var end: Int { positions([0x50, 0x4B, 5, 6]).last! }

    /// Overwrites an integer.
    mutating func set(_ value: some FixedWidthInteger, at position: Int) {
        var encoded: [UInt8] = []
        encoded.appendLittleEndian(value)
        bytes.replaceSubrange(position..<(position + encoded.count), with: encoded)
    }

    /// Overwrites an integer in the first member's local header and in its entry of the directory.
    ///
    /// The field's place is that in the local header; in the directory it is two bytes further on.
    mutating func setBoth(_ value: some FixedWidthInteger, field: Int) {
        set(value, at: local[0] + field)
        set(value, at: central[0] + field + 2)
    }

    /// Overwrites the first member's name, of five bytes, at both places.
    mutating func setName(_ name: String) {
        precondition(name.utf8.count == 5)
        for start in [local[0] + 30, central[0] + 46] {
            bytes.replaceSubrange(start..<(start + 5), with: name.utf8)
        }
    }

    /// What reading both arrays throws; `nil` where nothing.
    func failure() -> DataFileError? {
        do throws(DataFileError) {
            let archive = try NPZArchive(source(bytes, name: "patched.npz"))
            for name in archive.names { _ = try archive.array(named: name) }
            return nil
        } catch { return error }
    }
}
