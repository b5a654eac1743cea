import DescentLinearAlgebra

/// An estimate and the interval that covers what is estimated with a stated confidence.
public struct ConfidenceInterval: Codable, Equatable, Sendable {
    /// How an interval was made.
    public enum Method: String, Codable, CaseIterable, Sendable {
        /// Wilson's score interval of a share.
        case wilson
        /// Quantiles of the metric over resampled examples.
        case bootstrapPercentile
        /// The same, corrected for bias and skewness.
        case bootstrapBCa
        /// Student's interval of a mean over folds, widened for what the folds share.
        case correctedStudent
    }

    /// What was measured.
    public let estimate: Double
    /// The lower end.
    public let lowerBound: Double
    /// The upper end.
    public let upperBound: Double
    /// The probability with which such intervals cover what is estimated.
    public let confidence: Double
    /// How the interval was made.
    public let method: Method
    /// The standard error, where the method has one.
    public let standardError: Double?

    init(
        estimate: Double, lowerBound: Double, upperBound: Double, confidence: Double, method: Method,
        standardError: Double? = nil
    ) {
        self.estimate = estimate
        self.lowerBound = lowerBound
        self.upperBound = upperBound
        self.confidence = confidence
        self.method = method
        self.standardError = standardError
    }

    /// Half the width.
    public var halfWidth: Double { (upperBound - lowerBound) / 2 }

    /// Wilson's interval of a share, such as an accuracy: all p that a score test would not reject.
    ///
    /// (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n). Unlike p̂ ± z √(p̂(1 − p̂)/n) it stays within 0…1, has a
    /// width also where all or none are right, and covers what it promises for small n (E. B. Wilson, 1927; L. D. Brown,
    /// T. T. Cai, A. DasGupta, *Interval Estimation for a Binomial Proportion*, 2001).
    ///
    /// - Parameters:
    ///   - successes: How many.
    ///   - count: Of how many, at least one.
    ///   - confidence: Between 0 and 1.
    public static func wilson(
        successes: Int, of count: Int, confidence: Double = 0.95
    ) -> ConfidenceInterval {
        precondition(
            count >= 1 && (0...count).contains(successes), "\(successes) successes of \(count) examples")
        checkConfidence(confidence)
        let (k, n) = (Double(successes), Double(count))
        let z = StandardNormal().quantile((1 + confidence) / 2)
        let p = k / n
        let scale = 1 + z * z / n
        let center = (p + z * z / (2 * n)) / scale
        let half = z / scale * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        return ConfidenceInterval(
            // At the ends the two terms are equal but for rounding.
            estimate: p, lowerBound: successes == 0 ? 0 : max(0, center - half),
            upperBound: successes == count ? 1 : min(1, center + half), confidence: confidence,
            method: .wilson)
    }

    static func checkConfidence(_ confidence: Double) {
        precondition(confidence > 0 && confidence < 1, "confidence \(confidence) is not between 0 and 1")
    }
}

extension ConfidenceInterval: CustomStringConvertible {
    /// The estimate and the interval: `0.971 (95 % interval 0.9587 to 0.97974)`.
    public var description: String {
        """
        \(significant(estimate, 5)) (\(significant(100 * confidence, 4)) % interval \
        \(significant(lowerBound, 5)) to \(significant(upperBound, 5)))
        """
    }
}
