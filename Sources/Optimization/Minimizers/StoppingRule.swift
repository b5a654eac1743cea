import DescentLinearAlgebra

/// When a minimizer stops.
///
/// The first of these that holds names the reason:
///
/// 1. Gradient: ‖∇f(x)‖∞ ≤ max(`gradientTolerance`, `relativeGradientTolerance` · ‖∇f(x₀)‖∞). Tested at the
///    start as well. Under constraints ∇f is the projected gradient.
/// 2. Value: f(xₖ₋₁) − f(xₖ) ≤ `valueTolerance` · max(|f(xₖ₋₁)|, |f(xₖ)|, 1). Off at 0.
/// 3. Step: ‖xₖ − xₖ₋₁‖∞ ≤ `stepTolerance` · max(‖xₖ‖∞, 1). Off at 0.
/// 4. Budget: iterations, then values, then seconds. Tested between iterations; a line search that has begun is
///    finished.
/// 5. Cancellation: of the task, or by the flag.
public struct StoppingRule: Equatable, Sendable {
    /// The largest gradient component at which the minimum counts as reached; √ε of the scalar type if `nil`
    /// (1.5e-8 for Double, 3.5e-4 for Float).
    public var gradientTolerance: Double?

    /// The same as a share of the largest component at the start; 10 ε of the scalar type if `nil`
    /// (2.2e-15 for Double, 1.2e-6 for Float), below which a gradient is rounding error.
    public var relativeGradientTolerance: Double?

    /// The relative decrease of one iteration at which to stop.
    public var valueTolerance: Double

    /// The relative length of one step at which to stop.
    public var stepTolerance: Double

    /// The most iterations.
    public var maximumIterations: Int

    /// The most values asked of the objective.
    public var maximumEvaluations: Int

    /// The most seconds of the clock since the call; how far that goes depends on the machine.
    public var maximumSeconds: Double

    /// What ends the walk from elsewhere: another thread, or the closure that observes it.
    public var cancellation: CancellationFlag?

    /// A rule; what is not named keeps its default.
    ///
    /// - Precondition: no tolerance and no limit is negative, none is NaN.
    public init(
        gradientTolerance: Double? = nil, relativeGradientTolerance: Double? = nil,
        valueTolerance: Double = 0,
        stepTolerance: Double = 0, maximumIterations: Int = 10_000, maximumEvaluations: Int = .max,
        maximumSeconds: Double = .infinity, cancellation: CancellationFlag? = nil
    ) {
        for tolerance in [
            gradientTolerance ?? 0, relativeGradientTolerance ?? 0, valueTolerance, stepTolerance,
        ] {
            precondition(tolerance >= 0, "StoppingRule: a tolerance of \(tolerance) is negative or NaN")
        }
        precondition(
            maximumIterations >= 0 && maximumEvaluations >= 0,
            "StoppingRule: \(maximumIterations) iterations or \(maximumEvaluations) evaluations are negative")
        precondition(
            maximumSeconds >= 0, "StoppingRule: a limit of \(maximumSeconds) seconds is negative or NaN")
        self.maximumSeconds = maximumSeconds
        self.cancellation = cancellation
        self.gradientTolerance = gradientTolerance
        self.relativeGradientTolerance = relativeGradientTolerance
        self.valueTolerance = valueTolerance
        self.stepTolerance = stepTolerance
        self.maximumIterations = maximumIterations
        self.maximumEvaluations = maximumEvaluations
    }

    /// The gradient norm at which to stop, for a start with a given norm.
    func gradientThreshold<Scalar: MatrixScalar>(startingNorm: Double, for type: Scalar.Type) -> Double {
        let spacing = Double(Scalar.ulpOfOne)
        return max(
            gradientTolerance ?? spacing.squareRoot(),
            (relativeGradientTolerance ?? 10 * spacing) * startingNorm)
    }

    /// Whether the budget is used up, or somebody has asked to stop.
    func budgetReason(_ counts: EvaluationCounts, since began: ContinuousClock.Instant) -> StoppingReason? {
        if counts.iterations >= maximumIterations { return .iterationLimit }
        if counts.values >= maximumEvaluations { return .evaluationLimit }
        if maximumSeconds < .infinity, (ContinuousClock.now - began) / .seconds(1) >= maximumSeconds {
            return .timeLimit
        }
        return Task.isCancelled || cancellation?.isCancelled == true ? .cancelled : nil
    }

    /// Whether a step that was taken is too small to go on.
    func progressReason(from before: Double, to after: Double, step: Double, size: Double) -> StoppingReason?
    {
        if valueTolerance > 0, before - after <= valueTolerance * max(abs(before), abs(after), 1) {
            return .valueTolerance
        }
        if stepTolerance > 0, step <= stepTolerance * max(size, 1) { return .stepTolerance }
        return nil
    }
}
