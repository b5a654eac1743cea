import DescentLinearAlgebra

/// Minimizes a smooth function plus a term with a simple proximal map: ISTA, and FISTA, which is the default.
///
/// x ← prox_t(y − t∇f(y)), with t a quarter longer than the last one and halved until f(x) ≤ f(y) + ∇f(y)·(x
/// − y) + ‖x − y‖² / 2t. ISTA has y = x; FISTA leads y beyond x by Nesterov's momentum and falls as 1/k²
/// instead of 1/k. Whenever a step of FISTA would raise the value, it is not taken: the momentum begins anew
/// from x.
///
/// The gradient norm in the stopping rule and in the solution is that of the gradient mapping, ‖x − prox_t(x
/// − t∇f(x))‖∞ / t, taken at the point that is returned. Near the minimum a step lowers the value by about
/// t/2 times its square, which is lost in the rounding of values sooner than with the methods that have a
/// line search: a norm of √ε or less is not always within reach, and then the reason is `.noLowerPoint`.
///
/// Source: Beck and Teboulle, SIAM J. Imaging Sci. 2 (2009) 183; momentum for steps that grow, Scheinberg,
/// Goldfarb and Bai, Found. Comput. Math. 14 (2014) 389; the restart is O'Donoghue and Candès', Found.
/// Comput. Math. 15 (2015) 715.
public struct ProximalGradient<Term: ProximalTerm>: Sendable {
    /// The term that need not be smooth.
    public let term: Term

    /// Whether momentum is used: FISTA; without it, ISTA.
    public let isAccelerated: Bool

    /// When to stop.
    public var stopping: StoppingRule

    /// The method for one term.
    public init(_ term: Term, isAccelerated: Bool = true, stopping: StoppingRule = StoppingRule()) {
        self.term = term
        self.isAccelerated = isAccelerated
        self.stopping = stopping
    }

