import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// The mean loss of logistic regression over a labelled data set of two classes, as a function of the weights.
///
///     f(w, b) = (1/n) Σᵢ ℓ(σ(xᵢ·w + b), yᵢ)  +  (λ/2) ‖w‖²
///
/// Parameters are w, one number a feature, then b. For any optimizer or minimizer; `LogisticRegression` finds the
/// minimum of the cross-entropy by itself.
///
/// With the squared error the gradient x (ŷ − y) ŷ (1 − ŷ) is *attenuated*: an example that is far on the wrong side has
/// ŷ (1 − ŷ) near 0 and pulls the less, the more wrong it is. With the cross-entropy it is x (ŷ − y), the same as in
/// linear regression. That objective is convex, the squared error is not.
///
/// ```swift
/// let slow = LogisticObjective<Double>(on: data, loss: .squaredError)
/// let fast = LogisticObjective<Double>(on: data, loss: .crossEntropy)
/// ```
public struct LogisticObjective<Scalar: MatrixScalar>: FiniteSumObjective, HessianObjective {
    /// What a prediction costs.
    public enum Loss: String, Codable, CaseIterable, Sendable {
        /// −y log ŷ − (1 − y) log(1 − ŷ), computed as log(1 + e^∓z): neither overflow nor cancellation.
        case crossEntropy
        /// ½ (ŷ − y)².
        case squaredError
    }

    /// What a prediction costs.
    public let loss: Loss

    private let objective: LogitObjective<Scalar>

    /// The objective over a data set.
    ///
    /// - Parameters:
    ///   - dataset: Labelled examples of two classes; y is 1 for the second.
    ///   - loss: What a prediction costs.
    ///   - scaler: What is done to the features first; nothing when nil.
    ///   - penalty: Applies to w and not to b.
    ///   - weights: How much each example counts, 0 or more; the weights of the data set when nil, or else 1.
    /// - Precondition: two classes; no L1 part; as many weights as examples, which are finite and not all 0.
    public init(
        on dataset: Dataset, loss: Loss = .crossEntropy, scaler: Scaler? = nil, penalty: Penalty = .none,
        weights: [Double]? = nil
    ) {
        precondition(
            dataset.classCount == 2, "logistic regression tells 2 classes apart, not \(dataset.classCount)")
        precondition(penalty.l1 == 0, "an L1 penalty has no gradient at 0")
        let weights = weights ?? dataset.weights
        let total = weights?.reduce(0, +) ?? Double(dataset.count)
        precondition(
            weights == nil
                || (weights!.count == dataset.count && weights!.allSatisfy { $0 >= 0 } && total > 0),
            "\(dataset.count) examples need as many weights, 0 or more and not all 0")
        self.loss = loss
        let ridge = penalty.measuredByMean(totalWeight: total).l2
        objective = LogitObjective(
            dataset, scaler: scaler ?? .identity(featureCount: dataset.featureCount),
            loss: loss == .crossEntropy ? .logistic : .squaredError, hasIntercept: true,
            rowWeights: weights.map { $0.map { $0 * Double(dataset.count) / total } },
            columnPenalties: [Double](repeating: ridge, count: dataset.featureCount) + [0])
    }

    /// The number of features, and one.
    public var parameterCount: Int { objective.parameterCount }

    /// The number of examples.
    public var exampleCount: Int { objective.exampleCount }

    /// f at a point.
    public func value(at parameters: [Scalar]) -> Double { objective.value(at: parameters) }

    /// f and its gradient at a point.
    public func valueAndGradient(at parameters: [Scalar], gradient: inout [Scalar]) -> Double {
        objective.valueAndGradient(at: parameters, gradient: &gradient)
    }

    /// f and its gradient at a point, the mean taken over some of the examples.
    public func valueAndGradient(
        at parameters: [Scalar], examples: Span<Int32>, gradient: inout [Scalar]
    ) -> Double {
        objective.valueAndGradient(at: parameters, examples: examples, gradient: &gradient)
    }

    /// The product of the Hessian with a vector.
    public func hessianProduct(at parameters: [Scalar], along direction: [Scalar], product: inout [Scalar]) {
        objective.hessianProduct(at: parameters, along: direction, product: &product)
    }

    /// The Hessian.
    public func hessian(at parameters: [Scalar]) -> Matrix<Scalar> { objective.hessian(at: parameters) }
}
