import DescentLinearAlgebra
import DescentOptimization
import Testing

@Suite struct MinimizerBoundsTests {
    @Test(arguments: MinimizerFixture.shared.boxes)
    func reachesSciPysAnswer(_ box: MinimizerFixture.Box) throws {
        let function = TestFunction.named(box.name)
        let bounds = Bounds(box.lower...box.upper, count: function.parameterCount)
        let watched = WatchedObjective(function: function, bounds: bounds)
        var values: [Double] = []
        let solution = try LBFGS().minimize(watched, from: function.start, within: bounds) {
            values.append($0.value)
        }
        #expect(abs(solution.value - box.value) <= 1e-8 * max(1, abs(box.value)), "\(solution) \(box.value)")
        #expect(solution.value == function.value(at: solution.point))
        #expect(solution.point == bounds.nearest(to: solution.point))
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 })
        // What it reports is ‖x − P(x − ∇f)‖∞.
        let gradient = function.gradient(at: solution.point)
        let target = bounds.nearest(to: zip(solution.point, gradient).map { $0 - $1 })
        let norm = zip(solution.point, target).reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(abs(norm - solution.gradientNorm) <= 1e-12 * max(1, gradient.reduce(0) { max($0, abs($1)) }))
    }

    @Test(arguments: TestFunction.all)
    func withoutBoundsItIsHonestToo(_ function: TestFunction) throws {
        let bounds = Bounds(-Double.infinity...Double.infinity, count: function.parameterCount)
        try expectHonesty(of: function) { observe throws(MinimizerError) in
            try LBFGS().minimize(function, from: function.start, within: bounds, observing: observe)
        }
    }

    @Test func corners() throws {
        // All fixed, some fixed, and a start outside.
        let fixed = Bounds<Double>(lower: [2, 3], upper: [2, 3])
        let solution = try LBFGS().minimize(Rosenbrock(), from: [0, 0], within: fixed)
        #expect(solution.point == [2, 3] && solution.isConverged && solution.counts.iterations == 0)
        let half = Bounds<Double>(lower: [-.infinity, 0.25], upper: [.infinity, 0.25])
        let onLine = try LBFGS().minimize(Rosenbrock(), from: [7, 9], within: half)
        #expect(onLine.isConverged && onLine.point[1] == 0.25 && abs(onLine.point[0] - 0.5) < 0.01)
        let float = try LBFGS().minimize(
            Rosenbrock<Float>(), from: [-1.2, 1], within: Bounds(-2...0.5, count: 2))
        #expect(float.point[0] == 0.5 && abs(float.point[1] - 0.25) < 1e-3)
    }
}

/// Complains when it is asked about a point outside of its bounds.
private struct WatchedObjective: Objective {
    let function: TestFunction
    let bounds: Bounds<Double>
    var parameterCount: Int { function.parameterCount }

    func value(at x: [Double]) -> Double {
        #expect(bounds.nearest(to: x) == x)
        return function.value(at: x)
    }

    func valueAndGradient(at x: [Double], gradient: inout [Double]) -> Double {
        #expect(bounds.nearest(to: x) == x)
        return function.valueAndGradient(at: x, gradient: &gradient)
    }
}
