import Descent
import DescentDatasets

/// A file of examples, or a bundled data set, as the commands that train and use models read it.
///
/// `digits` and `mnist` are bundled; a file is an npz with `x_train`, `y_train`, `x_test` and `y_test`, or named columns
/// in a file of any format, of which `target` is the truth and the others are features.
struct ExampleFile {
    private enum Contents {
        case parts(train: Examples, test: Examples)
        case archive(NPZArchive)
        case columns(ColumnFile)
    }

    private let contents: Contents
    /// What an npy or IDX file holds.
    private var array: NumericArray?
    /// What messages call it.
    let name: String

    /// Opens a file, or for `-` standard input; or takes a bundled data set.
    init(_ path: String) throws {
        switch path {
        case "digits":
            // The same quarter whatever the seed, so that accuracies of different seeds are of the same test set.
            let (train, test) = Digits.load().split(validation: 0.25, stratified: true, seed: 0)
            self.init(train, test)
        case "mnist":
            let (train, test) = try MNIST.load()
            self.init(train, test)
        default: try self.init(ByteSource(path: path))
        }
    }

    private init(_ train: Dataset, _ test: Dataset) {
        contents = .parts(train: Examples(train), test: Examples(test))
        name = train.name
    }

    /// Reads what a source holds.
    init(_ source: ByteSource) throws {
        name = DataFileError.printable(source.name)
        if try GrayImage.recognizes(source) {
            throw Refusal("\(name): is a picture, not a set of examples")
        }
        let data = try DataFile(source)
        if case .npz(let archive) = data, archive.names.contains(where: { Self.partNames.contains($0) }) {
            contents = .archive(archive)
        } else {
            contents = .columns(try ColumnFile(source, holding: data))
            switch data {
            case .npy(let array), .idx(let array): self.array = array
            default: break
            }
        }
    }

    /// One example by itself, where the file is an array of just that shape, such as a picture; `nil` where it is not.
    func single(ofShape shape: [Int]) -> Examples? {
        guard let array, shape.count > 1, array.shape == shape else { return nil }
        return Examples(
            name: Self.title(name), source: name, features: array.inCOrder().reshaped([1] + shape))
    }

    /// A part of the data.
    enum Part: String {
        case train, test
    }

    private static let partNames: Set = ["x_train", "x_test"]

    /// Whether the data come in a training and a test part.
    var hasParts: Bool {
        switch contents {
        case .parts, .archive: true
        case .columns: false
        }
    }

    /// One of the two parts; `nil` where it is not there.
    func part(_ part: Part) throws(DataFileError) -> Examples? {
        switch contents {
        case .parts(let train, let test): return part == .train ? train : test
        case .columns: return nil
        case .archive(let archive):
            guard archive.names.contains("x_\(part)") else { return nil }
            let features = try archive.array(named: "x_\(part)")
            let hasTargets = archive.names.contains("y_\(part)")
            return Examples(
                name: Self.title(name), source: name, features: features,
                nominalRange: MNIST.nominalRange(ofPictures: features),
                targets: hasTargets ? .numbers(try archive.array(named: "y_\(part)")) : nil)
        }
    }

    /// The rows to train on, from named columns.
    ///
    /// - Parameters:
    ///   - target: The column of the truth.
    ///   - features: The columns to use, in a list; `nil` for all others.
    ///   - weights: The column that says how much each row counts; `nil` for none.
    ///   - coding: What to do about text and missing values.
    func rows(
        target: String, features: String?, weights: String?, coding options: ColumnCodingOptions
    ) throws -> Examples {
        let file = columnFile
        let place = try place(of: target, option: "target")
        let weight = try weights.map { try self.place(of: $0, option: "weights") }
        if weight == place { throw Misuse("--weights and --target name the same column.") }
        let chosen =
            try features.map { list throws(ColumnList.UnknownName) in
                try ColumnList.places(of: list, in: file)
            } ?? file.columnNames.indices.filter { $0 != place && $0 != weight }
        if chosen.contains(place) {
            throw Misuse("\"\(file.columnNames[place])\" is the target and cannot be a feature too.")
        }
        if let weight, chosen.contains(weight) {
            throw Misuse("\"\(file.columnNames[weight])\" is the weight and cannot be a feature too.")
        }
        let (categorical, references) = try options.categories(in: file, features: chosen)
        return try rows(
            features: chosen, target: place, weight: weight, missing: options.missing
        ) { columns, rows in
            do {
                return try FeatureCoding(
                    columns, places: chosen, of: file, rows: rows, categorical: categorical,
                    references: references, hasIntercept: true, fillsMissing: options.missing == .mean)
            } catch let error as FeatureScout.UnknownLevel {
                throw Misuse("--reference: \(error)")
            }
        }
    }

