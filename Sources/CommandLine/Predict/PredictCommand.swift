import ArgumentParser
import Descent
import DescentDatasets

/// `descent predict`: what a model says of new examples.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Predict with a model that descent train wrote.",
        discussion: """
            The data are rows of a CSV, npy or npz file, or a picture: PNG, or PGM (P2, P5), of which colours are \
            taken for their brightness and transparent pixels for white. A model of named columns takes them by \
            name, and leaves others alone; texts are coded as they were in training. Of an npz with x_test that part is taken. A picture must be of the \
            model's size, white on black if the model's are; --invert and --fit make one so.

            Rows are counted from 1. With --format csv or json, and in the file of --output, numbers read back to \
            the same bits.

            Examples:
              descent predict mnist.model digit.png
              descent predict mnist.model photo.png --invert --fit --plot digit.svg
              descent predict iris.model new.csv --probabilities --output predictions.csv
            """)

    @Argument(help: "The model.", completion: .file())
    var model: String

    @Argument(help: "The examples, or - for standard input; or digits or mnist.", completion: .file())
    var data: String

    @Flag(help: "Show the probability of every class.")
    var probabilities = false

    @OptionGroup var missing: MissingValuesOption

    @OptionGroup(title: "Pictures") var pictures: PictureOptions

    @Option(help: "What to print.")
    var format = Format.text

    @Option(
        help: ArgumentHelp(
            "Write the predictions to this file: JSON if its name ends in .json, otherwise CSV.",
            valueName: "file"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Draw the picture and the probabilities of the classes, as svg or png; for a single example.",
            valueName: "file"))
    var plot: String?

    @Option(help: "Threads to work on. (default: the number of processors)")
    var threads: Int?

    /// What can be printed.
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, csv, json }

    func validate() throws {
        if model == "-" { throw ValidationError("a model cannot be read from standard input.") }
        if output == "" || output == "-" { throw ValidationError("--output needs the name of a file.") }
        if let threads, threads < 1 {
            throw ValidationError("--threads must be at least 1, not \(threads).")
        }
        try Plotting.validate(plot)
    }

    func run() throws {
        if let threads { Compute.threadCount = threads }
        try reportingMisuse {
            if plot != nil { _ = try Plotting.program() }
            let model = try ModelFile(contentsOf: model)
            let examples = try examples(for: model)
            try model.check(examples)
            let dataset = try examples.unlabelled()
            if let classifier = model.model.classifier {
                let predictions = ClassPredictions(
                    classNames: classifier.classNames,
                    probabilities: model.model.probabilities(for: dataset), showsAll: probabilities,
                    rows: examples.rows)
                try draw(predictions, of: examples, model)
                try tell(predictions) { ascii in
                    predictions.count == 1
                        ? [predictions.sentence(0), ""]
                            + predictions.bars(0).lines(
                                beside: model.tile(of: examples, row: 0), width: Terminal.output.width,
                                ascii: ascii)
                        : predictions.table.lines(rule: ascii ? "-" : "─")
                }
            } else {
                for (option, isGiven) in [("probabilities", probabilities), ("plot", plot != nil)]
                where isGiven {
                    throw Misuse("--\(option) is for classes, and the model predicts a quantity.")
                }
                let predictions = QuantityPredictions(
                    name: model.notes.targetName ?? "prediction",
                    values: model.model.quantities(for: dataset),
                    rows: examples.rows)
                try tell(predictions) { predictions.table.lines(rule: $0 ? "-" : "─") }
            }
            examples.noteDropped()
        }
    }

    /// The examples to predict.
    private func examples(for model: ModelFile) throws -> Examples {
        guard data != "digits", data != "mnist" else {
            try requireNoPictureOptions()
            return try ExampleFile(data).examples(for: model, missing: missing.missing)
        }
        let source = try ByteSource(path: data)
        guard try GrayImage.recognizes(source) else {
            try requireNoPictureOptions()
            return try ExampleFile(source).examples(for: model, missing: missing.missing)
        }
        if missing.missing != nil { throw Misuse("--missing is for files of columns, not for a picture.") }
        let name = DataFileError.printable(source.name)
        let original = try GrayImage(source)
        if !pictures.invert && original.borderBrightness > 0.5 {
            StandardError.write(
                "Note: \(name) is bright at its border; for ink on paper, --invert is needed.\n")
        }
        let picture = try pictures.prepared(original, for: model, named: name)
        return try model.examples(picture, named: name, white: pictures.white)
    }

    private func requireNoPictureOptions() throws {
        if pictures.isUsed {
            throw Misuse("--invert, --fit and --white are for a picture, which \(data) is not.")
        }
    }

    /// Draws a single example with the probabilities of its classes.
    private func draw(_ predictions: ClassPredictions, of examples: Examples, _ model: ModelFile) throws {
        guard let plot else { return }
        guard predictions.count == 1 else {
            throw Misuse("--plot draws a single example, and there are \(predictions.count).")
        }
        let sheet = PictureSheet(
            title: "\(examples.name): \(predictions.sentence(0))",
            tiles: model.tile(of: examples, row: 0).map { [$0] } ?? [], bars: predictions.bars(0).bars)
        try Plotting.program().draw(sheet, to: plot)
    }

    /// Writes predictions where they are wanted.
    ///
    /// - Parameter lines: The predictions for people, without characters outside ASCII if so told.
    private func tell(_ predictions: some Predictions, lines: (_ ascii: Bool) -> [String]) throws {
        if let output {
            let isJSON = output.lowercased().hasSuffix(".json")
            try AtomicFile.write(isJSON ? predictions.json : predictions.csv, to: output)
            // What was wanted is in the file.
            if format == .text && predictions.count > 1 { return }
        }
        var standard = TextOutput()
        switch format {
        case .csv: standard.write(predictions.csv)
        case .json: standard.write(predictions.json)
        case .text:
            let terminal = Terminal.output
            for line in lines(terminal.isInteractive && !terminal.isUnicode) { standard.write(line + "\n") }
        }
        standard.flush()
    }
}

