/// NumPy's npz format: named arrays in a zip archive.
///
/// Opening reads the archive's directory and checks it; arrays are decoded when they are asked for. Stored
/// and deflated members are read, zip64 and data descriptors included, and the checksum of every member is
/// compared. Encrypted members, other compressions, split archives, members that overlap, lie about their
/// sizes or would unpack outside of their folder are refused, before memory is allocated for what they claim.
/// The array `x` is the member `x.npy`; where several members have a name, the last counts, as for NumPy.
public struct NPZArchive: Sendable {
    /// The names of the arrays, in the archive's order.
    public let names: [String]
    /// Members that are no arrays, because their names do not end in `.npy`.
    public let otherMembers: [String]

    private let zip: ZipArchive
    private static let suffix = ".npy"

    /// Opens an archive, or for `-` one in standard input.
    ///
    /// - Throws: `DataFileError` naming the file, the member and what is wrong.
    public init(path: String) throws(DataFileError) {
        try self.init(ByteSource(path: path))
    }

    /// Opens an archive that lies in static memory, such as one embedded in the program.
    ///
    /// - Parameters:
    ///   - staticBytes: The archive; it must stay there unchanged as long as the program runs.
    ///   - name: What error messages call it.
    public init(staticBytes: UnsafeRawBufferPointer, name: String) throws(DataFileError) {
        try self.init(ByteSource(name: name, bytes: ByteStorage(staticBytes: staticBytes)))
    }

    package init(_ source: ByteSource) throws(DataFileError) {
        if source.count == 0 { throw source.error(.empty) }
        zip = try ZipArchive(source: source)
        let files = zip.members.filter { !$0.isFolder }
        names = files.filter { $0.name.hasSuffix(Self.suffix) }
            .map { String(decoding: $0.name.utf8.dropLast(Self.suffix.utf8.count), as: UTF8.self) }
        otherMembers = files.filter { !$0.name.hasSuffix(Self.suffix) }.map(\.name)
    }

    /// Reads one array.
    ///
    /// - Throws: `DataFileError` naming the file, the member and what is wrong; `noSuchArray` lists the names.
    public func array(named name: String) throws(DataFileError) -> NumericArray {
        guard let member = zip.member(named: name + Self.suffix) else {
            throw zip.source.error(.noSuchArray(name, available: names))
        }
        return try NPYFile.read(from: ZipMemberReader(member, in: zip.source))
    }

    /// Reads several arrays, on up to `threads` threads; the result is in the order of the names.
    ///
    /// - Throws: The error of the first array in that order that cannot be read.
    public func arrays(named names: [String], threads: Int = 2) throws(DataFileError) -> [NumericArray] {
        let sizes = names.map { zip.member(named: $0 + Self.suffix)?.compressedSize ?? 0 }
        // The largest first, so that no thread is left with it at the end.
        let order = names.indices.sorted { sizes[$0] > sizes[$1] }
        // A thread costs as much as some ten thousand bytes.
        let useful = sizes.count { $0 > 1 << 16 }
        let read = Parallel.map(order, threads: min(threads, useful)) { index in
            Result { () throws(DataFileError) in try array(named: names[index]) }
        }
        var results = [Result<NumericArray, DataFileError>?](repeating: nil, count: names.count)
        for (index, result) in Swift.zip(order, read) { results[index] = result }
        var arrays: [NumericArray] = []
        for result in results { arrays.append(try result!.get()) }
        return arrays
    }
}
