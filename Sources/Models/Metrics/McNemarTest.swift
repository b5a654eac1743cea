import DescentLinearAlgebra
import Glibc

/// Whether two classifiers differ in accuracy, judged by the examples on which exactly one of them is right.
///
/// With `onlyFirst` examples that only the first gets right and `onlySecond` that only the second does, both numbers are
/// equal but for chance if the classifiers are equally good; examples on which they agree say nothing. For classifiers
/// compared on one test set this is the test to use: their accuracies are not independent (Q. McNemar, 1947; T. G.
/// Dietterich, *Approximate Statistical Tests for Comparing Supervised Classification Learning Algorithms*, 1998).
public struct McNemarTest: Codable, Equatable, Sendable {
    /// How the p-value is computed.
    public enum Method: String, Codable, CaseIterable, Sendable {
        /// From the binomial distribution with p = ½: right for any number of examples.
        case exact

        /// From χ² = (|b − c| − 1)² / (b + c) with one degree of freedom, Edwards' continuity correction included, which
        /// takes nothing below 0: good from about 25 disagreements.
        case chiSquared
    }

    /// The examples that only the first classifier gets right.
    public let onlyFirst: Int
    /// The examples that only the second classifier gets right.
    public let onlySecond: Int
    /// How the p-value was computed.
    public let method: Method
    /// The smaller of the two counts for the exact test, χ² for the other.
    public let statistic: Double
    /// The probability of counts at least as unequal if both are equally good; 1 if they never disagree.
    public let pValue: Double

    /// The test of counts.
    public init(onlyFirst: Int, onlySecond: Int, method: Method = .exact) {
        precondition(
            onlyFirst >= 0 && onlySecond >= 0, "counts of \(onlyFirst) and \(onlySecond) examples")
        self.onlyFirst = onlyFirst
        self.onlySecond = onlySecond
        self.method = method
        let (smaller, total) = (min(onlyFirst, onlySecond), onlyFirst + onlySecond)
        switch method {
        case .exact:
            statistic = Double(smaller)
            pValue = min(1, 2 * lowerTailOfFairCoin(smaller, total))
        case .chiSquared:
            let difference = max(0, Double((onlyFirst - onlySecond).magnitude) - 1)
            statistic = total > 0 ? difference * difference / Double(total) : 0
            // P(χ²₁ > x) = P(|Z| > √x).
            pValue = erfc((statistic / 2).squareRoot())
        }
    }

    /// The test of two classifiers' predictions.
    ///
    /// - Throws: `MetricError.empty` where there are no examples.
    public init(
        labels: [some BinaryInteger], first: [some BinaryInteger], second: [some BinaryInteger],
        method: Method = .exact
    ) throws(MetricError) {
        try MetricInput.checkCounts(first.count, "predictions", labels.count, "labels")
        try MetricInput.checkCounts(second.count, "predictions", labels.count, "labels")
        var (onlyFirst, onlySecond) = (0, 0)
        for index in labels.indices {
            switch (first[index] == labels[index], second[index] == labels[index]) {
            case (true, false): onlyFirst += 1
            case (false, true): onlySecond += 1
            default: break
            }
        }
        self.init(onlyFirst: onlyFirst, onlySecond: onlySecond, method: method)
    }
}

extension McNemarTest: CustomStringConvertible {
    /// Counts and p-value in a sentence.
    public var description: String {
        """
        \(onlyFirst) examples only the first gets right, \(onlySecond) only the second: p = \
        \(significant(pValue, 3)) (McNemar, \(method == .exact ? "exact" : "χ² with continuity correction"))
        """
    }
}

/// P(at most k heads in n throws), k ≤ n/2.
///
/// The terms C(n, i)/2ⁿ by their ratio, from i = 0 up, as a significand and a power of two: 2⁻ⁿ is below the smallest
/// number from n = 1075 on.
private func lowerTailOfFairCoin(_ k: Int, _ n: Int) -> Double {
    var (term, sum) = (1.0, 1.0)
    var exponent = -n
    for i in stride(from: 1, through: k, by: 1) {
        term *= Double(n - i + 1) / Double(i)
        sum += term
        if sum > 0x1p500 {
            (term, sum) = (term * 0x1p-500, sum * 0x1p-500)
            exponent += 500
        }
    }
    return scalbn(sum, Int32(clamping: exponent))
}
