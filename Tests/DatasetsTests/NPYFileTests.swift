import Testing

@testable import DescentDatasets

@Suite struct NPYFileTests {
    @Test(arguments: ExpectedArray.names)
    func readsWhatNumPySaved(name: String) throws {
        let expected = try #require(ExpectedArray.all[name])
        let array = try NPYFile.read(path: fixture("numpy/\(name).npy"))
        #expect(array.elementType.rawValue == expected.dtype)
        #expect(array.shape == expected.shape)
        #expect(array.fortranOrder == expected.fortranOrder)
        #expect(bytesInCOrder(array) == expected.decodedBytes)
    }

    @Test(
        arguments: ExpectedArray.names.filter {
            ElementType(rawValue: ExpectedArray.all[$0]!.dtype)!.size > 1
        })
    func readsBigEndian(name: String) throws {
        let expected = try #require(ExpectedArray.all[name])
        let array = try NPYFile.read(path: fixture("numpy/\(name)-big-endian.npy"))
        #expect(array.elementType.rawValue == expected.dtype)
        #expect(array.shape == expected.shape)
        #expect(array.fortranOrder == expected.fortranOrder)
        #expect(bytesInCOrder(array) == expected.decodedBytes)
    }

    @Test(arguments: ["numpy/version2.npy", "numpy/version3.npy"])
    func readsLaterVersions(path: String) throws {
        let array = try NPYFile.read(path: fixture(path))
        #expect(array.shape == [2, 3])
        #expect(try array.values(as: Int.self) == [0, 1, 2, 3, 4, 5])
    }

    /// What is byte for byte NumPy's own file, NumPy reads.
    @Test(arguments: ExpectedArray.names)
    func writesNumPysBytes(name: String) throws {
        let path = fixture("numpy/\(name).npy")
        let array = try NPYFile.read(path: path)
        try withTemporaryFolder { folder in
            try NPYFile.write(array, to: folder + "/written.npy")
            #expect(try contents(of: folder + "/written.npy") == contents(of: path))
        }
    }

    @Test(arguments: [
        ("object", "Python objects"), ("structured", "structured"), ("unicode", "Unicode strings"),
        ("bytes", "byte strings"), ("datetime", "datetime64"), ("timedelta", "timedelta64"),
        ("longdouble", "long double"), ("void", "raw or structured"),
    ])
    func refusesOtherTypesByName(file: String, name: String) throws {
        let path = fixture("numpy/refused-\(file).npy")
        let error = try #require(throws: DataFileError.self) { try NPYFile.read(path: path) }
        guard case .unsupportedType(let type) = error.reason else {
            Issue.record("\(error)")
            return
        }
        #expect(type.contains(name))
        #expect(error.file == path)
        #expect(error.description.contains(path))
    }

    /// An npy file of the given header and data.
    static func file(_ header: String, data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
        var bytes: [UInt8] = NPYHeader.magic + [version, 0]
        if version == 1 {
            bytes.appendLittleEndian(UInt16(header.utf8.count))
        } else {
            bytes.appendLittleEndian(UInt32(header.utf8.count))
        }
        return bytes + Array(header.utf8) + data
    }

