import DescentLinearAlgebra

/// What can be said of predicted numbers when the true ones are known: R², mean errors, explained variance.
///
/// With the residuals eᵢ = yᵢ − ŷᵢ of targets y and predictions ŷ. With weights w, every mean is Σ wᵢ(…)ᵢ / Σ wᵢ.
public struct RegressionMetrics: Codable, Equatable, Sendable {
    /// The number of examples.
    public let count: Int

    /// The mean of e².
    public let meanSquaredError: Double

    /// The mean of |e|.
    public let meanAbsoluteError: Double

    /// The median of |e|; with weights, half of all weight is on either side.
    public let medianAbsoluteError: Double

    /// The largest |e| among examples with a positive weight.
    public let maximumError: Double

    /// The mean of |e| / |y|, a fraction, not per cent; `nil` where a target is 0, for which it is not defined.
    public let meanAbsolutePercentageError: Double?

    /// R² = 1 − Σe² / Σ(y − ȳ)²: the share of the targets' variance that the predictions account for.
    ///
    /// Negative for predictions that are worse than the targets' mean. Where all targets are the same there is nothing to
    /// account for: then 1 if the predictions are exact, and 0 if not.
    public let rSquared: Double

    /// 1 − Var(e) / Var(y): R² that forgives a constant offset; constant targets as for `rSquared`.
    public let explainedVariance: Double

    /// √(mean of e²), in the unit of the targets.
    public var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }

    /// Compares predictions with targets.
    ///
    /// - Parameters:
    ///   - targets: The true numbers y.
    ///   - predictions: The predicted numbers ŷ.
    ///   - weights: How much each example counts; `nil` for 1 each.
    /// - Throws: `MetricError` where there are no examples, a number is not finite, or a weight is unusable.
    public init<Scalar: MatrixScalar>(
        targets: [Scalar], predictions: [Scalar], weights: [Double]? = nil
    ) throws(MetricError) {
        try MetricInput.checkCounts(predictions.count, "predictions", targets.count, "targets")
        let y = targets.map { Double($0) }
        let predicted = predictions.map { Double($0) }
        try MetricInput.checkFinite(y, "target")
        try MetricInput.checkFinite(predicted, "prediction")
        try MetricInput.checkWeights(weights, count: y.count)

        let errors = zip(y, predicted).map { $0 - $1 }
        let absolute = errors.map(\.magnitude)
        count = y.count
        meanSquaredError = weightedMean(errors.map { $0 * $0 }, weights)
        meanAbsoluteError = weightedMean(absolute, weights)
        medianAbsoluteError = weightedMedian(absolute, weights)
        let counted = y.indices.filter { (weights?[$0] ?? 1) > 0 }
        maximumError = counted.reduce(0) { max($0, absolute[$1]) }
        meanAbsolutePercentageError =
            counted.contains { y[$0] == 0 }
            ? nil : weightedMean(y.indices.map { y[$0] == 0 ? 0 : absolute[$0] / y[$0].magnitude }, weights)

        let mean = weightedMean(y, weights)
        let meanError = weightedMean(errors, weights)
        // Equal targets may differ from their mean by rounding, and would then have a variance of rounding errors.
        let first = y[counted[0]]
        let isConstant = counted.allSatisfy { y[$0] == first }
        let variance = isConstant ? 0 : weightedMean(y.map { ($0 - mean) * ($0 - mean) }, weights)
        let errorVariance = weightedMean(errors.map { ($0 - meanError) * ($0 - meanError) }, weights)
        func share(_ unexplained: Double) -> Double {
            variance > 0 ? 1 - unexplained / variance : unexplained == 0 ? 1 : 0
        }
        rSquared = share(meanSquaredError)
        explainedVariance = share(errorVariance)
    }
}

extension RegressionMetrics: CustomStringConvertible {
    /// One metric a line.
    public var description: String {
        var rows = [
            ["R²", significant(rSquared, 6)],
            ["root mean squared error", significant(rootMeanSquaredError, 6)],
            ["mean squared error", significant(meanSquaredError, 6)],
            ["mean absolute error", significant(meanAbsoluteError, 6)],
            ["median absolute error", significant(medianAbsoluteError, 6)],
            ["maximum error", significant(maximumError, 6)],
            ["explained variance", significant(explainedVariance, 6)],
        ]
        if let error = meanAbsolutePercentageError {
            rows.append(["mean absolute percentage error", significant(100 * error, 6) + " %"])
        }
        rows.append(["examples", "\(count)"])
        return alignedColumns(rows).joined(separator: "\n")
    }
}

/// The value with half of the weight on either side; the mean of two where the weights divide evenly between them.
private func weightedMedian(_ values: [Double], _ weights: [Double]?) -> Double {
    let order = values.indices.filter { (weights?[$0] ?? 1) > 0 }.sorted { values[$0] < values[$1] }
    let half = order.reduce(0) { $0 + (weights?[$1] ?? 1) } / 2
    var sum = 0.0
    for (rank, index) in order.enumerated() {
        sum += weights?[index] ?? 1
        if sum > half || rank + 1 == order.count { return values[index] }
        if sum == half { return (values[index] + values[order[rank + 1]]) / 2 }
    }
    return values[order[0]]
}
