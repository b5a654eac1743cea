import DescentLinearAlgebra
import DescentOptimization
import RealModule
import Testing

/// A function as closures, for the ways in which functions go wrong.
struct ClosureObjective: Objective {
    let parameterCount: Int
    let function: @Sendable ([Double]) -> (Double, [Double])

    func value(at x: [Double]) -> Double { function(x).0 }

    func valueAndGradient(at x: [Double], gradient: inout [Double]) -> Double {
        let (value, slope) = function(x)
        gradient = slope
        return value
    }
}

@Suite struct MinimizerHonestyTests {
    static let names = MinimizerTests.firstOrder.map(\.0)

    static func minimizer(_ name: String) -> any Minimizer {
        MinimizerTests.firstOrder.first { $0.0 == name }!.1
    }

    @Test(arguments: names)
    func aStartThatIsNotFiniteIsRefused(_ name: String) {
        for value in [Double.nan, .infinity, -.infinity] {
            let objective = ClosureObjective(parameterCount: 1) { _ in (value, [0]) }
            do throws(MinimizerError) {
                _ = try Self.minimizer(name).minimize(objective, from: [1])
                Issue.record("accepted \(value)")
            } catch {
                guard case .startingValueNotFinite(let reported) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(reported == value || value.isNaN && reported.isNaN)
                #expect("\(error)".contains("\(value)"))
            }
        }
        let objective = ClosureObjective(parameterCount: 2) { _ in (1, [0, .infinity]) }
        #expect(throws: MinimizerError.startingGradientNotFinite(coordinate: 1, value: .infinity)) {
            try Self.minimizer(name).minimize(objective, from: [1, 2])
        }
    }

    /// √(1 − x²) − … : the minimum lies inside, and every long step leaves the domain.
    @Test(arguments: names, [Double.nan, .infinity])
    func steppingOutOfTheDomainIsNeverAccepted(_ name: String, _ outside: Double) throws {
        let objective = ClosureObjective(parameterCount: 2) { x in
            guard x[0] > 0, x[1] > 0 else { return (outside, [outside, outside]) }
            // Σ xᵢ − cᵢ log xᵢ, minimum at c.
            return (
                x[0] - 1e-3 * Double.log(x[0]) + x[1] - 2 * Double.log(x[1]), [1 - 1e-3 / x[0], 1 - 2 / x[1]]
            )
        }
        var everyPointFinite = true
        let solution = try Self.minimizer(name).minimize(objective, from: [1, 1]) {
            everyPointFinite = everyPointFinite && $0.value.isFinite && $0.gradientNorm.isFinite
        }
        #expect(everyPointFinite && solution.value.isFinite)
        if name != "steepest descent" {
            #expect(solution.isConverged, "\(solution)")
            #expect(abs(solution.point[0] - 1e-3) < 1e-7 && abs(solution.point[1] - 2) < 1e-5)
        }
    }

    @Test(arguments: names)
    func nothingFiniteAroundIsSaid(_ name: String) throws {
        let objective = ClosureObjective(parameterCount: 1) { x in x[0] == 1 ? (5, [1]) : (.nan, [.nan]) }
        let solution = try Self.minimizer(name).minimize(objective, from: [1])
        #expect(solution.reason == .notFinite && !solution.isConverged)
        #expect(solution.point == [1] && solution.value == 5)
    }

    /// Values that are numbers with gradients that are not.
    @Test(arguments: names)
    func aGradientThatIsNotANumberIsNoSuccess(_ name: String) throws {
        let objective = ClosureObjective(parameterCount: 1) { x in (x[0] * x[0], [x[0] < 1 ? .nan : 2 * x[0]])
        }
        let solution = try Self.minimizer(name).minimize(objective, from: [3])
        #expect(!solution.isConverged)
        #expect(solution.value.isFinite && solution.gradientNorm.isFinite)
        #expect(solution.point[0] >= 1 && solution.value <= 9)
    }

    @Test(arguments: names)
    func aFunctionWithoutMinimumIsNotConverged(_ name: String) throws {
        let cliff = ClosureObjective(parameterCount: 1) { x in x[0] > -50 ? (x[0], [1]) : (-.infinity, [1]) }
        let fallen = try Self.minimizer(name).minimize(cliff, from: [0])
        #expect(fallen.reason == .unboundedBelow)
        #expect(fallen.value.isFinite)
        let slope = ClosureObjective(parameterCount: 1) { x in (x[0], [1]) }
        var rule = Self.minimizer(name)
        rule.stopping.maximumIterations = 50
        #expect(try !rule.minimize(slope, from: [0]).isConverged)
    }

    /// A gradient with the wrong sign.
    @Test(arguments: names)
    func aWrongGradientIsNotConverged(_ name: String) throws {
        let objective = ClosureObjective(parameterCount: 2) { x in
            (x[0] * x[0] + x[1] * x[1], [-2 * x[0], -2 * x[1]])
        }
        let solution = try Self.minimizer(name).minimize(objective, from: [3, 1])
        #expect(solution.reason == .noLowerPoint)
        #expect(solution.point == [3, 1] && solution.value == 10)
    }

    @Test(arguments: names)
    func aKinkIsNotConverged(_ name: String) throws {
        let objective = ClosureObjective(parameterCount: 1) { x in (abs(x[0]), [x[0] < 0 ? -1 : 1]) }
        var minimizer = Self.minimizer(name)
        minimizer.stopping.maximumIterations = 300
        let solution = try minimizer.minimize(objective, from: [1.3])
        #expect(!solution.isConverged)
        #expect(solution.value < 0.1)
    }

    @Test(arguments: names)
    func budgetsAreKeptAndNamed(_ name: String) throws {
        var minimizer = Self.minimizer(name)
        minimizer.stopping = StoppingRule(maximumIterations: 3)
        let few = try minimizer.minimize(TestFunction.wood, from: TestFunction.wood.start)
        #expect(few.reason == .iterationLimit && few.counts.iterations == 3)
        minimizer.stopping = StoppingRule(maximumEvaluations: 7)
        let cheap = try minimizer.minimize(TestFunction.wood, from: TestFunction.wood.start)
        #expect(cheap.reason == .evaluationLimit)
        #expect(cheap.counts.values >= 7 && cheap.counts.values < 7 + 60)
        minimizer.stopping = StoppingRule(maximumSeconds: 0)
        let short = try minimizer.minimize(TestFunction.wood, from: TestFunction.wood.start)
        #expect(short.reason == .timeLimit && short.counts.iterations == 0)
        minimizer.stopping = StoppingRule(maximumIterations: 3, maximumSeconds: 3600)
        #expect(try minimizer.minimize(TestFunction.wood, from: TestFunction.wood.start) == few)
        // The closure that watches can end the walk.
        let flag = CancellationFlag()
        minimizer.stopping = StoppingRule(cancellation: flag)
        let ended = try minimizer.minimize(TestFunction.wood, from: TestFunction.wood.start) {
            if $0.counts.iterations == 2 { flag.cancel() }
        }
        #expect(ended.reason == .cancelled && ended.counts.iterations == 2)
        minimizer.stopping = StoppingRule(maximumIterations: 0)
        let none = try minimizer.minimize(TestFunction.wood, from: TestFunction.wood.start)
        #expect(none.reason == .iterationLimit && none.point == TestFunction.wood.start)
        #expect(none.counts.values == 1 && none.counts.gradients == 1)
    }

    @Test(arguments: names)
    func tolerancesStopAndAreNamed(_ name: String) throws {
        var minimizer = Self.minimizer(name)
        minimizer.stopping = StoppingRule(valueTolerance: 1e-2)
        let level = try minimizer.minimize(TestFunction.rosenbrock, from: TestFunction.rosenbrock.start)
        #expect(level.reason == .valueTolerance && level.isConverged)
        minimizer.stopping = StoppingRule(stepTolerance: 1e-1)
        #expect(try minimizer.minimize(TestFunction.rosenbrock, from: [-1.2, 1]).reason == .stepTolerance)
        minimizer.stopping = StoppingRule(relativeGradientTolerance: 0.1)
        let relative = try minimizer.minimize(TestFunction.rosenbrock, from: [-1.2, 1])
        #expect(relative.reason == .gradientTolerance && relative.gradientNorm <= 21.56)
        #expect(relative.gradientNorm > 1e-3)
        minimizer.stopping = StoppingRule(gradientTolerance: 0.5, relativeGradientTolerance: 0)
        #expect(try minimizer.minimize(TestFunction.rosenbrock, from: [-1.2, 1]).gradientNorm <= 0.5)
    }

    @Test(arguments: names)
    func aMinimumIsNotLeft(_ name: String) throws {
        let solution = try Self.minimizer(name).minimize(Rosenbrock<Double>(), from: [1, 1])
        #expect(solution.reason == .gradientTolerance && solution.counts.iterations == 0)
        let nothing = ClosureObjective(parameterCount: 0) { _ in (3, []) }
        #expect(try Self.minimizer(name).minimize(nothing, from: []).isConverged)
    }

    @Test func countsAreThoseOfTheCalls() throws {
        let counter = Counter()
        let objective = ClosureObjective(parameterCount: 2) { x in
            counter.add()
            var gradient = [0.0, 0.0]
            return (Rosenbrock<Double>().valueAndGradient(at: x, gradient: &gradient), gradient)
        }
        for (_, minimizer) in MinimizerTests.firstOrder {
            let before = counter.count
            let solution = try minimizer.minimize(objective, from: [-1.2, 1])
            #expect(solution.counts.values == counter.count - before)
            #expect(solution.counts.gradients <= solution.counts.values)
        }
    }

    @Test func cancellingStops() async {
        let task = Task {
            try LBFGS().minimize(Rosenbrock<Double>(), from: [-1.2, 1]) { progress in
                if progress.counts.iterations == 2 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        let solution = try? await task.value
        #expect(solution?.reason == .cancelled)
        #expect(solution?.counts.iterations == 2)
    }

    @Test func onlyThreeReasonsAreSuccess() {
        let successes = StoppingReason.allCases.filter(\.isConverged)
        #expect(successes == [.gradientTolerance, .valueTolerance, .stepTolerance])
    }
}

private final class Counter: @unchecked Sendable {
    private(set) var count = 0
    func add() { count += 1 }
}
