import Testing

@testable import DescentDatasets

@Suite struct IDXFileTests {
    struct TypeCase: Sendable {
        let code: UInt8
        let data: [UInt8]
        let type: ElementType
        let values: [Double]
    }

    private static let float64Bytes: [UInt8] = [
        0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0x3F, 0xB9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A, 0, 0, 0, 0, 0, 0, 0, 1,
    ]

    static let typeCases: [TypeCase] = [
        TypeCase(code: 0x08, data: [0, 1, 255], type: .uint8, values: [0, 1, 255]),
        TypeCase(code: 0x09, data: [0, 1, 255], type: .int8, values: [0, 1, -1]),
        TypeCase(code: 0x0B, data: [0, 1, 255, 0, 0x80, 0], type: .int16, values: [1, -256, -32768]),
        TypeCase(
            code: 0x0C, data: [0, 0, 1, 2, 255, 255, 255, 255, 0x80, 0, 0, 0], type: .int32,
            values: [258, -1, -2_147_483_648]),
        TypeCase(
            code: 0x0D, data: [0x3F, 0x80, 0, 0, 0x80, 0, 0, 0, 0x7F, 0x80, 0, 0], type: .float32,
            values: [1, -0.0, .infinity]),
        TypeCase(code: 0x0E, data: float64Bytes, type: .float64, values: [1.5, 0.1, 5e-324]),
    ]

    @Test(arguments: typeCases)
    func readsAndWritesEveryType(of testCase: TypeCase) throws {
        let values = testCase.values.map(\.bitPattern)
        let file: [UInt8] = [0, 0, testCase.code, 1, 0, 0, 0, 3] + testCase.data
        let array = try IDXFile.read(source(file))
        #expect(array.elementType == testCase.type)
        #expect(array.shape == [3])
        #expect(try array.values(as: Double.self).map(\.bitPattern) == values)
        try withTemporaryFolder { folder in
            try IDXFile.write(array, to: folder + "/a.idx")
            #expect(try contents(of: folder + "/a.idx") == file)
            try IDXFile.write(array, to: folder + "/a.gz")
            #expect(try contents(of: folder + "/a.gz").starts(with: Gzip.magic))
            let read = try IDXFile.read(path: folder + "/a.gz").values(as: Double.self)
            #expect(read.map(\.bitPattern) == values)
        }
    }

