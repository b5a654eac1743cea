import DescentLinearAlgebra

extension Objective where Scalar == Double {
    /// The largest curvature of the function at a point: the eigenvalue of its Hessian that is largest in size.
    ///
    /// A step of gradient descent along its eigenvector lowers the function only if the rate is below 2 divided by it. A
    /// minimum with a large one is called sharp. Found by power iteration on Hv ≈ (∇f(θ + hv) − ∇f(θ − hv)) / 2h with
    /// ‖v‖ = 1 and h = 1e-5, two gradients an iteration; its size is approached from below.
    ///
    /// - Parameters:
    ///   - point: `parameterCount` numbers.
    ///   - iterations: At least one.
    ///   - seed: Determines the first direction.
    /// - Returns: The size of the eigenvalue.
    public func largestCurvature(at point: [Double], iterations: Int = 100, seed: UInt64 = 0) -> Double {
        precondition(iterations >= 1, "power iteration of \(iterations) iterations")
        var generator = RandomGenerator(seed: seed, stream: 1)
        var direction = point.map { _ in generator.nextNormal() }
        var above = point, below = point
        var gradient = point, otherGradient = point
        var eigenvalue = 0.0
        let step = 1e-5
        for _ in 0..<iterations {
            let length = euclideanNorm(direction.span)
            guard length > 0, length.isFinite else { return length }
            for i in direction.indices {
                direction[i] /= length
                above[i] = point[i] + step * direction[i]
                below[i] = point[i] - step * direction[i]
            }
            _ = valueAndGradient(at: above, gradient: &gradient)
            _ = valueAndGradient(at: below, gradient: &otherGradient)
            for i in direction.indices { direction[i] = (gradient[i] - otherGradient[i]) / (2 * step) }
            eigenvalue = euclideanNorm(direction.span)
        }
        return eigenvalue
    }
}
