import DescentLinearAlgebra

/// The loop that all line-search methods share: direction, search, guard, accept.
struct DescentLoop<Search: LineSearch> {
    let search: Search
    let stopping: StoppingRule

    func run<O: Objective, Rule: DirectionRule<O.Scalar>>(
        _ evaluator: ObjectiveEvaluator<O>, from start: [O.Scalar], rule initialRule: Rule,
        measuring measure: ([O.Scalar]) -> Double = { largestMagnitude($0) },
        observing observe: (MinimizerProgress<O.Scalar>) -> Void
    ) throws(MinimizerError) -> Solution<O.Scalar> {
        var rule = initialRule
        var gradient = [O.Scalar](repeating: 0, count: start.count)
        var value = try evaluator.begin(at: start, gradient: &gradient)
        var line = ObjectiveLine(evaluator, at: start, gradient: gradient)
        var gradientNorm = measure(gradient)
        gradient = []
        let threshold = stopping.gradientThreshold(startingNorm: gradientNorm, for: O.Scalar.self)
        var previous: (step: Double, slope: Double, value: Double)?

        func solution(_ reason: StoppingReason) -> Solution<O.Scalar> {
            Solution(
                point: line.point, value: value, gradientNorm: gradientNorm, counts: evaluator.counts,
                reason: reason)
        }
        func report(_ stepLength: Double) {
            observe(
                MinimizerProgress(
                    point: line.point, value: value, gradientNorm: gradientNorm, stepLength: stepLength,
                    counts: evaluator.counts))
        }

        report(0)
        while true {
            if gradientNorm <= threshold { return solution(.gradientTolerance) }
            if let reason = stopping.budgetReason(evaluator.counts, since: evaluator.began) {
                return solution(reason)
            }

            rule.choose(&line.direction, at: line.point, gradient: line.gradient)
            var slope = dot(line.gradient, line.direction)
            if !(slope < 0) || !slope.isFinite || !largestMagnitude(line.direction).isFinite {
                rule.restart()
                previous = nil
                line.direction = line.gradient
                negate(&line.direction)
                slope = -dot(line.gradient, line.gradient)
                // Overflow or underflow of the squared norm: no slope to search along.
                guard slope < 0, slope.isFinite else { return solution(.noLowerPoint) }
            }
            let situation = DescentSituation(
                value: value, slope: slope, directionNorm: dot(line.direction, line.direction).squareRoot(),
                size: largestMagnitude(line.point), previous: previous)
            let firstStep = rule.firstStep(situation)
            let origin = LinePoint(step: 0, value: value, slope: slope)
            let result = search.search(
                &line, from: origin, firstStep: firstStep > 0 && firstStep.isFinite ? firstStep : 1,
                maximumStep: .greatestFiniteMagnitude)

            if result.outcome == .unboundedBelow { return solution(.unboundedBelow) }
            guard let norm = acceptable(result, from: value, norm: gradientNorm, measure, on: &line) else {
                // A stale memory may be to blame; the negative gradient gets one chance.
                if !rule.isFresh {
                    rule.restart()
                    previous = nil
                    continue
                }
                return solution(result.outcome == .notFinite ? .notFinite : .noLowerPoint)
            }

            rule.learn(from: line.point, line.gradient, to: line.trial, line.trialGradient)
            let stepLength = distance(line.point, line.trial)
            let valueBefore = value
            line.accept()
            (value, gradientNorm) = (result.point.value, norm)
            previous = (result.point.step, slope, valueBefore)
            evaluator.counts.iterations += 1
            report(stepLength)
            if gradientNorm <= threshold { return solution(.gradientTolerance) }
            if let reason = stopping.progressReason(
                from: valueBefore, to: value, step: stepLength, size: largestMagnitude(line.point))
            {
                return solution(reason)
            }
        }
    }

    /// The gradient norm at the point found, if it may be stepped onto: lower, or level with a smaller
    /// gradient.
    private func acceptable<O: Objective>(
        _ result: LineSearchResult, from value: Double, norm: Double, _ measure: ([O.Scalar]) -> Double,
        on line: inout ObjectiveLine<O>
    ) -> Double? {
        guard result.point.step > 0, result.point.value.isFinite, result.point.value <= value else {
            return nil
        }
        line.revisit(result.point.step)
        let newNorm = measure(line.trialGradient)
        guard newNorm.isFinite else { return nil }
        return result.point.value < value || newNorm < norm ? newNorm : nil
    }
}
