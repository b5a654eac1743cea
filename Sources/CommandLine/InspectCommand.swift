import ArgumentParser
import DescentDatasets

/// `descent inspect`: what a data file or a model holds.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what an npz, npy, IDX or CSV file holds, or a model.",
        discussion: """
            Names, shapes, types and ranges of the arrays in a file, which is recognised by its contents; \
            files compressed by gzip are decoded. Least and greatest value are those of the finite values.

            With --format json the output is {"file", "format", "arrays": [{"name", "dtype", "shape", \
            "fortranOrder", "min", "max", "nan", "infinite"}]}. --values adds "values": all of them, flat in \
            C order, each so that it reads back bit for bit (a NaN loses its payload). NaN and infinities \
            are the strings "NaN", "Infinity" and "-Infinity", complex values pairs [real, imaginary], \
            missing values of a CSV file null. Text columns have the dtype "str".

            Of a model that descent train wrote, npz or safetensors, its kind, layers, features and classes are shown \
            before the arrays; in JSON they are "model".

            Examples:
              descent inspect mnist.npz
              descent inspect mnist.model
              descent inspect train-images-idx3-ubyte.gz
              descent inspect weights.npz --format json --values | jq '.arrays[0].values[:10]'
              curl -s https://example.org/table.csv | descent inspect -
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Argument(help: "The file, or - for standard input.", completion: .file())
    var file: String

    @Option(help: "How to show it.")
    var format = Format.text

    @Flag(help: "Show all values as well.")
    var values = false

    func run() throws {
        let model = try InspectedModel(path: file)
        if let model, let source = try? ByteSource(path: file), (try? DataFile(source)) == nil {
            return show(model)
        }
        let data = try DataFile(path: file)
        // Everything is read before anything is shown: a damaged file gives a message, not half a list.
        let items = try Inspection.items(of: data, path: file)
        switch format {
        case .text:
            try InspectionText(data: data, path: file, items: items, showsValues: values, model: model)
                .print()
        case .json:
            try InspectionJSON(data: data, path: file, items: items, showsValues: values, model: model)
                .print()
        }
    }

    /// Shows a model in a format of which nothing else is read.
    private func show(_ model: InspectedModel) {
        var output = TextOutput()
        switch format {
        case .text: output.write("\(DataFileError.printable(file)): \(model.text)")
        case .json:
            output.write(
                JSONText.object([
                    ("file", .string(file)), ("format", .string("safetensors")), ("model", model.json),
                ]).text() + "\n")
        }
        output.flush()
    }
}
