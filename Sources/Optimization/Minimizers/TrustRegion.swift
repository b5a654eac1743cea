import DescentLinearAlgebra

/// Newton's method within a ball in which the quadratic model is trusted.
///
/// Each step minimizes g·p + ½ pᵀHp over ‖p‖₂ ≤ Δ roughly; Δ grows when the model has foretold the decrease
/// well and shrinks when it has not. Sturdier than a line search where the Hessian is indefinite or the
/// function leaves its domain.
///
/// Source: Nocedal and Wright, Numerical Optimization, 2nd ed., chapter 4.
public struct TrustRegion: CurvatureMinimizer {
    /// How the model is minimized within the ball.
    public enum Subproblem: String, Equatable, Sendable, Codable, CaseIterable {
        /// Conjugate gradients on Hessian products up to the ball's surface or negative curvature (Steihaug):
        /// for many parameters.
        case steihaug
        /// Powell's dogleg, from the steepest descent step to Newton's, on the Hessian itself (its negative
        /// eigenvalues made positive): for few parameters.
        case dogleg
    }

    /// How the model is minimized.
    public var subproblem: Subproblem

    /// The first Δ.
    public let initialRadius: Double

    /// The largest Δ.
    public let maximumRadius: Double

    /// When to stop.
    public var stopping: StoppingRule

    /// A trust-region method.
    ///
    /// - Precondition: 0 < `initialRadius` ≤ `maximumRadius`, finite.
    public init(
        subproblem: Subproblem = .steihaug, initialRadius: Double = 1, maximumRadius: Double = 1e10,
        stopping: StoppingRule = StoppingRule()
    ) {
        precondition(
            0 < initialRadius && initialRadius <= maximumRadius && maximumRadius.isFinite,
            "TrustRegion: radii of \(initialRadius) and at most \(maximumRadius)")
        self.subproblem = subproblem
        self.initialRadius = initialRadius
        self.maximumRadius = maximumRadius
        self.stopping = stopping
    }

    /// Minimizes an objective; see `CurvatureMinimizer`.
    public func minimize<O: HessianObjective>(
        _ objective: O, from start: [O.Scalar], observing observe: (MinimizerProgress<O.Scalar>) -> Void
    ) throws(MinimizerError) -> Solution<O.Scalar> {
        let evaluator = ObjectiveEvaluator(objective)
        var state = try MinimizerState(evaluator, from: start, stopping: stopping)
        let precision = 10 * Double(O.Scalar.ulpOfOne)
        var radius = initialRadius
        var trial = start
        var trialGradient = state.gradient
        var dogleg: Dogleg<O.Scalar>?
        observe(state.progress())
        while true {
            if let reason = state.reasonToStop() { return state.solution(reason) }
            let step: ModelStep<O.Scalar>
            switch subproblem {
            case .steihaug:
                step = conjugateGradientStep(
                    evaluator, at: state.point, gradient: state.gradient, radius: radius,
                    limit: 2 * start.count)
            case .dogleg:
                if dogleg == nil {
                    dogleg = Dogleg(hessian: evaluator.hessian(at: state.point), gradient: state.gradient)
                }
                // Without a usable Hessian there is no model to trust.
                guard let path = dogleg else { return state.solution(.notFinite) }
                step = path.step(radius: radius)
            }
            let length = dot(step.vector, step.vector).squareRoot()
            let predicted = step.predictedDecrease(gradient: state.gradient)
            // A ball too small to move in: the point stays.
            move(state.point, along: step.vector, by: 1, into: &trial)
            guard predicted > 0, predicted.isFinite, trial != state.point else {
                return state.solution(state.metOnlyNonNumbers ? .notFinite : .noLowerPoint)
            }
            let value = evaluator.valueAndGradient(at: trial, gradient: &trialGradient)
            if value == -.infinity { return state.solution(.unboundedBelow) }
            // Where the decrease foretold is rounding error, the ratio says nothing; a level step may still
            // flatten.
            let isRounding = predicted <= precision * abs(state.value)
            let ratio = (state.value - value) / predicted
            if isRounding || ratio > 1e-4, state.accept(&trial, value: value, gradient: &trialGradient) {
                dogleg = nil
                observe(state.progress())
                if ratio > 0.75, step.isOnBoundary {
                    radius = min(2 * radius, maximumRadius)
                } else if !isRounding, ratio < 0.25 {
                    radius = min(radius, length) / 4
                }
            } else {
                // Always smaller after a step that was not taken, so that there is an end.
                state.note(finite: value.isFinite && largestMagnitude(trialGradient).isFinite)
                radius = min(radius, length) / 4
            }
        }
    }
}
