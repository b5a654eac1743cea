import DescentLinearAlgebra

/// Coordinate descent on an elastic-net problem, from one penalty to the next.
///
/// Each coordinate in turn is set to its own minimum, a soft threshold. With AᵀA at hand the correlations with the
/// residual are kept up to date (covariance updates), otherwise the residual is. Coordinates that the sequential strong
/// rule takes for 0 are left out, and let in again where the conditions for a minimum say that the rule was wrong.
///
/// Source: Friedman, Hastie and Tibshirani, J. Stat. Software 33, 2010; R. Tibshirani et al., Strong rules for
/// discarding predictors in lasso-type problems, J. Royal Stat. Soc. B 74, 2012.
struct ElasticNetDescent {
    /// What one penalty's descent came to.
    struct Outcome {
        var objective: Double
        var dualityGap: Double
        var residualSquares: Double
        var sweeps: Int
        var isConverged: Bool
    }

    let problem: ElasticNetProblem
    let l1Ratio: Double
    let stopping: CoordinateDescentStopping
    /// β, of the active features.
    private(set) var coefficients: [Double]
    /// b − Aβ; with AᵀA at hand, of the last time it was asked for.
    private var residual: [Double]
    /// Aᵀ(b − Aβ); without AᵀA at hand, of the last time it was asked for.
    private var slopes: [Double]
    /// The penalty before, for the strong rule.
    private var previous: Double

    init(
        _ problem: ElasticNetProblem, l1Ratio: Double, stopping: CoordinateDescentStopping,
        from start: [Double]? = nil
    ) {
        self.problem = problem
        self.l1Ratio = l1Ratio
        self.stopping = stopping
        coefficients = problem.active.map { start.map { $0 } == nil ? 0 : start![$0] * problem.sizes[$0] }
        residual = problem.target
        slopes = problem.correlations
        previous = problem.largestLambda(l1Ratio: l1Ratio)
        if start != nil { refresh() }
    }

    /// Residual and slopes from the coefficients, without the rounding of many updates.
    private mutating func refresh() {
        residual = problem.target
        let n = problem.rows
        problem.columns.withUnsafeBufferPointer { columns in
            residual.withUnsafeMutableBufferPointer { residual in
                for (j, value) in coefficients.enumerated() where value != 0 {
                    Double._axpy(n, -value, columns.baseAddress! + j * n, residual.baseAddress!)
                }
            }
            for j in slopes.indices {
                slopes[j] = residual.withUnsafeBufferPointer {
                    Double._dot(n, columns.baseAddress! + j * n, $0.baseAddress!)
                }
            }
        }
    }

    /// Goes to the minimum for a penalty, from where the last one ended.
    mutating func descend(to lambda: Double) -> Outcome {
        let l1 = lambda * l1Ratio
        let strong = l1Ratio * (2 * lambda - previous)
        defer { previous = lambda }
        var candidates = coefficients.indices.filter {
            coefficients[$0] != 0 || abs(slopes[$0]) >= problem.factors[$0] * strong
        }
        var sweeps = 0
        while true {
            let outcome = settle(candidates, lambda, sweeps: &sweeps)
            let present = Set(candidates)
            let violators = coefficients.indices.filter {
                !present.contains($0) && abs(slopes[$0]) > problem.factors[$0] * l1 * (1 + 1e-12)
            }
            if violators.isEmpty || sweeps >= stopping.maximumSweeps { return outcome }
            candidates = (candidates + violators).sorted()
        }
    }

