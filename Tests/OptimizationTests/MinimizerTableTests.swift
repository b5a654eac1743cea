import DescentOptimization
import Testing

/// Prints the tables of docs/minimizers.md, and checks what that page says about them.
@Suite struct MinimizerTableTests {
    static let rule = StoppingRule(maximumIterations: 2000)

    /// Values asked for until the gradient tolerance is met, every method from the usual start.
    @Test func minimizerTable() throws {
        let names = [
            "Rosenbrock", "Beale", "Helical valley", "Powell singular", "Wood", "Himmelblau", "Trigonometric",
            "Broyden banded", "Freudenstein-Roth", "Brown badly scaled", "Meyer",
        ]
        let firstOrder: [(String, any Minimizer)] = [
            ("L-BFGS", LBFGS(stopping: Self.rule)), ("CG", ConjugateGradient(stopping: Self.rule)),
            ("steepest descent", SteepestDescent(stopping: Self.rule)),
        ]
        let curved: [(String, any CurvatureMinimizer)] = [
            ("Newton", Newton(stopping: Self.rule)), ("Newton-CG", NewtonCG(stopping: Self.rule)),
            ("trust region", TrustRegion(stopping: Self.rule)),
        ]
        let columns = firstOrder.map(\.0) + curved.map(\.0) + ["Levenberg-Marquardt"]
        print("| function | \(columns.joined(separator: " | ")) |")
        print("|---|\(columns.map { _ in "---" }.joined(separator: "|"))|")
        var reached: [String: Int] = [:]
        for name in names {
            let function = TestFunction.named(name)
            var solutions: [Solution<Double>] = []
            for (_, method) in firstOrder {
                solutions.append(try method.minimize(function, from: function.start))
            }
            for (_, method) in curved {
                solutions.append(try method.minimize(function, from: function.start))
            }
            let problem = TestResiduals(function)
            let method = LevenbergMarquardt(stopping: Self.rule)
            solutions.append(try method.minimize(problem, from: function.start))
            let minima = MinimizerFixture.named(name).minima
            let cells = zip(columns, solutions).map { column, solution -> String in
                let value = function.value(at: solution.point)
                let distance = minima.map { abs(value - $0) / max(1, abs($0)) }.min()!
                #expect(!solution.isConverged || distance <= 1e-8)
                if distance <= 1e-8 { reached[column, default: 0] += 1 }
                let mark =
                    solution.isConverged ? "" : distance <= 1e-8 ? " (at the minimum)" : " (not reached)"
                return "\(solution.counts.values)\(mark)"
            }
            print("| \(name) | \(cells.joined(separator: " | ")) |")
        }
        #expect(reached["Levenberg-Marquardt"] == names.count)
        #expect(reached["L-BFGS"] == names.count)
        #expect(reached["steepest descent"]! < names.count - 2)
    }

    /// Values asked for by L-BFGS and by SciPy's L-BFGS-B under SciPy's stopping rule.
    @Test func tableBesideSciPy() throws {
        print("| function | parameters | L-BFGS | SciPy |")
        print("|---|---|---|---|")
        var atMost = 0
        for golden in MinimizerFixture.shared.cases {
            let solution: Solution<Double>
            if golden.name == "Rosenbrock 1000" {
                let rosenbrock = Rosenbrock<Double>(parameterCount: 1000)
                solution = try LBFGS(stopping: MinimizerTests.sciPysRule).minimize(
                    rosenbrock, from: rosenbrock.start)
            } else {
                let function = TestFunction.named(golden.name)
                solution = try LBFGS(stopping: MinimizerTests.sciPysRule).minimize(
                    function, from: function.start)
            }
            let theirs = golden.scipy.evaluations
            print("| \(golden.name) | \(golden.parameters) | \(solution.counts.values) | \(theirs) |")
            atMost += solution.counts.values <= theirs ? 1 : 0
        }
        #expect(atMost >= MinimizerFixture.shared.cases.count - 4)
    }
}
