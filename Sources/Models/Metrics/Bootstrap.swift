import DescentLinearAlgebra
import Glibc

/// Intervals for any metric: it is computed again and again on examples drawn with replacement from those that there are.
///
/// ```swift
/// let interval = try Bootstrap().interval(exampleCount: labels.count) { examples throws(MetricError) in
///     try ROCCurve(scores: examples.map { scores[$0] }, isPositive: examples.map { isPositive[$0] }).area
/// }
/// ```
///
/// B. Efron and R. J. Tibshirani, *An Introduction to the Bootstrap*, 1993, chapters 13 and 14.
public struct Bootstrap: Codable, Equatable, Sendable {
    /// How the resampled metrics become an interval.
    public enum Method: String, Codable, CaseIterable, Sendable {
        /// Their (1 ± confidence)/2 quantiles.
        case percentile

        /// Quantiles corrected for bias and skewness, which cover better for metrics near the end of their range.
        ///
        /// Needs the metric once more for each example left out, so that its time grows with the square of their number.
        case bca
    }

    /// How many times examples are drawn.
    public var resampleCount: Int

    /// The probability that the interval is to cover.
    public var confidence: Double

    /// How the resampled metrics become an interval.
    public var method: Method

    /// Determines which examples are drawn.
    public var seed: UInt64

    /// A bootstrap.
    ///
    /// - Parameters:
    ///   - resampleCount: How many times examples are drawn; below a thousand, the ends of a 95 % interval are noisy.
    ///   - confidence: Between 0 and 1.
    ///   - method: How the resampled metrics become an interval.
    ///   - seed: Determines which examples are drawn.
    public init(
        resampleCount: Int = 2000, confidence: Double = 0.95, method: Method = .bca, seed: UInt64 = 0
    ) {
        precondition(resampleCount >= 2, "\(resampleCount) resamples: at least two are needed")
        ConfidenceInterval.checkConfidence(confidence)
        self.resampleCount = resampleCount
        self.confidence = confidence
        self.method = method
        self.seed = seed
    }

    /// The interval of a metric.
    ///
    /// Where the metric is the same on every resample, the interval is that point. Where bias cannot be told (all
    /// resampled values lie on one side) BCa falls back to percentiles, and the result's method says so.
    ///
    /// - Parameters:
    ///   - exampleCount: How many examples there are, at least one.
    ///   - strata: The group of each example, such as its class. With groups, as many are drawn from each as it has, so
    ///     that no resample lacks a class; `nil` to draw from all.
    ///   - metric: The metric of some of the examples, given as indices among which one may stand several times.
    /// - Throws: What `metric` throws, on the first resample on which it does.
    public func interval<Failure: Error>(
        exampleCount: Int, strata: [some BinaryInteger]? = [Int]?.none,
        of metric: ([Int]) throws(Failure) -> Double
    ) throws(Failure) -> ConfidenceInterval {
        precondition(exampleCount >= 1, "a bootstrap of \(exampleCount) examples: at least one is needed")
        let all = Array(0..<exampleCount)
        let estimate = try metric(all)
        let groups = Self.groups(all, strata)
        var generator = RandomGenerator(seed: seed, stream: RandomStream.resamples)
        var values: [Double] = []
        values.reserveCapacity(resampleCount)
        var drawn = all
        for _ in 0..<resampleCount {
            var next = 0
            for group in groups {
                for _ in group {
                    drawn[next] = group[generator.nextInteger(below: group.count)]
                    next += 1
                }
            }
            values.append(try metric(drawn))
        }
        values.sort()
        let mean = values.reduce(0, +) / Double(values.count)
        let deviation =
            (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
        let tail = (1 - confidence) / 2
        var levels = (tail, 1 - tail)
        var used = ConfidenceInterval.Method.bootstrapPercentile
        if method == .bca, exampleCount > 1 {
            var jackknife: [Double] = []
            jackknife.reserveCapacity(exampleCount)
            // All but one: the place left free moves from front to back.
            var others = Array(all.dropFirst())
            for left in all {
                jackknife.append(try metric(others))
                if left < others.count { others[left] = left }
            }
            if let corrected = correctedLevels(tail, estimate, values, jackknife) {
                levels = corrected
                used = .bootstrapBCa
            }
        }
        return ConfidenceInterval(
            estimate: estimate, lowerBound: quantile(levels.0, ofSorted: values),
            upperBound: quantile(levels.1, ofSorted: values), confidence: confidence, method: used,
            standardError: deviation)
    }

    /// The levels at which the quantiles are to be taken, after correction for bias z₀ and acceleration a.
    private func correctedLevels(
        _ tail: Double, _ estimate: Double, _ values: [Double], _ jackknife: [Double]
    ) -> (Double, Double)? {
        let normal = StandardNormal()
        // Values equal to the estimate count half on either side.
        let below = values.count { $0 < estimate }
        let upTo = values.count { $0 <= estimate }
        let bias = normal.quantile(Double(below + upTo) / Double(2 * values.count))
        guard bias.isFinite else { return nil }
        let mean = jackknife.reduce(0, +) / Double(jackknife.count)
        var (squares, cubes) = (0.0, 0.0)
        for value in jackknife {
            let influence = mean - value
            squares += influence * influence
            cubes += influence * influence * influence
        }
        let acceleration = squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0
        func level(_ z: Double) -> Double {
            let shifted = bias + z
            return normal.cumulativeProbability(bias + shifted / (1 - acceleration * shifted))
        }
        let z = normal.quantile(tail)
        return (level(z), level(-z))
    }

    private static func groups(_ all: [Int], _ strata: [some BinaryInteger]?) -> [[Int]] {
        guard let strata else { return [all] }
        precondition(strata.count == all.count, "\(strata.count) strata for \(all.count) examples")
        return Dictionary(grouping: all) { Int(strata[$0]) }.sorted { $0.key < $1.key }.map(\.value)
    }
}
