import DescentLinearAlgebra

/// What a minimizer found, and why it stopped.
///
/// Only minimizers make one, and they keep these promises: the point is one that was evaluated; its value and
/// gradient are finite; the value is no higher than at the start; `isConverged` is true only if a stated
/// tolerance was met.
public struct Solution<Scalar: MatrixScalar>: Equatable, Sendable, CustomStringConvertible {
    /// The lowest point found.
    public let point: [Scalar]

    /// The objective's value there.
    public let value: Double

    /// The largest absolute component of the gradient there; under constraints, of the projected gradient.
    public let gradientNorm: Double

    /// What it took.
    public let counts: EvaluationCounts

    /// Why the minimizer stopped.
    public let reason: StoppingReason

    /// Whether a tolerance that was asked for has been met.
    public var isConverged: Bool { reason.isConverged }

    init(
        point: [Scalar], value: Double, gradientNorm: Double, counts: EvaluationCounts, reason: StoppingReason
    ) {
        self.point = point
        self.value = value
        self.gradientNorm = gradientNorm
        self.counts = counts
        self.reason = reason
    }

    /// One line for people.
    public var description: String {
        let products = counts.hessianProducts > 0 ? ", \(counts.hessianProducts) Hessian products" : ""
        let hessians = counts.hessians > 0 ? ", \(counts.hessians) Hessians" : ""
        return """
            \(isConverged ? "converged" : "not converged") (\(reason.rawValue)): value \(value), largest gradient \
            component \(gradientNorm), after \(counts.iterations) iterations, \(counts.values) values, \
            \(counts.gradients) gradients\(products)\(hessians)
            """
    }
}
