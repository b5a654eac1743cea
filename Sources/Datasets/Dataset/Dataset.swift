import DescentLinearAlgebra

/// Examples to learn from: a table of numbers, one row an example and one column a feature, and with each example its
/// class (`labels`) or the quantities to be predicted (`targets`).
///
/// Features keep the type they have in their file, `UInt8`, `Float` or `Double`, and are converted batch by batch where
/// they are used: MNIST stays 47 MB. Other types are converted once to the narrowest of the three that holds every
/// value exactly, or to the nearest `Double`. Values that are in memory in one of the three types and in C order are
/// not copied.
///
/// A data set has at least one example and at least one feature, and every value is finite; a file for which this does
/// not hold is refused with a `DatasetError` that names the place.
public struct Dataset: Sendable {
    /// The features, examples × features, of element type `uint8`, `float32` or `float64`.
    public let features: NumericArray

    /// The shape of one example: `[28, 28]` for a picture, `[13]` for a row of a table.
    public let exampleShape: [Int]

    /// The class of each example, as an index into `classNames`; empty where examples have no classes.
    public let labels: [Int32]

    /// The names of the classes: integers in numerical order, other names in alphabetical order.
    ///
    /// Parts of a data set keep all of its classes, also those that have no example in the part.
    public let classNames: [String]

    /// The range that values may take by their nature, where it is known: 0…255 for pictures of bytes.
    ///
    /// It is a property of the measurement, not of the sample: `Scaling.automatic` scales it to 0…1.
    public let nominalRange: ClosedRange<Double>?

    /// What the data are, in a word or two.
    public let name: String

    /// Where the data are from: the full path of a file, or "bundled sample".
    public let source: String

    /// The SHA-256 of the file that the data are from, 64 hexadecimal digits, where there is one.
    public let sha256: String?

    /// The quantities to be predicted, examples × quantities; `nil` where examples have classes instead.
    public let targets: Matrix<Double>?

    /// The names of the targets; empty where examples have classes instead.
    public let targetNames: [String]

    /// How much each example counts: one of weight 2 counts as one that stands twice; `nil` where all count alike.
    public internal(set) var weights: [Double]?

    /// The number of examples.
    public var count: Int { features.shape[0] }

    /// Whether examples have classes.
    public var isLabelled: Bool { !labels.isEmpty }

    /// The number of features of one example.
    public let featureCount: Int

    /// The number of classes.
    public var classCount: Int { classNames.count }

    /// Creates a data set from features and the numbers of classes.
    ///
    /// - Parameters:
    ///   - features: The first axis counts examples; the others, if any, are the shape of one example.
    ///   - labels: One whole number an example, of any numeric type.
    ///   - classNames: The classes there are, named by their numbers; `nil` for those that occur. Give the classes of
    ///     the training set to the test set, so that both count them alike.
    ///   - nominalRange: The range that values may take by their nature, where it is known.
    ///   - name: What the data are.
    ///   - source: Where the data are from.
    ///   - sha256: The SHA-256 of that file.
    /// - Throws: `DatasetError` for numbers that do not fit together, labels that are not whole numbers or not among
    ///   the classes, and features that are not finite or not numbers of one component.
    public init(
        features: NumericArray, labels: NumericArray, classNames: [String]? = nil,
        nominalRange: ClosedRange<Double>? = nil, name: String = "data", source: String = "memory",
        sha256: String? = nil
    ) throws(DatasetError) {
        let numbers = try ClassLabels.integers(labels, source: source)
        try self.init(
            features, numbers, classNames ?? ClassLabels.classNames(of: numbers), nominalRange: nominalRange,
            name: name, source: source, sha256: sha256)
    }

    /// Creates a data set from features and the names of classes.
    ///
    /// - Parameters:
    ///   - features: The first axis counts examples; the others, if any, are the shape of one example.
    ///   - labels: The name of the class of each example.
    ///   - classNames: The classes there are; `nil` for those that occur, in numerical order where all are whole
    ///     numbers and in alphabetical order otherwise.
    ///   - nominalRange: The range that values may take by their nature, where it is known.
    ///   - name: What the data are.
    ///   - source: Where the data are from.
    ///   - sha256: The SHA-256 of that file.
    /// - Throws: `DatasetError` as the initializer with numbers does.
    public init(
        features: NumericArray, labels: [String], classNames: [String]? = nil,
        nominalRange: ClosedRange<Double>? = nil, name: String = "data", source: String = "memory",
        sha256: String? = nil
    ) throws(DatasetError) {
        try self.init(
            features, labels, classNames ?? ClassLabels.classNames(of: labels), nominalRange: nominalRange,
            name: name, source: source, sha256: sha256)
    }

    private init<Label: Hashable & LosslessStringConvertible>(
        _ features: NumericArray, _ labels: [Label], _ classNames: [String],
        nominalRange: ClosedRange<Double>?,
        name: String, source: String, sha256: String?
    ) throws(DatasetError) {
        guard let exampleCount = features.shape.first, features.count > 0 else {
            throw DatasetError(source, .empty(shape: features.shape))
        }
        guard exampleCount == labels.count else {
            throw DatasetError(source, .countMismatch(features: exampleCount, labels: labels.count))
        }
        guard exampleCount <= Int(Int32.max) else {
            throw DatasetError(source, .tooManyExamples(exampleCount))
        }
        try self.init(
            storable: Self.storable(features, source: source),
            exampleShape: features.shape.count > 1 ? Array(features.shape.dropFirst()) : [1],
            labels: ClassLabels.codes(of: labels, in: classNames, source: source),
            classNames: classNames, nominalRange: nominalRange, name: name, source: source, sha256: sha256)
    }

    /// A data set whose parts have been checked.
    init(
        storable features: NumericArray, exampleShape: [Int], labels: [Int32], classNames: [String],
        targets: Matrix<Double>? = nil, targetNames: [String] = [], weights: [Double]? = nil,
        nominalRange: ClosedRange<Double>?, name: String, source: String, sha256: String?
    ) {
        featureCount = exampleShape.reduce(1, *)
        self.features = features.reshaped([features.shape[0], featureCount])
        self.exampleShape = exampleShape
        self.labels = labels
        self.classNames = classNames
        self.targets = targets
        self.targetNames = targetNames
        self.weights = weights
        self.nominalRange = nominalRange
        self.name = name
        self.source = source
        self.sha256 = sha256
    }
}

extension Dataset: CustomStringConvertible {
    /// Name, sizes, type, and classes or targets in one line.
    public var description: String {
        let shape = exampleShape.map(String.init).joined(separator: " × ")
        let what =
            targets.map { "\($0.columns) target\($0.columns == 1 ? "" : "s")" }
            ?? (isLabelled ? "\(classCount) classes" : "without classes")
        return "\(name): \(count) examples of \(shape) \(features.elementType), \(what) (\(source))"
    }
}
