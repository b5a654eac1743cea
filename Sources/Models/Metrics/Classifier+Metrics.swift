import DescentDatasets

extension Classifier {
    /// How often each class was taken for each.
    ///
    /// - Parameters:
    ///   - dataset: Labelled examples.
    ///   - weights: How much each example counts; `nil` for 1 each.
    /// - Throws: `MetricError` for unusable weights or labels that the model does not have.
    public func confusionMatrix(
        on dataset: Dataset, weights: [Double]? = nil
    ) throws(MetricError) -> ConfusionMatrix {
        try ConfusionMatrix(
            labels: dataset.labels, predictions: predictions(for: dataset), classNames: classNames,
            weights: weights)
    }

    /// The probabilities of the examples' classes, to be asked for log loss, curves and so on.
    ///
    /// - Parameters:
    ///   - dataset: Labelled examples.
    ///   - weights: How much each example counts; `nil` for 1 each.
    /// - Throws: `MetricError` for unusable weights, or where the model's probabilities are not finite.
    public func probabilityMetrics(
        on dataset: Dataset, weights: [Double]? = nil
    ) throws(MetricError) -> ProbabilityMetrics {
        try ProbabilityMetrics(
            probabilities: probabilities(for: dataset), labels: dataset.labels, classNames: classNames,
            weights: weights)
    }

    /// Everything that is usually asked about a classifier, to be printed or written as JSON.
    ///
    /// - Parameters:
    ///   - dataset: Labelled examples.
    ///   - weights: How much each example counts; `nil` for 1 each.
    /// - Throws: `MetricError` as `probabilityMetrics(on:weights:)` does.
    public func report(
        on dataset: Dataset, weights: [Double]? = nil
    ) throws(MetricError) -> ClassificationReport {
        ClassificationReport(try probabilityMetrics(on: dataset, weights: weights))
    }
}
