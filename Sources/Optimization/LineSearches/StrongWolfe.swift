/// A step that fulfils the strong Wolfe conditions, by the method of Moré and Thuente.
///
/// An interval that holds such a step is found by going outwards and then narrowed by cubic and quadratic
/// interpolation, with a bisection whenever two trials have not shortened it to 0.66 of what it was. Until a
/// trial has fallen enough, the interpolation is of ψ(α) = φ(α) − φ(0) − c₁ α φ′(0), whose minimum fulfils
/// the conditions. A trial that is not finite becomes an upper limit for every later one.
///
/// Source: Moré and Thuente, Line search algorithms with guaranteed sufficient decrease, ACM TOMS 20 (1994)
/// 286.
public struct StrongWolfe: LineSearch, Equatable {
    /// c₁ and c₂.
    public let conditions: WolfeConditions

    /// The largest number of evaluations.
    public let maximumEvaluations: Int

    /// A search with its constants: c₂ = 0.9 suits quasi-Newton directions, 0.1 conjugate gradients.
    ///
    /// - Precondition: 0 < `decrease` < `curvature` < 1 and `maximumEvaluations` ≥ 1.
    public init(decrease: Double = 1e-3, curvature: Double = 0.9, maximumEvaluations: Int = 40) {
        precondition(maximumEvaluations >= 1, "StrongWolfe: \(maximumEvaluations) evaluations are none")
        conditions = WolfeConditions(decrease: decrease, curvature: curvature)
        self.maximumEvaluations = maximumEvaluations
    }

    /// Searches along a ray; see `LineSearch`.
    public func search<Line: LineFunction>(
        _ line: inout Line, from origin: LinePoint, firstStep: Double, maximumStep: Double
    ) -> LineSearchResult {
        var probe = Probe(line, from: origin, limit: maximumEvaluations)
        defer { line = probe.line }
        guard origin.slope < 0 else { return probe.ended(.notDescent) }
        let precision = probe.line.valuePrecision
        var bracket = StrongWolfeBracket(origin: origin, decreaseSlope: conditions.decrease * origin.slope)
        var limit = maximumStep
        var step = min(firstStep, limit)
        while !probe.isExhausted {
            let trial = probe.point(at: step)
            guard trial.isFinite else {
                limit = step
                step = bracket.best.step + (step - bracket.best.step) / 2
                if step == bracket.best.step || step == limit {
                    return probe.ended(.stepLimit)
                }
                continue
            }
            let hasDecreased = conditions.hasDecreased(trial, from: origin, precision: precision)
            if hasDecreased, conditions.isFlat(trial, comparedTo: origin) {
                return probe.satisfied(at: trial)
            }
            if step == maximumStep, hasDecreased, trial.slope <= bracket.decreaseSlope {
                return probe.ended(.stepLimit)
            }
            let next = bracket.narrowed(by: trial, limit: limit)
            // An interval without a number inside, or no way on below the limit.
            if next == step || next == bracket.best.step || !(next > 0) || !next.isFinite {
                return probe.ended(bracket.isClosed ? .roundingLimit : .stepLimit)
            }
            step = next < limit || limit == maximumStep ? next : step + (limit - step) / 2
        }
        return probe.ended(.evaluationLimit)
    }
}