extension ExampleFile {
    /// The examples that a model is to look at: the test part where there are parts, otherwise all rows.
    ///
    /// - Parameters:
    ///   - target: The column of the truth, in a file of columns; `nil` for none.
    ///   - missing: What to do about missing values in one; `nil` to refuse them.
    func examples(
        for model: ModelFile, target: String? = nil, missing: MissingValues?
    ) throws -> Examples {
        if let part = try part(.test) ?? part(.train) {
            if missing != nil { throw Misuse("--missing is for files of columns; \(name) has none.") }
            return part
        }
        if target == nil, missing == nil, let shape = model.notes.exampleShape,
            let example = single(ofShape: shape)
        {
            return example
        }
        let coding =
            model.notes.coding
            ?? model.notes.featureNames.map { FeatureCoding(terms: $0.map { .init(column: $0) }) }
        return try rows(
            coded: coding, count: model.model.featureCount, target: target, missing: missing ?? .refuse)
    }
}

extension ModelFile {
    /// An example as a picture, where the model's examples are pictures.
    func tile(of examples: Examples, row: Int) -> PictureSheet.Tile? {
        guard pictureShape != nil, let values = try? examples.features.values(as: Double.self, .nearest)
        else { return nil }
        let count = model.featureCount
        return tile(values[row * count..<(row + 1) * count])
    }

    /// Features as a picture, black and white being the nominal ends of the scale or else the values' own.
    ///
    /// - Precondition: the model's examples are pictures.
    func tile(_ values: ArraySlice<Double>, caption: [String] = []) -> PictureSheet.Tile {
        guard let shape = pictureShape else { preconditionFailure("rows of a table are no pictures") }
        return PictureSheet.Tile(
            width: shape.columns, height: shape.rows, values: Array(values), caption: caption,
            range: notes.nominalRange)
    }
}
