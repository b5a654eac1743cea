import DescentLinearAlgebra

/// The mean of a sample with its Student interval.
///
/// The interval is mean ± t · s/√n, where s² = Σ(xᵢ − x̄)²/(n − 1) and t is the (1 + confidence)/2 quantile of
/// Student's distribution with n − 1 degrees of freedom. It covers the mean of the population with that
/// probability if the sample is drawn independently from a normal distribution.
public struct MeanEstimate: Codable, Sendable, Equatable {
    /// The size of the sample.
    public let count: Int
    /// The arithmetic mean.
    public let mean: Double
    /// The sample's standard deviation, with n − 1 in the denominator; `nil` for a single value.
    public let standardDeviation: Double?
    /// Half the width of the interval; `nil` for a single value, of which no interval can be had.
    public let halfWidth: Double?

    /// The mean of `values` and its interval; `nil` when there are none.
    ///
    /// - Parameters:
    ///   - values: The sample.
    ///   - confidence: The probability that the interval is to cover, between 0 and 1.
    public init?(_ values: [Double], confidence: Double = 0.95) {
        precondition(confidence > 0 && confidence < 1, "confidence \(confidence) is not between 0 and 1")
        guard let first = values.first else { return nil }
        let n = Double(values.count)
        // Deviations from the first value: equal values then have exactly that mean and no spread at all.
        let shift = values.reduce(0) { $0 + ($1 - first) } / n
        let mean = first + shift
        self.count = values.count
        self.mean = mean
        guard values.count > 1 else {
            self.standardDeviation = nil
            self.halfWidth = nil
            return
        }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / (n - 1)).squareRoot()
        self.standardDeviation = deviation
        self.halfWidth =
            StudentT(degreesOfFreedom: n - 1).quantile((1 + confidence) / 2) * deviation / n.squareRoot()
    }

    /// The interval; `nil` for a single value.
    public var interval: ClosedRange<Double>? {
        guard let halfWidth, halfWidth.isFinite, mean.isFinite else { return nil }
        return (mean - halfWidth)...(mean + halfWidth)
    }

    /// Whether the interval is known and leaves 0 outside.
    public var excludesZero: Bool {
        guard let interval else { return false }
        return !interval.contains(0)
    }
}
