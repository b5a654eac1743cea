/// Why a metric has no value for what it was given.
///
/// Positions count from 0. Arrays of different lengths are a programming error and stop the program instead.
public enum MetricError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There are no examples.
    case empty

    /// A score, a prediction or a target is NaN or infinite.
    case notFinite(what: String, index: Int, value: String)

    /// A weight is negative, NaN or infinite.
    case unusableWeight(index: Int, value: String)

    /// All weights are 0.
    case noWeight

    /// A label or a prediction is none of the classes.
    case unknownClass(what: String, index: Int, value: Int, classCount: Int)

    /// The row of an example holds no probabilities: a number outside of 0…1, or a sum that is not 1.
    case notProbabilities(index: Int, found: String)

    /// The metric compares examples of a class with others, and one of the two is missing.
    case oneClass(metric: String, missing: String)

    /// What was wrong, and what may help.
    public var description: String {
        switch self {
        case .empty: "there are no examples to measure anything on"
        case .notFinite(let what, let index, let value):
            "the \(what) of example \(index) is \(value); a metric of it would say nothing"
        case .unusableWeight(let index, let value):
            "the weight of example \(index) is \(value); weights are finite and not negative"
        case .noWeight: "all weights are 0, so that no example counts"
        case .unknownClass(let what, let index, let value, let classCount):
            "the \(what) of example \(index) is class \(value), and there are the classes 0 to \(classCount - 1)"
        case .notProbabilities(let index, let found):
            "the probabilities of example \(index) \(found); logits become probabilities by a softmax"
        case .oneClass(let metric, let missing):
            "\(metric) is not defined: no example with a positive weight \(missing)"
        }
    }
}
