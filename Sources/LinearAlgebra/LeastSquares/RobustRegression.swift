import Glibc

/// Linear regression that large errors do not dominate, by iteratively reweighted least squares.
///
/// ``Loss/huber(threshold:)`` is quadratic for small errors and linear for large ones, in units of a scale
/// estimated with them, the median absolute residual over 0.6745 (P. J. Huber, Robust Statistics, 1981).
/// ``Loss/power(_:)`` minimizes Σ |err|^γ: 2 is least squares, 1 the least absolute deviations.
public struct RobustRegression: Sendable, Equatable {
    /// What is summed over the errors.
    public enum Loss: Sendable, Equatable {
        /// Huber's; 1.345 has 95 % of the efficiency of least squares when errors are normal.
        case huber(threshold: Double = 1.345)
        /// |err|^γ, 1 ≤ γ ≤ 16.
        case power(Double)
    }

    /// What is summed over the errors.
    public var loss: Loss
    /// Whether the model has a constant term.
    public var fitsIntercept: Bool
    /// The highest power of each feature in the model.
    public var degree: Int
    /// The features, counted from 0, that enter by themselves alone, whatever the degree.
    public var linearFeatures: Set<Int>
    /// The relative change of the fitted values at which the iteration stops.
    public var tolerance: Double
    /// The most iterations.
    public var maximumIterations: Int

    /// A configuration.
    ///
    /// - Precondition: the threshold is positive; 1 ≤ γ ≤ 16; 1 ≤ degree ≤ 64.
    public init(
        loss: Loss = .huber(), fitsIntercept: Bool = true, degree: Int = 1,
        linearFeatures: Set<Int> = [], tolerance: Double = 1e-12,
        maximumIterations: Int = 500
    ) {
        switch loss {
        case .huber(let threshold):
            precondition(threshold > 0, "the threshold must be positive, not \(threshold)")
        case .power(let exponent):
            precondition(exponent >= 1 && exponent <= 16, "γ must be from 1 to 16, not \(exponent)")
        }
        precondition(degree >= 1 && degree <= 64, "the degree must be from 1 to 64, not \(degree)")
        self.loss = loss
        self.fitsIntercept = fitsIntercept
        self.degree = degree
        self.linearFeatures = linearFeatures
        self.tolerance = tolerance
        self.maximumIterations = maximumIterations
    }

    /// A robust fit.
    public struct Fit: Sendable {
        /// The names of the coefficients: `(Intercept)` first when there is one.
        public let names: [String]
        /// The coefficients in the order of the names; NaN for a column that depends on others.
        public let estimates: [Double]
        /// The scale of the errors: Huber's, or the mean of |err|^γ to the 1/γ.
        public let scale: Double
        /// The weight that each row had in the last step, relative to the largest.
        public let weights: [Double]
        /// The number of weighted fits.
        public let iterations: Int
        /// Whether the fitted values came to rest.
        public let isConverged: Bool

        let last: LeastSquaresFit

        /// The expected target for each row of features.
        ///
        /// - Precondition: as many columns as the model has features.
        public func predict(_ features: Matrix<Double>) -> [Double] { last.predict(features) }
    }

    /// Fits one target.
    ///
    /// - Throws: ``LeastSquaresError``: for no rows or columns, numbers that are not finite.
    /// - Precondition: as many rows and target values, and as many names as features.
    public func fit(
        _ features: Matrix<Double>, _ target: [Double], names: [String]? = nil
    ) throws(LeastSquaresError) -> Fit {
        let plain = LeastSquares(fitsIntercept: fitsIntercept, degree: degree)
        var fit = try plain.fit(features, target, names: names)
        var fitted = fit.predict(features)
        var weights = [Double](repeating: 1, count: target.count)
        var scale = 0.0
        var isConverged = false
        var iterations = 1
        var accepted = fitted
        // γ > 2 overshoots without damping: 1/(γ − 1) is Newton's step.
        var damping = 1.0
        if case .power(let exponent) = loss, exponent > 2 { damping = 1 / (exponent - 1) }
        while iterations < maximumIterations {
            let errors = zip(target, fitted).map { $0 - $1 }
            scale = self.scale(errors)
            let size = zip(target, fitted).map { max(abs($0), abs($1)) }.max() ?? 0
            // No errors to speak of: nothing to weigh.
            guard scale > 1e-15 * size else {
                isConverged = true
                break
            }
            weights = errors.map { weight($0, scale) }
            let next = try plain.fit(features, target, weights: weights, names: names)
            iterations += 1
            accepted = next.predict(features)
            var change = 0.0
            for index in fitted.indices {
                let step = damping * (accepted[index] - fitted[index])
                change = max(change, abs(step))
                fitted[index] += step
            }
            fit = next
            if change <= tolerance * max(scale, 1e-3 * size) {
                isConverged = true
                break
            }
        }
        let largest = weights.max() ?? 1
        return Fit(
            names: fit.coefficients.map(\.name), estimates: fit.estimates, scale: scale,
            weights: weights.map { $0 / largest }, iterations: iterations, isConverged: isConverged, last: fit
        )
    }

    private func scale(_ errors: [Double]) -> Double {
        switch loss {
        case .huber:
            let sizes = errors.map { abs($0) }.sorted()
            let middle = sizes.count / 2
            let median = sizes.count % 2 == 1 ? sizes[middle] : 0.5 * (sizes[middle - 1] + sizes[middle])
            // The third quartile of the normal distribution.
            return median / 0.674489750196081743
        case .power(let exponent):
            let largest = errors.map { abs($0) }.max() ?? 0
            guard largest > 0 else { return 0 }
            let mean = errors.reduce(0) { $0 + pow(abs($1) / largest, exponent) } / Double(errors.count)
            return largest * pow(mean, 1 / exponent)
        }
    }

    private func weight(_ error: Double, _ scale: Double) -> Double {
        let relative = abs(error) / scale
        switch loss {
        case .huber(let threshold): return relative <= threshold ? 1 : threshold / relative
        case .power(let exponent):
            // An error of 0 would weigh infinitely, or nothing at all.
            return pow(max(relative, 1e-9), exponent - 2)
        }
    }
}
