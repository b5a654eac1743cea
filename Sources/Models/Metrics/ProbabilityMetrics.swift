import DescentLinearAlgebra
import Glibc

/// What can be said of predicted probabilities when the classes are known: log loss, Brier score, top-k accuracy, areas
/// under curves, calibration.
///
/// ```swift
/// let metrics = try model.probabilityMetrics(on: test)
/// print(metrics.logLoss, metrics.brierScore, try metrics.rocAUC())
/// ```
///
/// The input is checked once, here; the metrics themselves then have values, but for the curves, which need examples of
/// both kinds. Everything is computed in `Double`.
public struct ProbabilityMetrics: Sendable {
    /// The names of the classes, in the order of the columns.
    public let classNames: [String]

    /// The class of each example.
    public let labels: [Int]

    /// How much each example counts; `nil` for 1 each.
    public let weights: [Double]?

    /// Row after row.
    private let probabilities: [Double]

    /// Probabilities and the classes that were right.
    ///
    /// - Parameters:
    ///   - probabilities: Examples × classes; rows sum to 1 within √ε of `Scalar`.
    ///   - labels: The class of each example, as an index of a column.
    ///   - classNames: The names of the classes; `nil` for 0, 1, ….
    ///   - weights: How much each example counts; `nil` for 1 each.
    /// - Throws: `MetricError` where there are no examples, rows are no probabilities, a label is no class, or a weight is
    ///   unusable.
    public init<Scalar: MatrixScalar>(
        probabilities: Matrix<Scalar>, labels: [some BinaryInteger], classNames: [String]? = nil,
        weights: [Double]? = nil
    ) throws(MetricError) {
        let names = classNames ?? (0..<probabilities.columns).map(String.init)
        precondition(
            names.count == probabilities.columns,
            "\(names.count) class names for \(probabilities.columns) columns of probabilities")
        try MetricInput.checkCounts(probabilities.rows, "rows of probabilities", labels.count, "labels")
        try MetricInput.checkWeights(weights, count: labels.count)
        self.labels = try MetricInput.classes(labels, "label", classCount: names.count)
        let values = probabilities.withUnsafeElements { $0.map { Double($0) } }
        try MetricInput.checkFinite(values, "probability", perExample: names.count)
        let tolerance = Double(Scalar.ulpOfOne.squareRoot())
        for row in labels.indices {
            let p = values[row * names.count..<(row + 1) * names.count]
            if let wrong = p.first(where: { $0 < -tolerance || $0 > 1 + tolerance }) {
                throw .notProbabilities(index: row, found: "include \(wrong)")
            }
            let sum = p.reduce(0, +)
            guard (sum - 1).magnitude <= tolerance else {
                throw .notProbabilities(index: row, found: "sum to \(sum)")
            }
        }
        self.probabilities = values
        self.classNames = names
        self.weights = weights
    }

    /// The number of classes.
    public var classCount: Int { classNames.count }

    /// The probability of a class for an example.
    public func probability(ofExample example: Int, class index: Int) -> Double {
        probabilities[example * classCount + index]
    }

    /// The most probable class of each example, the first of several.
    public var predictions: [Int] {
        labels.indices.map { row in
            (0..<classCount).reduce(0) {
                probability(ofExample: row, class: $1) > probability(ofExample: row, class: $0) ? $1 : $0
            }
        }
    }

    /// The mean of −log(probability of the right class), in nats.
    ///
    /// A probability below 2⁻⁵² counts as 2⁻⁵², or one example that was called impossible would make the mean infinite;
    /// such an example costs 36.04. The loss that `Classifier.evaluate` computes from logits needs no such limit.
    public var logLoss: Double {
        mean { row in
            let p = probability(ofExample: row, class: labels[row])
            return -log(min(max(p, .ulpOfOne), 1 - .ulpOfOne))
        }
    }

    /// The mean squared error of the probabilities.
    ///
    /// With two classes (p − y)² for the probability of the second, 0…1; with more the sum over all classes, 0…2, as
    /// Brier has it (*Verification of Forecasts Expressed in Terms of Probability*, 1950). Two classes summed would give
    /// twice as much.
    public var brierScore: Double {
        mean { row in
            if classCount == 2 {
                let error = probability(ofExample: row, class: 1) - Double(labels[row])
                return error * error
            }
            return (0..<classCount).reduce(0) { sum, index in
                let error = probability(ofExample: row, class: index) - (labels[row] == index ? 1 : 0)
                return sum + error * error
            }
        }
    }

    /// The share of examples whose class is among the k most probable; of equal ones the first class counts first.
    public func topKAccuracy(_ k: Int) -> Double {
        precondition(k >= 1, "top-\(k) accuracy: k is at least 1")
        return mean { row in
            let label = labels[row]
            let p = probability(ofExample: row, class: label)
            let before = (0..<classCount).count { index in
                let other = probability(ofExample: row, class: index)
                return other > p || (other == p && index < label)
            }
            return before < k ? 1 : 0
        }
    }