    /// Minimizes f + g.
    ///
    /// - Parameters:
    ///   - objective: The smooth part, f.
    ///   - start: Where to begin; if g is infinite there, its proximal map is applied first.
    ///   - observe: Called at the start and after each iteration.
    /// - Returns: The lowest point found; its value is f + g.
    /// - Throws: `MinimizerError` if f + g or ∇f is not finite at the start.
    public func minimize<O: Objective<Term.Scalar>>(
        _ objective: O, from start: [Term.Scalar],
        observing observe: (MinimizerProgress<Term.Scalar>) -> Void = { _ in }
    ) throws(MinimizerError) -> Solution<Term.Scalar> {
        let evaluator = ObjectiveEvaluator(objective)
        var point = start
        if term.value(at: point) == .infinity { term.applyProximalMap(&point, step: 1) }
        var gradient = [Term.Scalar](repeating: 0, count: start.count)
        var smooth = try evaluator.begin(at: point, gradient: &gradient)
        var value = smooth + term.value(at: point)
        guard value.isFinite else { throw .startingValueNotFinite(value: value) }
        var step = 1.0
        var norm = mapping(at: point, gradient: gradient, step: step)
        let threshold = stopping.gradientThreshold(startingNorm: norm, for: Term.Scalar.self)
        // y, where f is `smooth` and its gradient `gradient`.
        var ahead = point
        var hasMomentum = false
        var momentum = 1.0
        var trial = point
        var (stepLength, isFirst, mayGrow) = (0.0, true, false)

        func finish(_ reason: StoppingReason) -> Solution<Term.Scalar> {
            Solution(
                point: point, value: value, gradientNorm: norm, counts: evaluator.counts, reason: reason)
        }
        /// Goes back to y = x and measures there.
        func settle() {
            ahead = point
            (hasMomentum, momentum) = (false, 1)
            smooth = evaluator.valueAndGradient(at: point, gradient: &gradient)
            norm = mapping(at: point, gradient: gradient, step: step)
        }
        func report() {
            observe(
                MinimizerProgress(
                    point: point, value: value, gradientNorm: norm, stepLength: stepLength,
                    counts: evaluator.counts))
        }

        report()
        while true {
            // Without momentum the mapping is that of the point itself; with it, it has to be looked at
            // there.
            norm = mapping(at: ahead, gradient: gradient, step: step)
            if norm <= threshold {
                if hasMomentum { settle() }
                if norm <= threshold { return finish(.gradientTolerance) }
            }
            if let reason = stopping.budgetReason(evaluator.counts, since: evaluator.began) {
                if hasMomentum { settle() }
                return finish(reason)
            }

            let stepBefore = step
            if mayGrow { step *= 1.25 }
            var newSmooth = 0.0
            var isShortEnough = false
            while !isShortEnough {
                move(ahead, along: gradient, by: -step, into: &trial)
                term.applyProximalMap(&trial, step: step)
                newSmooth = evaluator.value(at: trial)
                if newSmooth == -.infinity {
                    if hasMomentum { settle() }
                    return finish(.unboundedBelow)
                }
                (isShortEnough, mayGrow) = isMajorized(
                    newSmooth, at: trial, smooth, at: ahead, gradient: gradient, step: step)
                // The first step of all may grow to the scale of the problem.
                if isShortEnough, isFirst, step < 1e20, trial != ahead {
                    step *= 2
                    isShortEnough = false
                } else if !isShortEnough {
                    isFirst = false
                    step /= 2
                    if step < .leastNormalMagnitude {
                        if hasMomentum { settle() }
                        return finish(newSmooth.isFinite ? .noLowerPoint : .notFinite)
                    }
                }
            }
            isFirst = false
            let newValue = newSmooth + term.value(at: trial)
            if newValue >= value || !newValue.isFinite {
                if hasMomentum {
                    settle()
                    continue
                }
                // Level to rounding, but flatter: that is progress still. Anything else is the end.
                guard newValue == value else { return finish(.noLowerPoint) }
                smooth = evaluator.valueAndGradient(at: trial, gradient: &gradient)
                let newNorm = mapping(at: trial, gradient: gradient, step: step)
                guard smooth.isFinite, newNorm < norm else { return finish(.noLowerPoint) }
            }

            // Taken: x moves to the trial, y beyond it.
            let valueBefore = value
            stepLength = distance(point, trial)
            let nextMomentum = (1 + (1 + 4 * (stepBefore / step) * momentum * momentum).squareRoot()) / 2
            ahead = trial
            if isAccelerated {
                let lead = (momentum - 1) / nextMomentum
                combine(point, times: -lead, with: &ahead, times: 1 + lead)
                momentum = nextMomentum
                hasMomentum = lead > 0
            }
            swap(&point, &trial)
            value = newValue
            evaluator.counts.iterations += 1
            smooth = evaluator.valueAndGradient(at: ahead, gradient: &gradient)
            if !smooth.isFinite || !largestMagnitude(gradient).isFinite {
                // y has left the domain, x has not.
                settle()
                if !smooth.isFinite || !largestMagnitude(gradient).isFinite { return finish(.notFinite) }
            }
            norm = mapping(at: ahead, gradient: gradient, step: step)
            report()
            if let reason = stopping.progressReason(
                from: valueBefore, to: value, step: stepLength, size: largestMagnitude(point))
            {
                if hasMomentum { settle() }
                return finish(norm <= threshold ? .gradientTolerance : reason)
            }
        }
    }

    /// ‖x − prox_t(x − t∇f)‖∞ / t.
    private func mapping(at point: [Term.Scalar], gradient: [Term.Scalar], step: Double) -> Double {
        var image = point
        add(gradient, times: -step, to: &image)
        term.applyProximalMap(&image, step: step)
        return distance(point, image) / step
    }

    /// Whether the quadratic with curvature 1/t lies above f at a trial, to rounding; and whether by more
    /// than rounding could tell, so that a longer step may be tried.
    private func isMajorized(
        _ newValue: Double, at trial: [Term.Scalar], _ value: Double, at point: [Term.Scalar],
        gradient: [Term.Scalar], step: Double
    ) -> (holds: Bool, isCertain: Bool) {
        var move = trial
        add(point, times: -1, to: &move)
        let quadratic = dot(move, move) / (2 * step)
        let rounding = 10 * Double(Term.Scalar.ulpOfOne) * abs(value)
        let holds = newValue <= value + dot(gradient, move) + quadratic + rounding
        return (holds, holds && quadratic > 100 * rounding)
    }
}
