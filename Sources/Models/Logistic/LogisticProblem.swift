import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// A logistic or softmax regression to be fitted: checked data, weights, penalty.
struct LogisticProblem {
    let dataset: Dataset
    let featureNames: [String]
    let penalty: Penalty
    let fitsIntercept: Bool

    init(
        _ dataset: Dataset, weights: [Double]?, names: [String]?, penalty: Penalty, scaling: Scaling,
        fitsIntercept: Bool, classWeights: ClassWeights, isBinary: Bool
    ) throws(LogisticError) {
        self.dataset = dataset
        featureNames = names ?? (0..<dataset.featureCount).map { "x\($0 + 1)" }
        self.penalty = penalty
        self.fitsIntercept = fitsIntercept
    }

    /// A data set of a matrix and labels.
    static func dataset<Scalar: MatrixScalar>(
        _ features: Matrix<Scalar>, _ labels: [String], classNames: [String]?
    ) throws(LogisticError) -> Dataset {
        do {
            return try Dataset(features: features, labels: labels, classNames: classNames)
        } catch {
            throw .data(error)
        }
    }

    /// A data set of a matrix and labels.
    static func dataset<Scalar: MatrixScalar>(
        _ features: Matrix<Scalar>, _ labels: [Int], classNames: [String]?
    ) throws(LogisticError) -> Dataset {
        do {
            return try Dataset(features: features, labels: labels, classNames: classNames)
        } catch {
            throw .data(error)
        }
    }

    /// x·W + b for each example; the parameters are W, features × columns, then b.
    static func scores(of dataset: Dataset, parameters: [Double], columns: Int) -> Matrix<Double> {
        fatalError()
    }

    static func evaluate(_ logits: Matrix<Double>, labels: [Int32]) -> (loss: Double, accuracy: Double) {
        fatalError()
    }
}
