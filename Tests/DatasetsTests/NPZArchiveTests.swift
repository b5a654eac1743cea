import Foundation
import Testing

@testable import DescentDatasets

@Suite struct NPZArchiveTests {
    @Test(arguments: ["stored", "deflated"], [1, 2, 5])
    func readsWhatNumPySaved(name: String, threads: Int) throws {
        let archive = try NPZArchive(path: fixture("numpy/\(name).npz"))
        #expect(archive.names.sorted() == ExpectedArray.names)
        #expect(archive.otherMembers == [])
        let arrays = try archive.arrays(named: archive.names, threads: threads)
        for (name, array) in zip(archive.names, arrays) {
            let expected = try #require(ExpectedArray.all[name])
            #expect(array.elementType.rawValue == expected.dtype)
            #expect(array.shape == expected.shape)
            #expect(array.fortranOrder == expected.fortranOrder)
            #expect(bytesInCOrder(array) == expected.decodedBytes)
        }
    }

    /// The fixtures' arrays, as they were read.
    private static func fixtures() throws -> [(name: String, array: NumericArray)] {
        let archive = try NPZArchive(path: fixture("numpy/stored.npz"))
        return try archive.names.map { ($0, try archive.array(named: $0)) }
    }

    /// With a limit of 1, every size and offset goes through zip64 fields.
    @Test(arguments: [DataCompression.stored, .deflated], [0xFFFF_FFFF, 1])
    func readsBackWhatItWrote(compression: DataCompression, zip64Limit: Int) throws {
        let arrays = try Self.fixtures()
        try withTemporaryFolder { folder in
            let path = folder + "/written.npz"
            try NPZArchive.write(
                arrays, to: path, compression: compression, replacing: false, zip64Limit: zip64Limit)
            let archive = try NPZArchive(path: path)
            #expect(archive.names == arrays.map(\.name))
            for (name, array) in arrays {
                let read = try archive.array(named: name)
                #expect(read.elementType == array.elementType)
                #expect(read.shape == array.shape)
                #expect(read.fortranOrder == array.fortranOrder)
                #expect(read.withUnsafeBytes { Array($0) } == array.withUnsafeBytes { Array($0) })
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["written.npz"])
        }
    }

    @Test(
        .enabled(if: Python.hasNumPy, "needs python3 with NumPy, or its path in the variable PYTHON"),
        arguments: [DataCompression.stored, .deflated], [0xFFFF_FFFF, 1])
    func numPyReadsWhatItWrote(compression: DataCompression, zip64Limit: Int) throws {
        let arrays = try Self.fixtures()
        try withTemporaryFolder { folder in
            let path = folder + "/written.npz"
            try NPZArchive.write(
                arrays, to: path, compression: compression, replacing: false, zip64Limit: zip64Limit)
            let script = """
                import sys, numpy, zipfile
                assert zipfile.ZipFile(sys.argv[1]).testzip() is None
                ours, theirs = numpy.load(sys.argv[1]), numpy.load(sys.argv[2])
                assert ours.files == theirs.files
                for name in theirs.files:
                    a, b = ours[name], theirs[name]
                    assert a.dtype == b.dtype and a.shape == b.shape and a.tobytes("A") == b.tobytes("A"), name
                    assert a.flags.f_contiguous == b.flags.f_contiguous, name
                print(len(theirs.files))
                """
            #expect(try Python.run(script, [path, fixture("numpy/stored.npz")]) == "\(arrays.count)\n")
        }
    }

    @Test func theSameArraysGiveTheSameBytes() throws {
        let arrays = try Self.fixtures()
        try withTemporaryFolder { folder in
            try NPZArchive.write(arrays, to: folder + "/a.npz", compression: .deflated)
            try NPZArchive.write(arrays, to: folder + "/b.npz", compression: .deflated)
            #expect(try contents(of: folder + "/a.npz") == contents(of: folder + "/b.npz"))
        }
    }

