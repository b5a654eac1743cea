import Descent
import DescentDatasets

/// Examples to train on, to watch, and to test on in the end.
struct TrainingData {
    /// With weights, where rows have some; the other parts have none.
    let train: Dataset
    let validation: Dataset?
    let test: Dataset?
    /// The names of the features; `nil` where they have none.
    let featureNames: [String]?
    /// How columns became the features; `nil` where they are none of a file of columns.
    var coding: FeatureCoding?
    /// What was done about text and missing values, in lines.
    var remarks: [String] = []
    /// How many rows were left out for missing values, and how many values have a mean in their place.
    var dropped = 0
    var filled = 0
    /// The name of what is predicted; `nil` where it has none.
    let targetName: String?
    /// What was said about the data, by option: what a run that is resumed has to say again.
    var identity: [String: String] = [:]

    /// What an example is called: a picture has two axes.
    var noun: String { train.exampleShape.count == 2 ? "images" : "examples" }

    /// The parts that there are, by name.
    var parts: [(name: String, dataset: Dataset)] {
        [("training", train.unweighted)] + (validation.map { [("validation", $0)] } ?? [])
            + (test.map { [("test", $0)] } ?? [])
    }

    /// What to know of the data before believing a fit.
    var warnings: [String] {
        if train.isLabelled {
            guard train.classCount > 20, 2 * train.classCount > train.count else { return [] }
            return [
                """
                \(NumberFormat.count(train.classCount)) classes of \(NumberFormat.count(train.count)) training \(noun) \
                are hardly classes: a quantity is predicted by linear, or by mlp --regression
                """
            ]
        }
        guard let targets = train.targets, (1..<targets.rows).allSatisfy({ targets[$0, 0] == targets[0, 0] })
        else { return [] }
        return [
            "the target is \(NumberFormat.shortest(targets[0, 0])) in every training row: there is nothing to explain"
        ]
    }

    /// The data, and what was done about text and missing values.
    var lines: [String] { [description] + remarks }

    /// The data in a line.
    var description: String {
        let counts = parts.map { "\(NumberFormat.count($0.dataset.count)) \($0.name)" }
        let list =
            counts.count > 1
            ? counts.dropLast().joined(separator: ", ") + " and " + counts.last! : counts[0]
        let features = train.featureCount == 1 ? "1 feature" : "\(train.featureCount) features"
        return "\(train.name): \(list) \(noun), \(features)"
            + (train.isLabelled ? ", \(train.classCount) classes" : "")
    }
}

extension TrainingDataOptions {
    /// The data for a classifier, split as was asked for.
    ///
    /// - Parameter seed: Decides which examples are held out.
    func classification(seed: UInt64) throws -> TrainingData {
        do {
            let data = try split(seed: seed) { examples, classNames in
                try examples.labelled(classNames: classNames)
            }
            let classNames = data.train.classNames
            if classNames.count < 2 { throw LogisticError.oneClass(classNames) }
            return data
        } catch let error as DatasetError {
            guard case .labelNotInteger = error.reason else { throw error }
            throw Refusal("\(error). A target that is a quantity needs mlp --regression, or linear")
        }
    }

    /// The data for a regression, split as was asked for.
    ///
    /// - Parameter seed: Decides which examples are held out.
    func regression(seed: UInt64) throws -> TrainingData {
        let name = target ?? "y"
        return try split(seed: seed) { examples, _ in try examples.measured(name) }
    }

    /// - Parameter dataset: Examples with their truth, of the classes of the training examples where those are known.
    private func split(
        seed: UInt64, _ dataset: (Examples, _ classNames: [String]?) throws -> Dataset
    ) throws -> TrainingData {
        let source = try read()
        var examples = source.train
        let whole = try dataset(examples, nil)
        let classNames = whole.isLabelled ? whole.classNames : nil
        /// Takes a share out of some rows.
        func divide(
            _ rows: [Int32]?, _ share: Double, _ seed: UInt64
        ) throws -> (rest: [Int32], taken: [Int32]) {
            let part = rows.map { whole.subset($0) } ?? whole
            guard part.count >= 2 else { throw Refusal("\(examples.source): one example cannot be split") }
            let (rest, taken) = part.splitIndices(
                validation: share, stratified: whole.isLabelled, seed: seed)
            guard let rows else { return (rest, taken) }
            return (rest.map { rows[Int($0)] }, taken.map { rows[Int($0)] })
        }
        var training: [Int32]?
        var (held, tested): ([Int32]?, [Int32]?)
        if let share = test.flatMap(Double.init) {
            // Not by the seed of the run: scores of different seeds are of the same test set.
            (training, tested) = try divide(training, share, 0)
        }
        if let validation { (training, held) = try divide(training, validation, seed) }

        examples = try examples.filled(byMeansOf: training ?? (0..<Int32(whole.count)).map { $0 })
        let filled = examples.gaps.isEmpty ? whole : try dataset(examples, classNames)
        let test = try source.test(examples)
        let fitted = try examples.weights.map { try filled.weighted(by: $0) } ?? filled
        let train = training.map { fitted.subset($0) } ?? fitted
        if let weights = train.weights, !weights.contains(where: { $0 > 0 }) {
            throw Refusal("\(examples.source): all training rows have the weight 0")
        }
        var data = TrainingData(
            train: train, validation: held.map { filled.subset($0) },
            test: try tested.map { filled.subset($0) } ?? test.map { try dataset($0, classNames) },
            featureNames: examples.featureNames, targetName: target)
        data.coding = examples.coding
        data.identity = identity
        data.dropped = examples.dropped + (test?.dropped ?? 0)
        data.filled = examples.gaps.count + (test?.gaps.count ?? 0)
        data.remarks = examples.coding?.lines ?? []
        if data.dropped > 0 { data.remarks.append(data.rowsLeftOut) }
        if data.filled > 0 { data.remarks.append(data.valuesFilled) }
        return data
    }
}

extension TrainingData {
    /// `3 rows with missing values left out`.
    fileprivate var rowsLeftOut: String {
        "\(NumberFormat.count(dropped)) row\(dropped == 1 ? "" : "s") with missing values left out"
    }

    /// `3 missing values replaced by means of the training rows`.
    fileprivate var valuesFilled: String {
        "\(NumberFormat.count(filled)) missing value\(filled == 1 ? "" : "s") replaced by means of the training rows"
    }
}
