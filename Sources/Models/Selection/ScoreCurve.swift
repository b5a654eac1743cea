import DescentLinearAlgebra
import DescentOptimization

/// Training and validation scores against something that varies: the number of examples, or a hyperparameter.
public struct ScoreCurve: Codable, Equatable, Sendable {
    /// The scores at one value.
    public struct Point: Codable, Equatable, Sendable {
        /// The number of training examples, or the hyperparameter's value.
        public var x: Double
        /// The mean over the folds of the scores on the examples trained on, with its interval.
        public var training: MeanEstimate
        /// The mean over the folds of the scores on the examples held out, with its interval.
        ///
        /// Both intervals take the folds for independent, and are for comparing points of the curve;
        /// `CrossValidationResult.interval(confidence:)` is the one to quote.
        public var validation: MeanEstimate
    }

    /// What varies: `examples`, or the hyperparameter's name.
    public let name: String
    /// The points, in the order of the values.
    public let points: [Point]

    /// A curve of these points.
    public init(name: String, points: [Point]) {
        self.name = name
        self.points = points
    }
}

/// The score against the number of training examples: whether more data would help, and where over- or underfitting rules.
///
/// Of each fold's training part the first examples of its random order are taken, so that each number includes the
/// smaller ones.
///
/// - Parameters:
///   - data: All examples.
///   - folds: How they are divided.
///   - fractions: The shares of the training parts to train on, above 0 and at most 1.
///   - fit: Makes a model of a training part.
///   - score: A number for a model on examples.
/// - Throws: What `fit` or `score` throws.
public func learningCurve<Data: ExampleCollection, Model, Failure: Error>(
    _ data: Data, _ folds: [Fold], fractions: [Double] = [0.1, 0.25, 0.5, 0.75, 1],
    fit: (Data) throws(Failure) -> Model, score: (Model, Data) throws(Failure) -> Double
) throws(Failure) -> ScoreCurve {
    precondition(!folds.isEmpty, "a learning curve needs at least one fold")
    precondition(!fractions.isEmpty, "a learning curve needs at least one size")
    var points: [ScoreCurve.Point] = []
    for fraction in fractions {
        precondition(fraction > 0 && fraction <= 1, "a share of \(fraction) of the training examples")
        let shortened = folds.map { fold in
            let count = max(1, Int((fraction * Double(fold.training.count)).rounded()))
            return Fold(training: Array(fold.training.prefix(count)), validation: fold.validation)
        }
        let sizes = shortened.map { Double($0.training.count) }
        points.append(
            try point(at: sizes.reduce(0, +) / Double(sizes.count), data, shortened, fit, score))
    }
    return ScoreCurve(name: "examples", points: points)
}

/// The score against a hyperparameter: left and right of the best value, where over- and underfitting begin.
///
/// - Parameters:
///   - name: What the hyperparameter is called.
///   - values: The values to try.
///   - data: All examples.
///   - folds: How they are divided, the same for every value.
///   - fit: Makes a model of a value and a training part.
///   - score: A number for a model on examples.
/// - Throws: What `fit` or `score` throws.
public func validationCurve<Data: ExampleCollection, Model, Failure: Error>(
    _ name: String, _ values: [Double], on data: Data, _ folds: [Fold],
    fit: (Double, Data) throws(Failure) -> Model, score: (Model, Data) throws(Failure) -> Double
) throws(Failure) -> ScoreCurve {
    precondition(!folds.isEmpty, "a validation curve needs at least one fold")
    precondition(!values.isEmpty, "a validation curve needs at least one value")
    var points: [ScoreCurve.Point] = []
    for value in values {
        points.append(
            try point(
                at: value, data, folds, { part throws(Failure) in try fit(value, part) }, score))
    }
    return ScoreCurve(name: name, points: points)
}

private func point<Data: ExampleCollection, Model, Failure: Error>(
    at x: Double, _ data: Data, _ folds: [Fold], _ fit: (Data) throws(Failure) -> Model,
    _ score: (Model, Data) throws(Failure) -> Double
) throws(Failure) -> ScoreCurve.Point {
    let result = try crossValidate(data, folds, scoresTraining: true, fit: fit, score: score)
    return ScoreCurve.Point(
        x: x, training: MeanEstimate(result.trainingScores!)!, validation: MeanEstimate(result.scores)!)
}

extension ScoreCurve: CustomStringConvertible {
    /// A table of the points.
    public var description: String {
        func text(_ estimate: MeanEstimate) -> String {
            significant(estimate.mean, 5) + (estimate.halfWidth.map { " ± \(significant($0, 2))" } ?? "")
        }
        let rows =
            [[name, "training", "validation"]]
            + points.map { [significant($0.x, 6), text($0.training), text($0.validation)] }
        return alignedColumns(rows).joined(separator: "\n")
    }
}
