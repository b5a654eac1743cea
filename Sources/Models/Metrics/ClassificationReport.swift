/// Everything that is usually asked about a classifier on a test set, as a value: for a table, or for JSON.
///
/// ```swift
/// print(try model.report(on: test))
/// ```
public struct ClassificationReport: Codable, Equatable, Sendable {
    /// The scores of one class against all others.
    public struct ClassScores: Codable, Equatable, Sendable {
        /// The class's name.
        public var name: String
        /// Of the examples taken for the class, the share that is of it; `nil` where none was.
        public var precision: Double?
        /// Of the examples of the class, the share that was taken for it; `nil` where there is none.
        public var recall: Double?
        /// Their harmonic mean; `nil` for a class that does not occur.
        public var f1: Double?
        /// The examples of the class, or the sum of their weights.
        public var support: Double
    }

    /// Scores averaged over the classes.
    public struct Averages: Codable, Equatable, Sendable {
        /// The average precision of the classes.
        public var precision: Double
        /// The average recall.
        public var recall: Double
        /// The average F₁.
        public var f1: Double
    }

    /// What needs probabilities.
    public struct ProbabilityScores: Codable, Equatable, Sendable {
        /// See `ProbabilityMetrics.logLoss`.
        public var logLoss: Double
        /// See `ProbabilityMetrics.brierScore`.
        public var brierScore: Double
        /// The macro average of the areas under the ROC curves; `nil` where a class has no examples.
        public var rocAUC: Double?
        /// The macro average of the average precisions; `nil` where a class has no examples.
        public var averagePrecision: Double?
        /// See `CalibrationCurve.expectedError`, with ten bins of equal width.
        public var expectedCalibrationError: Double
    }

    /// Each class, in order.
    public let classes: [ClassScores]
    /// How often each class was taken for each.
    public let confusionMatrix: ConfusionMatrix
    /// The share classified rightly.
    public let accuracy: Double
    /// Wilson's interval of the accuracy; `nil` for weighted examples, which are no count.
    public let accuracyInterval: ConfidenceInterval?
    /// The mean recall of the classes that have examples.
    public let balancedAccuracy: Double
    /// The plain mean over the classes that occur.
    public let macroAverage: Averages
    /// The mean weighted by support.
    public let weightedAverage: Averages
    /// What counted for 0/0 in the averages.
    public let undefined: UndefinedScore
    /// Matthews' correlation coefficient.
    public let matthewsCorrelation: Double
    /// Cohen's κ.
    public let cohensKappa: Double
    /// What needs probabilities, where there were any.
    public let probabilityScores: ProbabilityScores?

    /// The report of labels and predictions.
    ///
    /// - Parameters:
    ///   - confusionMatrix: How often each class was taken for each.
    ///   - undefined: What counts for 0/0 in the averages.
    ///   - confidence: Of the accuracy's interval.
    public init(
        _ confusionMatrix: ConfusionMatrix, undefined: UndefinedScore = .zero, confidence: Double = 0.95
    ) {
        self.init(confusionMatrix, undefined, confidence, nil)
    }

    /// The report of probabilities.
    ///
    /// - Parameters:
    ///   - metrics: The probabilities and the labels.
    ///   - undefined: What counts for 0/0 in the averages.
    ///   - confidence: Of the accuracy's interval.
    public init(
        _ metrics: ProbabilityMetrics, undefined: UndefinedScore = .zero, confidence: Double = 0.95
    ) {
        self.init(
            metrics.confusionMatrix, undefined, confidence,
            ProbabilityScores(
                logLoss: metrics.logLoss, brierScore: metrics.brierScore, rocAUC: try? metrics.rocAUC(),
                averagePrecision: try? metrics.averagePrecision(),
                expectedCalibrationError: metrics.calibrationCurve().expectedError))
    }

    private init(
        _ confusion: ConfusionMatrix, _ undefined: UndefinedScore, _ confidence: Double,
        _ probabilityScores: ProbabilityScores?
    ) {
        func averages(_ average: ScoreAverage) -> Averages {
            Averages(
                precision: confusion.precision(average, undefined: undefined),
                recall: confusion.recall(average, undefined: undefined),
                f1: confusion.f1(average, undefined: undefined))
        }
        classes = confusion.classNames.indices.map { index in
            ClassScores(
                name: confusion.classNames[index], precision: confusion.precision(ofClass: index),
                recall: confusion.recall(ofClass: index), f1: confusion.f1(ofClass: index),
                support: confusion.support(ofClass: index))
        }
        confusionMatrix = confusion
        accuracy = confusion.accuracy
        accuracyInterval =
            confusion.isWeighted
            ? nil
            : .wilson(
                successes: Int(confusion.correct), of: confusion.exampleCount, confidence: confidence)
        balancedAccuracy = confusion.balancedAccuracy
        macroAverage = averages(.macro)
        weightedAverage = averages(.weighted)
        self.undefined = undefined
        matthewsCorrelation = confusion.matthewsCorrelation
        cohensKappa = confusion.cohensKappa()
        self.probabilityScores = probabilityScores
    }
}
