import DescentLinearAlgebra
import DescentOptimization

extension ContourPicture.Path {
    /// The path of an update rule, with the learning rate that suits it best.
    ///
    /// Of the rates 1, 2 and 5 times a power of ten, from 10⁻⁵ to 50, of those whose path stays in sight the one with the lowest mean value in its second half.
    ///
    /// - Parameters:
    ///   - title: What to call the rule.
    ///   - rule: The rule; its learning rate does not matter.
    ///   - function: What it goes down on.
    ///   - steps: The number of steps.
    ///   - result: The point that counts after a step, where it is not that of the gradients.
    package init<Rule: UpdateRule>(
        _ title: String, _ rule: Rule, on function: PlaneFunction, steps: Int,
        result: ([Double], RuleState<Double>) -> [Double] = { parameters, _ in parameters }
    ) {
        var best = (mean: Double.infinity, rate: 0.0, points: [function.start])
        for exponent in -5...1 {
            for digit in [1.0, 2, 5] {
                var rule = rule
                rule.learningRate = Double("\(digit)e\(exponent)") ?? .nan
                let points = Self.points(rule, function, steps, result)
                guard points.allSatisfy({ function.ground.contains($0[0], $0[1]) }) else { continue }
                let late = points.suffix(steps / 2)
                let mean = late.reduce(0) { $0 + function.value(at: $1) } / Double(late.count)
                if mean < best.mean { best = (mean, rule.learningRate, points) }
            }
        }
        let value = function.value(at: best.points.last ?? function.start)
        self.init(
            title: title,
            note: "η \(NumberFormat.shortest(best.rate)): f = \(Self.rounded(value))",
            points: best.points.map { .init($0[0], $0[1]) })
    }

    private static func points<Rule: UpdateRule>(
        _ rule: Rule, _ function: PlaneFunction, _ steps: Int,
        _ result: ([Double], RuleState<Double>) -> [Double]
    ) -> [[Double]] {
        var parameters = function.start
        var state: RuleState<Double> = rule.initialState(parameterCount: 2)
        var points = [parameters]
        for _ in 0..<steps {
            rule.update(&parameters, gradient: function.gradient(at: parameters), state: &state)
            points.append(result(parameters, state))
        }
        return points
    }

    /// The path of a minimizer: its iterations, and in the note what they took and why they ended.
    package init(
        _ title: String, _ minimize: ((MinimizerProgress<Double>) -> Void) throws -> Solution<Double>
    ) rethrows {
        var points: [ContourLines.Point] = []
        let solution = try minimize { points.append(.init($0.point[0], $0.point[1])) }
        let end = solution.isConverged ? "" : ", not converged"
        let counts = solution.counts
        self.init(
            title: title, note: "\(counts.iterations) iterations, \(counts.values) values\(end)",
            points: points)
    }

    /// A value with two digits; the minimum reached exactly is 0.
    private static func rounded(_ value: Double) -> String {
        abs(value) < 1e-15 ? "0" : NumberFormat.significant(value, digits: 2)
    }
}
