import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// Softmax regression, also called multinomial logistic regression: what to fit, and how.
///
/// P(class k | x) = softmax(x W + b)ₖ. `fit` chooses W and b to minimize the mean cross-entropy plus the penalty, a
/// convex problem; the fitted model is a `SoftmaxClassifier`.
///
/// ```swift
/// let model = try SoftmaxRegression(penalty: .inverseStrength(1)).fit(training)     // scikit-learn's C = 1
/// print(model.report)
/// ```
///
/// `fit(_:)` finds the minimum; it needs no learning rate, and features need not be scaled.
/// `fit(_:with:for:)` follows an update rule over batches for as long as it is told to.
public struct SoftmaxRegression: LogisticConfiguration {
    /// What is added to the loss to keep weights small; the intercepts are not penalized.
    public var penalty: Penalty

    /// In which units weights are penalized; for an update rule, also how features are scaled before they are used.
    ///
    /// For `fit(_:)`, `.automatic` takes the features as they are given, save that values with a nominal range, such
    /// as the bytes of pictures, are taken as 0…1; `.none` as they are given in any case: scikit-learn's objective.
    /// `.standardize` is glmnet's. Without a penalty the choice does not matter to `fit(_:)`.
    ///
    /// For an update rule, `.automatic` standardizes features without a nominal range.
    public var scaling: Scaling

    /// Whether the model has constant terms; `fit(_:with:for:)` has them always.
    public var fitsIntercept: Bool

    /// How much the examples of each class count; for `fit(_:)`.
    public var classWeights: ClassWeights

    /// How `fit(_:)` finds the minimum.
    public var solver: LogisticSolver

    /// The largest component of the gradient at which the minimum counts as reached, as a share of that at 0.
    public var tolerance: Double

    /// The most iterations of `fit(_:)`.
    public var maximumIterations: Int

    /// Softmax regression.
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

    /// Fits W and b: finds the minimum.
    ///
    /// - Parameters:
    ///   - training: Labelled examples.
    ///   - weights: How much each example counts, 0 or more; the weights of `training` when nil, or else 1. Weight 2 is
    ///     the example given twice.
    ///   - names: The names of the features; `x1`, `x2`, … when nil.
    ///   - start: Where to begin, a model of the same features and classes; at 0 when nil.
    ///   - onRecord: Told of each iteration as it is made.
    /// - Throws: ``LogisticError``: for a class without examples, weights that are not usable, and classes that are
    ///   separable where there is no penalty.
    /// - Precondition: as many weights as examples, as many names as features, a start of the same shape.
    public func fit(
        _ training: Dataset, weights: [Double]? = nil, names: [String]? = nil,
        from start: SoftmaxClassifier<Double>? = nil, onRecord: (History.Record) -> Void = { _ in }
    ) throws(LogisticError) -> SoftmaxClassifier<Double> {
        let (problem, fit) = try solve(
            training, isBinary: false, weights: weights, names: names, from: start?.unscaledParameters,
            onRecord: onRecord)
        return SoftmaxClassifier(problem, fit)
    }

    /// Fits W and b by an update rule over batches, starting from zero.
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
    /// - Precondition: the penalty has no L1 part, which has no gradient at 0.
    public func fit<Scalar: MatrixScalar, Rule: UpdateRule>(
        _ training: Dataset, validating validation: Dataset? = nil,
        with rule: Rule = Adam(learningRate: 1e-3),
        batchSize: BatchSize = 64, for budget: Budget, as type: Scalar.Type = Float.self,
        seed: UInt64 = 0, onRecord: (History.Record) -> Void = { _ in }
    ) throws(TrainingError) -> SoftmaxClassifier<Scalar> {
        let layout = NetworkLayout(sizes: [training.featureCount, training.classCount])
        var network = NetworkClassifier<Scalar>(
            layout: layout, parameters: Array(repeating: 0, count: layout.parameterCount), scaler: nil,
            classNames: training.classNames)
        let history = try network.train(
            on: training, validating: validation, with: rule, batchSize: batchSize, for: budget,
            scaling: scaling, penalty: penalty, seed: seed, onRecord: onRecord)
        return SoftmaxClassifier(network: network, history: history, penalty: penalty)
    }
}
