import DescentDatasets
import DescentLinearAlgebra

/// A model that tells classes apart.
///
/// Features are given as they are in the data: the scaler that was fitted on the training set belongs to the model and
/// is applied inside, so a test set cannot be scaled by statistics of its own.
public protocol Classifier<Scalar>: Sendable {
    /// The type in which the model computes.
    associatedtype Scalar: MatrixScalar

    /// The names of the classes, in the order of the columns of `logits`.
    var classNames: [String] { get }

    /// The logits: examples × classes, unnormalized log-probabilities.
    func logits(for dataset: Dataset) -> Matrix<Scalar>

    /// The mean cross-entropy, and the share of examples classified rightly.
    func evaluate(on dataset: Dataset) -> (loss: Double, accuracy: Double)
}

extension Classifier {
    /// The logarithms of the classes' probabilities, examples × classes: z − log Σ exp z, computed without overflow.
    public func logProbabilities(for dataset: Dataset) -> Matrix<Scalar> {
        var result = logits(for: dataset)
        let (rows, classes) = (result.rows, result.columns)
        result.withUnsafeMutableElements {
            SoftmaxCrossEntropy.logSoftmax($0.baseAddress!, rows: rows, classes: classes)
        }
        return result
    }

    /// The classes' probabilities, examples × classes; each row sums to 1.
    public func probabilities(for dataset: Dataset) -> Matrix<Scalar> {
        logProbabilities(for: dataset).map { .exp($0) }
    }

    /// The most probable class of each example, as an index into `classNames`.
    public func predictions(for dataset: Dataset) -> [Int] {
        let logits = logits(for: dataset)
        return (0..<logits.rows).map { row in
            (0..<logits.columns).reduce(0) { logits[row, $1] > logits[row, $0] ? $1 : $0 }
        }
    }

    /// The share of examples classified rightly, 0…1.
    public func accuracy(on dataset: Dataset) -> Double { evaluate(on: dataset).accuracy }
}
