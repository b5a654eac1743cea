import Testing

@testable import DescentDatasets

@Suite struct ZipArchiveTests {
    typealias Reason = DataFileError.Reason

    @Test(arguments: [
        "zip-plain", "zip-stored", "zip-descriptor", "zip-descriptor-stored", "zip-comment", "zip-prefix",
        "zip-trailing", "zip-zip64-end", "zip-zip64-end-prefix",
    ])
    func readsEveryKindOfArchive(name: String) throws {
        let archive = try NPZArchive(path: fixture("numpy/\(name).npz"))
        #expect(archive.names == ["x", "y"])
        #expect(bytesInCOrder(try archive.array(named: "x")) == ExpectedArray.all["matrix"]!.decodedBytes)
        #expect(bytesInCOrder(try archive.array(named: "y")) == ExpectedArray.all["float64"]!.decodedBytes)
    }

    @Test func readsNamesInUnicode() throws {
        let archive = try NPZArchive(path: fixture("numpy/zip-unicode.npz"))
        #expect(archive.names == ["größe", "层/weight"])
        #expect(try archive.array(named: "层/weight").count == 13)
    }

    /// Names without the mark of UTF-8 are in code page 437.
    @Test func readsNamesInCodePage437() throws {
        var patch = try ZipPatch("zip-plain.npz")
        for start in [patch.local[0] + 30, patch.central[0] + 46] { patch.bytes[start] = 0x81 }
        #expect(try NPZArchive(source(patch.bytes)).names == ["ü", "y"])
    }

    @Test(arguments: [("refused-bzip2", 12), ("refused-lzma", 14)])
    func refusesOtherCompressions(name: String, method: Int) throws {
        let archive = try NPZArchive(path: fixture("numpy/\(name).npz"))
        let error = try #require(throws: DataFileError.self) { try archive.array(named: "x") }
        #expect(error.reason == .unsupportedCompression(method: method))
        #expect(error.member == "x.npy")
        #expect(error.file == fixture("numpy/\(name).npz"))
    }

    @Test func refusesEncryptedMembers() throws {
        var patch = try ZipPatch("zip-plain.npz")
        patch.setBoth(1 as UInt16, field: 6)
        #expect(patch.failure()?.reason == .encrypted)
        #expect(patch.failure()?.member == "x.npy")
    }

    @Test func refusesPartsOfArchives() throws {
        var patch = try ZipPatch("zip-plain.npz")
        patch.set(1 as UInt16, at: patch.end + 4)
        #expect(patch.failure()?.reason == .multiDisk)
        patch = try ZipPatch("zip-plain.npz")
        patch.set(1 as UInt16, at: patch.central[1] + 34)
        #expect(patch.failure()?.reason == .multiDisk)
    }

