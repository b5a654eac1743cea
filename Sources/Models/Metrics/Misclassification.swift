import DescentDatasets

/// An example that a classifier took for another class than its own.
public struct Misclassification: Codable, Equatable, Sendable {
    /// Which example of the data set.
    public let example: Int

    /// The class that it is, as an index into the model's `classNames`.
    public let label: Int

    /// The class that it was taken for.
    public let prediction: Int

    /// The probability that the model gave to that.
    public let probability: Double

    /// An example that was taken for another class.
    public init(example: Int, label: Int, prediction: Int, probability: Double) {
        self.example = example
        self.label = label
        self.prediction = prediction
        self.probability = probability
    }
}

extension Classifier {
    /// The examples that the model takes for another class than their own, the surest mistakes first.
    ///
    /// - Parameter dataset: Labelled examples.
    public func misclassifications(on dataset: Dataset) -> [Misclassification] {
        precondition(dataset.isLabelled, "without labels no prediction is wrong")
        let probabilities = probabilities(for: dataset)
        return (0..<dataset.count).compactMap { row -> Misclassification? in
            let label = Int(dataset.labels[row])
            let prediction = (0..<probabilities.columns).reduce(0) {
                probabilities[row, $1] > probabilities[row, $0] ? $1 : $0
            }
            guard prediction != label else { return nil }
            return Misclassification(
                example: row, label: label, prediction: prediction,
                probability: Double(probabilities[row, prediction]))
        }
        .sorted { ($1.probability, $0.example) < ($0.probability, $1.example) }
    }
}
