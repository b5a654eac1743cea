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
    /// - Parameter learningRate: η, positive.
    public init(learningRate: Double) {
        precondition(
            learningRate >= 0, "GradientDescent: a learning rate of \(learningRate) is negative or NaN")
        self.learningRate = learningRate
    }

    /// Takes one step; see `UpdateRule`.
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout [Scalar], gradient: [Scalar], state: inout RuleState<Scalar>
    ) {
        checkShapes(parameters, gradient, state)
        state.step += 1
        descend(&parameters, along: gradient, by: Scalar(learningRate))
    }
}

/// θ ← θ − η d, the last act of several rules.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func descend<Scalar: MatrixScalar>(_ parameters: inout [Scalar], along direction: [Scalar], by rate: Scalar) {
    let count = parameters.count
    parameters.withUnsafeMutableBufferPointer { θ in
        direction.withUnsafeBufferPointer { d in
            for i in 0..<count { θ[i] -= rate * d[i] }
        }
    }
}
