/// Precision against recall as the threshold on a score falls.
///
/// More telling than a ROC curve where positives are rare: precision sees how many of those found are right.
public struct PrecisionRecallCurve: Codable, Equatable, Sendable {
    /// One threshold.
    public struct Point: Codable, Equatable, Sendable {
        /// The lowest score that counts as found; `nil` for a threshold above every score.
        public var threshold: Double?
        /// The share of those found that is positive; 1 where nothing is found.
        public var precision: Double
        /// The share of the positives that is found.
        public var recall: Double
    }

    /// The points, from the highest threshold to the lowest: the first at recall 0, where precision is taken as 1.
    public let points: [Point]

    /// The average precision Σ (Rᵢ − Rᵢ₋₁) Pᵢ: the area under the curve as steps, without interpolation.
    ///
    /// Straight lines between the points would promise precisions that no threshold has (J. Davis and M. Goadrich, *The
    /// Relationship Between Precision-Recall and ROC Curves*, ICML 2006).
    public let averagePrecision: Double

    /// The share of positives: the average precision of scores that say nothing.
    public let prevalence: Double

    /// The curve of scores.
    ///
    /// - Parameters:
    ///   - scores: Any finite numbers; higher ones speak for the positive class.
    ///   - isPositive: Whether each example is of the positive class.
    ///   - weights: How much each example counts; `nil` for 1 each.
    /// - Throws: `MetricError.oneClass` where there are no positive examples; other cases for scores that are not finite
    ///   and unusable weights.
    public init(scores: [Double], isPositive: [Bool], weights: [Double]? = nil) throws(MetricError) {
        let ranked = try RankedScores(scores: scores, isPositive: isPositive, weights: weights)
        let positives = ranked.positives
        guard positives > 0 else {
            throw .oneClass(metric: "a precision-recall curve", missing: "is positive")
        }
        var points = [Point(threshold: nil, precision: 1, recall: 0)]
        var average = CompensatedSum()
        for (index, threshold) in ranked.thresholds.enumerated() {
            let found = ranked.truePositives[index]
            let precision = found / (found + ranked.falsePositives[index])
            let recall = found / positives
            average.add((recall - points[index].recall) * precision)
            points.append(Point(threshold: threshold, precision: precision, recall: recall))
        }
        self.points = points
        averagePrecision = average.value
        prevalence = positives / (positives + ranked.negatives)
    }
}
