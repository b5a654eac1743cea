/// Why no data set could be made of what was read.
public struct DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Where the data are from: the path of a file, or "memory".
    public let source: String

    /// What was wrong.
    public let reason: Reason

    package init(_ source: String, _ reason: Reason) {
        self.source = source
        self.reason = reason
    }

    /// What can be wrong.
    ///
    /// Rows and columns count from 0.
    public enum Reason: Equatable, Sendable {
        /// There are no examples, or examples without features.
        case empty(shape: [Int])
        /// Features and labels are of different numbers of examples.
        case countMismatch(features: Int, labels: Int)
        /// More examples than a 32-bit index can count.
        case tooManyExamples(Int)
        /// Labels are not one number an example.
        case labelShape([Int])
        /// A label is not a whole number.
        case labelNotInteger(row: Int, value: String)
        /// A label is none of the classes there are.
        case unknownClass(row: Int, name: String, classes: [String])
        /// Features are pairs of numbers.
        case complexFeatures(ElementType)
        /// A feature is NaN, infinite, or so large (above 2¹⁰⁰⁰) that nothing can be computed with it.
        case valueNotUsable(row: Int, column: Int, value: String)
        /// Training and test examples differ in shape.
        case shapeMismatch(training: [Int], test: [Int])
        /// Targets are not one row an example, or none.
        case targetShape([Int], examples: Int)
        /// A target is NaN or infinite.
        case targetNotFinite(row: Int, column: Int, value: String)
        /// Weights are not one number an example.
        case weightCount(Int, examples: Int)
        /// A weight is negative, NaN or infinite.
        case weightNotUsable(row: Int, value: String)
        /// No example has a weight above 0.
        case noWeight
        /// A table has no column of a name.
        case noSuchColumn(String, found: [String])
        /// A column that should be a feature holds text.
        case textColumn(String)
        /// A table lacks a value.
        case missingValue(row: Int, column: String)
        /// An npz file lacks arrays that are needed.
        case missingArrays([String], found: [String])
        /// The file could not be read.
        case file(DataFileError)
    }

    /// Where it was, and what was wrong.
    public var description: String {
        // What a file's reader says begins with the file.
        if case .file(let error) = reason { return error.description }
        return "\(source): \(reason)"
    }
}

extension DatasetError.Reason: CustomStringConvertible {
    /// What was wrong, and what to do about it, in a sentence.
    public var description: String {
        switch self {
        case .empty(let shape):
            "no examples or no features (an array of shape \(shape)); at least one of each is needed"
        case .countMismatch(let features, let labels):
            "\(features) rows of features but \(labels) labels; each example needs one label"
        case .tooManyExamples(let count):
            "\(count) examples; at most \(Int32.max) can be indexed"
        case .labelShape(let shape):
            "labels are an array of shape \(shape); one number an example is needed, not one column a class"
        case .labelNotInteger(let row, let value):
            "the label of row \(row) is \(value); labels must be whole numbers"
        case .unknownClass(let row, let name, let classes):
            "the label of row \(row) is \"\(name)\", which is none of the \(classes.count) classes \(Self.list(classes))"
        case .complexFeatures(let type):
            "features are of type \(type); real numbers are needed"
        case .valueNotUsable(let row, let column, let value):
            "the feature in row \(row), column \(column) is \(value); replace or drop values that are not finite"
        case .shapeMismatch(let training, let test):
            "training examples have shape \(training), test examples \(test)"
        case .targetShape(let shape, let examples):
            "targets are of shape \(shape) for \(examples) examples; one row an example is needed, with at least one target"
        case .targetNotFinite(let row, let column, let value):
            "the target in row \(row), column \(column) is \(value); drop examples whose target is not known"
        case .weightCount(let count, let examples):
            "\(count) weights for \(examples) examples; each example needs one"
        case .weightNotUsable(let row, let value):
            "the weight of row \(row) is \(value); weights must be finite and not negative"
        case .noWeight:
            "all weights are 0; at least one example must count"
        case .noSuchColumn(let name, let found):
            "no column named \"\(name)\"; there are \(Self.list(found))"
        case .textColumn(let name):
            "the column \"\(name)\" holds text; features must be numbers, so drop it or replace it by numbers"
        case .missingValue(let row, let column):
            "row \(row) has no value in the column \"\(column)\"; fill it in or drop the row"
        case .missingArrays(let missing, let found):
            "no array named \(missing.joined(separator: ", ")); the file holds \(Self.list(found))"
        case .file(let error):
            error.description
        }
    }

    /// The first few names.
    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(12).joined(separator: ", ")
        return names.count > 12 ? "\(shown), …" : names.isEmpty ? "nothing" : shown
    }
}
