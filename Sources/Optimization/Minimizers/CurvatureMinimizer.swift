import DescentLinearAlgebra

/// A minimizer that asks its objective for curvature as well.
public protocol CurvatureMinimizer: Sendable {
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
    func minimize<O: HessianObjective>(
        _ objective: O, from start: [O.Scalar], observing observe: (MinimizerProgress<O.Scalar>) -> Void
    ) throws(MinimizerError) -> Solution<O.Scalar>
}

extension CurvatureMinimizer {
    /// Minimizes an objective without watching.
    ///
    /// - Throws: `MinimizerError` if value or gradient at the start is not finite.
    public func minimize<O: HessianObjective>(
        _ objective: O, from start: [O.Scalar]
    ) throws(MinimizerError) -> Solution<O.Scalar> {
        try minimize(objective, from: start, observing: { _ in })
    }
}

extension ObjectiveEvaluator where O: HessianObjective {
    func hessian(at point: [O.Scalar]) -> Matrix<O.Scalar> {
        counts.hessians += 1
        return objective.hessian(at: point)
    }

    func hessianProduct(at point: [O.Scalar], along direction: [O.Scalar], product: inout [O.Scalar]) {
        counts.hessianProducts += 1
        objective.hessianProduct(at: point, along: direction, product: &product)
    }
}
