import DescentLinearAlgebra
import DescentOptimization
import Testing

@Suite struct MinimizerCurvatureTests {
    static let rule = StoppingRule(maximumIterations: 500)

    static let all: [(String, any CurvatureMinimizer)] = [
        ("Newton", Newton(stopping: rule)),
        ("Newton, backtracking", Newton(lineSearch: Backtracking(), stopping: rule)),
        ("Newton-CG", NewtonCG(stopping: rule)),
        ("trust region, Steihaug", TrustRegion(stopping: rule)),
        ("trust region, dogleg", TrustRegion(subproblem: .dogleg, stopping: rule)),
    ]

    static func minimizer(_ name: String) -> any CurvatureMinimizer { all.first { $0.0 == name }!.1 }

    @Test(arguments: TestFunction.all, all.map(\.0))
    func reachesAMinimumOrSaysThatItDidNot(_ function: TestFunction, _ name: String) throws {
        try expectHonesty(of: function) { observe throws(MinimizerError) in
            try Self.minimizer(name).minimize(function, from: function.start, observing: observe)
        }
    }

    /// From 1e−3 to the last digits in a handful of steps.
    @Test(arguments: all.map(\.0))
    func convergesFastNearTheMinimum(_ name: String) throws {
        let solution = try Self.minimizer(name).minimize(Rosenbrock<Double>(), from: [1.001, 1.003])
        #expect(solution.isConverged && solution.counts.iterations <= 8, "\(solution)")
    }

    @Test(arguments: all.map(\.0))
    func aSaddleIsLeft(_ name: String) throws {
        // f = x⁴/4 − x²/2 + y²/2, begun close to the saddle at 0; minima of −¼ at (±1, 0).
        struct Double2: HessianObjective {
            let parameterCount = 2
            func value(at x: [Double]) -> Double {
                x[0] * x[0] * x[0] * x[0] / 4 - x[0] * x[0] / 2 + x[1] * x[1] / 2
            }
            func valueAndGradient(at x: [Double], gradient: inout [Double]) -> Double {
                gradient = [x[0] * x[0] * x[0] - x[0], x[1]]
                return value(at: x)
            }
            func hessianProduct(at x: [Double], along v: [Double], product: inout [Double]) {
                product = [(3 * x[0] * x[0] - 1) * v[0], v[1]]
            }
        }
        let solution = try Self.minimizer(name).minimize(Double2(), from: [1e-4, 1])
        #expect(solution.isConverged && abs(solution.value + 0.25) < 1e-12, "\(solution)")
    }

    @Test(arguments: ["Newton-CG", "trust region, Steihaug"])
    func aThousandVariablesNeedNoHessian(_ name: String) throws {
        let rosenbrock = Rosenbrock<Double>(parameterCount: 1000)
        let solution = try Self.minimizer(name).minimize(rosenbrock, from: rosenbrock.start)
        #expect(solution.isConverged && solution.value < 1e-12)
        #expect(solution.counts.hessians == 0 && solution.counts.hessianProducts > 0)
    }

    @Test(arguments: all.map(\.0))
    func worksInFloat(_ name: String) throws {
        let solution = try Self.minimizer(name).minimize(Rosenbrock<Float>(), from: [-1.2, 1])
        #expect(solution.value < 1e-6, "\(solution)")
    }

    @Test(arguments: all.map(\.0))
    func budgetsAndNumbersThatAreNone(_ name: String) throws {
        struct Broken: HessianObjective {
            let parameterCount = 1
            var hessian: Double
            var outside: Double
            func value(at x: [Double]) -> Double { abs(x[0] - 1) < 0.3 ? x[0] * x[0] : outside }
            func valueAndGradient(at x: [Double], gradient: inout [Double]) -> Double {
                gradient = [abs(x[0] - 1) < 0.3 ? 2 * x[0] : outside]
                return value(at: x)
            }
            func hessianProduct(at x: [Double], along v: [Double], product: inout [Double]) {
                product = [hessian * v[0]]
            }
        }
        for (hessian, outside) in [
            (2, .nan), (2, .infinity), (.nan, 2.0), (.nan, .nan), (0, .nan), (-3, .nan),
        ] {
            let solution = try Self.minimizer(name).minimize(
                Broken(hessian: hessian, outside: outside), from: [1])
            #expect(!solution.isConverged, "\(hessian) \(outside) \(solution)")
            #expect(solution.value <= 1 && abs(solution.point[0] - 1) < 0.3)
        }
        #expect(throws: MinimizerError.self) {
            try Self.minimizer(name).minimize(Broken(hessian: 2, outside: .nan), from: [5])
        }
        var minimizer = Self.minimizer(name)
        minimizer.stopping = StoppingRule(maximumIterations: 2)
        let few = try minimizer.minimize(TestFunction.wood, from: TestFunction.wood.start)
        #expect(few.reason == .iterationLimit && few.counts.iterations == 2)
    }
}
