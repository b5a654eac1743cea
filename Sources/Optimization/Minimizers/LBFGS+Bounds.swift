import DescentLinearAlgebra

extension LBFGS {
    /// Minimizes an objective within bounds, by projected L-BFGS.
    ///
    /// Parameters at a bound that the gradient pushes against stay there; on the others the direction is that
    /// of L-BFGS within their subspace, with the pairs cut down to it. The step is shortened along the path
    /// P(x + αd), bent at the bounds, until the value has fallen enough (the line search of this value is not
    /// used). No point outside of the bounds is ever evaluated. The gradient in the stopping rule and in the
    /// solution is the projected one, x − P(x − ∇f).
    ///
    /// Source: Bertsekas, Projected Newton methods for optimization problems with simple constraints, SIAM J.
    /// Control Optim. 20 (1982) 221; with L-BFGS as in Kim, Sra and Dhillon, SIAM J. Sci. Comput. 32 (2010)
    /// 3548.
    ///
    /// - Parameters:
    ///   - objective: What to minimize.
    ///   - start: Where to begin; moved to the nearest point within the bounds.
    ///   - bounds: One pair for each parameter.
    ///   - observe: Called at the start and after each iteration.
    /// - Returns: The lowest point found.
    /// - Throws: `MinimizerError` if value or gradient at the start is not finite.
    public func minimize<O: Objective>(
        _ objective: O, from start: [O.Scalar], within bounds: Bounds<O.Scalar>,
        observing observe: (MinimizerProgress<O.Scalar>) -> Void = { _ in }
    ) throws(MinimizerError) -> Solution<O.Scalar> {
        let evaluator = ObjectiveEvaluator(objective)
        var state = try MinimizerState(
            evaluator, from: bounds.nearest(to: start), stopping: stopping,
            measure: { bounds.projectedGradientNorm(at: $0, gradient: $1) })
        var history = CurvatureHistory<O.Scalar>(capacity: memory)
        observe(state.progress())
        while true {
            if let reason = state.reasonToStop() { return state.solution(reason) }
            let free = freeParameters(state, bounds)
            var direction = state.gradient
            for i in direction.indices where !free[i] { direction[i] = 0 }
            let steepest = direction
            history.applyInverse(to: &direction, free: free)
            var slope = -dot(steepest, direction)
            if !(slope <= 0) || !slope.isFinite {
                history.removeAll()
                direction = steepest
                slope = -dot(steepest, steepest)
            }
            negate(&direction)
            // Those beside a bound go to it along the gradient.
            for i in direction.indices where !free[i] { direction[i] = -state.gradient[i] }

            let (before, gradientBefore) = (state.point, state.gradient)
            let firstStep = history.isEmpty ? min(1, 1 / dot(direction, direction).squareRoot()) : 1
            switch search(&state, along: direction, free: free, slope: slope, from: firstStep, bounds) {
            case .accepted:
                history.append(from: before, gradientBefore, to: state.point, state.gradient)
                observe(state.progress())
            case .unboundedBelow:
                return state.solution(.unboundedBelow)
            case .nothing:
                // A stale memory may be to blame; the gradient gets one chance.
                if history.isEmpty {
                    return state.solution(state.metOnlyNonNumbers ? .notFinite : .noLowerPoint)
                }
                history.removeAll()
            }
        }
    }

    private enum Outcome { case accepted, nothing, unboundedBelow }

    /// Backtracking along P(x + αd), with Bertsekas' form of Armijo's condition.
    private func search<O: Objective>(
        _ state: inout MinimizerState<O>, along direction: [O.Scalar], free: [Bool], slope: Double,
        from firstStep: Double, _ bounds: Bounds<O.Scalar>
    ) -> Outcome {
        var trial = state.point
        var gradient = state.gradient
        var step = firstStep
        let precision = 10 * Double(O.Scalar.ulpOfOne) * abs(state.value)
        for _ in 0..<60 {
            move(state.point, along: direction, by: step, into: &trial)
            trial = bounds.nearest(to: trial)
            if trial == state.point { return .nothing }
            let value = state.evaluator.valueAndGradient(at: trial, gradient: &gradient)
            if value == -.infinity { return .unboundedBelow }
            var promised = -step * slope
            for i in trial.indices where !free[i] {
                promised += Double(state.gradient[i]) * (Double(state.point[i]) - Double(trial[i]))
            }
            if value <= state.value - 1e-4 * promised
                || (1e-4 * promised <= precision && value <= state.value),
                state.accept(&trial, value: value, gradient: &gradient)
            {
                return .accepted
            }
            state.note(finite: value.isFinite && largestMagnitude(gradient).isFinite)
            step *= value.isFinite ? 0.4 : 0.1
        }
        return .nothing
    }

    /// All parameters but those at a bound, or within a hair of it, that the gradient pushes against it.
    private func freeParameters<O: Objective>(
        _ state: MinimizerState<O>, _ bounds: Bounds<O.Scalar>
    ) -> [Bool] {
        // The hair keeps the method from creeping along a bound; it vanishes with the gradient.
        let hair = min(1e-3, state.gradientNorm)
        return state.point.indices.map { i in
            let (x, g) = (Double(state.point[i]), state.gradient[i])
            let (low, high) = (Double(bounds.lower[i]), Double(bounds.upper[i]))
            let near = min(hair, 0.01 * (high - low))
            if x <= low + near, g > 0 { return false }
            return !(x >= high - near && g < 0)
        }
    }
}
