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
    /// What messages call it.
    let name: String

    /// Opens a file, or for `-` standard input.
    init(_ path: String) throws {
        switch path {
        case "digits":
            // The same quarter whatever the seed, so that accuracies of different seeds are of the same test set.
            let (train, test) = Digits.load().split(validation: 0.25, stratified: true, seed: 0)
            contents = .parts(train: Examples(train), test: Examples(test))
            name = "digits"
        case "mnist":
            let (train, test) = try MNIST.load()
            contents = .parts(train: Examples(train), test: Examples(test))
            name = train.name
        default:
            let source = try ByteSource(path: path)
            if try GrayImage.recognizes(source) {
                throw Refusal("\(DataFileError.printable(source.name)): is a picture, not a set of examples")
            }
            let data = try DataFile(source)
            if case .npz(let archive) = data,
                archive.names.contains(where: { Self.partNames.contains($0) })
            {
                contents = .archive(archive)
            } else {
                contents = .columns(try ColumnFile(source, holding: data))
            }
            name = DataFileError.printable(source.name)
        }
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

    /// All rows, from named columns.
    ///
    /// - Parameters:
    ///   - target: The column of the truth; `nil` for none.
    ///   - features: The columns to use, in a list; `nil` for all others.
    func rows(target: String?, features: String? = nil) throws -> Examples {
        guard case .columns(let file) = contents else { preconditionFailure("data in parts have no columns") }
        var place: Int?
        if let target {
            let places = try ColumnList.places(of: target, in: file)
            guard places.count == 1 else {
                throw Misuse("--target names \(places.count) columns; one is needed.")
            }
            place = places[0]
        }
        var places = try features.map { list throws(ColumnList.UnknownName) in
            try ColumnList.places(of: list, in: file)
        }
        if let place, places?.contains(place) == true {
            throw Misuse("\"\(file.columnNames[place])\" is the target and cannot be a feature too.")
        }
        places = places ?? file.columnNames.indices.filter { $0 != place }
        return try rows(of: file, features: places!, target: place)
    }

    /// All rows, the features those of a model by name, or by their number where the file has no names.
    ///
    /// - Parameters:
    ///   - names: The model's features; `nil` where they have no names.
    ///   - count: How many there are.
    ///   - target: The column of the truth; `nil` for none.
    func rows(named names: [String]?, count: Int, target: String?) throws -> Examples {
        guard case .columns(let file) = contents else { preconditionFailure("data in parts have no columns") }
        let place = try target.map { try ColumnList.places(of: $0, in: file)[0] }
        let others = file.columnNames.indices.filter { $0 != place }
        if let names {
            let places = Dictionary(uniqueKeysWithValues: file.columnNames.enumerated().map { ($1, $0) })
            let missing = names.filter { places[$0] == nil }
            if missing.isEmpty {
                return try rows(of: file, features: names.map { places[$0]! }, target: place)
            }
            // Columns without a header can only be told by their order.
            guard file.columnNames.first == "column1", others.count == count else {
                throw Refusal(
                    """
                    \(name): the model needs the \(missing.count == 1 ? "column" : "columns") \
                    \(ColumnList.described(missing)), and the file has \(ColumnList.described(file.columnNames))
                    """)
            }
        }
        guard others.count == count else {
            throw Refusal("\(name): the model takes \(count) features, and the file has \(others.count)")
        }
        return try rows(of: file, features: others, target: place)
    }

    private func rows(of file: ColumnFile, features places: [Int], target: Int?) throws -> Examples {
        guard !places.isEmpty else { throw Refusal("\(name): there is no column left to be a feature") }
        let columns = try file.columns(places)
        let rows = columns[0].count
        var values = [Double](repeating: 0, count: rows * columns.count)
        for (position, column) in columns.enumerated() {
            guard let numbers = column.numbers else {
                throw file.error(places[position], "holds text; features must be numbers")
            }
            guard numbers.count == rows else {
                throw file.error(places[position], "has \(numbers.count) values, and others \(rows)")
            }
            for (row, number) in numbers.enumerated() {
                guard number.isFinite else {
                    throw file.error(
                        row: row, column: places[position],
                        column.missing[row] == nil ? "is \(number); it must be finite" : "has no value")
                }
                values[row * columns.count + position] = number
            }
        }
        var targets: Examples.Targets?
        if let target {
            let column = try file.columns([target])[0]
            if let row = column.missing.keys.min() {
                throw file.error(row: row, column: target, "has no value")
            }
            guard column.count == rows else {
                throw file.error(target, "has \(column.count) values, and others \(rows)")
            }
            switch column.values {
            case .numbers(let numbers): targets = .numbers(NumericArray(numbers))
            case .text(let text): targets = .text(text)
            }
        }
        return Examples(
            name: Self.title(name), source: name,
            features: NumericArray(values, shape: [rows, columns.count]),
            featureNames: places.map { file.columnNames[$0] }, targets: targets)
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
            name: dataset.name, source: dataset.source,
            features: dataset.features.reshaped([dataset.count] + dataset.exampleShape),
            nominalRange: dataset.nominalRange,
            targets: .text(dataset.labels.map { dataset.classNames[Int($0)] }))
    }
}
