import DescentLinearAlgebra
import DescentOptimization
import Testing

@Suite struct TestFunctionTests {
    @Test(arguments: TestFunction.all)
    func agreesWithTheFormulasInPython(_ function: TestFunction) {
        let golden = MinimizerFixture.named(function.name)
        #expect(golden.parameters == function.parameterCount)
        let value = function.value(at: function.start)
        #expect(abs(value - golden.startValue) <= 1e-12 * abs(golden.startValue))
        let gradient = function.gradient(at: function.start)
        let scale = golden.startGradient.reduce(0) { max($0, abs($1)) }
        for (ours, theirs) in zip(gradient, golden.startGradient) {
            #expect(abs(ours - theirs) <= 1e-12 * scale)
        }
    }

    /// At the start and at points beside it, whose coordinates have no symmetry.
    @Test(arguments: TestFunction.all)
    func derivativesAreThoseOfTheValue(_ function: TestFunction) {
        for offset in [0.0, 0.01, -0.02] {
            let point = function.start.enumerated().map { index, x in
                x * (1 + offset) + offset * Double(index + 1) / 3
            }
            // A value of 10¹² leaves a difference quotient six digits fewer.
            let tolerance = function.name == "Brown badly scaled" ? 2e-5 : 1e-6
            #expect(GradientCheck(of: function, at: point).relativeError < tolerance)
            #expect(HessianCheck(of: function, at: point).relativeError < tolerance)
        }
    }

    @Test func rosenbrockIsWhatItsNameSays() {
        let rosenbrock = Rosenbrock<Double>(parameterCount: 6)
        #expect(rosenbrock.value(at: rosenbrock.start) == 3 * 24.199999999999996)
        #expect(rosenbrock.value(at: rosenbrock.minimum) == 0)
        #expect(rosenbrock.gradient(at: rosenbrock.minimum) == [Double](repeating: 0, count: 6))
        let point = [-1.2, 1, 0.3, -0.7, 2, 3.5]
        #expect(GradientCheck(of: rosenbrock, at: point).relativeError < 1e-8)
        #expect(HessianCheck(of: rosenbrock, at: point).relativeError < 1e-8)
        #expect(HessianCheck(of: Rosenbrock<Float>(), at: [-1.2, 1]).relativeError < 1e-3)
        // The same by formula, value and curvature.
        let formula = TestFunction.rosenbrock
        #expect(abs(formula.value(at: [0.3, -0.7]) - Rosenbrock<Double>().value(at: [0.3, -0.7])) < 1e-13)
        let (a, b) = (formula.hessian(at: [0.3, -0.7]), Rosenbrock<Double>().hessian(at: [0.3, -0.7]))
        #expect((a - b).largestMagnitude < 1e-11)
    }

    @Test func aWrongHessianIsFound() {
        struct Wrong: HessianObjective {
            let parameterCount = 2
            func value(at x: [Double]) -> Double { x[0] * x[0] * x[1] }
            func valueAndGradient(at x: [Double], gradient: inout [Double]) -> Double {
                gradient = [2 * x[0] * x[1], x[0] * x[0]]
                return value(at: x)
            }
            func hessianProduct(at x: [Double], along v: [Double], product: inout [Double]) {
                product = [2 * x[1] * v[0] + 2 * x[0] * v[1], x[0] * v[0]]
            }
        }
        let check = HessianCheck(of: Wrong(), at: [3, 0.5])
        #expect(check.relativeError > 0.4)
        #expect(check.worstDirection == 0)
        #expect(check.worstCoordinate == 1)
        #expect(check.product == 3)
        #expect(abs(check.differenceQuotient - 6) < 1e-6)
        #expect(HessianCheck(of: Wrong(), at: [3, 0.5], along: [[0, 2]]).relativeError < 1e-6)
    }
}
