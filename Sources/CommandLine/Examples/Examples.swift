import Descent
import DescentDatasets

/// Examples as a file has them, before it is said what their targets are: classes or quantities.
struct Examples: Sendable {
    /// What stands for the truth.
    enum Targets: Sendable {
        case numbers(NumericArray)
        case text([String])
    }

    /// What the data are, in a word or two.
    var name: String
    /// Where they are from.
    var source: String
    /// Examples × the shape of one.
    var features: NumericArray
    /// The names of the features; `nil` for arrays, whose axes have none.
    var featureNames: [String]?
    /// The range that values may take by their nature, where it is known.
    var nominalRange: ClosedRange<Double>?
    /// The truth, one an example; `nil` where the file does not say.
    var targets: Targets?

    /// The number of examples.
    var count: Int { features.shape.first ?? 0 }

    /// The number of features of one example.
    var featureCount: Int { features.shape.dropFirst().reduce(1, *) }

    /// The examples with their classes.
    ///
    /// - Parameter classNames: The classes that a model knows; `nil` for those that occur.
    func labelled(classNames: [String]? = nil) throws -> Dataset {
        switch targets {
        case .numbers(let numbers):
            return try Dataset(
                features: features, labels: numbers, classNames: classNames, nominalRange: nominalRange,
                name: name, source: source)
        case .text(let text):
            return try Dataset(
                features: features, labels: text, classNames: classNames, nominalRange: nominalRange,
                name: name, source: source)
        case nil: throw Misuse("\(source) does not say what the examples are: --target names a column.")
        }
    }

    /// The examples with their quantities.
    func measured(_ name: String) throws -> Dataset {
        let values: [Double]
        switch targets {
        case .numbers(let numbers):
            guard numbers.count == count else {
                throw Refusal("\(source): \(count) examples, but \(numbers.count) targets")
            }
            values = try numbers.values(as: Double.self, .nearest)
        case .text:
            throw Refusal("\(source): the target \"\(name)\" is text; a regression needs numbers")
        case nil: throw Misuse("\(source) does not say what the truth is: --target names a column.")
        }
        return try Dataset(
            features: features, targets: Matrix(rows: values.count, columns: 1, elements: values),
            targetNames: [name], nominalRange: nominalRange, name: self.name, source: source)
    }

    /// The examples without what is known of them.
    func unlabelled() throws(DatasetError) -> Dataset {
        try Dataset(features: features, nominalRange: nominalRange, name: name, source: source)
    }
}

/// What the data do not allow: the command ends with exit code 1.
struct Refusal: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
