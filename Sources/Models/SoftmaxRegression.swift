import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// Softmax regression, also called multinomial logistic regression: what to fit, and how.
///
/// P(class k | x) = softmax(x W + b)ₖ. `fit` chooses W and b to minimize the mean cross-entropy plus the penalty, a
/// convex problem; the fitted model is a `SoftmaxClassifier`.
public struct SoftmaxRegression: Codable, Equatable, Sendable {
    /// What is added to the mean loss to keep weights small; the intercepts are not penalized.
    public var penalty: Penalty

    /// How features are scaled, fitted on the training set.
    public var scaling: Scaling

    /// Softmax regression.
    public init(penalty: Penalty = .none, scaling: Scaling = .automatic) {
        self.penalty = penalty
        self.scaling = scaling
    }

    /// Fits W and b, starting from zero.
    ///
    /// - Parameters:
    ///   - training: Labelled examples.
    ///   - validation: Examples on which loss and accuracy are recorded after each epoch.
    ///   - rule: How a gradient becomes a step.
    ///   - batchSize: The number of examples an update.
    ///   - budget: How long to train.
    ///   - type: The type in which to compute.
    ///   - seed: Determines the order of the examples.
    ///   - onRecord: Told of each record as it is made.
    /// - Throws: `TrainingError.diverged`.
    public func fit<Scalar: MatrixScalar, Rule: UpdateRule>(
        _ training: Dataset, validating validation: Dataset? = nil,
        with rule: Rule = Adam(learningRate: 1e-3),
        batchSize: BatchSize = 64, for budget: Budget = .epochs(20), as type: Scalar.Type = Float.self,
        seed: UInt64 = 0, onRecord: (History.Record) -> Void = { _ in }
    ) throws(TrainingError) -> SoftmaxClassifier<Scalar> {
        let layout = NetworkLayout(sizes: [training.featureCount, training.classCount])
        var network = NetworkClassifier<Scalar>(
            layout: layout, parameters: Array(repeating: 0, count: layout.parameterCount), scaler: nil,
            classNames: training.classNames)
        let history = try network.train(
            on: training, validating: validation, with: rule, batchSize: batchSize, for: budget,
            scaling: scaling, penalty: penalty, seed: seed, onRecord: onRecord)
        return SoftmaxClassifier(network: network, history: history)
    }
}

/// A fitted softmax regression.
public struct SoftmaxClassifier<Scalar: MatrixScalar>: Classifier, Codable, Equatable {
    let network: NetworkClassifier<Scalar>

    /// What happened while it was fitted.
    public let history: History

    /// W, features × classes, for features scaled by `scaler`.
    public var weights: Matrix<Scalar> {
        let layer = network.layout.layers[0]
        return Matrix(
            rows: layer.inputs, columns: layer.outputs, elements: Array(network.parameters[layer.weights]))
    }

    /// b, one number a class.
    public var intercepts: [Scalar] { Array(network.parameters[network.layout.layers[0].bias]) }

    /// The scaler fitted on the training set.
    public var scaler: Scaler { network.scaler! }

    /// The names of the classes, in the order of the columns of `logits`.
    public var classNames: [String] { network.classNames }

    /// The logits: examples × classes, unnormalized log-probabilities.
    public func logits(for dataset: Dataset) -> Matrix<Scalar> { network.logits(for: dataset) }

    /// The mean cross-entropy, and the share of examples classified rightly.
    public func evaluate(on dataset: Dataset) -> (loss: Double, accuracy: Double) {
        network.evaluate(on: dataset)
    }
}
