import DescentLinearAlgebra
import DescentOptimization
import RealModule
import Testing

/// The residuals of a test function as a least-squares problem, half of its value.
struct TestResiduals: ResidualObjective {
    let function: TestFunction
    let residualCount: Int
    var parameterCount: Int { function.parameterCount }

    init(_ function: TestFunction) {
        self.function = function
        residualCount = function.residuals(Jet.variables(function.start, order: 0)).count
    }

    func residuals(at x: [Double], into residuals: inout [Double]) {
        residuals = function.residuals(Jet.variables(x, order: 0)).map(\.value)
    }

    func jacobian(at x: [Double]) -> Matrix<Double> {
        let zero = [Double](repeating: 0, count: x.count)
        return Matrix(
            function.residuals(Jet.variables(x, order: 1)).map { $0.gradient.isEmpty ? zero : $0.gradient })
    }
}

@Suite struct MinimizerLeastSquaresTests {
    @Test(arguments: TestFunction.sumsOfSquares)
    func reachesAMinimumOrSaysThatItDidNot(_ function: TestFunction) throws {
        let problem = TestResiduals(function)
        #expect(GradientCheck(of: problem, at: function.start).relativeError < 2e-5)
        try expectHonesty(of: function, weight: 0.5) { observe throws(MinimizerError) in
            try LevenbergMarquardt().minimize(problem, from: function.start, observing: observe)
        }
    }

    /// The problem that first-order methods give up on.
    @Test func meyerIsSolved() throws {
        let golden = MinimizerFixture.named("Meyer").minima[0]
        let solution = try LevenbergMarquardt().minimize(
            TestResiduals(.meyer), from: TestFunction.meyer.start)
        #expect(abs(2 * solution.value - golden) <= 1e-8 * golden, "\(solution)")
        #expect(abs(solution.point[0] - 0.005609636) < 1e-8)
        #expect(abs(solution.point[1] - 6181.346) < 1e-2)
        #expect(abs(solution.point[2] - 345.2236) < 1e-3)
    }

    @Test func aLinearProblemTakesAboutOneStep() throws {
        struct Line: ResidualObjective {
            let parameterCount = 2
            let residualCount = 4
            func residuals(at x: [Double], into residuals: inout [Double]) {
                residuals = (0..<4).map { x[0] + x[1] * Double($0) - [1, 3, 5, 8][$0] }
            }
            func jacobian(at x: [Double]) -> Matrix<Double> { Matrix((0..<4).map { [1, Double($0)] }) }
        }
        let solution = try LevenbergMarquardt(initialDamping: 1e-12).minimize(Line(), from: [0, 0])
        #expect(solution.isConverged && solution.counts.iterations <= 2)
        #expect(abs(solution.point[0] - 0.8) < 1e-9 && abs(solution.point[1] - 2.3) < 1e-9)
        #expect(abs(solution.value - 0.15) < 1e-12)
    }

    /// A column of zeros, and two that are the same: no unique answer, but one that does not lie.
    @Test func dependentColumnsAreDamped() throws {
        struct Flat: ResidualObjective {
            let parameterCount = 3
            let residualCount = 2
            func residuals(at x: [Double], into residuals: inout [Double]) {
                residuals = [x[0] + x[1] - 3, 2 * (x[0] + x[1]) - 6]
            }
            func jacobian(at x: [Double]) -> Matrix<Double> { [[1, 1, 0], [2, 2, 0]] }
        }
        let solution = try LevenbergMarquardt().minimize(Flat(), from: [0, 1, 7])
        #expect(solution.isConverged && solution.value < 1e-14)
        #expect(solution.point[2] == 7)
    }

    @Test func residualsThatAreNotFinite() throws {
        struct Logarithm: ResidualObjective {
            let parameterCount = 1
            let residualCount = 1
            func residuals(at x: [Double], into residuals: inout [Double]) {
                residuals = [Double.log(x[0]) + 2]
            }
            func jacobian(at x: [Double]) -> Matrix<Double> { [[1 / x[0]]] }
        }
        #expect(throws: MinimizerError.self) { try LevenbergMarquardt().minimize(Logarithm(), from: [-1]) }
        // The full step from 5 goes to a negative number.
        let solution = try LevenbergMarquardt().minimize(Logarithm(), from: [5])
        #expect(solution.isConverged && abs(solution.point[0] - Double.exp(-2)) < 1e-8)
    }
}
