/// Backtracking: try a step, and shorten it until the value has fallen enough (Armijo, 1966).
///
/// The shorter step is the minimum of the quadratic through φ(0), φ′(0) and the trial value, kept between a
/// tenth and a half of the last one; after a value that is not finite it is a half. It asks for slopes only
/// at the first trial and at the step it accepts. It has no curvature condition: right for gradient descent
/// and Newton's method, whose natural first step is good, wrong for quasi-Newton methods, which need sᵀy > 0.
///
/// Source: Nocedal and Wright, Numerical Optimization, 2nd ed., section 3.1 and equation 3.58.
public struct Backtracking: LineSearch, Equatable {
    /// c₁ of φ(α) ≤ φ(0) + c₁ α φ′(0).
    public let decrease: Double

    /// The largest number of evaluations.
    public let maximumEvaluations: Int

    /// Backtracking with its constant.
    ///
    /// - Precondition: 0 < `decrease` < 1 and `maximumEvaluations` ≥ 1.
    public init(decrease: Double = 1e-4, maximumEvaluations: Int = 60) {
        precondition(
            0 < decrease && decrease < 1 && maximumEvaluations >= 1,
            "Backtracking: decrease \(decrease) is not in (0, 1), or \(maximumEvaluations) evaluations are none"
        )
        self.decrease = decrease
        self.maximumEvaluations = maximumEvaluations
    }

    /// Searches along a ray; see `LineSearch`.
    public func search<Line: LineFunction>(
        _ line: inout Line, from origin: LinePoint, firstStep: Double, maximumStep: Double
    ) -> LineSearchResult {
        var probe = Probe(line, from: origin, limit: maximumEvaluations)
        defer { line = probe.line }
        guard origin.slope < 0 else { return probe.ended(.notDescent) }
        var trial = probe.point(at: min(firstStep, maximumStep))
        var hasSlope = true
        while true {
            if isDeepEnough(trial, from: origin, precision: probe.line.valuePrecision) {
                if hasSlope, trial.slope.isFinite { return probe.satisfied(at: trial) }
                if !hasSlope {
                    trial = probe.point(at: trial.step)
                    hasSlope = true
                    continue
                }
            }
            if probe.isExhausted { return probe.ended(.evaluationLimit) }
            let shorter = shortened(trial, from: origin)
            if shorter == 0 { return probe.ended(.roundingLimit) }
            trial = LinePoint(step: shorter, value: probe.value(at: shorter), slope: .nan)
            hasSlope = false
        }
    }

    /// Armijo's condition; where all differences are rounding error, any fall will do.
    private func isDeepEnough(_ trial: LinePoint, from origin: LinePoint, precision: Double) -> Bool {
        guard trial.value.isFinite else { return false }
        let promised = -decrease * trial.step * origin.slope
        if promised > precision * abs(origin.value) { return trial.value <= origin.value - promised }
        return trial.value < origin.value
            || (trial.value == origin.value && abs(trial.slope) < abs(origin.slope))
    }

    private func shortened(_ trial: LinePoint, from origin: LinePoint) -> Double {
        let step = trial.step
        guard trial.value.isFinite else { return step / 2 }
        let quadratic = -origin.slope * step * step / (2 * (trial.value - origin.value - origin.slope * step))
        return quadratic.isFinite ? min(max(quadratic, step / 10), step / 2) : step / 2
    }
}
