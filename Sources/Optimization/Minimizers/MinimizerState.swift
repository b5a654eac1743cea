import DescentLinearAlgebra

/// Where a minimizer without a line search stands, and the guard in front of every step.
struct MinimizerState<O: Objective> {
    let evaluator: ObjectiveEvaluator<O>
    let stopping: StoppingRule
    private(set) var point: [O.Scalar]
    private(set) var gradient: [O.Scalar]
    private(set) var value: Double
    private(set) var gradientNorm: Double
    /// Whether every trial since the last step had something that is not finite.
    private(set) var metOnlyNonNumbers = false
    private var metNumber = false
    private var stepLength = 0.0
    private var threshold = 0.0
    /// A reason found when the last step was taken.
    private var reasonOfStep: StoppingReason?
    /// Measures a gradient: its largest component, or that of the projected one.
    private let measure: (_ point: [O.Scalar], _ gradient: [O.Scalar]) -> Double

    init(
        _ evaluator: ObjectiveEvaluator<O>, from start: [O.Scalar], stopping: StoppingRule,
        measure: @escaping (_ point: [O.Scalar], _ gradient: [O.Scalar]) -> Double = { largestMagnitude($1) }
    ) throws(MinimizerError) {
        self.evaluator = evaluator
        self.stopping = stopping
        self.measure = measure
        var gradient = [O.Scalar](repeating: 0, count: start.count)
        value = try evaluator.begin(at: start, gradient: &gradient)
        point = start
        gradientNorm = measure(start, gradient)
        self.gradient = gradient
        threshold = stopping.gradientThreshold(startingNorm: gradientNorm, for: O.Scalar.self)
    }

    func reasonToStop() -> StoppingReason? {
        if gradientNorm <= threshold { return .gradientTolerance }
        if let reasonOfStep { return reasonOfStep }
        return stopping.budgetReason(evaluator.counts, since: evaluator.began)
    }

    /// Steps onto a trial if it is finite and lower, or level with a smaller gradient; swaps the buffers if
    /// so.
    mutating func accept(
        _ trial: inout [O.Scalar], value newValue: Double, gradient newGradient: inout [O.Scalar]
    ) -> Bool {
        guard newValue.isFinite, newValue <= value, largestMagnitude(newGradient).isFinite else {
            return false
        }
        let newNorm = measure(trial, newGradient)
        guard newNorm.isFinite, newValue < value || newNorm < gradientNorm else { return false }
        stepLength = distance(point, trial)
        swap(&point, &trial)
        swap(&gradient, &newGradient)
        reasonOfStep = stopping.progressReason(
            from: value, to: newValue, step: stepLength, size: largestMagnitude(point))
        (value, gradientNorm) = (newValue, newNorm)
        evaluator.counts.iterations += 1
        (metOnlyNonNumbers, metNumber) = (false, false)
        return true
    }

    /// Remembers whether a trial that was not accepted was finite at least.
    mutating func note(finite: Bool) {
        metNumber = metNumber || finite
        metOnlyNonNumbers = !metNumber
    }

    func progress() -> MinimizerProgress<O.Scalar> {
        MinimizerProgress(
            point: point, value: value, gradientNorm: gradientNorm, stepLength: stepLength,
            counts: evaluator.counts)
    }

    func solution(_ reason: StoppingReason) -> Solution<O.Scalar> {
        Solution(
            point: point, value: value, gradientNorm: gradientNorm, counts: evaluator.counts, reason: reason)
    }
}
