import DescentLinearAlgebra
import DescentOptimization

/// Half the mean squared error of a linear model, as a function of its coefficients.
///
///     f(β, β₀) = Σ sᵢ (xᵢ·β + β₀ − yᵢ)² / (2 Σ sᵢ)  +  (λ/2) ‖β‖²
///
/// Parameters are β, one number a feature, then β₀ if there is an intercept. Over examples S it is the mean of
/// (n sᵢ / Σ s) (…)² / 2 over S.
public struct LinearObjective<Scalar: MatrixScalar>: FiniteSumObjective, HessianObjective {
    /// The features, examples × features.
    public let features: Matrix<Scalar>
    /// The values to explain.
    public let target: [Scalar]
    /// Whether the model has a constant term.
    public let hasIntercept: Bool
    /// λ.
    public let ridge: Double

    /// s, with mean 1.
    private let weights: [Scalar]?

    /// The objective on some data.
    ///
    /// - Precondition: as many rows, target values and weights, and at least one; weights 0 or more and not all 0.
    public init(
        _ features: Matrix<Scalar>, _ target: [Scalar], weights: [Double]? = nil, hasIntercept: Bool = true,
        ridge: Double = 0
    ) {
        let n = features.rows
        precondition(
            n > 0 && target.count == n && (weights?.count ?? n) == n,
            "\(n) × \(features.columns) features need as many target values and weights as rows, and at least one"
        )
        let total = weights?.reduce(0, +) ?? Double(n)
        precondition(
            total > 0 && weights?.allSatisfy { $0 >= 0 } ?? true, "weights must be 0 or more and not all 0")
        self.features = features
        self.target = target
        self.hasIntercept = hasIntercept
        self.ridge = ridge
        self.weights = weights.map { $0.map { Scalar($0 * Double(n) / total) } }
    }

    /// The number of features, and one for an intercept.
    public var parameterCount: Int { features.columns + (hasIntercept ? 1 : 0) }

    /// The number of examples.
    public var exampleCount: Int { features.rows }

    /// f at a point.
    public func value(at parameters: [Scalar]) -> Double {
        let errors = errors(at: parameters)
        return mean(errors) { Double($0) * Double($0) } / 2 + penalty(parameters)
    }

    /// f and its gradient at a point.
    public func valueAndGradient(at parameters: [Scalar], gradient: inout [Scalar]) -> Double {
        let errors = errors(at: parameters)
        writeTransposed(errors, at: parameters, into: &gradient)
        return mean(errors) { Double($0) * Double($0) } / 2 + penalty(parameters)
    }

    /// f and its gradient at a point, the mean taken over some of the examples.
    public func valueAndGradient(
        at parameters: [Scalar], examples: Span<Int32>, gradient: inout [Scalar]
    ) -> Double {
        check(parameters)
        precondition(!examples.isEmpty, "the mean over no examples was asked for")
        let p = features.columns
        for j in gradient.indices { gradient[j] = j < p ? Scalar(ridge) * parameters[j] : 0 }
        var sum = 0.0
        features.withUnsafeElements { x in
            parameters.withUnsafeBufferPointer { parameters in
                gradient.withUnsafeMutableBufferPointer { gradient in
                    for position in examples.indices {
                        let row = Int(examples[position])
                        precondition(row >= 0 && row < features.rows, "example \(row) of \(features.rows)")
                        let values = x.baseAddress! + row * p
                        var error = (hasIntercept ? parameters[p] : 0) - target[row]
                        for j in 0..<p { error += values[j] * parameters[j] }
                        let weight = weights?[row] ?? 1
                        sum += Double(weight) * Double(error) * Double(error)
                        let factor = weight * error / Scalar(examples.count)
                        for j in 0..<p { gradient[j] += factor * values[j] }
                        if hasIntercept { gradient[p] += factor }
                    }
                }
            }
        }
        return sum / Double(2 * examples.count) + penalty(parameters)
    }

    /// The product of the Hessian, which is the same everywhere, with a vector.
    public func hessianProduct(at parameters: [Scalar], along direction: [Scalar], product: inout [Scalar]) {
        var images = errors(at: direction)
        for row in images.indices { images[row] += target[row] }
        writeTransposed(images, at: direction, into: &product)
    }

    private func check(_ parameters: [Scalar]) {
        precondition(
            parameters.count == parameterCount,
            "\(parameters.count) numbers for \(parameterCount) coefficients")
    }

    /// Xβ + β₀ − y.
    private func errors(at parameters: [Scalar]) -> [Scalar] {
        check(parameters)
        let intercept = hasIntercept ? parameters[features.columns] : 0
        var errors = target.map { intercept - $0 }
        multiply(features, Array(parameters.prefix(features.columns)), into: &errors, beta: 1)
        return errors
    }

    private func mean(_ errors: [Scalar], _ body: (Scalar) -> Double) -> Double {
        var sum = 0.0
        for (row, error) in errors.enumerated() { sum += Double(weights?[row] ?? 1) * body(error) }
        return sum / Double(errors.count)
    }

    /// The gradient for given errors: Xᵀ S e / n and the mean of S e, with λβ.
    private func writeTransposed(_ errors: [Scalar], at parameters: [Scalar], into gradient: inout [Scalar]) {
        precondition(
            gradient.count == parameterCount, "\(gradient.count) numbers for a gradient of \(parameterCount)")
        let n = Scalar(errors.count)
        let weighted = weights.map { zip($0, errors).map { $0 * $1 } } ?? errors
        let products = features.times(weighted, transposed: true)
        for j in products.indices { gradient[j] = products[j] / n + Scalar(ridge) * parameters[j] }
        if hasIntercept { gradient[products.count] = weighted.reduce(0, +) / n }
    }

    private func penalty(_ parameters: [Scalar]) -> Double {
        guard ridge > 0 else { return 0 }
        return ridge / 2 * parameters.prefix(features.columns).reduce(0) { $0 + Double($1) * Double($1) }
    }
}