    @Test func refusesBombsBeforeMakingRoom() throws {
        var patch = try ZipPatch("zip-plain.npz")
        patch.setBoth(0xFFFF_FFF0 as UInt32, field: 22)
        let compressed = Int(patch.bytes.littleEndian(UInt32.self, at: patch.central[0] + 20)!)
        #expect(
            patch.failure()?.reason
                == .impossibleSize(claimed: 0xFFFF_FFF0, most: compressed * 1032))
        // Within what deflate can do, but more than there is.
        patch = try ZipPatch("zip-plain.npz")
        patch.setBoth(10_000 as UInt32, field: 22)
        #expect(patch.failure()?.reason == .trailingBytes(10_000 - 128 - 24))
        // Less than there is.
        patch = try ZipPatch("zip-plain.npz")
        patch.setBoth(140 as UInt32, field: 22)
        #expect(patch.failure()?.reason == .truncated(needed: 24, available: 12))
    }

    @Test func refusesStoredMembersOfTwoSizes() throws {
        var patch = try ZipPatch("zip-stored.npz")
        patch.setBoth(100_000 as UInt32, field: 22)
        #expect(patch.failure()?.reason == .sizeMismatch(claimed: 100_000, actual: 152))
    }

    @Test func comparesChecksums() throws {
        for name in ["zip-plain.npz", "zip-stored.npz"] {
            var patch = try ZipPatch(name)
            patch.setBoth(0x1234_5678 as UInt32, field: 14)
            guard case .checksumMismatch(expected: 0x1234_5678, let actual) = patch.failure()?.reason else {
                Issue.record("\(String(describing: patch.failure()))")
                return
            }
            let original = try ZipPatch(name)
            #expect(actual == original.bytes.littleEndian(UInt32.self, at: original.local[0] + 14))
        }
    }

    @Test(arguments: [
        (8, 2, "compression method"), (6, 2, "encryption flag"), (14, 4, "checksum"),
        (18, 4, "compressed size"),
        (22, 4, "size"), (30, 2, "name"),
    ])
    func comparesLocalHeaders(field: Int, size: Int, name: String) throws {
        var patch = try ZipPatch("zip-plain.npz")
        let position = patch.local[0] + field
        patch.bytes[position] ^= 1
        #expect(patch.failure()?.reason == .localHeaderDisagrees(field: name))
        #expect(patch.failure()?.member == "x.npy")
    }

    @Test func comparesWhatLocalHeadersWithDescriptorsSay() throws {
        var patch = try ZipPatch("zip-descriptor.npz")
        patch.set(77 as UInt32, at: patch.local[0] + 22)
        #expect(patch.failure()?.reason == .localHeaderDisagrees(field: "size"))
    }

    @Test func refusesOffsetsOutsideOfTheFile() throws {
        var patch = try ZipPatch("zip-plain.npz")
        patch.set(0x7FFF_FFFF as UInt32, at: patch.central[0] + 42)
        guard case .malformed = patch.failure()?.reason else {
            Issue.record("\(String(describing: patch.failure()))")
            return
        }
        #expect(patch.failure()?.member == "x.npy")
        // The directory itself.
        patch = try ZipPatch("zip-plain.npz")
        patch.set(0x7FFF_FFFF as UInt32, at: patch.end + 16)
        #expect(patch.failure() != nil)
        // A member that runs into the directory.
        patch = try ZipPatch("zip-stored.npz")
        patch.set(0xFFFF as UInt16, at: patch.local[1] + 28)
        guard case .truncated = patch.failure()?.reason else {
            Issue.record("\(String(describing: patch.failure()))")
            return
        }
    }

    @Test func refusesMembersThatShareBytes() throws {
        var patch = try ZipPatch("zip-plain.npz")
        let entry = Array(patch.bytes[patch.central[0]..<patch.central[1]])
        patch.bytes.replaceSubrange(patch.central[1]..<patch.end, with: entry)
        patch.set(UInt32(2 * entry.count), at: patch.end + 12)
        #expect(patch.failure()?.reason == .overlap(with: "x.npy"))
    }

    @Test(arguments: ["/.npy", "../ab", "a/../", "a\\npy", "x\0npy", "C:npy", "./npy", "x\u{1B}npy", "x/..y"])
    func refusesUnsafeNames(name: String) throws {
        var patch = try ZipPatch("zip-plain.npz")
        patch.setName(name)
        if name == "x/..y" {
            #expect(patch.failure() == nil, "two dots are no trick inside of a name")
        } else {
            #expect(patch.failure()?.reason == .unsafeName)
            #expect(patch.failure()?.description.contains("\u{1B}") == false)
        }
    }

    @Test func countsTheDirectory() throws {
        var patch = try ZipPatch("zip-plain.npz")
        patch.set(1 as UInt16, at: patch.end + 8)
        patch.set(1 as UInt16, at: patch.end + 10)
        #expect(patch.failure() != nil)
        patch = try ZipPatch("zip-plain.npz")
        patch.set(60_000 as UInt16, at: patch.end + 8)
        patch.set(60_000 as UInt16, at: patch.end + 10)
        #expect(patch.failure() != nil)
    }

    /// The end record is looked for in the last 65,557 bytes, as Python's zipfile does.
    @Test func looksForTheEndAsFarAsACommentReaches() throws {
        var patch = try ZipPatch("zip-plain.npz")
        patch.bytes += [UInt8](repeating: 0, count: 65_535)
        #expect(patch.failure() == nil)
        patch.bytes.append(0)
        #expect(patch.failure() != nil)
    }

    @Test func ofEqualNamesTheLastCounts() throws {
        var patch = try ZipPatch("zip-plain.npz")
        for start in [patch.local[1] + 30, patch.central[1] + 46] { patch.bytes[start] = UInt8(ascii: "x") }
        let archive = try NPZArchive(source(patch.bytes))
        #expect(archive.names == ["x"])
        #expect(try archive.array(named: "x").elementType == .float64)
    }

    @Test func anEmptyArchiveHasNoArrays() throws {
        let end: [UInt8] = [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)
        #expect(try NPZArchive(source(end)).names == [])
    }

    @Test func refusesWhatIsNoArchive() throws {
        #expect(throws: DataFileError(file: "test", reason: .empty)) { try NPZArchive(source([])) }
        #expect(throws: DataFileError.self) { try NPZArchive(source(Array("hello".utf8))) }
        #expect(throws: DataFileError.self) {
            try NPZArchive(source([UInt8](repeating: 0x50, count: 70_000)))
        }
        #expect(throws: DataFileError.self) { try NPZArchive(path: fixture("no-such-file.npz")) }
        let error = try #require(throws: DataFileError.self) { try NPZArchive(path: fixture("numpy")) }
        #expect(error.reason == .isDirectory)
    }

    @Test(arguments: ["zip-plain.npz", "zip-stored.npz", "zip-zip64-end.npz", "zip-descriptor.npz"])
    func everyTruncationIsAnError(name: String) throws {
        let whole = try ZipPatch(name)
        for count in whole.bytes.indices {
            var patch = whole
            patch.bytes.removeLast(whole.bytes.count - count)
            #expect(patch.failure() != nil, "\(count) of \(whole.bytes.count) bytes")
        }
    }

    /// Whatever single bit is wrong: an error, or exactly the arrays that were written.
    @Test(arguments: ["zip-plain.npz", "zip-stored.npz", "zip-zip64-end.npz", "zip-descriptor.npz"])
    func everyChangedBitIsAnErrorOrDoesNoHarm(name: String) throws {
        let whole = try ZipPatch(name)
        let expected = [
            "x": ExpectedArray.all["matrix"]!.decodedBytes, "y": ExpectedArray.all["float64"]!.decodedBytes,
        ]
        var refused = 0
        for index in whole.bytes.indices {
            for bit in 0..<8 {
                var bytes = whole.bytes
                bytes[index] ^= 1 << bit
                do {
                    let archive = try NPZArchive(source(bytes))
                    #expect(archive.names == ["x", "y"], "bit \(bit) of byte \(index)")
                    for name in archive.names {
                        let array = try archive.array(named: name)
                        #expect(bytesInCOrder(array) == expected[name], "bit \(bit) of byte \(index)")
                    }
                } catch {
                    refused += 1
                }
            }
        }
        // At least every bit of the data and its checksums.
        #expect(refused > 8 * whole.bytes.count / 2)
    }
}
