import DescentLinearAlgebra
import RealModule

/// How far an objective's gradient is from central differences of its value.
///
/// The difference quotient in coordinate i is (f(θ + h eᵢ) − f(θ − h eᵢ)) / 2h with h = ∛ε · max(1, |θᵢ|), where ε is the
/// spacing of Double (of Float for Float parameters) at 1: the step at which the error of the formula, O(h²), and the
/// rounding error of the values, O(ε/h), are about equal. At a kink of f (a rectifier at 0) the two may rightly differ.
public struct GradientCheck: Equatable, Sendable {
    /// The largest |∂f/∂θᵢ − quotient|, divided by the largest of the gradient's absolute values.
    public let relativeError: Double

    /// The coordinate at which the difference is largest.
    public let worstCoordinate: Int

    /// ∂f/∂θ there, as the objective has it.
    public let gradient: Double

    /// The difference quotient there.
    public let differenceQuotient: Double

    /// Compares gradient and differences at a point.
    ///
    /// - Parameters:
    ///   - objective: At least one parameter.
    ///   - parameters: The point.
    ///   - coordinates: Which coordinates to look at, each at the price of two values; all of them if `nil`.
    public init<Scalar: MatrixScalar>(
        of objective: some Objective<Scalar>, at parameters: [Scalar], coordinates: [Int]? = nil
    ) {
        let gradient = objective.gradient(at: parameters)
        let cubeRoot = Double.root(Double(Scalar.ulpOfOne), 3)
        var worst = (difference: -1.0, coordinate: 0, quotient: 0.0)
        var point = parameters
        for coordinate in coordinates ?? Array(parameters.indices) {
            let center = parameters[coordinate]
            let step = Scalar(cubeRoot * max(1, abs(Double(center))))
            let (right, left) = (center + step, center - step)
            point[coordinate] = right
            let above = objective.value(at: point)
            point[coordinate] = left
            let below = objective.value(at: point)
            point[coordinate] = center
            // Divided by the distance that the rounded points have, not by the one that was meant.
            let quotient = (above - below) / (Double(right) - Double(left))
            let difference = abs(Double(gradient[coordinate]) - quotient)
            if difference > worst.difference || difference.isNaN {
                worst = (difference, coordinate, quotient)
                if difference.isNaN { break }
            }
        }
        let scale = gradient.reduce(0) { max($0, abs(Double($1))) }
        // The larger of the two at the worst place stands in for a gradient that is wrongly zero.
        relativeError = worst.difference == 0 ? 0 : worst.difference / max(scale, abs(worst.quotient))
        worstCoordinate = worst.coordinate
        self.gradient = Double(gradient[worst.coordinate])
        differenceQuotient = worst.quotient
    }
}

extension GradientCheck: CustomStringConvertible {
    /// The worst coordinate and what it has, for people.
    public var description: String {
        """
        relative error \(relativeError), worst at coordinate \(worstCoordinate): the gradient has \(gradient), \
        differences of the value give \(differenceQuotient)
        """
    }
}
