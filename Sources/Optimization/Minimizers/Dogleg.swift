import DescentLinearAlgebra

/// Powell's path from the steepest descent step to Newton's (1970), for one gradient and Hessian.
struct Dogleg<Scalar: MatrixScalar> {
    private let hessian: PositiveDefiniteHessian<Scalar>
    private let gradient: [Scalar]
    private let newton: [Scalar]
    /// The model's minimum along the negative gradient.
    private let cauchy: [Scalar]

    /// `nil` if the Hessian is not finite.
    init?(hessian: Matrix<Scalar>, gradient: [Scalar]) {
        guard let definite = PositiveDefiniteHessian(hessian), var newton = definite.solve(gradient) else {
            return nil
        }
        negate(&newton)
        self.newton = newton
        self.gradient = gradient
        self.hessian = definite
        let squared = dot(gradient, gradient)
        var cauchy = gradient
        combine(gradient, times: 0, with: &cauchy, times: -squared / dot(gradient, definite.times(gradient)))
        self.cauchy = cauchy
    }

    /// The path's last point within the ball.
    func step(radius: Double) -> ModelStep<Scalar> {
        var vector = newton
        let isOnBoundary = norm(newton) > radius
        if isOnBoundary {
            let cauchyLength = norm(cauchy)
            if cauchyLength >= radius {
                vector = gradient
                combine(gradient, times: 0, with: &vector, times: -radius / norm(gradient))
            } else {
                // ‖cauchy + t (newton − cauchy)‖ = radius.
                var leg = newton
                add(cauchy, times: -1, to: &leg)
                let (a, b) = (dot(leg, leg), dot(cauchy, leg))
                let c = cauchyLength * cauchyLength - radius * radius
                let root = max(0, b * b - a * c).squareRoot()
                vector = cauchy
                add(leg, times: b > 0 ? -c / (b + root) : (root - b) / a, to: &vector)
            }
        }
        return ModelStep(vector: vector, product: hessian.times(vector), isOnBoundary: isOnBoundary)
    }

    private func norm(_ v: [Scalar]) -> Double { dot(v, v).squareRoot() }
}
