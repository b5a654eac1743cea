import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// What `LogisticRegression` and `SoftmaxRegression` have in common: what is minimized, how, and by which forms of `fit`.
public protocol LogisticConfiguration: Codable, Equatable, Sendable {
    /// The fitted model.
    associatedtype Fitted: Classifier

    /// What is added to the loss to keep weights small; intercepts are not penalized.
    var penalty: Penalty { get set }

    /// In which units weights are penalized.
    var scaling: Scaling { get set }

    /// Whether the model has constant terms.
    var fitsIntercept: Bool { get set }

    /// How much the examples of each class count.
    var classWeights: ClassWeights { get set }

    /// How the minimum is found.
    var solver: LogisticSolver { get set }

    /// The largest component of the gradient at which the minimum counts as reached, as a share of that at 0.
    var tolerance: Double { get set }

    /// The most iterations.
    var maximumIterations: Int { get set }

    /// Finds the minimum.
    ///
    /// - Parameters:
    ///   - training: Labelled examples.
    ///   - weights: How much each example counts, 0 or more; the weights of `training` when nil, or else 1. Weight 2 is
    ///     the example given twice.
    ///   - names: The names of the features; `x1`, `x2`, … when nil.
    ///   - start: Where to begin, a model of the same features and classes; at 0 when nil.
    ///   - onRecord: Told of each iteration as it is made.
    /// - Throws: ``LogisticError``: for classes that cannot be told apart or have no examples, weights that are not
    ///   usable, and classes that are separable where there is no penalty.
    /// - Precondition: as many weights as examples, as many names as features, a start of the same shape.
    func fit(
        _ training: Dataset, weights: [Double]?, names: [String]?, from start: Fitted?,
        onRecord: (History.Record) -> Void
    ) throws(LogisticError) -> Fitted
}

extension LogisticConfiguration {
    /// Fits a matrix of features, examples × features, and the names of their classes.
    ///
    /// - Throws: ``LogisticError``, as for a data set; ``LogisticError/data(_:)`` for numbers that are not finite.
    /// - Precondition: as many weights as examples, as many names as features, a start of the same shape.
    public func fit<Scalar: MatrixScalar>(
        _ features: Matrix<Scalar>, labels: [String], weights: [Double]? = nil, names: [String]? = nil,
        from start: Fitted? = nil
    ) throws(LogisticError) -> Fitted {
        try fit(
            LogisticProblem.dataset(features, labels, classNames: start?.classNames), weights: weights,
            names: names, from: start, onRecord: { _ in })
    }

    /// Fits a matrix of features, examples × features, and the numbers of their classes.
    ///
    /// - Throws: ``LogisticError``, as for a data set; ``LogisticError/data(_:)`` for numbers that are not finite.
    /// - Precondition: as many weights as examples, as many names as features, a start of the same shape.
    public func fit<Scalar: MatrixScalar>(
        _ features: Matrix<Scalar>, labels: [Int], weights: [Double]? = nil, names: [String]? = nil,
        from start: Fitted? = nil
    ) throws(LogisticError) -> Fitted {
        try fit(
            LogisticProblem.dataset(features, labels, classNames: start?.classNames), weights: weights,
            names: names, from: start, onRecord: { _ in })
    }

    /// The problem and its solution.
    ///
    /// - Parameters:
    ///   - isBinary: Whether there is one logit instead of one a class.
    ///   - start: Weights and intercepts to begin with, for features as they are given.
    func solve(
        _ training: Dataset, isBinary: Bool, weights: [Double]?, names: [String]?, from start: [Double]?,
        onRecord: (History.Record) -> Void
    ) throws(LogisticError) -> (problem: LogisticProblem, fit: LogisticFit) {
        let problem = try LogisticProblem(
            training, weights: weights ?? training.weights, names: names, penalty: penalty, scaling: scaling,
            fitsIntercept: fitsIntercept, classWeights: classWeights, isBinary: isBinary)
        let fitting = LogisticFitting(
            solver: solver, tolerance: tolerance, maximumIterations: maximumIterations)
        return (problem, try fitting.solve(problem, from: start, onRecord: onRecord))
    }

    /// Refuses settings with which no search can end.
    static func check(tolerance: Double, maximumIterations: Int) {
        precondition(
            tolerance > 0 && tolerance < 1, "a tolerance lies between 0 and 1, \(tolerance) does not")
        precondition(maximumIterations >= 1, "\(maximumIterations) iterations are none")
    }
}
