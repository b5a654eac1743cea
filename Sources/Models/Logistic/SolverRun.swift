import DescentLinearAlgebra
import DescentOptimization

/// The smooth solvers of logistic regression, each from a start to a minimum.
struct SolverRun {
    /// The largest gradient component that counts as 0, as a share of `gradientScale`.
    let tolerance: Double
    let gradientScale: Double
    let maximumIterations: Int
    let recorder: FitRecorder

    var gradientTolerance: Double { tolerance * gradientScale }

    func record(_ progress: MinimizerProgress<Double>) {
        recorder.record(
            iterations: progress.counts.iterations,
            passes: progress.counts.gradients + progress.counts.hessians, value: progress.value)
    }

    /// Newton's method; its last steps are so short that they are taken beyond the tolerance, for the digits.
    func newton(
        _ objective: LogitObjective<Double>, from start: [Double]
    ) throws(MinimizerError) -> LogisticFitting.Minimum {
        let stopping = StoppingRule(
            gradientTolerance: min(tolerance, 1e-11) * gradientScale, relativeGradientTolerance: 0,
            maximumIterations: maximumIterations)
        var (before, last) = (start, start)
        let solution = try Newton(stopping: stopping).minimize(objective, from: start) {
            (before, last) = (last, $0.point)
            record($0)
        }
        return LogisticFitting.Minimum(
            solution, step: zip(last, before).map { $0 - $1 }, gradientTolerance: gradientTolerance)
    }

    /// Newton's method from where L-BFGS has brought the point near, with one Hessian for all steps that it suffices for.
    ///
    /// A step with a Hessian that is off by ε takes the gradient to about ε of what it was (the chord method), and a
    /// Hessian costs as much as hundreds of gradients. What it does not suffice for is left to Newton's method proper.
    ///
    /// - Parameters:
    ///   - objective: With a definite Hessian.
    ///   - free: The same objective for L-BFGS, without the term that makes it definite.
    func newtonFromNear(
        _ objective: LogitObjective<Double>, free: LogitObjective<Double>, from start: [Double]
    ) throws(MinimizerError) -> LogisticFitting.Minimum {
        let near = SolverRun(
            tolerance: max(tolerance, 1e-3), gradientScale: gradientScale,
            maximumIterations: maximumIterations, recorder: recorder)
        let passesBefore = recorder.passes
        var minimum = try near.whitened(free, from: start)
        // From here on they are counted in the minimum.
        recorder.passes = passesBefore
        guard minimum.reason == .gradientTolerance || minimum.reason == .noLowerPoint else { return minimum }
        let goal = min(tolerance, 1e-11) * gradientScale
        var gradient = minimum.point
        minimum.value = objective.valueAndGradient(at: minimum.point, gradient: &gradient)
        minimum.gradientNorm = gradient.largestMagnitude
        minimum.passes += 1
        if minimum.gradientNorm > goal, let factor = Self.roughCurvature(objective, at: minimum.point) {
            minimum.hessianPasses += 1
            while minimum.gradientNorm > goal, minimum.iterations < maximumIterations,
                let step = try? factor.solve(gradient)
            {
                var nextGradient = gradient
                let next = zip(minimum.point, step).map { $0 - $1 }
                let value = objective.valueAndGradient(at: next, gradient: &nextGradient)
                minimum.passes += 1
                let norm = nextGradient.largestMagnitude
                guard value <= minimum.value + 1e-14 * abs(minimum.value), norm < 0.7 * minimum.gradientNorm
                else { break }
                (minimum.point, minimum.value, minimum.gradientNorm) = (next, value, norm)
                gradient = nextGradient
                minimum.iterations += 1
                recorder.record(
                    iterations: minimum.iterations, passes: minimum.passes + minimum.hessianPasses,
                    value: value)
            }
        }
        if minimum.gradientNorm <= goal {
            minimum.reason = .gradientTolerance
            return minimum
        }
        recorder.iterations += minimum.iterations
        recorder.passes += minimum.passes + minimum.hessianPasses
        var last = try newton(objective, from: minimum.point)
        last.iterations += minimum.iterations
        last.passes += minimum.passes
        last.hessianPasses += minimum.hessianPasses
        return last
    }

    /// The Hessian in single precision: for steps that are corrected, and in half the time.
    private static func roughCurvature(
        _ objective: LogitObjective<Double>, at point: [Double]
    ) -> Cholesky<Double>? {
        let hessian = objective.converted(to: Float.self).hessian(at: point.map { Float($0) })
        return try? Cholesky(
            Matrix<Double>(rows: hessian.rows, columns: hessian.columns) { target in
                hessian.withUnsafeElements { source in
                    for i in source.indices { target[i] = Double(source[i]) }
                }
            })
    }

