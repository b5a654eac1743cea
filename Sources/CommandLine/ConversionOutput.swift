import DescentDatasets

/// The file that `descent convert` writes, with the format that its name's ending says.
struct ConversionOutput {
    private enum Format {
        case npz, npy, idx
        case text(separator: Character)
    }

    private let path: String
    private let format: Format

    /// `nil` where the ending names no format.
    init?(path: String) {
        self.path = path
        let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
        if name.hasSuffix(".npz") {
            format = .npz
        } else if name.hasSuffix(".npy") {
            format = .npy
        } else if name.hasSuffix(".csv") {
            format = .text(separator: ",")
        } else if name.hasSuffix(".tsv") {
            format = .text(separator: "\t")
        } else if name.hasSuffix(".idx") || name.hasSuffix("-ubyte") {
            format = .idx
        } else if name.hasSuffix(".gz"),
            ![".npy", ".npz", ".csv", ".tsv"].contains(where: { name.hasSuffix($0 + ".gz") })
        {
            format = .idx
        } else {
            return nil
        }
    }

    /// Whether the format has room for more than one array.
    var holdsSeveralArrays: Bool {
        switch format {
        case .npz, .text: true
        case .npy, .idx: false
        }
    }

    /// Whether the format is CSV or TSV.
    var isText: Bool {
        if case .text = format { return true }
        return false
    }

    /// Writes a table; only for text.
    func write(_ table: Table, force: Bool) throws(DataFileError) {
        guard case .text(let separator) = format else { preconditionFailure("tables are written as text") }
        try CSVFile.write(table, to: path, separator: separator, replacing: force)
    }

    /// Writes arrays.
    func write(
        _ arrays: [(name: String, array: NumericArray)], compression: DataCompression, force: Bool
    ) throws(DataFileError) {
        switch format {
        case .npz:
            try NPZArchive.write(arrays, to: path, compression: compression, replacing: force)
        case .npy: try NPYFile.write(try single(arrays), to: path, replacing: force)
        case .idx: try IDXFile.write(try single(arrays), to: path, replacing: force)
        case .text(let separator):
            if let complex = arrays.first(where: {
                $0.array.elementType.componentType != $0.array.elementType
            }) {
                throw failure(
                    "CSV has no complex numbers, and \(complex.name) is \(complex.array.elementType)")
            }
            let lengths = Set(arrays.map(\.array.shape))
            if lengths.count == 1, lengths.first!.count == 1 {
                try CSVFile.write(columns: arrays, to: path, separator: separator, replacing: force)
            } else {
                try CSVFile.write(try single(arrays), to: path, separator: separator, replacing: force)
            }
        }
    }

    private func single(_ arrays: [(name: String, array: NumericArray)]) throws(DataFileError) -> NumericArray
    {
        if arrays.count == 1 { return arrays[0].array }
        if arrays.isEmpty { throw failure("there is no array to write") }
        let names = arrays.map { DataFileError.printable($0.name) }.joined(separator: ", ")
        throw failure("one array can be written to it, and there are \(names): choose with --array")
    }

    private func failure(_ what: String) -> DataFileError {
        DataFileError(file: path, reason: .unrepresentable(what))
    }
}
