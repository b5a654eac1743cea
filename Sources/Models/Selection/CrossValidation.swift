import DescentDatasets
import DescentLinearAlgebra

/// Scores a way of fitting on examples that it was not fitted on, fold after fold.
///
/// ```swift
/// let folds = try Folding.stratified(5).folds(of: digits)
/// let result = try crossValidate(digits, folds) { train throws(LogisticError) in
///     try SoftmaxRegression(penalty: .l2(1e-3)).fit(train)
/// } score: { model, part throws(LogisticError) in model.accuracy(on: part) }
/// print(result)                   // 0.96494 ± 0.008 over 5 folds
/// ```
/// `fit` sees the training part of a fold and nothing else: whatever it estimates, the scaling of features included, cannot
/// know the examples it is scored on.
///
/// - Parameters:
///   - data: All examples.
///   - folds: How they are divided, by `Folding`.
///   - scoresTraining: Whether to score each model on its own training part too, which shows how far it overfits.
///   - fit: Makes a model of a training part.
///   - score: A number for a model on examples, such as its accuracy.
/// - Throws: What `fit` or `score` throws, in the first fold in which they do.
public func crossValidate<Data: ExampleCollection, Model, Failure: Error>(
    _ data: Data, _ folds: [Fold], scoresTraining: Bool = false,
    fit: (Data) throws(Failure) -> Model, score: (Model, Data) throws(Failure) -> Double
) throws(Failure) -> CrossValidationResult {
    precondition(!folds.isEmpty, "a cross-validation needs at least one fold")
    var scores: [Double] = []
    var trainingScores: [Double] = []
    for fold in folds {
        let training = data.subset(fold.training)
        let model = try fit(training)
        scores.append(try score(model, data.subset(fold.validation)))
        if scoresTraining { trainingScores.append(try score(model, training)) }
    }
    return CrossValidationResult(
        scores: scores, trainingScores: scoresTraining ? trainingScores : nil, folds: folds)
}

/// Cross-validates a classifier by its accuracy; see `crossValidate(_:_:scoresTraining:fit:score:)`.
public func crossValidate<Model: Classifier, Failure: Error>(
    _ data: Dataset, _ folds: [Fold], scoresTraining: Bool = false,
    fit: (Dataset) throws(Failure) -> Model
) throws(Failure) -> CrossValidationResult {
    try crossValidate(
        data, folds, scoresTraining: scoresTraining, fit: fit,
        score: { model, part throws(Failure) in model.accuracy(on: part) })
}

/// The scores of a cross-validation.
public struct CrossValidationResult: Codable, Equatable, Sendable {
    /// One score a fold, in the order of the folds.
    public let scores: [Double]

    /// The scores on the training parts, if they were asked for.
    public let trainingScores: [Double]?

    /// The mean number of validation examples for each training example: 1/(k − 1) for k folds.
    public let validationShare: Double

    init(scores: [Double], trainingScores: [Double]?, folds: [Fold]) {
        self.scores = scores
        self.trainingScores = trainingScores
        validationShare =
            folds.reduce(0) { $0 + Double($1.validation.count) / Double($1.training.count) }
            / Double(folds.count)
    }

    /// The mean score.
    public var mean: Double { MeanStatistics(scores).mean }

    /// The scores' standard deviation, with n − 1 in the denominator; `nil` for a single fold.
    public var standardDeviation: Double? { MeanStatistics(scores).deviation }

    /// The standard error of the mean, for all that the training parts have in common.
    ///
    /// s √(1/J + n₂/n₁) for J scores of deviation s, n₁ training and n₂ validation examples. The usual s/√J takes the folds
    /// for independent; they share most of their training examples, and it is too small by half for five folds and without
    /// bound for many repetitions. C. Nadeau and Y. Bengio, *Inference for the Generalization Error*, Machine Learning 52,
    /// 2003.
    public var standardError: Double? {
        standardDeviation.map { $0 * (1 / Double(scores.count) + validationShare).squareRoot() }
    }

    /// Student's interval of the mean by that standard error; `nil` for a single fold.
    public func interval(confidence: Double = 0.95) -> ConfidenceInterval? {
        ConfidenceInterval.checkConfidence(confidence)
        guard let error = standardError else { return nil }
        let half = StudentT(degreesOfFreedom: Double(scores.count - 1)).quantile((1 + confidence) / 2) * error
        return ConfidenceInterval(
            estimate: mean, lowerBound: mean - half, upperBound: mean + half, confidence: confidence,
            method: .correctedStudent, standardError: error)
    }
}

extension CrossValidationResult: CustomStringConvertible {
    /// The mean, half the width of its 95 % interval, and the number of folds.
    public var description: String {
        let width = interval().map { " ± \(significant($0.halfWidth, 2))" } ?? ""
        return "\(significant(mean, 5))\(width) over \(scores.count) fold\(scores.count == 1 ? "" : "s")"
    }
}

/// Mean and deviation, exact for equal values.
struct MeanStatistics {
    var mean: Double
    var deviation: Double?

    init(_ values: [Double]) {
        // Deviations from the first value: equal values then have that mean and no spread at all.
        let n = Double(values.count)
        let mean = values[0] + values.reduce(0) { $0 + ($1 - values[0]) } / n
        self.mean = mean
        deviation =
            values.count > 1
            ? (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot() : nil
    }
}
