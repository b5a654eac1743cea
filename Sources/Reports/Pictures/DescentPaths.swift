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
    ///   - gradient: The gradient to go by, in place of the function's.
    package init<Rule: UpdateRule>(
        _ title: String, _ rule: Rule, on function: PlaneFunction, steps: Int,
        result: ([Double], RuleState<Double>) -> [Double] = { parameters, _ in parameters },
        gradient: (([Double]) -> [Double])? = nil
    ) {
        let run = PlaneRun(rule, on: function, steps: steps, result: result, gradient: gradient)
        self.init(
            title: title,
            note: "η \(NumberFormat.shortest(run.rate)): f = \(Self.rounded(run.values.last ?? .nan))",
            points: run.points)
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