    @Test func writesInCOrder() throws {
        let array = try NPYFile.read(path: fixture("numpy/fortran3.npy"))
        try withTemporaryFolder { folder in
            try IDXFile.write(array, to: folder + "/a.idx")
            let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4]
            #expect(try contents(of: folder + "/a.idx") == header + Array(0..<24))
            let wide = NumericArray([1 as Int64])
            #expect(throws: DataFileError.self) { try IDXFile.write(wide, to: folder + "/b.idx") }
        }
    }

    static let refusals: [([UInt8], DataFileError.Reason)] = [
        ([], .empty),
        ([0, 0, 8], .truncated(needed: 4, available: 3)),
        ([0, 1, 8, 1, 0, 0, 0, 0], .malformed("is no IDX file: it does not begin with two zero bytes")),
        ([0, 0, 10, 1, 0, 0, 0, 0], .unsupportedType("values of the IDX type 10, which does not exist")),
        ([0, 0, 8, 2, 0, 0, 0, 1], .truncated(needed: 4, available: 0)),
        ([0, 0, 8, 1, 0, 0, 0, 3, 1, 2], .truncated(needed: 3, available: 2)),
        ([0, 0, 8, 1, 0, 0, 0, 1, 1, 2], .trailingBytes(1)),
        ([0, 0, 8, 1, 255, 255, 255, 255, 1, 2], .truncated(needed: 0xFFFF_FFFF, available: 2)),
        (
            [0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255],
            .shapeOverflow("[4294967295, 4294967295, 4294967295]")
        ),
    ]

    @Test(arguments: refusals)
    func refusesOtherBytes(bytes: [UInt8], reason: DataFileError.Reason) throws {
        let error = try #require(throws: DataFileError.self) { try IDXFile.read(source(bytes)) }
        #expect(error.reason == reason)
    }

    // MARK: gzip

    /// Bytes compressed as one gzip member.
    static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        let deflater = try #require(Deflater(level: 6, wrapping: .gzip))
        var result: [UInt8] = []
        try bytes.withUnsafeBytes { try deflater.write($0) { result += $0 } }
        try deflater.finish { result += $0 }
        return result
    }

    private static let idx: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 100] + Array(0..<100)

    private static func values(_ bytes: [UInt8]) throws -> [Int] {
        try IDXFile.read(Gzip.decode(source(bytes))).values(as: Int.self)
    }

    @Test func readsGzipOfSeveralMembersAndPadding() throws {
        let halves = try Self.gzip(Array(Self.idx[..<50])) + Self.gzip(Array(Self.idx[50...]))
        #expect(try Self.values(halves) == Array(0..<100))
        #expect(try Self.values(halves + [UInt8](repeating: 0, count: 512)) == Array(0..<100))
        #expect(throws: DataFileError.self) { try Self.values(halves + [0, 0, 7]) }
        #expect(throws: DataFileError.self) { try Self.values(halves + [0x1F]) }
    }

    /// The header's own account is checked before the contents are decoded as a whole.
    @Test func refusesBombs() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/bomb.gz"
            func reason(_ bytes: [UInt8]) throws -> [DataFileError.Reason?] {
                let file = try Self.gzip(bytes)
                try write(file, to: path)
                func reason(_ body: () throws(DataFileError) -> Void) -> DataFileError.Reason? {
                    do throws(DataFileError) {
                        try body()
                        return nil
                    } catch { return error.reason }
                }
                return [
                    reason { () throws(DataFileError) in _ = try IDXFile.read(path: path) },
                    reason { () throws(DataFileError) in _ = try DataFile(path: path) },
                ]
            }
            // Claims four gigabytes and has ten bytes.
            let claims: [UInt8] = [0, 0, 8, 1, 255, 255, 255, 255] + [UInt8](repeating: 0, count: 10)
            for reason in try reason(claims) {
                guard case .impossibleSize(claimed: 0xFFFF_FFFF + 8, _) = reason else {
                    Issue.record("\(String(describing: reason))")
                    return
                }
            }
            // Claims one byte and has many.
            let many: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 1 << 22)
            for reason in try reason(many) {
                guard case .trailingBytes = reason else {
                    Issue.record("\(String(describing: reason))")
                    return
                }
            }
            // Zeros are of no format: they are not decoded at all.
            #expect(try reason([UInt8](repeating: 0, count: 1 << 22))[1] == .unrecognized)
        }
    }

    @Test func comparesTheChecksumAndTheLength() throws {
        let whole = try Self.gzip(Self.idx)
        for position in [whole.count - 8, whole.count - 1] {
            var bytes = whole
            bytes[position] ^= 1
            let error = try #require(throws: DataFileError.self) { try Self.values(bytes) }
            guard case .corruptStream = error.reason else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test func everyTruncationIsAnError() throws {
        let whole = try Self.gzip(Self.idx)
        for count in whole.indices {
            #expect(throws: DataFileError.self) { try Self.values(Array(whole[..<count])) }
        }
        for count in Self.idx.indices {
            #expect(throws: DataFileError.self) { try IDXFile.read(source(Array(Self.idx[..<count]))) }
        }
    }

    @Test func everyChangedBitIsAnErrorOrDoesNoHarm() throws {
        let whole = try Self.gzip(Self.idx)
        for index in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[index] ^= 1 << bit
                guard let values = try? Self.values(bytes) else { continue }
                #expect(values == Array(0..<100), "bit \(bit) of byte \(index)")
            }
        }
    }
}
