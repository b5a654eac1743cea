import DescentLinearAlgebra

/// Plain gradient descent: θ ← θ − η∇f.
///
/// On the whole training set this is gradient descent proper; on mini-batches it is stochastic gradient descent
/// without momentum. It is stable on a quadratic bowl for η < 2/L, where L is the largest eigenvalue of the Hessian.
public struct GradientDescent: UpdateRule {
    /// The step size, η.
    public var learningRate: Double

    /// The vectors that the rule remembers.
    public var slots: [String] { [] }

    /// Gradient descent with a fixed step size.
    ///
    /// - Parameter learningRate: η, not negative.
    public init(learningRate: Double) {
        precondition(
            learningRate >= 0, "GradientDescent: a learning rate of \(learningRate) is negative or NaN")
        self.learningRate = learningRate
    }

    /// Takes one step; see `UpdateRule`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        let η = Scalar(learningRate)
        sweep(&parameters, gradient) { θ, g in θ -= η * g }
    }
}
