/// How often events happen that a model gives a probability: of all that it calls 70 % likely, 70 % should.
///
/// The probabilities are sorted into bins; each bin that has any gives a point of the reliability diagram.
public struct CalibrationCurve: Codable, Equatable, Sendable {
    /// How the interval 0…1 is cut.
    public enum Binning: String, Codable, CaseIterable, Sendable {
        /// Into bins of the same width.
        case uniform
        /// At quantiles of the probabilities, so that bins hold about equally many.
        case quantile
    }

    /// One bin with examples in it.
    public struct Bin: Codable, Equatable, Sendable {
        /// The probabilities p in the bin are lowerBound < p ≤ upperBound, and in the first also lowerBound itself.
        public var lowerBound: Double
        /// See `lowerBound`.
        public var upperBound: Double
        /// The mean of the probabilities.
        public var meanProbability: Double
        /// The share of examples for which the event happened.
        public var frequency: Double
        /// Σ of the examples' weights; their number without weights.
        public var weight: Double
    }

    /// The bins that have examples, from low to high.
    public let bins: [Bin]

    /// The expected calibration error, Σ (weight of the bin / all) · |frequency − mean probability|.
    ///
    /// M. P. Naeini, G. F. Cooper, M. Hauskrecht, *Obtaining Well Calibrated Probabilities Using Bayesian Binning*, AAAI
    /// 2015. It depends on the bins; the Brier score does not.
    public var expectedError: Double {
        let total = bins.reduce(0) { $0 + $1.weight }
        return bins.reduce(0) { $0 + $1.weight / total * ($1.frequency - $1.meanProbability).magnitude }
    }

    /// The largest |frequency − mean probability| of any bin.
    public var maximumError: Double {
        bins.reduce(0) { max($0, ($1.frequency - $1.meanProbability).magnitude) }
    }

    /// The curve of probabilities.
    ///
    /// - Parameters:
    ///   - probabilities: What was said, 0…1.
    ///   - happened: What was so.
    ///   - weights: How much each example counts; `nil` for 1 each.
    ///   - binCount: How many bins.
    ///   - binning: How the bins are cut.
    /// - Throws: `MetricError` where there are no examples, numbers are no probabilities, or a weight is unusable.
    public init(
        probabilities: [Double], happened: [Bool], weights: [Double]? = nil, binCount: Int = 10,
        binning: Binning = .uniform
    ) throws(MetricError) {
        precondition(binCount >= 1, "\(binCount) bins: at least one is needed")
        try MetricInput.checkCounts(probabilities.count, "probabilities", happened.count, "outcomes")
        try MetricInput.checkFinite(probabilities, "probability")
        try MetricInput.checkWeights(weights, count: probabilities.count)
        for (index, p) in probabilities.enumerated() where !(0...1).contains(p) {
            throw .notProbabilities(index: index, found: "include \(p)")
        }
        let edges: [Double]
        switch binning {
        case .uniform: edges = (0...binCount).map { Double($0) / Double(binCount) }
        case .quantile:
            let sorted = probabilities.sorted()
            edges = (0...binCount).map { quantile(Double($0) / Double(binCount), ofSorted: sorted) }
        }
        var sums = Array(repeating: (weight: 0.0, probability: 0.0, happened: 0.0), count: binCount)
        for (index, p) in probabilities.enumerated() {
            // The first bin whose upper edge is not below p; the last takes what rounding has pushed above all.
            let bin = edges[1..<binCount].firstIndex { p <= $0 }.map { $0 - 1 } ?? binCount - 1
            let weight = weights?[index] ?? 1
            sums[bin].weight += weight
            sums[bin].probability += weight * p
            if happened[index] { sums[bin].happened += weight }
        }
        bins = sums.indices.filter { sums[$0].weight > 0 }.map { bin in
            Bin(
                lowerBound: edges[bin], upperBound: edges[bin + 1],
                meanProbability: sums[bin].probability / sums[bin].weight,
                frequency: sums[bin].happened / sums[bin].weight, weight: sums[bin].weight)
        }
    }
}

/// The quantile of sorted values by linear interpolation between the order statistics, (n − 1) p from the first.
///
/// Definition 7 of R. J. Hyndman and Y. Fan, *Sample Quantiles in Statistical Packages*, 1996: NumPy's default.
func quantile(_ p: Double, ofSorted values: [Double]) -> Double {
    let position = p * Double(values.count - 1)
    let lower = min(Int(position), values.count - 1)
    let upper = min(lower + 1, values.count - 1)
    let fraction = position - Double(lower)
    let step = values[upper] - values[lower]
    return fraction < 0.5 ? values[lower] + step * fraction : values[upper] - step * (1 - fraction)
}
