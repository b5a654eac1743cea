/// Examples from the highest score to the lowest, counted up to each distinct score.
///
/// Examples of equal scores cannot be told apart, and so always come together. Examples of weight 0 are left out: they
/// would add thresholds at which nothing changes.
struct RankedScores {
    /// The distinct scores, from high to low.
    var thresholds: [Double] = []
    /// Σ of the weights of positive examples with at least this score.
    var truePositives: [Double] = []
    /// Σ of the weights of negative examples with at least this score.
    var falsePositives: [Double] = []

    var positives: Double { truePositives.last ?? 0 }
    var negatives: Double { falsePositives.last ?? 0 }

    init(scores: [Double], isPositive: [Bool], weights: [Double]?) throws(MetricError) {
        try MetricInput.checkCounts(scores.count, "scores", isPositive.count, "labels")
        try MetricInput.checkFinite(scores, "score")
        try MetricInput.checkWeights(weights, count: scores.count)
        var order = Array(scores.indices)
        if let weights { order.removeAll { weights[$0] == 0 } }
        order.sort { scores[$0] > scores[$1] }
        var (positive, negative) = (CompensatedSum(), CompensatedSum())
        for (rank, example) in order.enumerated() {
            let weight = weights?[example] ?? 1
            if isPositive[example] { positive.add(weight) } else { negative.add(weight) }
            if rank + 1 < order.count, scores[order[rank + 1]] == scores[example] { continue }
            thresholds.append(scores[example])
            truePositives.append(positive.value)
            falsePositives.append(negative.value)
        }
    }
}
