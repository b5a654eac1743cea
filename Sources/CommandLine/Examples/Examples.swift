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
    /// How columns of a file became the features; `nil` for arrays.
    var coding: FeatureCoding?
    /// Where the examples stand in the file, counted from 0; `nil` where none of its rows was left out.
    var rows: [Int]?
    /// How many rows of the file were left out for missing values.
    var dropped = 0
    /// Where the features have means in place of missing values.
    var gaps = Gaps()
    /// The range that values may take by their nature, where it is known.
    var nominalRange: ClosedRange<Double>?
    /// How much each example counts; `nil` where all count alike.
    var weights: [Double]?
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
            return try numberingRows { () throws(DatasetError) in
                try Dataset(
                    features: features, labels: numbers, classNames: classNames, nominalRange: nominalRange,
                    name: name, source: source)
            }
        case .text(let text):
            return try numberingRows { () throws(DatasetError) in
                try Dataset(
                    features: features, labels: text, classNames: classNames, nominalRange: nominalRange,
                    name: name, source: source)
            }
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
        return try numberingRows { () throws(DatasetError) in
            try Dataset(
                features: features, targets: Matrix(rows: values.count, columns: 1, elements: values),
                targetNames: [name], nominalRange: nominalRange, name: self.name, source: source)
        }
    }

    /// Says on standard error how many rows were left out.
    func noteDropped() {
        guard dropped > 0 else { return }
        StandardError.write("Note: \(source): \(rowsLeftOut).\n")
    }

    /// `3 rows with missing values left out`.
    var rowsLeftOut: String {
        "\(NumberFormat.count(dropped)) row\(dropped == 1 ? "" : "s") with missing values left out"
    }

    /// The examples without what is known of them.
    func unlabelled() throws(DatasetError) -> Dataset {
        try numberingRows { () throws(DatasetError) in
            try Dataset(features: features, nominalRange: nominalRange, name: name, source: source)
        }
    }

    /// Has an error name the row of the file, counted from 1, and not the example, counted from 0.
    private func numberingRows(
        _ body: () throws(DatasetError) -> Dataset
    ) throws(DatasetError) -> Dataset {
        func number(_ example: Int) -> Int { (rows?[example] ?? example) + 1 }
        do throws(DatasetError) {
            return try body()
        } catch {
            let reason: DatasetError.Reason
            switch error.reason {
            case .labelNotInteger(let row, let value):
                reason = .labelNotInteger(row: number(row), value: value)
            case .unknownClass(let row, let name, let classes):
                reason = .unknownClass(row: number(row), name: name, classes: classes)
            case .valueNotUsable(let row, let column, let value):
                reason = .valueNotUsable(row: number(row), column: column + 1, value: value)
            case .targetNotFinite(let row, let column, let value):
                reason = .targetNotFinite(row: number(row), column: column + 1, value: value)
            default: reason = error.reason
            }
            throw DatasetError(error.source, reason)
        }
    }
}

/// What the data do not allow: the command ends with exit code 1.
struct Refusal: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
