import DescentLinearAlgebra
import DescentOptimization

/// What a reader of a fit should know before believing it.
public enum LogisticWarning: Codable, Equatable, Sendable, CustomStringConvertible {
    /// The minimum was not reached to the tolerance asked for.
    case notConverged(StoppingReason, relativeGradient: Double)
    /// These features are constant and have a coefficient of 0.
    case constantFeatures([String])
    /// Columns depend on others: of all best fits this is one, and there are no standard errors.
    case dependentFeatures(rank: Int, columns: Int)
    /// Without a penalty probabilities of 0 or 1 came out: the classes may be all but separable.
    case nearlySeparable(largestLogit: Double)
    /// An update rule has told all classes apart, and would go on without end where there is no penalty.
    case separable(Separation)

    /// The warning as a sentence.
    public var description: String {
        switch self {
        case .notConverged(let reason, let gradient):
            "stopped before the minimum (\(reason.rawValue)): the gradient is \(significant(gradient, 2)) of what it"
                + " was at the start; allow more iterations, or add a penalty"
        case .constantFeatures(let names):
            "constant, so with a coefficient of 0: \(names.prefix(8).joined(separator: ", "))"
                + (names.count > 8 ? " and \(names.count - 8) others" : "")
        case .dependentFeatures(let rank, let columns):
            "the \(columns) columns have rank \(rank): coefficients are not unique, and have no standard errors"
        case .separable(let separation):
            separation.description
        case .nearlySeparable(let logit):
            "logits as far apart as \(significant(logit, 2)): the classes are all but separable, and standard errors"
                + " mean little; consider a penalty"
        }
    }
}
