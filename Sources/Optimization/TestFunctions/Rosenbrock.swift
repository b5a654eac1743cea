import DescentLinearAlgebra

/// Rosenbrock's valley, the function on which minimizers are shown.
///
/// f(x) = Σ 100 (x₂ᵢ − x₂ᵢ₋₁²)² + (1 − x₂ᵢ₋₁)² over i = 1 … n/2: a curved valley with steep sides, whose only
/// minimum is 0 at (1, …, 1). The usual start is (−1.2, 1, −1.2, 1, …).
///
/// Source: Rosenbrock, The Computer Journal 3 (1960) 175; extended as problem 21 of Moré, Garbow and
/// Hillstrom, ACM TOMS 7 (1981) 17.
public struct Rosenbrock<Scalar: MatrixScalar>: HessianObjective {
    /// The number of parameters.
    public let parameterCount: Int

    /// The function of so many variables.
    ///
    /// - Precondition: `parameterCount` is even and positive.
    public init(parameterCount: Int = 2) {
        precondition(
            parameterCount > 0 && parameterCount % 2 == 0,
            "Rosenbrock: a number of parameters of \(parameterCount) is not even and positive")
        self.parameterCount = parameterCount
    }

    /// The usual start, (−1.2, 1, −1.2, 1, …).
    public var start: [Scalar] {
        (0..<parameterCount).map { $0 % 2 == 0 ? -1.2 : 1 }
    }

    /// The minimum, (1, …, 1).
    public var minimum: [Scalar] { [Scalar](repeating: 1, count: parameterCount) }

    /// f(x).
    public func value(at parameters: [Scalar]) -> Double {
        check(parameters.count)
        var sum = 0.0
        for i in stride(from: 0, to: parameterCount, by: 2) {
            let (x, y) = (Double(parameters[i]), Double(parameters[i + 1]))
            sum += 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x)
        }
        return sum
    }

    /// f(x) and ∇f(x).
    public func valueAndGradient(at parameters: [Scalar], gradient: inout [Scalar]) -> Double {
        check(parameters.count)
        check(gradient.count)
        var sum = 0.0
        for i in stride(from: 0, to: parameterCount, by: 2) {
            let (x, y) = (Double(parameters[i]), Double(parameters[i + 1]))
            let valley = y - x * x
            sum += 100 * valley * valley + (1 - x) * (1 - x)
            gradient[i] = Scalar(-400 * valley * x - 2 * (1 - x))
            gradient[i + 1] = Scalar(200 * valley)
        }
        return sum
    }

    /// ∇²f(x) v.
    public func hessianProduct(at parameters: [Scalar], along direction: [Scalar], product: inout [Scalar]) {
        check(parameters.count)
        check(direction.count)
        check(product.count)
        for i in stride(from: 0, to: parameterCount, by: 2) {
            let (x, y) = (Double(parameters[i]), Double(parameters[i + 1]))
            let (u, v) = (Double(direction[i]), Double(direction[i + 1]))
            product[i] = Scalar((1200 * x * x - 400 * y + 2) * u - 400 * x * v)
            product[i + 1] = Scalar(-400 * x * u + 200 * v)
        }
    }

    private func check(_ count: Int) {
        precondition(count == parameterCount, "Rosenbrock: \(count) numbers for \(parameterCount) parameters")
    }
}
