import DescentLinearAlgebra

/// The lasso and the elastic net by coordinate descent: min over β of ‖y − Xβ‖² / 2n + λ₁‖β‖₁ + ½ λ₂‖β‖².
///
/// Each coordinate is set in turn to its own exact minimum, a soft threshold; the residuals are kept up to
/// date. There is no step to choose and no intercept: center the data first. A sweep takes 4nd operations.
///
/// The gradient norm in the stopping rule and in the solution is the largest violation of the optimality
/// conditions: |∇ⱼ + λ₁ sign βⱼ| where βⱼ ≠ 0, and what |∇ⱼ| exceeds λ₁ by where βⱼ = 0.
///
/// Source: Friedman, Hastie and Tibshirani, J. Stat. Software 33 (2010) 1. scikit-learn's `ElasticNet(alpha:
/// α, l1_ratio: ρ)` is λ₁ = αρ, λ₂ = α(1 − ρ).
public struct CoordinateDescent: Equatable, Sendable {
    /// λ₁.
    public let l1: Double

    /// λ₂.
    public let l2: Double

    /// When to stop; an iteration is a sweep over all coordinates.
    public var stopping: StoppingRule

    /// The method for one penalty.
    ///
    /// - Precondition: neither is negative.
    public init(l1: Double, l2: Double = 0, stopping: StoppingRule = StoppingRule()) {
        precondition(l1 >= 0 && l2 >= 0, "CoordinateDescent: \(l1) or \(l2) is negative or NaN")
        self.l1 = l1
        self.l2 = l2
        self.stopping = stopping
    }

    /// Finds the coefficients.
    ///
    /// - Parameters:
    ///   - features: X, n × d, with n ≥ 1.
    ///   - targets: y, n numbers.
    ///   - start: Where to begin, d numbers; at 0 if `nil`.
    ///   - observe: Called at the start and after each sweep.
    /// - Returns: The coefficients with the lowest value found.
    /// - Throws: `MinimizerError` if the data hold something that is not finite.
    public func minimize<Scalar: MatrixScalar>(
        _ features: Matrix<Scalar>, _ targets: [Scalar], from start: [Scalar]? = nil,
        observing observe: (MinimizerProgress<Scalar>) -> Void = { _ in }
    ) throws(MinimizerError) -> Solution<Scalar> {
        let (n, d) = (features.rows, features.columns)
        let began = ContinuousClock.now
        precondition(
            n > 0 && targets.count == n && (start ?? []).count == (start == nil ? 0 : d),
            "CoordinateDescent: \(n) × \(d) features, \(targets.count) targets, a start of \(start?.count ?? d)"
        )
        // Columns lie far apart in a row-major matrix; here they are what is walked along.
        let columns = (0..<d).map { features.column($0) }
        let curvatures = columns.map { dot($0, $0) / Double(n) }
        var coefficients = start ?? [Scalar](repeating: 0, count: d)
        var residuals = targets
        for j in 0..<d where coefficients[j] != 0 {
            add(columns[j], times: -Double(coefficients[j]), to: &residuals)
        }
        var counts = EvaluationCounts()

        func objective(_ coefficients: [Scalar], _ residuals: [Scalar]) -> Double {
            counts.values += 1
            return dot(residuals, residuals) / Double(2 * n) + l1
                * coefficients.reduce(0) { $0 + abs(Double($1)) }
                + l2 * dot(coefficients, coefficients) / 2
        }
        func violation(_ coefficients: [Scalar], _ residuals: [Scalar]) -> (largest: Double, at: Int) {
            counts.gradients += 1
            var worst = (largest: 0.0, at: 0)
            for j in 0..<d {
                let b = Double(coefficients[j])
                let slope = l2 * b - dot(columns[j], residuals) / Double(n)
                let excess = b > 0 ? abs(slope + l1) : b < 0 ? abs(slope - l1) : max(0, abs(slope) - l1)
                if excess > worst.largest || !slope.isFinite { worst = (slope.isFinite ? excess : .nan, j) }
                if !slope.isFinite { break }
            }
            return worst
        }

        var value = objective(coefficients, residuals)
        guard value.isFinite else { throw .startingValueNotFinite(value: value) }
        if let j = curvatures.firstIndex(where: { !$0.isFinite }) {
            throw .startingGradientNotFinite(coordinate: j, value: curvatures[j])
        }
        let first = violation(coefficients, residuals)
        guard first.largest.isFinite else {
            throw .startingGradientNotFinite(coordinate: first.at, value: first.largest)
        }
        var norm = first.largest
        let threshold = stopping.gradientThreshold(startingNorm: norm, for: Scalar.self)
        func solution(_ reason: StoppingReason) -> Solution<Scalar> {
            Solution(point: coefficients, value: value, gradientNorm: norm, counts: counts, reason: reason)
        }
        func report(_ stepLength: Double) {
            observe(
                MinimizerProgress(
                    point: coefficients, value: value, gradientNorm: norm, stepLength: stepLength,
                    counts: counts))
        }
        report(0)
        while true {
            if norm <= threshold { return solution(.gradientTolerance) }
            if let reason = stopping.budgetReason(counts, since: began) { return solution(reason) }
            var (next, nextResiduals) = (coefficients, residuals)
            for j in 0..<d {
                let curvature = curvatures[j]
                // A column of zeros: only the penalty acts, and it wants 0.
                let b = Double(next[j])
                let pull = dot(columns[j], nextResiduals) / Double(n) + curvature * b
                let wanted = curvature + l2 > 0 ? Scalar(softThreshold(pull, by: l1) / (curvature + l2)) : 0
                if wanted != next[j] {
                    add(columns[j], times: b - Double(wanted), to: &nextResiduals)
                    next[j] = wanted
                }
            }
            let nextValue = objective(next, nextResiduals)
            let nextViolation = violation(next, nextResiduals).largest
            guard nextValue.isFinite, nextViolation.isFinite else { return solution(.notFinite) }
            guard nextValue < value || (nextValue == value && nextViolation < norm) else {
                return solution(.noLowerPoint)
            }
            let stepLength = distance(coefficients, next)
            let valueBefore = value
            (coefficients, residuals, value, norm) = (next, nextResiduals, nextValue, nextViolation)
            counts.iterations += 1
            report(stepLength)
            if norm <= threshold { return solution(.gradientTolerance) }
            if let reason = stopping.progressReason(
                from: valueBefore, to: value, step: stepLength, size: largestMagnitude(coefficients))
            {
                return solution(reason)
            }
        }
    }
}