    @Test(arguments: [
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }\n",
        "  {\t\"shape\" :(2 , ),\"fortran_order\":False,\n'descr':\"<i2\" , }  \n",
        "{'shape': (2L,), 'fortran_order': False, 'descr': '<i2'}",
        "{'shape': (2,), 'fortran_order': False, 'descr': '=i2'}",
        "{'shape': (2,), 'fortran_order': False, 'descr': 'i2'}",
        "{'shape': (2,1), 'fortran_order': True, 'descr': '<i2'}",
        "{'shape': (1,2,), 'fortran_order': False, 'descr': '<i2'}",
    ])
    func readsEveryWayToWriteAHeader(header: String) throws {
        for version: UInt8 in 1...3 {
            let bytes = Self.file(header, data: [1, 0, 0, 1], version: version)
            let array = try NPYFile.read(source(bytes))
            #expect(try array.values(as: Int.self) == [1, 256])
        }
    }

    @Test(arguments: [
        "", "{", "{}", "[]", "{'descr': '<i2', 'fortran_order': False}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2,)",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2,)} x",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2)}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': [2]}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2,,)}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (,)}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (1 2)}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (02,)}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2.0,)}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (1+1,)}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (1_0,)}",
        "{'descr': '<i2', 'fortran_order': false, 'shape': (2,)}",
        "{'descr': '<i2', 'fortran_order': 0, 'shape': (2,)}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), 'more': 1}",
        "{'descr': '<i2', 'descr': '<i2', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<i2' 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<i2\", 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '\\x3ci2', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '|i2', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<<i2', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<i3', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': ('<i2', (2,)), 'fortran_order': False, 'shape': (2,)}",
        "{'descr': __import__('os'), 'fortran_order': False, 'shape': (2,)}",
        "dict(descr='<i2', fortran_order=False, shape=(2,))",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), 'ö': 1}",
    ])
    func refusesOtherHeaders(header: String) {
        #expect(throws: DataFileError.self) {
            try NPYFile.read(source(Self.file(header, data: [1, 0, 0, 1])))
        }
    }

    @Test(arguments: [
        "(9223372036854775808,)", "(99999999999999999999999,)", "(4294967296, 4294967296)",
        "(9223372036854775807,)", "(0, 9223372036854775807, 9223372036854775807)",
    ])
    func refusesShapesThatOverflow(shape: String) throws {
        let header = "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape)}"
        let error = try #require(throws: DataFileError.self) {
            try NPYFile.read(source(Self.file(header, data: [0, 0])))
        }
        guard case .shapeOverflow = error.reason else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func refusesOtherLengths() {
        let header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2,)}"
        func reason(_ bytes: [UInt8]) -> DataFileError.Reason? {
            do throws(DataFileError) {
                _ = try NPYFile.read(source(bytes))
                return nil
            } catch { return error.reason }
        }
        #expect(reason(Self.file(header, data: [1, 0, 0])) == .truncated(needed: 4, available: 3))
        #expect(reason(Self.file(header, data: [1, 0, 0, 1, 9])) == .trailingBytes(1))
        #expect(reason([]) == .empty)
        #expect(reason(NPYHeader.magic + [4, 0]) == .unsupportedVersion("npy 4.0"))
        #expect(reason(NPYHeader.magic + [1, 1]) == .unsupportedVersion("npy 1.1"))
        let huge = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}"
        #expect(
            reason(Self.file(huge, data: [1]))
                == .truncated(needed: 8_000_000_000_000, available: 1))
        // A header that claims 4 GiB.
        #expect(
            reason(NPYHeader.magic + [2, 0, 255, 255, 255, 255])
                == .truncated(needed: 0xFFFF_FFFF, available: 0))
        let manyAxes = String(repeating: "1,", count: 65)
        guard
            case .malformed = reason(
                Self.file("{'descr': '|u1', 'fortran_order': False, 'shape': (\(manyAxes))}", data: [0]))
        else {
            Issue.record("65 axes are accepted")
            return
        }
    }

    @Test func refusesBytesThatAreNoBool() throws {
        let header = "{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}"
        let error = try #require(throws: DataFileError.self) {
            try NPYFile.read(source(Self.file(header, data: [0, 1, 2])))
        }
        guard case .invalidValue(let what) = error.reason else {
            Issue.record("\(error)")
            return
        }
        #expect(what.contains("value 2 is the byte 2"))
    }

    @Test func mapsLargeArrays() throws {
        try withTemporaryFolder { folder in
            let values = (0..<100_000).map { Double($0) / 7 }
            try NPYFile.write(NumericArray(values, shape: [100, 1000]), to: folder + "/a.npy")
            let array = try NPYFile.read(path: folder + "/a.npy")
            #expect(array.isMapped)
            #expect(try array.values(as: Double.self) == values)
        }
    }

    @Test func everyTruncationIsAnError() throws {
        let whole = try contents(of: fixture("numpy/fortran.npy"))
        for count in whole.indices {
            #expect(throws: DataFileError.self) { try NPYFile.read(source(Array(whole[..<count]))) }
        }
    }

    /// Without a checksum a changed value goes unseen; whatever is read must be as large as it says.
    @Test func everyChangedBitIsReadOrRefused() throws {
        let whole = try contents(of: fixture("numpy/int16.npy"))
        var refused = 0
        for index in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[index] ^= 1 << bit
                do {
                    let array = try NPYFile.read(source(bytes))
                    #expect(array.byteCount == whole.count - 128)
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > 500)
    }
}