    /// Sweeps over some coordinates until the gap is closed, or rounding ends it.
    private mutating func settle(_ candidates: [Int], _ lambda: Double, sweeps: inout Int) -> Outcome {
        let scale = 0.5 * problem.target.dot(problem.target)
        var wait = 1
        while true {
            var largestMove = 0.0
            for _ in 0..<wait where sweeps < stopping.maximumSweeps {
                largestMove = sweep(candidates, lambda)
                sweeps += 1
                // What is not 0 first, until it hardly moves.
                let support = candidates.filter { coefficients[$0] != 0 }
                var move = largestMove
                while support.count < candidates.count, sweeps < stopping.maximumSweeps {
                    let next = sweep(support, lambda)
                    sweeps += 1
                    if next <= 0.1 * largestMove || next >= move { break }
                    move = next
                }
            }
            refresh()
            var outcome = outcome(lambda, candidates: candidates)
            outcome.sweeps = sweeps
            // Below this share of the objective at 0 the gap, a difference of values, is rounding error.
            let rounding = 1e-13
            outcome.isConverged = outcome.dualityGap <= max(stopping.gapTolerance, rounding) * scale
            // For tolerances finer than that, until coordinates stand still.
            let size = coefficients.reduce(0) { max($0, abs($1)) }
            let isStill = largestMove <= 1e-14 * size
            // Coordinates that stand still are at the minimum, whatever rounding makes of the gap.
            if isStill, outcome.dualityGap <= 1e3 * rounding * scale { outcome.isConverged = true }
            if isStill || sweeps >= stopping.maximumSweeps
                || (outcome.isConverged && stopping.gapTolerance >= rounding)
            {
                return outcome
            }
            wait = min(wait * 2, 64)
        }
    }

    /// Sets coordinates to their minima; gives the largest move.
    private mutating func sweep(_ candidates: [Int], _ lambda: Double) -> Double {
        let n = problem.rows
        let count = coefficients.count
        let (l1, l2) = (lambda * l1Ratio, lambda * (1 - l1Ratio))
        var largest = 0.0
        func minimum(_ pull: Double, _ j: Int) -> Double {
            let factor = problem.factors[j]
            let threshold = l1 * factor
            let rest = pull > threshold ? pull - threshold : pull < -threshold ? pull + threshold : 0
            return rest / (1 + l2 * factor * factor)
        }
        if let gram = problem.gram {
            gram.withUnsafeElements { g in
                slopes.withUnsafeMutableBufferPointer { slopes in
                    for j in candidates {
                        let old = coefficients[j]
                        let new = minimum(slopes[j] + old, j)
                        guard new != old else { continue }
                        Double._axpy(count, old - new, g.baseAddress! + j * count, slopes.baseAddress!)
                        coefficients[j] = new
                        largest = max(largest, abs(new - old))
                    }
                }
            }
        } else {
            problem.columns.withUnsafeBufferPointer { columns in
                residual.withUnsafeMutableBufferPointer { residual in
                    for j in candidates {
                        let column = columns.baseAddress! + j * n
                        let old = coefficients[j]
                        let new = minimum(Double._dot(n, column, residual.baseAddress!) + old, j)
                        guard new != old else { continue }
                        Double._axpy(n, old - new, column, residual.baseAddress!)
                        coefficients[j] = new
                        largest = max(largest, abs(new - old))
                    }
                }
            }
        }
        return largest
    }

    /// The objective, and how far it is above its minimum at most.
    ///
    /// With (b, 0) and (A, √λ₂ diag c) for target and columns the problem is a lasso; a multiple of its residual is
    /// feasible for the dual, and the difference of the two values bounds the distance. Without an L1 part that
    /// residual would have to be orthogonal to the columns; then ‖∇‖² / 2μ is the bound, μ = λ₂ min c² (1 for λ = 0,
    /// where it is a measure and no bound).
    private func outcome(_ lambda: Double, candidates: [Int]) -> Outcome {
        let (l1, l2) = (lambda * l1Ratio, lambda * (1 - l1Ratio))
        let squares = residual.dot(residual)
        var (absolute, ridge, dualNorm, gradientSquares) = (0.0, 0.0, 0.0, 0.0)
        for j in coefficients.indices {
            let scaled = problem.factors[j] * coefficients[j]
            absolute += abs(scaled)
            ridge += scaled * scaled
            let gradient = slopes[j] - l2 * problem.factors[j] * scaled
            dualNorm = max(dualNorm, abs(gradient) / problem.factors[j])
            gradientSquares += gradient * gradient
        }
        let primal = 0.5 * squares + l1 * absolute + 0.5 * l2 * ridge
        var gap: Double
        if l1 > 0 {
            let scale = dualNorm > l1 ? l1 / dualNorm : 1
            gap =
                primal - (scale * residual.dot(problem.target) - 0.5 * scale * scale * (squares + l2 * ridge))
        } else {
            let least = problem.factors.min() ?? 1
            gap = gradientSquares / (2 * (l2 > 0 ? l2 * least * least : 1))
        }
        gap = max(gap, 0)
        return Outcome(
            objective: primal, dualityGap: gap, residualSquares: squares, sweeps: 0, isConverged: false)
    }
}
