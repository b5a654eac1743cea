import DescentLinearAlgebra

/// An objective that knows its curvature.
///
/// Only the product with a vector is required: it costs about as much as two gradients and no memory, where
/// the Hessian itself has n² numbers. Like the value, it never throws; what is not finite is the minimizer's
/// affair.
public protocol HessianObjective<Scalar>: Objective {
    /// The product of the Hessian at a point with a vector.
    ///
    /// - Parameters:
    ///   - parameters: The point, `parameterCount` numbers.
    ///   - direction: The vector v, `parameterCount` numbers.
    ///   - product: Overwritten with ∇²f(θ) v; `parameterCount` numbers before and after.
    func hessianProduct(at parameters: [Scalar], along direction: [Scalar], product: inout [Scalar])

    /// The Hessian at a point, symmetric, `parameterCount` × `parameterCount`.
    ///
    /// There is a default that takes one product for each parameter.
    func hessian(at parameters: [Scalar]) -> Matrix<Scalar>
}

extension HessianObjective {
    /// The Hessian at a point from one product for each parameter, made symmetric by averaging with its
    /// transpose.
    public func hessian(at parameters: [Scalar]) -> Matrix<Scalar> {
        let n = parameterCount
        var hessian = Matrix<Scalar>(rows: n, columns: n)
        var unit = [Scalar](repeating: 0, count: n)
        var product = unit
        for i in 0..<n {
            unit[i] = 1
            hessianProduct(at: parameters, along: unit, product: &product)
            unit[i] = 0
            hessian.setRow(i, to: product)
        }
        for i in 0..<n {
            for j in 0..<i {
                let mean = (hessian[i, j] + hessian[j, i]) / 2
                hessian[i, j] = mean
                hessian[j, i] = mean
            }
        }
        return hessian
    }
}
