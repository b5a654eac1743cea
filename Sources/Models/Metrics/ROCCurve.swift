/// The receiver operating characteristic of a score: how many positives are found at the price of how many false alarms.
///
/// An example counts as found if its score is at least the threshold. The curve starts at (0, 0), above every score, and
/// has one point more for each distinct score; so equal scores are one step, slanted if both classes have them.
public struct ROCCurve: Codable, Equatable, Sendable {
    /// One threshold.
    public struct Point: Codable, Equatable, Sendable {
        /// The lowest score that counts as found; `nil` for a threshold above every score.
        public var threshold: Double?
        /// The share of the negatives that is found wrongly.
        public var falsePositiveRate: Double
        /// The share of the positives that is found.
        public var truePositiveRate: Double
    }

    /// The points, from the highest threshold to the lowest.
    public let points: [Point]

    /// The area under the curve: the probability that a positive example has a higher score than a negative one, half
    /// of the ties counted.
    public let area: Double

    /// The curve of scores.
    ///
    /// - Parameters:
    ///   - scores: Any finite numbers; higher ones speak for the positive class.
    ///   - isPositive: Whether each example is of the positive class.
    ///   - weights: How much each example counts; `nil` for 1 each.
    /// - Throws: `MetricError.oneClass` where positive or negative examples are missing; other cases for scores that are
    ///   not finite and unusable weights.
    public init(scores: [Double], isPositive: [Bool], weights: [Double]? = nil) throws(MetricError) {
        let ranked = try RankedScores(scores: scores, isPositive: isPositive, weights: weights)
        let (positives, negatives) = (ranked.positives, ranked.negatives)
        guard positives > 0 else { throw .oneClass(metric: "a ROC curve", missing: "is positive") }
        guard negatives > 0 else { throw .oneClass(metric: "a ROC curve", missing: "is negative") }
        var points = [Point(threshold: nil, falsePositiveRate: 0, truePositiveRate: 0)]
        var area = CompensatedSum()
        var (truePositives, falsePositives) = (0.0, 0.0)
        for (index, threshold) in ranked.thresholds.enumerated() {
            let (nextTrue, nextFalse) = (ranked.truePositives[index], ranked.falsePositives[index])
            area.add((nextFalse - falsePositives) * (truePositives + nextTrue) / 2)
            (truePositives, falsePositives) = (nextTrue, nextFalse)
            points.append(
                Point(
                    threshold: threshold, falsePositiveRate: nextFalse / negatives,
                    truePositiveRate: nextTrue / positives))
        }
        self.points = points
        self.area = area.value / negatives / positives
    }

    /// The point with the largest difference of the two rates (Youden's J), the first of several.
    public var youdenPoint: Point {
        points.reduce(points[0]) { best, point in
            point.truePositiveRate - point.falsePositiveRate > best.truePositiveRate - best.falsePositiveRate
                ? point : best
        }
    }
}
