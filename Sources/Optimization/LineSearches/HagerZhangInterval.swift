/// The interval of Hager and Zhang's search: at `lower` the function falls and is no higher than at the
/// origin, at `upper` it rises.
///
/// Each method returns a result as soon as the search is over, `nil` while it goes on.
struct HagerZhangInterval<Line: LineFunction> {
    var probe: Probe<Line>
    let conditions: WolfeConditions
    private var lower: LinePoint
    private var upper: LinePoint

    init(probe: Probe<Line>, conditions: WolfeConditions) {
        self.probe = probe
        self.conditions = conditions
        lower = probe.origin
        upper = probe.origin
    }

    var width: Double { upper.step - lower.step }

    /// B0–B3: goes outwards until the function rises.
    mutating func bracket(firstStep: Double, maximumStep: Double) -> LineSearchResult? {
        var limit = maximumStep
        var step = firstStep
        while true {
            let (trial, result) = evaluate(step)
            if let result { return result }
            if !trial.isFinite {
                limit = step
                step = lower.step + (step - lower.step) / 2
                if step == lower.step || step == limit {
                    return probe.ended(.stepLimit)
                }
                continue
            }
            if trial.slope >= 0 {
                upper = trial
                return nil
            }
            if trial.value > probe.origin.value {
                upper = trial
                return contract()
            }
            lower = trial
            if step == maximumStep { return probe.ended(.stepLimit) }
            let next = 5 * step < limit ? 5 * step : limit == maximumStep ? limit : step + (limit - step) / 2
            if next == step || next == .infinity { return probe.ended(.stepLimit) }
            step = next
        }
    }

    /// S1–S4: one secant step, and a second one from the end that the first has moved.
    mutating func squaredSecant() -> LineSearchResult? {
        let (a, b) = (lower, upper)
        let first = secant(a, b)
        if let result = update(with: first) { return result }
        if first == upper.step {
            return update(with: secant(b, upper))
        } else if first == lower.step {
            return update(with: secant(a, lower))
        }
        return nil
    }

    /// L2: the middle.
    mutating func bisect() -> LineSearchResult? {
        update(with: lower.step + width / 2)
    }

    private func secant(_ a: LinePoint, _ b: LinePoint) -> Double {
        (a.step * b.slope - b.step * a.slope) / (b.slope - a.slope)
    }

    /// U0–U3: shrinks the interval to one end at a step inside of it.
    private mutating func update(with step: Double) -> LineSearchResult? {
        guard step > lower.step, step < upper.step else { return nil }
        let (trial, result) = evaluate(step)
        if let result { return result }
        return place(trial) ? nil : contract()
    }

    /// U3 of the paper: bisects until the upper end rises.
    private mutating func contract() -> LineSearchResult? {
        while true {
            let step = lower.step + width / 2
            guard step > lower.step, step < upper.step else { return probe.ended(.roundingLimit) }
            let (trial, result) = evaluate(step)
            if let result { return result }
            if trial.isFinite, trial.slope >= 0 {
                upper = trial
                return nil
            }
            _ = place(trial)
        }
    }

    /// Replaces an end by a point between them; `false` if the function does not rise at the new upper end.
    private mutating func place(_ trial: LinePoint) -> Bool {
        if trial.isFinite, trial.slope >= 0 {
            upper = trial
            return true
        }
        if trial.isFinite, trial.value <= probe.origin.value {
            lower = trial
            return true
        }
        upper = trial
        return false
    }

    private mutating func evaluate(_ step: Double) -> (LinePoint, LineSearchResult?) {
        let trial = probe.point(at: step)
        if isAccepted(trial) { return (trial, probe.satisfied(at: trial)) }
        return (trial, probe.isExhausted ? probe.ended(.evaluationLimit) : nil)
    }

    /// T1 and T2 of the paper, with ε = 0.
    private func isAccepted(_ trial: LinePoint) -> Bool {
        let origin = probe.origin
        guard trial.isFinite, trial.value <= origin.value, conditions.isFlatter(trial, than: origin) else {
            return false
        }
        return trial.value <= origin.value + conditions.decrease * trial.step * origin.slope
            || trial.slope <= (2 * conditions.decrease - 1) * origin.slope
    }
}