    /// Rows with the features of a model, found by the names of their columns, or by their order where the file has no
    /// names.
    ///
    /// - Parameters:
    ///   - coding: How columns become the model's features; `nil` where the model does not know names.
    ///   - count: How many features there are.
    ///   - target: The column of the truth; `nil` for none.
    ///   - missing: What to do about missing values.
    func rows(
        coded coding: FeatureCoding?, count: Int, target: String?, missing: MissingValues
    ) throws -> Examples {
        let file = columnFile
        let place = try target.map { try self.place(of: $0, option: "target") }
        let others = file.columnNames.indices.filter { $0 != place }
        let terms = coding?.terms ?? others.map { FeatureCoding.Term(column: file.columnNames[$0]) }
        var places: [Int]
        let byName = Dictionary(uniqueKeysWithValues: file.columnNames.enumerated().map { ($1, $0) })
        let absent = terms.map(\.column).filter { byName[$0] == nil }
        if absent.isEmpty {
            places = terms.map { byName[$0.column]! }
        } else if file.columnNames.first == "column1", others.count == terms.count {
            // Columns without a header can only be told by their order.
            places = others
        } else {
            throw Refusal(
                """
                \(name): the model needs the \(absent.count == 1 ? "column" : "columns") \
                \(ColumnList.described(absent)), and the file has \(ColumnList.described(file.columnNames))
                """)
        }
        guard coding != nil || others.count == count else {
            throw Refusal("\(name): the model takes \(count) features, and the file has \(others.count)")
        }
        if let place, places.contains(place) {
            throw Misuse(
                "\"\(DataFileError.printable(file.columnNames[place]))\" is one of the model's features, not its target."
            )
        }
        return try rows(features: places, target: place, missing: missing) { columns, _ in
            let coding = coding ?? FeatureCoding(terms: terms)
            if missing == .mean { try coding.requireMeans(for: columns, places: places, of: file) }
            return coding
        }
    }

    /// The column of the truth that a model was trained on, where the file has it; `nil` for none.
    func target(of model: ModelFile) -> String? {
        guard case .columns(let file) = contents, let name = model.notes.targetName else { return nil }
        return file.columnNames.contains(name) ? name : nil
    }

    /// The place of the one column that an option names.
    private func place(of name: String, option: String) throws -> Int {
        let places = try ColumnList.places(of: name, in: columnFile)
        guard places.count == 1 else {
            throw Misuse("--\(option) names \(places.count) columns; one is needed.")
        }
        return places[0]
    }

    private var columnFile: ColumnFile {
        guard case .columns(let file) = contents else { preconditionFailure("data in parts have no columns") }
        return file
    }

    /// The rows that count, their features coded.
    private func rows(
        features places: [Int], target: Int?, weight: Int? = nil, missing: MissingValues,
        coding: (_ columns: [Table.Column], _ rows: [Int]) throws -> FeatureCoding
    ) throws -> Examples {
        let file = columnFile
        guard !places.isEmpty else { throw Refusal("\(name): there is no column left to be a feature") }
        let all = places + [target, weight].compactMap(\.self)
        let length = file.lengths[target ?? places[0]]
        if let other = all.first(where: { file.lengths[$0] != length }) {
            throw file.error(other, "has \(file.lengths[other]) values, and others \(length)")
        }
        let columns = try file.columns(all)
        let rows = try missing.rows(columns, places: all, filled: places.count, of: file)
        guard !rows.isEmpty else {
            throw Refusal("\(name): has no " + (length == 0 ? "rows" : "row without a missing value"))
        }
        let featureColumns = Array(columns.prefix(places.count))
        let coding = try coding(featureColumns, rows)
        let matrix = try coding.matrix(featureColumns, rows: rows, of: file, places: places)
        var targets: Examples.Targets?
        if target != nil {
            switch columns[places.count].values {
            case .numbers(let numbers): targets = .numbers(NumericArray(rows.map { numbers[$0] }))
            case .text(let text): targets = .text(rows.map { text[$0] })
            }
        }
        var examples = Examples(
            name: Self.title(name), source: name,
            features: NumericArray(
                Array(matrix.withUnsafeElements { $0 }), shape: [matrix.rows, matrix.columns]),
            featureNames: coding.featureNames, targets: targets)
        examples.coding = coding
        if let weight { examples.weights = try weights(columns[all.count - 1], rows, at: weight) }
        if rows.count < length { examples.rows = rows }
        examples.dropped = length - rows.count
        if missing == .mean { examples.gaps = Examples.Gaps(featureColumns, rows: rows, coding) }
        return examples
    }

    /// What a column says of how much rows count.
    private func weights(_ column: Table.Column, _ rows: [Int], at place: Int) throws -> [Double] {
        guard let numbers = column.numbers else {
            throw Refusal(
                "\(name): the weights \"\(DataFileError.printable(column.name))\" are text, not numbers")
        }
        if let row = rows.first(where: { numbers[$0] < 0 }) {
            throw columnFile.error(
                row: row, column: place,
                "is \(NumberFormat.shortest(numbers[row])), and a weight is 0 or more")
        }
        let weights = rows.map { numbers[$0] }
        guard weights.contains(where: { $0 > 0 }) else { throw Refusal("\(name): all weights are 0") }
        return weights
    }

    /// A file's name without folder and ending; MNIST by its own.
    private static func title(_ path: String) -> String {
        let name = DataFile.arrayName(forPath: path)
        return name == "mnist" ? "MNIST" : name == "array" ? "data" : name
    }
}

extension Examples {
    /// The examples of a data set.
    init(_ dataset: Dataset) {
        self.init(
            name: dataset.name, source: dataset.name,
            features: dataset.features.reshaped([dataset.count] + dataset.exampleShape),
            nominalRange: dataset.nominalRange,
            targets: .text(dataset.labels.map { dataset.classNames[Int($0)] }))
    }
}
