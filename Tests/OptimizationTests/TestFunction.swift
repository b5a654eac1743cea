import DescentLinearAlgebra
import DescentOptimization
import Testing

/// A function from the literature, differentiated by its own formula.
struct TestFunction: HessianObjective, CustomTestStringConvertible {
    let name: String
    let start: [Double]
    /// The function is Σ rᵢ².
    let residuals: @Sendable ([Jet]) -> [Jet]
    /// What is not a sum of squares.
    var rest: @Sendable ([Jet]) -> Jet = { _ in 0 }

    init(
        _ name: String, start: [Double], residuals: @escaping @Sendable ([Jet]) -> [Jet] = { _ in [] },
        rest: @escaping @Sendable ([Jet]) -> Jet = { _ in 0 }
    ) {
        self.name = name
        self.start = start
        self.residuals = residuals
        self.rest = rest
    }

    var testDescription: String { name }
    var parameterCount: Int { start.count }

    func jet(_ x: [Double], order: Int) -> Jet {
        let variables = Jet.variables(x, order: order)
        return residuals(variables).reduce(rest(variables)) { $0 + $1.squared }
    }

    func value(at x: [Double]) -> Double { jet(x, order: 0).value }

    func valueAndGradient(at x: [Double], gradient: inout [Double]) -> Double {
        let jet = jet(x, order: 1)
        gradient = jet.gradient
        return jet.value
    }

    func hessianProduct(at x: [Double], along v: [Double], product: inout [Double]) {
        product = hessian(at: x) * v
    }

    func hessian(at x: [Double]) -> Matrix<Double> {
        Matrix(rows: x.count, columns: x.count, elements: jet(x, order: 2).hessian)
    }
}

/// A test function with parameters in `Float`, its values computed in `Double`.
struct SingleTestFunction: HessianObjective {
    let function: TestFunction
    var start: [Float] { function.start.map { Float($0) } }
    var parameterCount: Int { function.parameterCount }

    func value(at x: [Float]) -> Double { function.value(at: x.map { Double($0) }) }

    func valueAndGradient(at x: [Float], gradient: inout [Float]) -> Double {
        let jet = function.jet(x.map { Double($0) }, order: 1)
        gradient = jet.gradient.map { Float($0) }
        return jet.value
    }

    func hessianProduct(at x: [Float], along v: [Float], product: inout [Float]) {
        product = (function.hessian(at: x.map { Double($0) }) * v.map { Double($0) }).map { Float($0) }
    }
}
