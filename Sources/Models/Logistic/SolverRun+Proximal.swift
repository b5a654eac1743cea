import DescentLinearAlgebra
import DescentOptimization

// The solvers for objectives with an L1 part, Σ τⱼ |θⱼ|.

extension SolverRun {
    /// Newton's method on the smooth part, with the L1 part kept as it is: each quadratic model is minimized by
    /// coordinate descent, and a line search sees to descent.
    ///
    /// Source: J. D. Lee, Y. Sun, M. A. Saunders, Proximal Newton-type methods for minimizing composite functions, SIAM
    /// J. Optim. 24, 2014; with coordinate descent as in Friedman, Hastie and Tibshirani, J. Stat. Software 33, 2010.
    func proximalNewton(
        _ objective: LogitObjective<Double>, thresholds: [Double], from start: [Double]
    ) throws(MinimizerError) -> LogisticFitting.Minimum {
        var point = start
        var gradient = [Double](repeating: 0, count: point.count)
        func l1(_ point: [Double]) -> Double { zip(point, thresholds).reduce(0) { $0 + abs($1.0) * $1.1 } }
        var smooth = objective.valueAndGradient(at: point, gradient: &gradient)
        guard smooth.isFinite else { throw .startingValueNotFinite(value: smooth) }
        var value = smooth + l1(point)
        var (iterations, passes, hessians) = (0, 1, 0)
        var norm = Self.violation(gradient, point, thresholds)

        func finish(_ reason: StoppingReason) -> LogisticFitting.Minimum {
            LogisticFitting.Minimum(
                point: point, value: value, gradientNorm: norm,
                reason: norm <= gradientTolerance ? .gradientTolerance : reason, iterations: iterations,
                passes: passes, hessianPasses: hessians)
        }
        func report() {
            recorder.record(iterations: iterations, passes: passes + hessians, value: value)
        }

        report()
        // The last iterations are cheap beside their digits.
        let wanted = min(tolerance, 1e-11) * gradientScale
        while true {
            if norm <= wanted { return finish(.gradientTolerance) }
            if iterations >= maximumIterations { return finish(.iterationLimit) }
            if Task.isCancelled { return finish(.cancelled) }
            let hessian = objective.hessian(at: point)
            hessians += 1
            let target = norm * min(0.1, norm / gradientScale)
            let direction = Self.quadraticStep(hessian, gradient, point, thresholds, tolerance: target)
            let decrease =
                zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
                + l1(zip(point, direction).map { $0 + $1 }) - l1(point)
            var step = 1.0
            var isAccepted = false
            while step > 1e-9 {
                let trial = step == 1 ? zip(point, direction).map { $0 + $1 } : zip(point, direction).map { $0 + step * $1 }
                var trialGradient = gradient
                let trialSmooth = objective.valueAndGradient(at: trial, gradient: &trialGradient)
                passes += 1
                let trialValue = trialSmooth + l1(trial)
                let trialNorm = Self.violation(trialGradient, trial, thresholds)
                let rounding = 4 * Double.ulpOfOne * abs(value)
                // Where values differ by rounding alone, the conditions for a minimum decide.
                let isLower = trialValue <= value + 1e-4 * step * decrease
                let isLevel = abs(trialValue - value) <= rounding && trialNorm < norm
                if isLower && trialNorm.isFinite && trialValue < value || isLevel {
                    (point, gradient, smooth, value, norm) = (trial, trialGradient, trialSmooth, trialValue, trialNorm)
                    isAccepted = true
                    break
                }
                step /= 2
            }
            guard isAccepted else { return finish(.noLowerPoint) }
            iterations += 1
            report()
        }
    }

    /// Accelerated proximal gradients, for more coefficients than a Hessian is made for.
    func proximalGradient(
        _ objective: LogitObjective<Double>, thresholds: [Double], from start: [Double]
    ) throws(MinimizerError) -> LogisticFitting.Minimum {
        let stopping = StoppingRule(
            gradientTolerance: gradientTolerance, relativeGradientTolerance: 0,
            maximumIterations: maximumIterations)
        let solution = try ProximalGradient(CoefficientThresholds(thresholds: thresholds), stopping: stopping)
            .minimize(objective, from: start) { record($0) }
        return LogisticFitting.Minimum(solution, step: nil, gradientTolerance: gradientTolerance)
    }

    /// The largest violation of the conditions for a minimum.
    private static func violation(_ gradient: [Double], _ point: [Double], _ thresholds: [Double]) -> Double {
        var largest = 0.0
        for j in point.indices {
            let excess =
                point[j] > 0
                ? abs(gradient[j] + thresholds[j])
                : point[j] < 0 ? abs(gradient[j] - thresholds[j]) : max(0, abs(gradient[j]) - thresholds[j])
            guard excess <= largest else {
                largest = excess
                if excess.isNaN { return .nan }
                continue
            }
        }
        return largest
    }

    /// argmin over d of g·d + ½ d·Hd + Σ τ |θ + d|, by coordinate descent; sweeps over what is not 0 between those
    /// over all.
    private static func quadraticStep(
        _ hessian: Matrix<Double>, _ gradient: [Double], _ point: [Double], _ thresholds: [Double],
        tolerance: Double
    ) -> [Double] {
        let n = point.count
        var value = point
        // g + Hd.
        var slope = gradient
        hessian.withUnsafeElements { h in
            let floor = (0..<n).reduce(0) { max($0, h[$1 * n + $1]) } * 1e-14
            /// Sets one coordinate to its minimum; gives how far it was from fulfilling its condition.
            func settle(_ j: Int) -> Double {
                let curvature = max(h[j * n + j], floor)
                let old = value[j]
                let pull = curvature * old - slope[j]
                let threshold = thresholds[j]
                let new = pull > threshold ? (pull - threshold) / curvature : pull < -threshold ? (pull + threshold) / curvature : 0
                guard new != old else { return 0 }
                value[j] = new
                slope.withUnsafeMutableBufferPointer {
                    Double._axpy(n, new - old, h.baseAddress! + j * n, $0.baseAddress!)
                }
                return curvature * abs(new - old)
            }
            for _ in 0..<200 {
                var largest = 0.0
                for j in 0..<n { largest = max(largest, settle(j)) }
                if largest <= tolerance { break }
                let active = (0..<n).filter { value[$0] != 0 || thresholds[$0] == 0 }
                for _ in 0..<1000 {
                    var largest = 0.0
                    for j in active { largest = max(largest, settle(j)) }
                    if largest <= tolerance { break }
                }
            }
        }
        return zip(value, point).map { $0 - $1 }
    }
}

/// Σ τⱼ |θⱼ|.
struct CoefficientThresholds: ProximalTerm {
    let thresholds: [Double]

    func value(at point: [Double]) -> Double {
        zip(point, thresholds).reduce(0) { $0 + abs($1.0) * $1.1 }
    }

    func applyProximalMap(_ point: inout [Double], step: Double) {
        for j in point.indices {
            let t = thresholds[j] * step
            point[j] = point[j] > t ? point[j] - t : point[j] < -t ? point[j] + t : point[j].isNaN ? .nan : 0
        }
    }
}
