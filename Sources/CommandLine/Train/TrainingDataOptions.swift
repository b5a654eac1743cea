import ArgumentParser
import Descent
import DescentDatasets

/// What to train on.
struct TrainingDataOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            """
            An npz file with x_train, y_train, x_test and y_test; or a file of columns, such as CSV, with --target; \
            or one of the names digits and mnist.
            """, valueName: "data"), completion: .file())
    var data: String

    @Option(help: ArgumentHelp("The column to predict.", valueName: "column"))
    var target: String?

    @Option(help: ArgumentHelp("The columns to predict it from. (default: all others)", valueName: "columns"))
    var features: String?

    @Option(
        help: ArgumentHelp(
            "The column that says how much each row counts in training: one of weight 2 as two rows.",
            valueName: "column"))
    var weights: String?

    @OptionGroup var coding: ColumnCodingOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "What to test on in the end: a share of the rows, or a file with the same columns.",
            valueName: "share|file"))
    var test: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The share of the training examples to hold out and evaluate on after each epoch.",
            valueName: "share"))
    var validation: Double?

    @Option(
        help:
            "How features are scaled; automatic takes pixels to 0…1 and standardizes others, symmetric-range takes to −1…1."
    )
    var scaling = FeatureScaling.automatic

    func validate() throws {
        if let validation, !(validation > 0 && validation < 1) {
            throw ValidationError("--validation must lie between 0 and 1, not be \(validation).")
        }
        if let share = test.flatMap(Double.init), !(share > 0 && share < 1) {
            throw ValidationError("--test must be a share between 0 and 1, or a file, not \(share).")
        }
        if target == "" { throw ValidationError("--target names no column.") }
        if data == "-" && test == "-" { throw ValidationError("standard input can be read only once.") }
    }

    /// What was said, by option; names of files say nothing of what is in them.
    var identity: [String: String] {
        let said = [
            "--target": target, "--features": features, "--weights": weights,
            "--categorical": coding.categorical,
            "--reference": coding.reference.isEmpty ? nil : coding.reference.joined(separator: ", "),
            "--missing": coding.missing == .refuse ? nil : "\(coding.missing)",
            "--validation": validation.map { "\($0)" },
            "--test": test.flatMap(Double.init).map { "\($0)" },
        ]
        return said.compactMapValues { $0 }
    }

    /// What to train on, and what to test on if there is anything.
    ///
    /// The test set of a file of columns is read when it is known how the training examples are coded.
    struct Source {
        let train: Examples
        let test: (_ train: Examples) throws -> Examples?
    }

    /// Reads the data.
    func read() throws -> Source {
        let file = try ExampleFile(data)
        if file.hasParts {
            for (option, value) in [
                ("target", target), ("features", features), ("weights", weights),
                (coding.used ?? "", coding.used),
            ]
            where value != nil {
                throw Misuse("--\(option) is for files of columns; \(file.name) has x_train and y_train.")
            }
            guard let train = try file.part(.train) else {
                throw Refusal("\(file.name): has x_test, but no x_train to train on")
            }
            if train.targets == nil { throw Refusal("\(file.name): has x_train, but no y_train") }
            let test = try file.part(.test)
            if test != nil, test?.targets == nil { throw Refusal("\(file.name): has x_test, but no y_test") }
            guard self.test == nil else {
                throw Misuse("--test is for files of columns; \(file.name) has its own parts.")
            }
            try Self.checkShapes(train, test)
            return Source(train: train) { _ in test }
        }
        guard let target else {
            throw Misuse("--target is needed: the column of \(file.name) to predict.")
        }
        let train = try file.rows(target: target, features: features, weights: weights, coding: coding)
        guard let test, Double(test) == nil else { return Source(train: train) { _ in nil } }
        let other = try ExampleFile(test)
        guard !other.hasParts else {
            throw Misuse("--test needs a file of columns, as the training data are.")
        }
        return Source(train: train) { train in
            try other.rows(
                coded: train.coding, count: train.featureCount, target: target, missing: coding.missing)
        }
    }

    private static func checkShapes(_ train: Examples, _ test: Examples?) throws {
        if let test, train.features.shape.dropFirst() != test.features.shape.dropFirst() {
            throw Refusal(
                """
                \(train.source): training examples have shape \(Array(train.features.shape.dropFirst())), \
                test examples \(Array(test.features.shape.dropFirst()))
                """)
        }
    }
}
