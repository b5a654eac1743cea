import DescentLinearAlgebra

/// A method that walks an objective downhill, asking for values and gradients.
///
/// A minimizer is a value that holds its settings; everything that changes lives in one call. The same call
/// gives the same bits. Each iteration ends at a point with a lower value than the one before (or the same
/// value and a shorter gradient); a trial whose value or gradient is not finite is never accepted. A task
/// that is cancelled makes it stop at the next iteration.
public protocol Minimizer: Sendable {
    /// When to stop.
    var stopping: StoppingRule { get set }

    /// Minimizes an objective.
    ///
    /// - Parameters:
    ///   - objective: What to minimize.
    ///   - start: Where to begin, `parameterCount` numbers.
    ///   - observe: Called at the start and after each iteration.
    /// - Returns: The lowest point found, with the reason for stopping there.
    /// - Throws: `MinimizerError` if value or gradient at the start is not finite.
    func minimize<O: Objective>(
        _ objective: O, from start: [O.Scalar], observing observe: (MinimizerProgress<O.Scalar>) -> Void
    ) throws(MinimizerError) -> Solution<O.Scalar>
}

extension Minimizer {
    /// Minimizes an objective without watching.
    ///
    /// - Throws: `MinimizerError` if value or gradient at the start is not finite.
    public func minimize<O: Objective>(
        _ objective: O, from start: [O.Scalar]
    ) throws(MinimizerError) -> Solution<O.Scalar> {
        try minimize(objective, from: start, observing: { _ in })
    }
}
