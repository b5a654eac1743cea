import Descent
import DescentDatasets

extension SavedModel {
    /// The numbers that were fitted.
    var parameterCount: Int {
        switch self {
        case .linear(let model): model.coefficients.count + (model.hasIntercept ? 1 : 0)
        case .logistic(let model): model.weights.count + (model.hasIntercept ? 1 : 0)
        case .softmax(let model): model.weights.elements.count + model.classNames.count
        case .softmaxFloat(let model): model.weights.elements.count + model.classNames.count
        case .mlp(let model): model.layout.parameterCount
        case .mlpDouble(let model): model.layout.parameterCount
        case .regressor(let model): model.layout.parameterCount
        case .regressorDouble(let model): model.layout.parameterCount
        }
    }

    /// How a logistic or softmax regression was fitted; `nil` for others, and where nobody knows.
    var fit: SolverReport? {
        switch self {
        case .logistic(let model): model.report
        case .softmax(let model): model.report
        case .softmaxFloat(let model): model.report
        case .linear, .mlp, .mlpDouble, .regressor, .regressorDouble: nil
        }
    }

    /// The numbers that features are multiplied with in a regression.
    var coefficientCount: Int {
        switch self {
        case .linear(let model): model.coefficients.count
        case .logistic(let model): model.weights.count
        case .softmax(let model): model.weights.rows * model.weights.columns
        case .softmaxFloat(let model): model.weights.rows * model.weights.columns
        case .mlp, .mlpDouble, .regressor, .regressorDouble: 0
        }
    }

    /// The predicted quantities, one an example; of several targets the first.
    ///
    /// - Precondition: not a classifier.
    func quantities(for dataset: Dataset) -> [Double] {
        func firstColumn(_ matrix: Matrix<some MatrixScalar>) -> [Double] {
            (0..<matrix.rows).map { Double(matrix[$0, 0]) }
        }
        switch self {
        case .linear(let model): return model.predict(dataset.matrix(as: Double.self))
        case .regressor(let model): return firstColumn(model.predict(for: dataset))
        case .regressorDouble(let model): return firstColumn(model.predict(for: dataset))
        case .logistic, .softmax, .softmaxFloat, .mlp, .mlpDouble:
            preconditionFailure("a classifier predicts no quantities")
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

extension ModelNotes {
    /// What is worth knowing of the data that a model was trained on.
    init(_ data: TrainingData) {
        self.init(
            featureNames: data.featureNames, coding: data.coding.flatMap { $0.isPlain ? nil : $0 },
            exampleShape: data.train.exampleShape,
            nominalRange: data.train.nominalRange, targetName: data.targetName)
    }
}
