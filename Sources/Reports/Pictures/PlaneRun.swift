import DescentLinearAlgebra
import DescentOptimization

/// The way of an update rule on a function of two variables.
package struct PlaneRun: Sendable, Equatable {
    /// The learning rate.
    package let rate: Double

    /// The start and the point after each step, up to the first that is not finite.
    package let points: [ContourLines.Point]

    /// The function at the points.
    package let values: [Double]

    /// 1, 2 and 5 times a power of ten, from 10⁻⁵ to 50.
    package static let rates = (-5...1).flatMap { exponent in
        [1, 2, 5].map { Double("\($0)e\(exponent)") ?? .nan }
    }

    /// The way of a rule with the best of some learning rates.
    ///
    /// Of the rates whose path stays in sight the one with the lowest mean value in its second half; if none does, the
    /// first, and if there is but one rate, that one.
    ///
    /// - Parameters:
    ///   - rule: The rule; its learning rate does not matter.
    ///   - function: What it goes down on.
    ///   - steps: The number of steps.
    ///   - rates: The rates to choose from, at least one.
    ///   - result: The point that counts after a step, where it is not that of the gradients.
    ///   - gradient: The gradient to go by, in place of the function's.
    package init<Rule: UpdateRule>(
        _ rule: Rule, on function: PlaneFunction, steps: Int, rates: [Double] = Self.rates,
        result: ([Double], RuleState<Double>) -> [Double] = { parameters, _ in parameters },
        gradient: (([Double]) -> [Double])? = nil
    ) {
        precondition(!rates.isEmpty, "a run needs a learning rate")
        var best: (mean: Double, run: PlaneRun)?
        for rate in rates {
            let run = PlaneRun(rule, at: rate, on: function, steps, gradient ?? function.gradient, result)
            let isInSight =
                run.points.count == steps + 1
                && run.points.allSatisfy { function.ground.contains($0.x, $0.y) }
            let late = run.values.suffix(steps / 2)
            let mean = isInSight ? late.reduce(0, +) / Double(late.count) : .infinity
            if best == nil || mean < best!.mean { best = (mean, run) }
        }
        self = best!.run
    }

    /// The way of a rule with a learning rate.
    private init<Rule: UpdateRule>(
        _ rule: Rule, at rate: Double, on function: PlaneFunction, _ steps: Int,
        _ gradient: ([Double]) -> [Double], _ result: ([Double], RuleState<Double>) -> [Double]
    ) {
        var rule = rule
        rule.learningRate = rate
        var parameters = function.start
        var state: RuleState<Double> = rule.initialState(parameterCount: 2)
        var points = [parameters]
        for _ in 0..<steps {
            rule.update(&parameters, gradient: gradient(parameters), state: &state)
            let point = result(parameters, state)
            guard point.allSatisfy(\.isFinite) else { break }
            points.append(point)
        }
        self.rate = rate
        self.points = points.map { .init($0[0], $0[1]) }
        values = points.map { function.value(at: $0) }
    }
}
