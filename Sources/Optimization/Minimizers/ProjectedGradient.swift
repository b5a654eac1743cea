import DescentLinearAlgebra

/// Minimizes a smooth function over a convex set: spectral projected gradients.
///
/// d = P(x − λ∇f) − x, with the spectral step λ = sᵀs / sᵀy of Barzilai and Borwein, and a step along d
/// shortened until the value has fallen enough. Every point evaluated belongs to the set. The gradient norm
/// in the stopping rule and in the solution is ‖x − P(x − ∇f)‖∞.
///
/// For bounds alone `LBFGS.minimize(_:from:within:)` is faster.
///
/// Source: Birgin, Martínez and Raydan, SIAM J. Optim. 10 (2000) 1196, with the monotone line search.
public struct ProjectedGradient<Constraint: ConvexSet>: Sendable {
    /// The set.
    public let set: Constraint

    /// When to stop.
    public var stopping: StoppingRule

    /// The method for one set.
    public init(onto set: Constraint, stopping: StoppingRule = StoppingRule()) {
        self.set = set
        self.stopping = stopping
    }

    /// Minimizes an objective over the set.
    ///
    /// - Parameters:
    ///   - objective: What to minimize.
    ///   - start: Where to begin; moved to the nearest point of the set.
    ///   - observe: Called at the start and after each iteration.
    /// - Returns: The lowest point found.
    /// - Throws: `MinimizerError` if value or gradient at the start is not finite.
    public func minimize<O: Objective<Constraint.Scalar>>(
        _ objective: O, from start: [Constraint.Scalar],
        observing observe: (MinimizerProgress<Constraint.Scalar>) -> Void = { _ in }
    ) throws(MinimizerError) -> Solution<Constraint.Scalar> {
        var first = start
        set.project(&first)
        var state = try MinimizerState(
            ObjectiveEvaluator(objective), from: first, stopping: stopping,
            measure: { distance($0, image(of: $0, gradient: $1, step: 1)) })
        var spectral = 1 / max(largestMagnitude(state.gradient), .leastNormalMagnitude)
        var trial = first
        var gradient = state.gradient
        observe(state.progress())
        while true {
            if let reason = state.reasonToStop() { return state.solution(reason) }
            var direction = image(of: state.point, gradient: state.gradient, step: spectral)
            add(state.point, times: -1, to: &direction)
            let slope = dot(state.gradient, direction)
            let (before, gradientBefore) = (state.point, state.gradient)
            let precision = 10 * Double(Constraint.Scalar.ulpOfOne) * abs(state.value)
            var step = 1.0
            var isAccepted = false
            while slope < 0, !isAccepted {
                move(state.point, along: direction, by: step, into: &trial)
                // Convexity keeps the trial inside, but for rounding.
                set.project(&trial)
                if trial == state.point { break }
                let value = state.evaluator.valueAndGradient(at: trial, gradient: &gradient)
                if value == -.infinity { return state.solution(.unboundedBelow) }
                let promised = -1e-4 * step * slope
                if value <= state.value - promised || (promised <= precision && value <= state.value) {
                    isAccepted = state.accept(&trial, value: value, gradient: &gradient)
                }
                if !isAccepted {
                    state.note(finite: value.isFinite)
                    step /= 2
                }
            }
            guard isAccepted else {
                // The gradient's own scale gets one chance before giving up.
                if spectral == 1 {
                    return state.solution(state.metOnlyNonNumbers ? .notFinite : .noLowerPoint)
                }
                spectral = 1
                continue
            }
            observe(state.progress())
            var (s, y) = (state.point, state.gradient)
            add(before, times: -1, to: &s)
            add(gradientBefore, times: -1, to: &y)
            let curvature = dot(s, y)
            spectral = curvature > 0 ? min(max(dot(s, s) / curvature, 1e-10), 1e10) : 1e10
        }
    }

    /// P(x − t∇f).
    private func image(
        of point: [Constraint.Scalar], gradient: [Constraint.Scalar], step: Double
    ) -> [Constraint.Scalar] {
        var image = point
        add(gradient, times: -step, to: &image)
        set.project(&image)
        return image
    }
}
