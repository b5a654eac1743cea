import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// Logistic regression: what to fit, and how.
///
/// P(second class | x) = σ(x·w + b) with σ(z) = 1 / (1 + e⁻ᶻ). `fit` chooses w and b to minimize the mean of
/// −log P(class of the example) plus the penalty, a convex problem; the fitted model is a `LogisticClassifier`.
///
/// ```swift
/// let model = try LogisticRegression().fit(training)
/// print(model.summary)        // estimate, standard error, z, p; deviance, AIC
/// ```
///
/// Features need not be scaled: the solver works with standardized ones. The penalty is on the weights of the
/// features as `scaling` leaves them.
public struct LogisticRegression: LogisticConfiguration {
    /// What is added to the loss to keep weights small; the intercept is not penalized.
    public var penalty: Penalty

    /// In which units weights are penalized.
    ///
    /// `.automatic` takes the features as they are given, save that values with a nominal range, such as the bytes of
    /// pictures, are taken as 0…1; `.none` as they are given in any case: scikit-learn's objective. `.standardize` is
    /// glmnet's. Without a penalty the choice does not matter.
    public var scaling: Scaling

    /// Whether the model has a constant term.
    public var fitsIntercept: Bool

    /// How much the examples of each class count.
    public var classWeights: ClassWeights

    /// How the minimum is found.
    public var solver: LogisticSolver

    /// The largest component of the gradient at which the minimum counts as reached, as a share of that at 0.
    public var tolerance: Double

    /// The most iterations.
    public var maximumIterations: Int

    /// A configuration.
    ///
    /// - Precondition: 0 < `tolerance` < 1 and `maximumIterations` ≥ 1.
    public init(
        penalty: Penalty = .none, scaling: Scaling = .automatic, fitsIntercept: Bool = true,
        classWeights: ClassWeights = .none, solver: LogisticSolver = .automatic, tolerance: Double = 1e-6,
        maximumIterations: Int = 1000
    ) {
        Self.check(tolerance: tolerance, maximumIterations: maximumIterations)
        self.penalty = penalty
        self.scaling = scaling
        self.fitsIntercept = fitsIntercept
        self.classWeights = classWeights
        self.solver = solver
        self.tolerance = tolerance
        self.maximumIterations = maximumIterations
    }

    /// Fits w and b.
    ///
    /// - Parameters:
    ///   - training: Labelled examples of two classes.
    ///   - weights: How much each example counts, 0 or more; the weights of `training` when nil, or else 1. Weight 2 is
    ///     the example given twice.
    ///   - names: The names of the features; `x1`, `x2`, … when nil.
    ///   - start: Where to begin, a model of the same features and classes; at 0 when nil.
    ///   - onRecord: Told of each iteration as it is made.
    /// - Throws: ``LogisticError``: for other than two classes, weights that are not usable, and classes that are
    ///   separable where there is no penalty.
    /// - Precondition: as many weights as examples, as many names as features, a start of the same shape.
    public func fit(
        _ training: Dataset, weights: [Double]? = nil, names: [String]? = nil,
        from start: LogisticClassifier? = nil, onRecord: (History.Record) -> Void = { _ in }
    ) throws(LogisticError) -> LogisticClassifier {
        guard training.classCount == 2 else { throw .notTwoClasses(training.classNames) }
        let (problem, fit) = try solve(
            training, isBinary: true, weights: weights, names: names, from: start?.parameters,
            onRecord: onRecord)
        return LogisticClassifier(problem, fit)
    }
}
