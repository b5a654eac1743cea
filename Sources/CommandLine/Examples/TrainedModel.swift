import Descent
import DescentDatasets

/// A fitted model of any kind that the command trains.
enum TrainedModel: Codable, Sendable {
    case network(MLP<Float>)
    case regressor(MLPRegressor<Float>)
    case softmax(SoftmaxClassifier<Double>)
    case logistic(LogisticClassifier)
    case linear(LinearModel)

    /// The model as a classifier; `nil` for one that predicts quantities.
    var classifier: (any Classifier)? {
        switch self {
        case .network(let model): model
        case .softmax(let model): model
        case .logistic(let model): model
        case .regressor, .linear: nil
        }
    }

    /// The number of features.
    var featureCount: Int {
        switch self {
        case .network(let model): model.layout.inputCount
        case .regressor(let model): model.layout.inputCount
        case .softmax(let model): model.scaler.featureCount
        case .logistic(let model): model.weights.count
        case .linear(let model): model.coefficients.count
        }
    }

    /// The numbers that were fitted.
    var parameterCount: Int {
        switch self {
        case .network(let model): model.layout.parameterCount
        case .regressor(let model): model.layout.parameterCount
        case .softmax(let model): (model.scaler.featureCount + 1) * model.classNames.count
        case .logistic(let model): model.weights.count + (model.hasIntercept ? 1 : 0)
        case .linear(let model): model.coefficients.count + (model.hasIntercept ? 1 : 0)
        }
    }

    /// The predicted quantities, one an example.
    ///
    /// - Precondition: not a classifier.
    func quantities(for dataset: Dataset) -> [Double] {
        switch self {
        case .regressor(let model):
            let predictions = model.predict(for: dataset)
            return (0..<predictions.rows).map { Double(predictions[$0, 0]) }
        case .linear(let model): return model.predict(dataset.matrix(as: Double.self))
        case .network, .softmax, .logistic: preconditionFailure("a classifier predicts no quantities")
        }
    }

    /// The mean loss and the share of examples classified rightly.
    ///
    /// - Precondition: a classifier.
    func evaluate(on dataset: Dataset) -> (loss: Double, accuracy: Double) {
        guard let classifier else { preconditionFailure("only a classifier has an accuracy") }
        return classifier.evaluate(on: dataset)
    }

    /// The probabilities of the classes, examples × classes.
    ///
    /// - Precondition: a classifier.
    func probabilities(for dataset: Dataset) -> [[Double]] {
        func rows(_ classifier: some Classifier) -> [[Double]] {
            let matrix = classifier.probabilities(for: dataset)
            return (0..<matrix.rows).map { row in (0..<matrix.columns).map { Double(matrix[row, $0]) } }
        }
        guard let classifier else { preconditionFailure("only a classifier has probabilities") }
        return rows(classifier)
    }

    /// What can be said of its probabilities when the truth is known.
    ///
    /// - Precondition: a classifier.
    func metrics(on dataset: Dataset) throws(MetricError) -> ProbabilityMetrics {
        func metrics(_ classifier: some Classifier) throws(MetricError) -> ProbabilityMetrics {
            try classifier.probabilityMetrics(on: dataset)
        }
        guard let classifier else { preconditionFailure("only a classifier has probabilities") }
        return try metrics(classifier)
    }
}
