import DescentLinearAlgebra

/// What a minimizer tells after each iteration, and once at the start with a step length of 0.
public struct MinimizerProgress<Scalar: MatrixScalar>: Sendable {
    /// The point reached; keeping it costs a copy.
    public let point: [Scalar]
    /// The value there.
    public let value: Double
    /// The largest absolute component of the gradient (of the projected gradient) there.
    public let gradientNorm: Double
    /// The largest absolute component of the step that led there.
    public let stepLength: Double
    /// What was asked so far.
    public let counts: EvaluationCounts
}
