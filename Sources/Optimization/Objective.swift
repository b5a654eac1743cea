import DescentLinearAlgebra

/// A function to be minimized, over one flat vector of parameters.
///
/// Conventions, the same for every objective in the package:
/// - Parameters are one flat `[Scalar]`; what a coordinate means is the objective's own affair (a network's
///   layers are ranges in it).
/// - The value is a `Double` whatever the parameters are: sums over many examples are accumulated in Double, and
///   the differences that a line search or a stopping rule looks at would drown in a `Float`.
/// - The gradient is written into a buffer that the caller owns and reuses; it is overwritten, not added to.
/// - Nothing here throws: a point where the function is not finite gives a value that is not finite, and whoever
///   minimizes decides what that means.
public protocol Objective<Scalar>: Sendable {
    /// The type of one parameter: `Float` or `Double`.
    associatedtype Scalar: MatrixScalar

    /// The number of parameters.
    var parameterCount: Int { get }

    /// The value at a point.
    ///
    /// - Parameter parameters: The point, `parameterCount` numbers.
    func value(at parameters: [Scalar]) -> Double

    /// The value and the gradient at a point, computed together.
    ///
    /// - Parameters:
    ///   - parameters: The point, `parameterCount` numbers.
    ///   - gradient: Overwritten with ∂f/∂θ; `parameterCount` numbers before and after.
    /// - Returns: The value.
    func valueAndGradient(at parameters: [Scalar], gradient: inout [Scalar]) -> Double
}

/// An objective that is a mean over examples, plus terms that do not depend on the examples.
///
/// f(θ) = (1/n) Σᵢ ℓᵢ(θ) + r(θ). Asked for a subset S it answers (1/|S|) Σ_{i∈S} ℓᵢ(θ) + r(θ): the mean over the
/// examples asked for, whatever their number, so that a short last batch weighs as its own size and giving every
/// example twice changes nothing.
public protocol FiniteSumObjective<Scalar>: Objective {
    /// The number of examples, n.
    var exampleCount: Int { get }

    /// The value and the gradient of the mean over some of the examples.
    ///
    /// - Parameters:
    ///   - parameters: The point, `parameterCount` numbers.
    ///   - examples: Indices below `exampleCount`, at least one; an index that stands twice counts twice.
    ///   - gradient: Overwritten with the gradient; `parameterCount` numbers before and after.
    /// - Returns: The value over these examples.
    func valueAndGradient(
        at parameters: [Scalar], examples: Span<Int32>, gradient: inout [Scalar]
    ) -> Double

    /// How many of the parameters, from the first on, are changed by gradients.
    ///
    /// The others, the running statistics of a network's batch norms, are changed by the training passes themselves;
    /// gradients are 0 there, and update rules do not see them. All of them unless the objective says otherwise.
    var trainedParameterCount: Int { get }

    /// The value and the gradient over all examples that a training step is taken with.
    ///
    /// What a network does in training and not in use, such as dropping units, happens here. The same numbers in give
    /// the same numbers out: whatever is random is a function of `update`.
    ///
    /// - Parameters:
    ///   - parameters: The point; only the last ones, those that gradients do not change, are changed.
    ///   - update: How many steps there have been before.
    ///   - gradient: Overwritten with the gradient; `parameterCount` numbers before and after.
    /// - Returns: The value.
    func trainingValueAndGradient(
        at parameters: inout [Scalar], update: Int, gradient: inout [Scalar]
    ) -> Double

    /// The value and the gradient over some of the examples that a training step is taken with.
    func trainingValueAndGradient(
        at parameters: inout [Scalar], examples: Span<Int32>, update: Int, gradient: inout [Scalar]
    ) -> Double
}

extension FiniteSumObjective {
    /// All of the parameters.
    public var trainedParameterCount: Int { parameterCount }

    /// The value and the gradient, as at any other time.
    public func trainingValueAndGradient(
        at parameters: inout [Scalar], update: Int, gradient: inout [Scalar]
    ) -> Double {
        valueAndGradient(at: parameters, gradient: &gradient)
    }

    /// The value and the gradient, as at any other time.
    public func trainingValueAndGradient(
        at parameters: inout [Scalar], examples: Span<Int32>, update: Int, gradient: inout [Scalar]
    ) -> Double {
        valueAndGradient(at: parameters, examples: examples, gradient: &gradient)
    }
}

extension Objective {
    /// The gradient at a point, in a new array.
    public func gradient(at parameters: [Scalar]) -> [Scalar] {
        var gradient = [Scalar](repeating: 0, count: parameterCount)
        _ = valueAndGradient(at: parameters, gradient: &gradient)
        return gradient
    }
}
