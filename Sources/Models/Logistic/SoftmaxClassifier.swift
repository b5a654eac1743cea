import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// A fitted softmax regression.
public struct SoftmaxClassifier<Scalar: MatrixScalar>: Classifier, Codable, Equatable {
    let network: NetworkClassifier<Scalar>

    /// What happened while it was fitted; for `fit(_:)` a record for each iteration, `epoch` counting passes.
    public let history: History

    /// The names of the features; empty where none were given to an update rule's fit.
    public let featureNames: [String]

    /// The penalty that it was fitted with.
    public let penalty: Penalty

    /// How the search for the minimum went; nil for a fit by an update rule.
    public let report: SolverReport?

    /// Standard errors and the like; nil with a penalty, which leaves estimates biased by an unknown amount, and for a
    /// fit by an update rule.
    public let inference: LogisticInference?

    init(network: NetworkClassifier<Scalar>, history: History, penalty: Penalty) {
        self.penalty = penalty
        self.network = network
        self.history = history
        featureNames = []
        report = nil
        inference = nil
    }

    /// W, features × classes, for features scaled by `scaler`.
    public var weights: Matrix<Scalar> {
        let layer = network.layout.layers[0]
        return Matrix(
            rows: layer.inputs, columns: layer.outputs, elements: Array(network.parameters[layer.weights]))
    }

    /// b, one number a class.
    public var intercepts: [Scalar] { Array(network.parameters[network.layout.layers[0].bias]) }

    /// The scaler fitted on the training set; after `fit(_:)`, the one that leaves features as they are given.
    public var scaler: Scaler { network.scaler! }

    /// The names of the classes, in the order of the columns of `logits`.
    public var classNames: [String] { network.classNames }

    /// The logits: examples × classes, unnormalized log-probabilities.
    public func logits(for dataset: Dataset) -> Matrix<Scalar> {
        guard let rows = byteRows(dataset) else { return network.logits(for: dataset) }
        return Matrix(rows: dataset.count, columns: classNames.count) {
            rows.logits(
                at: network.parameters, into: $0.baseAddress!, pieces: max(1, min(16, dataset.count / 512)))
        }
    }

    /// Passes over a data set whose features are bytes; `nil` for others.
    private func byteRows(_ dataset: Dataset) -> ByteRows<Scalar>? {
        guard let scaler = network.scaler, dataset.featureCount == scaler.featureCount,
            !dataset.isLabelled || dataset.classNames == classNames
        else { return nil }
        return ByteRows(
            dataset, scaler: scaler, classes: classNames.count,
            places: .columns(classes: classNames.count, features: scaler.featureCount, hasIntercept: true))
    }

    /// The mean cross-entropy, and the share of examples classified rightly.
    public func evaluate(on dataset: Dataset) -> (loss: Double, accuracy: Double) {
        guard dataset.isLabelled, dataset.weights == nil, byteRows(dataset) != nil else {
            return network.evaluate(on: dataset)
        }
        let sums = logits(for: dataset).withUnsafeElements { logits in
            dataset.labels.withUnsafeBufferPointer {
                SoftmaxCrossEntropy.evaluate(
                    logits: logits.baseAddress!, labels: $0.baseAddress!, rows: dataset.count,
                    classes: classNames.count)
            }
        }
        return (sums.loss / Double(dataset.count), Double(sums.correct) / Double(dataset.count))
    }
}

extension SoftmaxClassifier where Scalar == Double {
    init(_ problem: LogisticProblem, _ fit: LogisticFit) {
        let layout = NetworkLayout(sizes: [problem.dataset.featureCount, problem.dataset.classCount])
        network = NetworkClassifier(
            layout: layout, parameters: fit.parameters,
            scaler: .identity(featureCount: problem.dataset.featureCount),
            classNames: problem.dataset.classNames)
        history = fit.history
        featureNames = problem.featureNames
        penalty = problem.penalty
        report = fit.report
        inference = fit.inference
    }

    /// Weights and intercepts for features as they are given.
    ///
    /// - Precondition: the scaler does not clip, which no weights could stand for.
    var unscaledParameters: [Double] {
        guard let parameters = network.network.unscaledParameters else {
            preconditionFailure("a fit on clipped features is no start for one on whole features")
        }
        return parameters
    }
}
