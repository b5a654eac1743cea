/// A step that fulfils the Wolfe conditions, or the approximate ones, by the method of Hager and Zhang.
///
/// The approximate conditions (2δ − 1) φ′(0) ≥ φ′(α) ≥ σ φ′(0) ask for slopes only and can therefore be met
/// to the square of the accuracy that values allow: the search to choose when the last digits matter. The
/// paper lets a value rise by a small ε there; here ε = 0, and no higher point is ever accepted. A trial that
/// is not finite counts as one that is too high.
///
/// Source: Hager and Zhang, A new conjugate gradient method with guaranteed descent and an efficient line
/// search, SIAM J. Optim. 16 (2005) 170, and Algorithm 851, ACM TOMS 32 (2006) 113; the names B, U, S and L
/// below are the paper's.
public struct HagerZhang: LineSearch, Equatable {
    /// δ and σ.
    public let conditions: WolfeConditions

    /// The largest number of evaluations.
    public let maximumEvaluations: Int

    /// A search with its constants, the paper's by default.
    ///
    /// - Precondition: 0 < `decrease` < ½, `decrease` < `curvature` < 1 and `maximumEvaluations` ≥ 1.
    public init(decrease: Double = 0.1, curvature: Double = 0.9, maximumEvaluations: Int = 60) {
        precondition(
            decrease < 0.5 && maximumEvaluations >= 1,
            "HagerZhang: decrease \(decrease) is not below ½, or \(maximumEvaluations) evaluations are none")
        conditions = WolfeConditions(decrease: decrease, curvature: curvature)
        self.maximumEvaluations = maximumEvaluations
    }

    /// Searches along a ray; see `LineSearch`.
    public func search<Line: LineFunction>(
        _ line: inout Line, from origin: LinePoint, firstStep: Double, maximumStep: Double
    ) -> LineSearchResult {
        var interval = HagerZhangInterval(
            probe: Probe(line, from: origin, limit: maximumEvaluations), conditions: conditions)
        defer { line = interval.probe.line }
        guard origin.slope < 0 else { return interval.probe.ended(.notDescent) }
        if let result = interval.bracket(firstStep: min(firstStep, maximumStep), maximumStep: maximumStep) {
            return result
        }
        while true {
            let width = interval.width
            if let result = interval.squaredSecant() { return result }
            if interval.width > 0.66 * width, let result = interval.bisect() { return result }
            // Neither secants nor bisection have moved an end: there is no number left inside.
            if interval.width >= width { return interval.probe.ended(.roundingLimit) }
        }
    }
}
