import Descent
import DescentDatasets

/// Examples to train on, to watch, and to test on in the end.
struct TrainingData {
    let train: Dataset
    let validation: Dataset?
    let test: Dataset?
    /// The names of the features; `nil` where they have none.
    let featureNames: [String]?
    /// The name of what is predicted; `nil` where it has none.
    let targetName: String?

    /// What an example is called: a picture has two axes.
    var noun: String { train.exampleShape.count == 2 ? "images" : "examples" }

    /// The parts that there are, by name.
    var parts: [(name: String, dataset: Dataset)] {
        [("training", train)] + (validation.map { [("validation", $0)] } ?? [])
            + (test.map { [("test", $0)] } ?? [])
    }

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
        let (train, test) = try read()
        do {
            let training = try train.labelled()
            return try split(
                training, test?.labelled(classNames: training.classNames), of: train, seed: seed)
        } catch let error as DatasetError {
            guard case .labelNotInteger = error.reason else { throw error }
            throw Refusal("\(error). A target that is a quantity needs mlp --regression, or linear")
        }
    }

    /// The data for a regression, split as was asked for.
    ///
    /// - Parameter seed: Decides which examples are held out.
    func regression(seed: UInt64) throws -> TrainingData {
        let (train, test) = try read()
        let name = target ?? "y"
        return try split(train.measured(name), test?.measured(name), of: train, seed: seed)
    }

    private func split(
        _ whole: Dataset, _ given: Dataset?, of examples: Examples, seed: UInt64
    ) throws -> TrainingData {
        var (training, testing) = (whole, given)
        func divide(_ share: Double, _ seed: UInt64) throws -> (train: Dataset, validation: Dataset) {
            guard training.count >= 2 else {
                throw Refusal("\(examples.source): one example cannot be split")
            }
            return training.split(validation: share, stratified: training.isLabelled, seed: seed)
        }
        if let share = test.flatMap(Double.init) {
            // Not by the seed of the run: scores of different seeds are of the same test set.
            (training, testing) = try divide(share, 0)
        }
        var held: Dataset?
        if let validation { (training, held) = try divide(validation, seed) }
        return TrainingData(
            train: training, validation: held, test: testing, featureNames: examples.featureNames,
            targetName: target)
    }
}
