import DescentLinearAlgebra
import DescentOptimization
import Testing

@Suite struct MinimizerTests {
    /// Every first-order minimizer, by name.
    static let firstOrder: [(String, any Minimizer)] = [
        ("L-BFGS", LBFGS()),
        ("L-BFGS, Hager-Zhang", LBFGS(lineSearch: HagerZhang())),
        ("L-BFGS, memory 3", LBFGS(memory: 3)),
        ("CG, Hager-Zhang", ConjugateGradient()),
        (
            "CG, Polak-Ribiere+",
            ConjugateGradient(
                formula: .polakRibierePlus, lineSearch: StrongWolfe(decrease: 1e-4, curvature: 0.1))
        ),
        (
            "CG, Fletcher-Reeves",
            ConjugateGradient(
                formula: .fletcherReeves, lineSearch: StrongWolfe(decrease: 1e-4, curvature: 0.1))
        ),
        ("steepest descent", SteepestDescent(stopping: StoppingRule(maximumIterations: 200))),
    ]

    @Test(arguments: TestFunction.all, firstOrder.map(\.0))
    func reachesAMinimumOrSaysThatItDidNot(_ function: TestFunction, _ name: String) throws {
        let minimizer = Self.firstOrder.first { $0.0 == name }!.1
        let golden = MinimizerFixture.named(function.name)
        var values: [Double] = []
        let solution = try minimizer.minimize(function, from: function.start) { values.append($0.value) }
        // What it says is so.
        #expect(solution.value == function.value(at: solution.point))
        #expect(solution.gradientNorm == function.gradient(at: solution.point).reduce(0) { max($0, abs($1)) })
        #expect(solution.value <= golden.startValue)
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(values.last == solution.value)
        #expect(solution.counts.iterations == values.count - 1)
        let distance = golden.minima.map { abs(solution.value - $0) / max(1, abs($0)) }.min()!
        print("\(name) on \(function.name): off \(distance); \(solution)")
        #expect(distance <= 1e-8 || !solution.isConverged)
    }

    /// The same stopping rule and memory as SciPy's default.
    @Test(arguments: TestFunction.all)
    func lbfgsTakesNoMoreThanSciPys(_ function: TestFunction) throws {
        let golden = MinimizerFixture.named(function.name)
        let rule = StoppingRule(
            gradientTolerance: 1e-5, relativeGradientTolerance: 0, valueTolerance: 2.220446049250313e-09)
        let solution = try LBFGS(stopping: rule).minimize(function, from: function.start)
        print("\(function.name): \(solution.counts.values) SciPy \(golden.scipy.evaluations) value \(solution.value) SciPy \(golden.scipy.value) \(solution.reason)")
        #expect(Double(solution.counts.values) <= 1.5 * Double(golden.scipy.evaluations))
    }
}