    @Test func mapsLargeStoredMembers() throws {
        try withTemporaryFolder { folder in
            let values = (0..<100_000).map { Float($0) / 3 }
            let path = folder + "/a.npz"
            try NPZArchive.write(
                [("odd", NumericArray([1 as UInt8])), ("x", NumericArray(values))], to: path)
            let array = try NPZArchive(path: path).array(named: "x")
            #expect(array.isMapped)
            #expect(try array.values(as: Float.self) == values)
            // The mapping is checked all the same.
            var bytes = try contents(of: path)
            bytes[bytes.count / 2] ^= 4
            try write(bytes, to: path)
            let error = try #require(throws: DataFileError.self) {
                try NPZArchive(path: path).array(named: "x")
            }
            guard case .checksumMismatch = error.reason else {
                Issue.record("\(error)")
                return
            }
        }
    }

    /// Offsets beyond 32 bits; the zeros in front take no room on the disk.
    @Test func readsBehindFiveGibibytes() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/far.npz"
            let archive = try contents(of: fixture("numpy/zip-plain.npz"))
            let file = open(path, O_WRONLY | O_CREAT, 0o600)
            defer { close(file) }
            #expect(pwrite(file, archive, archive.count, 5 << 30) == archive.count)
            let array = try NPZArchive(path: path).array(named: "y")
            #expect(bytesInCOrder(array) == ExpectedArray.all["float64"]!.decodedBytes)
        }
    }

    @Test func missingArraysAreNamed() throws {
        let archive = try NPZArchive(path: fixture("numpy/zip-plain.npz"))
        let error = try #require(throws: DataFileError.self) { try archive.array(named: "z") }
        #expect(error.reason == .noSuchArray("z", available: ["x", "y"]))
        #expect(error.description.contains("x, y"))
        #expect(throws: DataFileError.self) { try archive.arrays(named: ["x", "z"]) }
    }

    @Test func otherMembersAreNoArrays() throws {
        var patch = try ZipPatch("zip-plain.npz")
        patch.setName("x.txt")
        let archive = try NPZArchive(source(patch.bytes))
        #expect(archive.names == ["y"])
        #expect(archive.otherMembers == ["x.txt"])
    }

    @Test(arguments: ["a", "../a", "/a"])
    func refusesToWriteNamesItWouldNotRead(name: String) throws {
        let array = NumericArray([1.0])
        try withTemporaryFolder { folder in
            let path = folder + "/a.npz"
            #expect(throws: DataFileError.self) {
                try NPZArchive.write([("a", array), (name, array)], to: path)
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(files == [])
        }
    }

    @Test func replacesOnlyWhenTold() throws {
        let array = NumericArray([1.0])
        try withTemporaryFolder { folder in
            let path = folder + "/a.npz"
            try write([1, 2, 3], to: path)
            let error = try #require(throws: DataFileError.self) {
                try NPZArchive.write([("a", array)], to: path, replacing: false)
            }
            #expect(error.reason == .exists)
            #expect(try contents(of: path) == [1, 2, 3])
            try NPZArchive.write([("a", array)], to: path)
            #expect(try NPZArchive(path: path).names == ["a"])
            #expect(throws: DataFileError.self) { try NPZArchive.write([("a", array)], to: folder) }
            #expect(throws: DataFileError.self) {
                try NPZArchive.write([("a", array)], to: folder + "/none/a.npz")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.npz"])
        }
    }

    @Test func writesThroughSymbolicLinksAndNotOverDevices() throws {
        let array = NumericArray([1.0])
        try withTemporaryFolder { folder in
            try write([1], to: folder + "/target.npz")
            #expect(symlink("target.npz", folder + "/link.npz") == 0)
            try NPZArchive.write([("a", array)], to: folder + "/link.npz")
            #expect(try NPZArchive(path: folder + "/target.npz").names == ["a"])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                    "link.npz", "target.npz",
                ])
            #expect(mkfifo(folder + "/pipe.npz", 0o600) == 0)
            #expect(throws: DataFileError.self) {
                try NPZArchive.write([("a", array)], to: folder + "/pipe.npz")
            }
        }
    }
}
