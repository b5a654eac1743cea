import DescentDatasets
import Glibc

/// The arrays, or the one table, that the inputs of `descent convert` hold.
struct ConversionInput {
    private(set) var arrays: [(name: String, array: NumericArray)] = []
    /// The only input as a table, when it is one and is wanted as one.
    private(set) var table: Table?

    /// - Parameters:
    ///   - inputs: `FILE`, `NAME=FILE`, a folder of IDX files, or `-`.
    ///   - asMatrix: Whether the columns of a CSV file become one matrix rather than vectors.
    ///   - keepsTable: Whether a single CSV file stays a table, with its text.
    init(_ inputs: ArraySlice<String>, asMatrix: Bool, keepsTable: Bool) throws(DataFileError) {
        for input in inputs {
            let (name, path) = Self.split(input)
            if Self.isFolder(path) {
                for file in try Self.mnistFiles(in: path) {
                    try add(DataFile(path: file), name: nil, path: file, asMatrix: asMatrix)
                }
                continue
            }
            let data = try DataFile(path: path)
            if case .csv(let table) = data, keepsTable, inputs.count == 1 {
                self.table = table
                return
            }
            try add(data, name: name, path: path, asMatrix: asMatrix)
        }
    }

    private mutating func add(
        _ data: DataFile, name: String?, path: String, asMatrix: Bool
    ) throws(DataFileError) {
        let name = name ?? DataFile.arrayName(forPath: path)
        switch data {
        case .npy(let array), .idx(let array): try add(name, array, path: path)
        case .npz(let archive):
            let values = try archive.arrays(named: archive.names)
            for (name, array) in zip(archive.names, values) { try add(name, array, path: path) }
        case .csv(let table):
            if asMatrix || !table.hasHeader {
                try add(name, try Self.matrix(of: table, path: path), path: path)
            } else {
                for column in table.columns {
                    try add(column.name, NumericArray(try Self.numbers(of: column, path: path)), path: path)
                }
            }
        }
    }

    private mutating func add(_ name: String, _ array: NumericArray, path: String) throws(DataFileError) {
        if arrays.contains(where: { $0.name == name }) {
            throw DataFileError(
                file: path,
                reason: .unrepresentable(
                    "holds a second array of the name \"\(DataFileError.printable(name))\"; "
                        + "give it another as NAME=FILE"))
        }
        arrays.append((name, array))
    }

    private static func numbers(of column: Table.Column, path: String) throws(DataFileError) -> [Double] {
        if let numbers = column.numbers { return numbers }
        throw DataFileError(
            file: path,
            reason: .unsupportedType("text in the column \"\(DataFileError.printable(column.name))\""))
    }

    private static func matrix(of table: Table, path: String) throws(DataFileError) -> NumericArray {
        var columns: [[Double]] = []
        for column in table.columns { columns.append(try numbers(of: column, path: path)) }
        var values: [Double] = []
        values.reserveCapacity(table.rowCount * columns.count)
        for row in 0..<table.rowCount {
            for column in columns { values.append(column[row]) }
        }
        return NumericArray(values, shape: [table.rowCount, columns.count])
    }

    /// `NAME=FILE`, unless there is a file of that very name.
    private static func split(_ input: String) -> (name: String?, path: String) {
        guard let sign = input.firstIndex(of: "="), sign != input.startIndex,
            !input[..<sign].contains("/"), access(input, F_OK) != 0
        else { return (nil, input) }
        return (String(input[..<sign]), String(input[input.index(after: sign)...]))
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return path != "-" && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The IDX files of MNIST in a folder, in the order of their names in `mnist.npz`.
    private static func mnistFiles(in folder: String) throws(DataFileError) -> [String] {
        guard let directory = opendir(folder) else {
            throw DataFileError(file: folder, reason: .unreadable(code: errno))
        }
        defer { closedir(directory) }
        var files: [(name: String, file: String)] = []
        while let entry = readdir(directory) {
            let file = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let name = DataFile.mnistName(forFile: file) { files.append((name, file)) }
        }
        if files.isEmpty {
            throw DataFileError(
                file: folder,
                reason: .malformed(
                    "is a folder without files like train-images-idx3-ubyte.gz; name the files themselves"))
        }
        let order = ["x_train", "y_train", "x_test", "y_test"]
        // Where a file is there plain and compressed, the plain one is as good.
        let plain = files.filter { item in
            !(item.file.hasSuffix(".gz") && files.contains { $0.file + ".gz" == item.file })
        }
        return plain.sorted { order.firstIndex(of: $0.name)! < order.firstIndex(of: $1.name)! }
            .map { folder + (folder.hasSuffix("/") ? "" : "/") + $0.file }
    }
}
