import DescentLinearAlgebra

/// A nonlinear least-squares problem: f(θ) = ½ Σ rᵢ(θ)².
///
/// It is an `Objective` too, with gradient Jᵀr, so that any minimizer takes it; `LevenbergMarquardt` makes
/// use of the form.
public protocol ResidualObjective<Scalar>: Objective {
    /// The type of one parameter: `Float` or `Double`.
    associatedtype Scalar

    /// The number of residuals.
    var residualCount: Int { get }

    /// The residuals at a point.
    ///
    /// - Parameters:
    ///   - parameters: The point, `parameterCount` numbers.
    ///   - residuals: Overwritten with r(θ); `residualCount` numbers before and after.
    func residuals(at parameters: [Scalar], into residuals: inout [Scalar])

    /// The Jacobian ∂rᵢ/∂θⱼ at a point, `residualCount` × `parameterCount`.
    func jacobian(at parameters: [Scalar]) -> Matrix<Scalar>
}

extension ResidualObjective {
    /// ½ Σ rᵢ².
    public func value(at parameters: [Scalar]) -> Double {
        var r = [Scalar](repeating: 0, count: residualCount)
        residuals(at: parameters, into: &r)
        return dot(r, r) / 2
    }

    /// ½ Σ rᵢ² and its gradient Jᵀr.
    public func valueAndGradient(at parameters: [Scalar], gradient: inout [Scalar]) -> Double {
        var r = [Scalar](repeating: 0, count: residualCount)
        residuals(at: parameters, into: &r)
        gradient = jacobian(at: parameters).times(r, transposed: true)
        return dot(r, r) / 2
    }
}
