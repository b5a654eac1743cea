/// Why a minimizer could not begin.
///
/// Everything that happens later is a `StoppingReason`, not an error.
public enum MinimizerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The objective's value at the starting point is not finite.
    case startingValueNotFinite(value: Double)

    /// A component of the gradient (for least squares: of a residual or of the Jacobian) is not finite at the
    /// starting point.
    case startingGradientNotFinite(coordinate: Int, value: Double)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .startingValueNotFinite(let value):
            """
            the objective is \(value) at the starting point: a minimizer needs a start where it is finite. Check the \
            data for values that are not numbers, or begin elsewhere.
            """
        case .startingGradientNotFinite(let coordinate, let value):
            """
            the gradient at the starting point has \(value) at coordinate \(coordinate), though the value there is \
            finite. Check the gradient with GradientCheck, or begin elsewhere.
            """
        }
    }
}