    /// L-BFGS in coordinates in which the features are uncorrelated; beyond a certain width, standardized alone.
    ///
    /// The Hessian lies below ½ (I − 11ᵀ/K) ⊗ G, G the features' second moments, plus the ridge (D. Böhning,
    /// Multinomial logistic regression algorithm, Ann. Inst. Stat. Math. 44, 1992). With M = 0.1 (G + α λmax(G) I) + the
    /// ridge = R Rᵀ, coefficients are R⁻ᵀ times those that L-BFGS sees. α keeps directions in which the features hardly
    /// vary from being stretched too far: MNIST takes 196 iterations at 0.01, 208 at 0.03, 268 at 0.1. G may be that of a
    /// part of the examples: of 1,000 of MNIST's it takes 4 % more iterations than of 10,000. The search ends by the
    /// gradient of the coefficients, not by that of what L-BFGS sees.
    func whitened(
        _ objective: LogitObjective<Double>, from start: [Double]
    ) throws(MinimizerError) -> LogisticFitting.Minimum {
        var map: Matrix<Double>?
        var extraPasses = 0
        if objective.columnCount <= 2048 {
            map = Self.whitening(objective)
            extraPasses = 1
        }
        recorder.passes += extraPasses
        let stopping = StoppingRule(
            gradientTolerance: gradientTolerance, relativeGradientTolerance: 0,
            maximumIterations: maximumIterations)
        func search(
            from start: [Double], roughTolerance: Double
        ) throws(MinimizerError) -> LogisticFitting.Minimum {
            let working = WhitenedObjective(objective, map: map, roughTolerance: roughTolerance)
            let solution = try LBFGS(memory: 30, stopping: stopping).minimize(
                working, from: working.preimage(of: start), measuring: { _ in working.state.gradientNorm },
                observing: record)
            var minimum = LogisticFitting.Minimum(solution, step: nil, gradientTolerance: gradientTolerance)
            minimum.point = working.image(of: solution.point)
            minimum.passes += working.state.extraPasses
            // A search that stalls in single precision, or at the place where it was left, is not over.
            minimum.isRough = roughTolerance.isFinite && solution.reason == .noLowerPoint
            return minimum
        }
        var minimum = try search(
            from: start, roughTolerance: max(gradientTolerance, Self.roughTolerance * gradientScale))
        if minimum.isRough {
            recorder.iterations += minimum.iterations
            recorder.passes += minimum.passes
            let first = minimum
            minimum = try search(from: first.point, roughTolerance: .infinity)
            minimum.iterations += first.iterations
            minimum.passes += first.passes
            recorder.iterations -= first.iterations
            recorder.passes -= first.passes
        }
        minimum.passes += extraPasses
        return minimum
    }

    /// The gradient, as a share of that where all coefficients are 0, down to which single precision will do.
    ///
    /// Not a matter of gradients, which are right to 1e-7, but of values: on MNIST, 5e-5 costs no pass more than double
    /// precision from the start, 2e-5 a third more, since the line search no longer sees the value fall.
    private static var roughTolerance: Double { 5e-5 }

    /// R⁻¹.
    static func whitening(_ objective: LogitObjective<Double>) -> Matrix<Double>? {
        guard let factor = try? Cholesky(curvatureModel(objective)).lower else { return nil }
        let columns = factor.columns
        var inverse = Matrix<Double>.identity(columns)
        factor.withUnsafeElements { l in
            inverse.withUnsafeMutableElements {
                Double._trsm(true, false, columns, columns, l.baseAddress!, columns, $0.baseAddress!, columns)
            }
        }
        return inverse
    }

    /// M.
    static func curvatureModel(_ objective: LogitObjective<Double>) -> Matrix<Double> {
        // As many examples as tell the directions apart.
        let enough = max(4096, 8 * objective.columnCount)
        var moments = objective.gramMatrix(every: max(1, objective.exampleCount / enough))
        let count = moments.columns
        let units = dampingUnits(objective)
        var common = moments
        common.withUnsafeMutableElements { elements in
            for i in 0..<count {
                for j in 0..<count { elements[i * count + j] /= units[i] * units[j] }
            }
        }
        let damping = 0.02 * largestEigenvalue(of: common)
        moments.withUnsafeMutableElements { elements in
            for i in elements.indices { elements[i] *= 0.1 }
            for j in 0..<count {
                elements[j * count + j] += 0.1 * damping * units[j] * units[j] + objective.columnPenalties[j]
                // A constant feature.
                if elements[j * count + j] == 0 { elements[j * count + j] = 1 }
            }
        }
        return moments
    }

    /// The units in which I of the damping is meant, relative to features of deviation 1.
    ///
    /// They are the penalty's: a direction that is hardly penalized must not be held back by the damping alone. The
    /// digits with a penalty on standardized features take 77 passes so, and over 1,000 where pixels that are nearly
    /// always 0 are damped like the others. Without a penalty they are the given ones: directions in which pixels hardly
    /// vary are noise, and damping in their unit halves the number of passes. But where units differ by orders of
    /// magnitude, so that the least of them would damp all others, each feature has its own.
    private static func dampingUnits(_ objective: LogitObjective<Double>) -> [Double] {
        let isPenalized = objective.columnPenalties.contains { $0 > 0 }
        var units =
            isPenalized
            ? objective.columnPenalties.map { $0.squareRoot() }
            : objective.scaler.factor + (objective.hasIntercept ? [0] : [])
        let sorted = units.filter { $0 > 0 }.sorted()
        guard let least = sorted.first, sorted[sorted.count / 2] <= 10 * least else {
            return units.map { _ in 1 }
        }
        for j in units.indices { units[j] = units[j] > 0 ? units[j] / least : 1 }
        return units
    }

    /// By 30 steps of the power method, from below; a tenth more or less does not matter here.
    private static func largestEigenvalue(of matrix: Matrix<Double>) -> Double {
        var vector = (0..<matrix.columns).map { 1 + Double($0 % 7) / 8 }
        var size = vector.norm
        for _ in 0..<30 where size > 0 {
            vector.scale(by: 1 / size)
            vector = matrix.times(vector)
            size = vector.norm
        }
        return size
    }
}

extension LogisticFitting.Minimum {
    init(_ solution: Solution<Double>, step: [Double]?, gradientTolerance: Double) {
        point = solution.point
        value = solution.value
        gradientNorm = solution.gradientNorm
        // More digits were asked for than had to be.
        reason = solution.gradientNorm <= gradientTolerance ? .gradientTolerance : solution.reason
        iterations = solution.counts.iterations
        passes = solution.counts.gradients
        hessianPasses = solution.counts.hessians
        lastStep = step
    }
}
