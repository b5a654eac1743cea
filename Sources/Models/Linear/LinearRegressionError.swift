import DescentLinearAlgebra
import DescentOptimization

/// Why an optimizer could not fit a linear regression.
public enum LinearRegressionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The data cannot be fitted.
    case data(LeastSquaresError)
    /// The minimizer could not begin.
    case minimizer(MinimizerError)
    /// The training diverged.
    case training(TrainingError)

    /// What was wrong, and what to do.
    public var description: String {
        switch self {
        case .data(let error): error.description
        case .minimizer(let error): error.description
        case .training(let error): error.description
        }
    }
}
