import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// A fitted logistic regression.
public struct LogisticClassifier: Classifier, Codable, Equatable {
    /// w, one number a feature, for the features as they are given.
    public let weights: [Double]

    /// b; 0 for a model without one.
    public let intercept: Double

    /// Whether the model has a constant term.
    public let hasIntercept: Bool

    /// The names of the two classes; the second is the one whose logit is x·w + b.
    public let classNames: [String]

    /// The names of the features.
    public let featureNames: [String]

    /// The penalty that it was fitted with.
    public let penalty: Penalty

    /// How the fit went.
    public let report: SolverReport

    /// What happened while it was fitted: a record for each iteration, `epoch` counting passes.
    public let history: History

    /// Standard errors and the like; nil with a penalty, which leaves estimates biased by an unknown amount.
    public let inference: LogisticInference?

    init(_ problem: LogisticProblem, _ fit: LogisticFit) {
        let p = problem.dataset.featureCount
        weights = Array(fit.parameters.prefix(p))
        intercept = fit.parameters[p]
        hasIntercept = problem.fitsIntercept
        classNames = problem.dataset.classNames
        featureNames = problem.featureNames
        penalty = problem.penalty
        report = fit.report
        history = fit.history
        inference = fit.inference
    }

    /// w, then b.
    var parameters: [Double] { weights + [intercept] }

    /// x·w + b for each example: log P(second class) − log P(first class).
    public func decisionValues(for dataset: Dataset) -> [Double] {
        LogisticProblem.scores(of: dataset, parameters: parameters)
    }

    /// The logits, examples × 2: 0 and x·w + b.
    public func logits(for dataset: Dataset) -> Matrix<Double> {
        let values = decisionValues(for: dataset)
        return Matrix(rows: values.count, columns: 2) { logits in
            for (row, value) in values.enumerated() {
                logits[2 * row] = 0
                logits[2 * row + 1] = value
            }
        }
    }

    /// The mean cross-entropy, and the share of examples classified rightly, both by weight.
    public func evaluate(on dataset: Dataset) -> (loss: Double, accuracy: Double) {
        precondition(
            dataset.classCount == 2,
            "a model of two classes cannot be tested on \(dataset.classCount) classes")
        var (loss, correct, total) = (0.0, 0.0, 0.0)
        for (row, value) in decisionValues(for: dataset).enumerated() {
            let (label, weight) = (dataset.labels[row], dataset.weights?[row] ?? 1)
            loss += weight * Sigmoid.softplus(label == 1 ? -value : value)
            // As the first of the largest logits: 0 is the first class.
            correct += (value > 0) == (label == 1) ? weight : 0
            total += weight
        }
        return (loss / total, correct / total)
    }
}
