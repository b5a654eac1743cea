/// How often examples of each class were taken for each class, and the scores that follow from it.
///
/// ```swift
/// let confusion = try model.confusionMatrix(on: test)
/// print(confusion)
/// print(confusion.accuracy, confusion.f1(.macro))
/// ```
///
/// With weights, an example counts as often as its weight says; a weight of 2 is the example twice.
public struct ConfusionMatrix: Equatable, Sendable {
    /// The names of the classes.
    public let classNames: [String]

    /// `counts[i][j]`: the examples of class i that were taken for class j, or the sum of their weights.
    public let counts: [[Double]]

    /// The number of examples, whatever their weights.
    public let exampleCount: Int

    /// Whether the examples had weights, so that counts are not numbers of examples.
    public let isWeighted: Bool

    /// Counts labels against predictions.
    ///
    /// - Parameters:
    ///   - labels: The class of each example, as an index into `classNames`.
    ///   - predictions: What each example was taken for, likewise.
    ///   - classNames: The names of the classes; also of those that do not occur.
    ///   - weights: How much each example counts; `nil` for 1 each.
    /// - Throws: `MetricError` where there are no examples, an index is no class, or a weight is unusable.
    public init(
        labels: [some BinaryInteger], predictions: [some BinaryInteger], classNames: [String],
        weights: [Double]? = nil
    ) throws(MetricError) {
        try MetricInput.checkCounts(predictions.count, "predictions", labels.count, "labels")
        try MetricInput.checkWeights(weights, count: labels.count)
        let actual = try MetricInput.classes(labels, "label", classCount: classNames.count)
        let predicted = try MetricInput.classes(predictions, "prediction", classCount: classNames.count)
        var counts = Array(
            repeating: Array(repeating: 0.0, count: classNames.count), count: classNames.count)
        for example in actual.indices {
            counts[actual[example]][predicted[example]] += weights?[example] ?? 1
        }
        self.init(
            classNames: classNames, counts: counts, exampleCount: labels.count, isWeighted: weights != nil)
    }

    init(classNames: [String], counts: [[Double]], exampleCount: Int, isWeighted: Bool) {
        self.classNames = classNames
        self.counts = counts
        self.exampleCount = exampleCount
        self.isWeighted = isWeighted
    }

    /// The number of classes.
    public var classCount: Int { classNames.count }

    /// The examples of class `actual` that were taken for class `predicted`.
    public subscript(actual actual: Int, predicted predicted: Int) -> Double { counts[actual][predicted] }

    /// Σ of all counts: the number of examples, or the sum of their weights.
    public var total: Double { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    /// The examples of a class: its row's sum.
    public func support(ofClass index: Int) -> Double { counts[index].reduce(0, +) }

    /// The examples taken for a class: its column's sum.
    public func predictedCount(ofClass index: Int) -> Double { counts.reduce(0) { $0 + $1[index] } }

    /// What the counts of each cell are divided by.
    public enum Normalization: String, Codable, CaseIterable, Sendable {
        /// The examples of the row's class: each row sums to 1, and the diagonal holds the recalls.
        case actual
        /// The examples taken for the column's class: each column sums to 1, and the diagonal holds the precisions.
        case predicted
        /// All examples: all cells together sum to 1.
        case all
    }

    /// The counts as shares; a row or column without examples stays 0.
    public func normalized(by normalization: Normalization) -> [[Double]] {
        let (columns, total) = (classNames.indices.map(predictedCount(ofClass:)), total)
        return counts.map { row in
            let sum = row.reduce(0, +)
            return row.indices.map { column in
                let divisor =
                    switch normalization {
                    case .actual: sum
                    case .predicted: columns[column]
                    case .all: total
                    }
                return divisor > 0 ? row[column] / divisor : 0
            }
        }
    }
}

extension ConfusionMatrix: Codable {
    private enum CodingKeys: String, CodingKey {
        case classNames, counts, exampleCount, isWeighted
    }

    /// Reads what `encode(to:)` wrote.
    ///
    /// Throws `DecodingError` where the numbers are no confusion matrix.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let classNames = try container.decode([String].self, forKey: .classNames)
        let counts = try container.decode([[Double]].self, forKey: .counts)
        guard counts.count == classNames.count, counts.allSatisfy({ $0.count == classNames.count }),
            counts.allSatisfy({ $0.allSatisfy { $0 >= 0 && $0.isFinite } }),
            counts.contains(where: { $0.contains { $0 > 0 } })
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .counts, in: container,
                debugDescription: "a confusion matrix has a row and a column of counts for each class")
        }
        self.init(
            classNames: classNames, counts: counts,
            exampleCount: try container.decode(Int.self, forKey: .exampleCount),
            isWeighted: try container.decode(Bool.self, forKey: .isWeighted))
    }
}
