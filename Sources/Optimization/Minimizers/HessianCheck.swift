import DescentLinearAlgebra
import RealModule

/// How far an objective's Hessian products are from central differences of its gradient.
///
/// The difference quotient along v is (∇f(θ + h v) − ∇f(θ − h v)) / 2h with ‖h v‖∞ = ∛ε · max(1, ‖θ‖∞). It
/// presupposes a right gradient: look at `GradientCheck` first.
public struct HessianCheck: Equatable, Sendable {
    /// The largest |(∇²f v)ᵢ − quotientᵢ| over all directions, divided by the largest absolute component met.
    public let relativeError: Double

    /// The direction (its place in the list) with the largest difference.
    public let worstDirection: Int

    /// The coordinate with the largest difference there.
    public let worstCoordinate: Int

    /// The component of the product there, as the objective has it.
    public let product: Double

    /// The difference quotient there.
    public let differenceQuotient: Double

    /// Compares products and differences at a point.
    ///
    /// - Parameters:
    ///   - objective: At least one parameter.
    ///   - parameters: The point.
    ///   - directions: Along which vectors, each at the price of a product and two gradients; along every axis if `nil`.
    public init<Scalar: MatrixScalar>(
        of objective: some HessianObjective<Scalar>, at parameters: [Scalar],
        along directions: [[Scalar]]? = nil
    ) {
        let n = parameters.count
        let axes = directions ?? (0..<n).map { axis in (0..<n).map { $0 == axis ? 1 : 0 } }
        let cubeRoot = Double.root(Double(Scalar.ulpOfOne), 3)
        let size = max(1, largestMagnitude(parameters))
        var worst = (difference: -1.0, direction: 0, coordinate: 0, product: 0.0, quotient: 0.0)
        var scale = 0.0
        var product = [Scalar](repeating: 0, count: n)
        search: for (index, direction) in axes.enumerated() {
            let step = cubeRoot * size / max(largestMagnitude(direction), .leastNormalMagnitude)
            var (right, left) = (parameters, parameters)
            add(direction, times: step, to: &right)
            add(direction, times: -step, to: &left)
            let (above, below) = (objective.gradient(at: right), objective.gradient(at: left))
            objective.hessianProduct(at: parameters, along: direction, product: &product)
            // Divided by the distance that the rounded points have, along the component that shows it best.
            let longest = direction.indices.max { abs(direction[$0]) < abs(direction[$1]) }!
            let length = (Double(right[longest]) - Double(left[longest])) / Double(direction[longest])
            for i in 0..<n {
                let quotient = (Double(above[i]) - Double(below[i])) / length
                let difference = abs(Double(product[i]) - quotient)
                scale = max(scale, abs(Double(product[i])), abs(quotient))
                if difference > worst.difference || difference.isNaN {
                    worst = (difference, index, i, Double(product[i]), quotient)
                    if difference.isNaN { break search }
                }
            }
        }
        relativeError = worst.difference == 0 ? 0 : worst.difference / scale
        worstDirection = worst.direction
        worstCoordinate = worst.coordinate
        self.product = worst.product
        differenceQuotient = worst.quotient
    }
}

extension HessianCheck: CustomStringConvertible {
    /// The worst direction and coordinate and what they have, for people.
    public var description: String {
        """
        relative error \(relativeError), worst along direction \(worstDirection) at coordinate \(worstCoordinate): the \
        product has \(product), differences of the gradient give \(differenceQuotient)
        """
    }
}
