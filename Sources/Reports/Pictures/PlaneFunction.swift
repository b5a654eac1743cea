import DescentLinearAlgebra
import DescentOptimization

/// A function of two variables to draw paths on, with its gradient and its Hessian.
package struct PlaneFunction: HessianObjective {
    /// The value.
    package let function: @Sendable (Double, Double) -> Double
    private let slope: @Sendable (Double, Double) -> (Double, Double)
    /// ∂²f/∂x², ∂²f/∂x∂y and ∂²f/∂y².
    private let curvature: @Sendable (Double, Double) -> (Double, Double, Double)

    /// What its contours look like.
    package let ground: ContourPicture.Ground

    /// Where paths begin.
    package let start: [Double]

    package var parameterCount: Int { 2 }

    package func value(at parameters: [Double]) -> Double { function(parameters[0], parameters[1]) }

    package func valueAndGradient(at parameters: [Double], gradient: inout [Double]) -> Double {
        (gradient[0], gradient[1]) = slope(parameters[0], parameters[1])
        return function(parameters[0], parameters[1])
    }

    package func hessianProduct(
        at parameters: [Double], along direction: [Double], product: inout [Double]
    ) {
        let (a, b, c) = curvature(parameters[0], parameters[1])
        product[0] = a * direction[0] + b * direction[1]
        product[1] = b * direction[0] + c * direction[1]
    }

    /// ½ (u² + 25 v²), u and v measured from (0.8, −0.4) along axes turned by 30°: no coordinate is a principal axis, so
    /// scaling the coordinates one by one does not undo the condition number of 25.
    package static let bowl: PlaneFunction = {
        let (c, s) = (0.75.squareRoot(), 0.5)
        let (a, b, d) = (c * c + 25 * s * s, (1 - 25) * c * s, s * s + 25 * c * c)
        let function: @Sendable (Double, Double) -> Double = { x, y in
            let (x, y) = (x - 0.8, y + 0.4)
            return (a * x * x + 2 * b * x * y + d * y * y) / 2
        }
        return PlaneFunction(
            function: function,
            slope: { x, y in
                (a * (x - 0.8) + b * (y + 0.4), b * (x - 0.8) + d * (y + 0.4))
            }, curvature: { _, _ in (a, b, d) },
            ground: ContourPicture.Ground(
                value: function, x: -2...2, y: -2...2, levels: [0.1, 0.5, 2, 6, 14, 28],
                minima: [.init(0.8, -0.4)]), start: [-1.6, 0.7])
    }()

    /// ½x² − ½y² + ¼y⁴: a saddle at 0 between minima at (0, ±1).
    ///
    /// Paths begin almost on the ridge that leads into it.
    package static let saddle: PlaneFunction = {
        let function: @Sendable (Double, Double) -> Double = { x, y in
            x * x / 2 - y * y / 2 + y * y * y * y / 4
        }
        return PlaneFunction(
            function: function, slope: { x, y in (x, -y + y * y * y) },
            curvature: { _, y in (1, 0, 3 * y * y - 1) },
            ground: ContourPicture.Ground(
                value: function, x: -1.8...1.8, y: -1.8...1.8, levels: [-0.2, 0, 0.3, 0.8, 1.5],
                minima: [.init(0, 1), .init(0, -1)]), start: [-1.5, 0.02])
    }()

    /// Rosenbrock's valley from its usual start.
    package static let rosenbrock: PlaneFunction = {
        let function: @Sendable (Double, Double) -> Double = { x, y in
            100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x)
        }
        return PlaneFunction(
            function: function,
            slope: { x, y in (-400 * (y - x * x) * x - 2 * (1 - x), 200 * (y - x * x)) },
            curvature: { x, y in (1200 * x * x - 400 * y + 2, -400 * x, 200) },
            ground: ContourPicture.Ground(
                value: function, x: -1.8...1.8, y: -1...2.6, levels: [1, 8, 50, 300],
                minima: [.init(1, 1)]), start: [-1.2, 1])
    }()
}

/// Rosenbrock's valley as the half sum of two squares, for the method that asks for residuals.
package struct RosenbrockResiduals: ResidualObjective {
    package typealias Scalar = Double
    package var parameterCount: Int { 2 }
    package var residualCount: Int { 2 }

    package func residuals(at parameters: [Double], into residuals: inout [Double]) {
        let scale = 2.0.squareRoot()
        residuals[0] = scale * 10 * (parameters[1] - parameters[0] * parameters[0])
        residuals[1] = scale * (1 - parameters[0])
    }

    package func jacobian(at parameters: [Double]) -> Matrix<Double> {
        let scale = 2.0.squareRoot()
        return Matrix(rows: 2, columns: 2, elements: [-20 * scale * parameters[0], 10 * scale, -scale, 0])
    }
}
