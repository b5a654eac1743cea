import DescentLinearAlgebra

/// An approximate minimum of the quadratic model g·p + ½ pᵀHp within a ball.
struct ModelStep<Scalar: MatrixScalar> {
    var vector: [Scalar]
    /// Hp.
    var product: [Scalar]
    /// Whether the step ends on the ball's surface.
    var isOnBoundary: Bool

    /// By how much the model falls.
    func predictedDecrease(gradient: [Scalar]) -> Double {
        -(dot(gradient, vector) + dot(vector, product) / 2)
    }
}

/// Conjugate gradients on the model, ended at the ball's surface or at negative curvature.
///
/// Source: Steihaug, SIAM J. Numer. Anal. 20 (1983) 626.
///
/// - Parameters:
///   - radius: That of the ball; with no ball (infinite) negative curvature ends the iteration where it is.
///   - limit: The most products.
func conjugateGradientStep<O: HessianObjective>(
    _ evaluator: ObjectiveEvaluator<O>, at point: [O.Scalar], gradient: [O.Scalar], radius: Double, limit: Int
) -> ModelStep<O.Scalar> {
    let zero = [O.Scalar](repeating: 0, count: gradient.count)
    var step = ModelStep(vector: zero, product: zero, isOnBoundary: false)
    var residual = gradient
    var direction = gradient
    negate(&direction)
    var product = zero
    var squared = dot(residual, residual)
    let tolerance = min(0.5, squared.squareRoot().squareRoot()) * squared.squareRoot()

    /// Goes from the step so far along the direction to the surface.
    func endOnBoundary() -> ModelStep<O.Scalar> {
        let a = dot(direction, direction)
        let b = dot(step.vector, direction)
        let c = dot(step.vector, step.vector) - radius * radius
        let root = max(0, b * b - a * c).squareRoot()
        // Of the two forms of the root, the one without cancellation.
        let length = b > 0 ? -c / (b + root) : (root - b) / a
        add(direction, times: length, to: &step.vector)
        add(product, times: length, to: &step.product)
        step.isOnBoundary = true
        return step
    }

    for iteration in 0..<max(1, limit) {
        evaluator.hessianProduct(at: point, along: direction, product: &product)
        let curvature = dot(direction, product)
        guard curvature.isFinite else { break }
        if curvature <= 0 {
            if radius.isFinite { return endOnBoundary() }
            if iteration == 0 { step.vector = direction }
            return step
        }
        let length = squared / curvature
        let before = step
        add(direction, times: length, to: &step.vector)
        if dot(step.vector, step.vector).squareRoot() >= radius {
            step = before
            return endOnBoundary()
        }
        add(product, times: length, to: &step.product)
        add(product, times: length, to: &residual)
        let newSquared = dot(residual, residual)
        if newSquared.squareRoot() <= tolerance { return step }
        combine(residual, times: -1, with: &direction, times: newSquared / squared)
        squared = newSquared
    }
    if largestMagnitude(step.vector) == 0 {
        // No product to go by: along the gradient, as far as the ball lets.
        let length = min(1, radius / dot(gradient, gradient).squareRoot())
        combine(gradient, times: -length, with: &step.vector, times: 0)
        step.isOnBoundary = length < 1
    }
    return step
}
