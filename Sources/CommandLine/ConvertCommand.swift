import ArgumentParser
import DescentDatasets

/// `descent convert`: from one data format to another.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert data files between npz, npy, IDX and CSV.",
        discussion: """
            Inputs are recognised by their contents, the output's format by the ending of its name: .npz, \
            .npy, .csv, .tsv, .idx, .gz (IDX compressed by gzip). An output that exists is left alone unless \
            --force is given; it appears only when it is complete.

            Several inputs go into one npz, each under its file's name or the one given as NAME=FILE. The IDX \
            files of MNIST and of data sets that follow it (train-images-idx3-ubyte.gz …) become x_train, \
            y_train, x_test and y_test; a folder stands for those it holds.

            An array of two axes is written to CSV row by row, one of more axes with the further ones laid \
            flat; vectors of the same length become named columns. A CSV file's columns become vectors; with \
            --matrix, without a header, or where the output holds one array only, they become one matrix.

            Examples:
              descent convert /usr/share/datasets/fashion-mnist fashion.npz
              descent convert mnist.npz --array x_test x_test.csv
              descent convert x=features.csv y=labels.npy --matrix data.npz
              descent convert weights.npy --dtype float32 weights.npz --compress
            """)

    @Argument(help: "The inputs, as FILE, NAME=FILE, a folder, or - for standard input, and the output.")
    var files: [String]

    @Option(name: .customLong("array"), help: "Take only this array or column (may be repeated).")
    var arrays: [String] = []

    @Option(
        help:
            "Convert the values to this type: \(ElementType.allCases.map(\.rawValue).joined(separator: ", "))."
    )
    var dtype: ElementType?

    @Flag(inversion: .prefixedNo, help: "Compress the members of an npz.")
    var compress = false

    @Flag(help: "Make one matrix of a CSV file's columns.")
    var matrix = false

    @Flag(help: "Replace the output if it exists.")
    var force = false

    func validate() throws {
        guard files.count >= 2 else { throw ValidationError("An input and an output are needed.") }
        guard ConversionOutput(path: files.last!) != nil else {
            throw ValidationError(
                "The ending of \"\(files.last!)\" names no format: use .npz, .npy, .csv, .tsv, .idx or .gz.")
        }
    }

    func run() throws {
        do {
            try convert()
        } catch let error as DataFileError where error.reason == .exists {
            throw Refusal(description: "\(error); --force replaces it")
        }
    }

    private struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    private func convert() throws {
        let path = files.last!
        guard let output = ConversionOutput(path: path) else { return }
        let input = try ConversionInput(
            files.dropLast(), asMatrix: matrix || !output.holdsSeveralArrays,
            keepsTable: output.isText && dtype == nil)
        if let table = input.table {
            try output.write(try select(table), force: force)
            print("\(DataFileError.printable(path)): \(table.rowCount) rows")
            return
        }
        var arrays = try select(input.arrays)
        if let dtype {
            arrays = try arrays.map { name, array in (name, try array.converted(to: dtype, name: name)) }
        }
        try output.write(arrays, compression: compress ? .deflated : .stored, force: force)
        print(DataFileError.printable(path) + ":")
        for (name, array) in arrays {
            print(
                "  \(DataFileError.printable(name))  \(array.elementType)  \(InspectionText.shape(array.shape))"
            )
        }
    }

    private func select(
        _ available: [(name: String, array: NumericArray)]
    ) throws(DataFileError) -> [(name: String, array: NumericArray)] {
        if arrays.isEmpty { return available }
        var selected: [(name: String, array: NumericArray)] = []
        for wanted in arrays {
            guard let item = available.first(where: { $0.name == wanted }) else {
                throw DataFileError(
                    file: files[0], reason: .noSuchArray(wanted, available: available.map(\.name)))
            }
            selected.append(item)
        }
        return selected
    }

    private func select(_ table: Table) throws(DataFileError) -> Table {
        if arrays.isEmpty { return table }
        var columns: [Table.Column] = []
        for wanted in arrays {
            guard let column = table.column(named: wanted) else {
                throw DataFileError(
                    file: files[0], reason: .noSuchArray(wanted, available: table.columnNames))
            }
            columns.append(column)
        }
        return Table(columns, hasHeader: table.hasHeader)
    }
}

extension ElementType: ExpressibleByArgument {}
