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

    /// L-BFGS in coordinates in which the features are uncorrelated; beyond a certain width, standardized alone.
    ///
    /// The Hessian lies below ½ (I − 11ᵀ/K) ⊗ G, G the features' second moments, plus the ridge (D. Böhning,
    /// Multinomial logistic regression algorithm, Ann. Inst. Stat. Math. 44, 1992). With M = 0.1 (G + α λmax(G) I) + the
    /// ridge = R Rᵀ, coefficients are R⁻ᵀ times those that L-BFGS sees. α keeps directions in which the features hardly
    /// vary from being stretched too far; for MNIST 0.003 to 0.1 take about as many passes, 0 half as many again.
    func whitened(
        _ objective: LogitObjective<Double>, from start: [Double], ridge: Double
    ) throws(MinimizerError) -> LogisticFitting.Minimum {
        var extraPasses = 0
        var map: Matrix<Double>?
        if objective.columnCount <= 2048 {
            map = Self.whitening(objective)
            extraPasses = 1
        }
        recorder.passes += extraPasses
        let working = WhitenedObjective(objective, map: map)
        // The gradient's size where all coefficients are 0, in these coordinates.
        var point = working.preimage(of: start)
        let gradient = working.gradient(at: [Double](repeating: 0, count: point.count))
        let scale = gradient.reduce(0) { max($0, abs($1)) }
        var minimum: LogisticFitting.Minimum?
        var allowed = tolerance / 2
        while true {
            let left = maximumIterations - (minimum?.iterations ?? 0)
            let stopping = StoppingRule(
                gradientTolerance: allowed * scale, relativeGradientTolerance: 0, maximumIterations: left)
            let solution = try LBFGS(memory: 30, stopping: stopping).minimize(working, from: point) {
                record($0)
            }
            point = solution.point
            var next = LogisticFitting.Minimum(solution, step: nil, gradientTolerance: 0)
            next.point = working.image(of: point)
            var gradient = [Double](repeating: 0, count: point.count)
            next.value = objective.valueAndGradient(at: next.point, gradient: &gradient)
            next.gradientNorm = gradient.reduce(0) { max($0, abs($1)) }
            next.iterations += minimum?.iterations ?? 0
            next.passes += minimum?.passes ?? extraPasses + 1
            minimum = next
            if next.gradientNorm <= gradientTolerance {
                minimum!.reason = .gradientTolerance
                return minimum!
            }
            guard next.reason == .gradientTolerance, next.iterations < maximumIterations, allowed > 1e-15
            else {
                if next.reason == .gradientTolerance { minimum!.reason = .noLowerPoint }
                return minimum!
            }
            allowed /= 8
            (recorder.passes, recorder.iterations) = (1 + next.passes, next.iterations)
        }
    }

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
        var moments = objective.gramMatrix()
        let count = moments.columns
        let units = dampingUnits(objective)
        var common = moments
        common.withUnsafeMutableElements { elements in
            for i in 0..<count {
                for j in 0..<count { elements[i * count + j] /= units[i] * units[j] }
            }
        }
        let damping = 0.03 * largestEigenvalue(of: common)
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
    /// Where features vary by about as much as each other, as the pixels of pictures do, they have one unit, and those
    /// that hardly vary are noise: damping in that unit halves the number of passes. Where units differ each feature
    /// has its own.
    private static func dampingUnits(_ objective: LogitObjective<Double>) -> [Double] {
        let factors = objective.scaler.factor
        let deviations = factors.filter { $0 > 0 }.map { 1 / $0 }.sorted()
        let ones = [Double](repeating: 1, count: objective.columnCount)
        guard let largest = deviations.last, largest <= 10 * deviations[deviations.count / 2] else {
            return ones
        }
        return factors.map { $0 > 0 ? $0 * largest : 1 } + (objective.hasIntercept ? [1] : [])
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

/// An objective in other coordinates: each logit's coefficients are a matrix times those given.
struct WhitenedObjective: Objective {
    let objective: LogitObjective<Double>
    /// R⁻¹, lower triangular; nil for the coordinates as they are.
    let map: Matrix<Double>?

    init(_ objective: LogitObjective<Double>, map: Matrix<Double>?) {
        self.objective = objective
        self.map = map
    }

    var parameterCount: Int { objective.parameterCount }

    /// The coefficients, logits × columns: Φ R⁻¹.
    func image(of point: [Double]) -> [Double] { map.map { rows(point).times($0).elements } ?? point }

    /// Φ for given coefficients.
    func preimage(of coefficients: [Double]) -> [Double] {
        guard let map, coefficients.contains(where: { $0 != 0 }) else { return coefficients }
        // Φ = Θ R: solve R⁻ᵀ Φᵀ = Θᵀ.
        var result = rows(coefficients).transposed()
        let (columns, logits) = (result.rows, result.columns)
        map.withUnsafeElements { l in
            result.withUnsafeMutableElements {
                Double._trsm(true, true, columns, logits, l.baseAddress!, columns, $0.baseAddress!, logits)
            }
        }
        return result.transposed().elements
    }

    func value(at point: [Double]) -> Double { objective.value(at: image(of: point)) }

    func valueAndGradient(at point: [Double], gradient: inout [Double]) -> Double {
        guard let map else { return objective.valueAndGradient(at: point, gradient: &gradient) }
        var inner = gradient
        let value = objective.valueAndGradient(at: image(of: point), gradient: &inner)
        gradient = rows(inner).times(map, transposing: .second).elements
        return value
    }

    private func rows(_ values: [Double]) -> Matrix<Double> {
        Matrix(rows: objective.logitCount, columns: objective.columnCount, elements: values)
    }
}