    /// How often each class was taken for each.
    public var confusionMatrix: ConfusionMatrix {
        // What was checked on the way in cannot be wrong here.
        try! ConfusionMatrix(
            labels: labels, predictions: predictions, classNames: classNames, weights: weights)
    }

    /// The ROC curve of one class against all others.
    ///
    /// - Throws: `MetricError.oneClass` where the class has no examples, or all.
    public func rocCurve(ofClass index: Int) throws(MetricError) -> ROCCurve {
        try named(index) { scores, isPositive throws(MetricError) in
            try ROCCurve(scores: scores, isPositive: isPositive, weights: weights)
        }
    }

    /// The precision-recall curve of one class against all others.
    ///
    /// - Throws: `MetricError.oneClass` where the class has no examples.
    public func precisionRecallCurve(ofClass index: Int) throws(MetricError) -> PrecisionRecallCurve {
        try named(index) { scores, isPositive throws(MetricError) in
            try PrecisionRecallCurve(scores: scores, isPositive: isPositive, weights: weights)
        }
    }

    /// The area under the ROC curve; with more than two classes the average of each against all others.
    ///
    /// With two classes it is that of the second. Micro, all pairs of an example and a class are pooled into one curve.
    ///
    /// - Throws: `MetricError.oneClass` where a class has no examples, or all.
    public func rocAUC(_ average: ScoreAverage = .macro) throws(MetricError) -> Double {
        try averaged(
            average, { index throws(MetricError) in try rocCurve(ofClass: index).area },
            pooled: { scores, isPositive, weights throws(MetricError) in
                try ROCCurve(scores: scores, isPositive: isPositive, weights: weights).area
            })
    }

    /// The average precision; with more than two classes the average of each against all others.
    ///
    /// With two classes it is that of the second. Micro, all pairs of an example and a class are pooled into one curve.
    ///
    /// - Throws: `MetricError.oneClass` where a class has no examples.
    public func averagePrecision(_ average: ScoreAverage = .macro) throws(MetricError) -> Double {
        try averaged(
            average,
            { index throws(MetricError) in try precisionRecallCurve(ofClass: index).averagePrecision },
            pooled: { scores, isPositive, weights throws(MetricError) in
                try PrecisionRecallCurve(scores: scores, isPositive: isPositive, weights: weights)
                    .averagePrecision
            })
    }

    /// How often what was said comes true.
    ///
    /// With two classes of the second class's probability; with more of the most probable class's ("confidence"), and
    /// what happens or not is that it is right.
    public func calibrationCurve(
        binCount: Int = 10, binning: CalibrationCurve.Binning = .uniform
    ) -> CalibrationCurve {
        let predictions = predictions
        let said = labels.indices.map { row in
            let index = classCount == 2 ? 1 : predictions[row]
            // Rounding may leave a probability a little outside.
            return min(max(probability(ofExample: row, class: index), 0), 1)
        }
        let happened = labels.indices.map { row in
            classCount == 2 ? labels[row] == 1 : labels[row] == predictions[row]
        }
        return try! CalibrationCurve(
            probabilities: said, happened: happened, weights: weights, binCount: binCount, binning: binning)
    }

    private func mean(_ value: (Int) -> Double) -> Double { weightedMean(labels.indices.map(value), weights) }

    /// Calls `body` with the scores of one class, and lets an error name the class.
    private func named<Curve>(
        _ index: Int, _ body: ([Double], [Bool]) throws(MetricError) -> Curve
    ) throws(MetricError) -> Curve {
        precondition(classNames.indices.contains(index), "class \(index) of \(classCount) classes")
        do {
            return try body(
                labels.indices.map { probability(ofExample: $0, class: index) }, labels.map { $0 == index })
        } catch .oneClass(let metric, let missing) {
            let name = classNames[index]
            throw .oneClass(
                metric: "\(metric) of class \"\(name)\"",
                missing: missing == "is positive" ? "is of it" : "is of another class")
        }
    }

    private func averaged(
        _ average: ScoreAverage, _ score: (Int) throws(MetricError) -> Double,
        pooled: ([Double], [Bool], [Double]?) throws(MetricError) -> Double
    ) throws(MetricError) -> Double {
        if classCount == 2 { return try score(1) }
        if average == .micro {
            let isPositive = labels.flatMap { label in (0..<classCount).map { $0 == label } }
            let spread = weights.map { $0.flatMap { Array(repeating: $0, count: classCount) } }
            return try pooled(probabilities, isPositive, spread)
        }
        var shares = [Double](repeating: 0, count: classCount)
        for row in labels.indices { shares[labels[row]] += weights?[row] ?? 1 }
        var scores: [Double] = []
        for index in classNames.indices { scores.append(try score(index)) }
        return weightedMean(scores, average == .weighted ? shares : nil)
    }
}
