/// A data file of any format that is known here, recognised by its contents and not by its name.
package enum DataFile: Sendable {
    /// Named arrays.
    case npz(NPZArchive)
    /// One array.
    case npy(NumericArray)
    /// One array, plain or compressed by gzip.
    case idx(NumericArray)
    /// Named columns.
    case csv(Table)

    /// Opens a file, or for `-` standard input; a file compressed by gzip is decoded first.
    package init(path: String) throws(DataFileError) { try self.init(ByteSource(path: path)) }

    /// Reads what a source holds, which may be read again afterwards.
    package init(_ source: ByteSource) throws(DataFileError) {
        var source = source
        if source.count == 0 { throw source.error(.empty) }
        let isCompressed = try Gzip.recognizes(source)
        let start =
            try isCompressed
            ? Gzip.start(of: source, count: Self.startCount)
            : source.bytes(at: 0, count: min(Self.startCount, source.count))
        if isCompressed {
            // Only what is worth it is decoded as a whole, and no more of it than it says it has.
            if start.isEmpty { throw source.error(.empty) }
            let isIDX = IDXFile.recognizes(start)
            guard isIDX || Self.recognizes(start) else { throw source.error(.unrecognized) }
            source = try Gzip.decode(source, limit: isIDX ? IDXFile.size(from: start) : nil)
        }
        if start.starts(with: NPYHeader.magic) {
            self = .npy(try NPYFile.read(source))
        } else if Self.zipStarts.contains(where: { start.starts(with: $0) }) {
            self = .npz(try NPZArchive(source))
        } else if IDXFile.recognizes(start) {
            self = .idx(try IDXFile.read(source))
        } else if Self.looksLikeText(start) {
            self = .csv(try CSVFile.read(source))
        } else if let archive = try? NPZArchive(source) {
            // An archive with something in front of it.
            self = .npz(archive)
        } else {
            throw source.error(.unrecognized)
        }
    }

    private static let startCount = 4096
    /// A member, or the end of an empty archive.
    private static let zipStarts: [[UInt8]] = [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6]]

    private static func recognizes(_ start: [UInt8]) -> Bool {
        start.starts(with: NPYHeader.magic) || zipStarts.contains { start.starts(with: $0) }
            || looksLikeText(start)
    }

    /// The format's usual name.
    package var formatName: String {
        switch self {
        case .npz: "npz"
        case .npy: "npy"
        case .idx: "IDX"
        case .csv: "CSV"
        }
    }

    /// Text has no control characters except for white space; a UTF-16 byte order mark is let through, so
    /// that its reader can say what to do.
    private static func looksLikeText(_ start: [UInt8]) -> Bool {
        if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return true }
        return !start.contains { $0 < 32 && ![9, 10, 12, 13].contains($0) || $0 == 127 }
    }

    /// A name for the only array of a file: the file's own, without folder and endings.
    package static func arrayName(forPath path: String) -> String {
        if path == "-" { return "array" }
        let file = path.split(separator: "/").last ?? "array"
        if let name = mnistName(forFile: String(file)) { return name }
        var name = file
        for ending in [".gz", ".npy", ".npz", ".idx", ".csv", ".tsv", ".txt"] where name.hasSuffix(ending) {
            name = name.dropLast(ending.count)
        }
        return name.isEmpty ? "array" : String(name)
    }

    /// The name in `mnist.npz` of what an IDX file of MNIST and its successors holds: `x_train`, `y_train`,
    /// `x_test` or `y_test`; `nil` for other files.
    package static func mnistName(forFile file: String) -> String? {
        // train-images-idx3-ubyte.gz, emnist-letters-test-labels-idx1-ubyte, t10k-images.idx3-ubyte.
        guard file.contains("idx") else { return nil }
        for (part, suffix) in [("train", "train"), ("t10k", "test"), ("test", "test")] {
            if file.contains("\(part)-images") { return "x_\(suffix)" }
            if file.contains("\(part)-labels") { return "y_\(suffix)" }
        }
        return nil
    }
}
