import Glibc

/// Linear regression that large errors do not dominate, by iteratively reweighted least squares.
///
/// ``Loss/huber(threshold:)`` is quadratic for small errors and linear for large ones, in units of a scale
/// estimated with them, the median absolute residual over 0.6745 (P. J. Huber, Robust Statistics, 1981).
/// ``Loss/power(_:)`` minimizes Σ |err|^γ: 2 is least squares, 1 the least absolute deviations. Errors of rows
/// with weights count times √w, in units of their own standard deviation.
///
/// ## Standard errors
///
/// The covariance is κ²·Σψ²/(n − p) / (Σψ'/n)²·(XᵀX)⁻¹ for the derivative ψ of the loss at the residuals, with
/// Huber's correction κ = 1 + p/n·var(ψ')/mean(ψ')², and t is compared with Student's distribution of n − p
/// degrees of freedom. (P. J. Huber, Robust regression: asymptotics, conjectures and Monte Carlo, Ann. Stat. 1,
/// 1973; R's `rlm` and statsmodels' `H1` have the same errors.) For γ ≤ 3/2 the mean of ψ' has no finite
/// variance, and for γ = 1 it is no estimate of anything: there are no standard errors then.
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
    /// The probability of intervals.
    public var confidence: Double
    /// The relative change of the fitted values at which the iteration stops.
    public var tolerance: Double
    /// The most iterations.
    public var maximumIterations: Int

    /// A configuration.
    ///
    /// - Precondition: the threshold is positive; 1 ≤ γ ≤ 16; 1 ≤ degree ≤ 64; 0 < confidence < 1.
    public init(
        loss: Loss = .huber(), fitsIntercept: Bool = true, degree: Int = 1,
        linearFeatures: Set<Int> = [], confidence: Double = 0.95, tolerance: Double = 1e-12,
        maximumIterations: Int = 500
    ) {
        precondition(
            confidence > 0 && confidence < 1, "confidence lies between 0 and 1, \(confidence) does not")
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
        self.confidence = confidence
        self.tolerance = tolerance
        self.maximumIterations = maximumIterations
    }

    /// A robust fit.
    public struct Fit: Sendable {
        /// Coefficients, predictions, and what a row contributes.
        ///
        /// Leverages are those of the features as least squares sees them, standardized residuals are
        /// residuals over ``scale``.
        public let model: LinearFit
        /// The scale of the errors: Huber's, or the mean of |err|^γ to the 1/γ.
        public let scale: Double
        /// The weight that each row had in the last step, relative to the largest; without weights given.
        public let weights: [Double]
        /// The number of weighted fits.
        public let iterations: Int
        /// Whether the fitted values came to rest.
        public let isConverged: Bool

        /// The coefficients, with standard errors where there are any.
        public var coefficients: [Coefficient] { model.coefficients }

        /// The names of the coefficients: `(Intercept)` first when there is one.
        public var names: [String] { coefficients.map(\.name) }

        /// The coefficients in the order of the names; NaN for a column that depends on others.
        public var estimates: [Double] { model.estimates }

        /// The expected target for each row of features.
        ///
        /// - Precondition: as many columns as the model has features.
        public func predict(_ features: Matrix<Double>) -> [Double] { model.predict(features) }
    }

    /// Fits one target.
    ///
    /// - Throws: ``LeastSquaresError``: for no rows or columns, numbers that are not finite.
    /// - Precondition: as many rows, target values and weights, and as many names as features.
    public func fit(
        _ features: Matrix<Double>, _ target: [Double], weights given: [Double]? = nil,
        names: [String]? = nil
    ) throws(LeastSquaresError) -> Fit {
        let plain = LeastSquares(fitsIntercept: fitsIntercept, degree: degree, linearFeatures: linearFeatures)
        let first = try plain.fit(features, target, weights: given, names: names)
        var fit = first
        var fitted = fit.predict(features)
        let roots = given.map { $0.map { $0.squareRoot() } }
        var weights = [Double](repeating: 1, count: target.count)
        var scale = 0.0
        var isConverged = false
        var iterations = 1
        // γ > 2 overshoots without damping: 1/(γ − 1) is Newton's step.
        var damping = 1.0
        if case .power(let exponent) = loss, exponent > 2 { damping = 1 / (exponent - 1) }
        func errors() -> [Double] {
            var errors = zip(target, fitted).map { $0 - $1 }
            if let roots { for index in errors.indices { errors[index] *= roots[index] } }
            return errors
        }
        while iterations < maximumIterations {
            let errors = errors()
            scale = self.scale(errors, given)
            let size = zip(target, fitted).map { max(abs($0), abs($1)) }.max() ?? 0
            // No errors to speak of: nothing to weigh.
            guard scale > 1e-15 * size else {
                isConverged = true
                break
            }
            weights = errors.map { weight($0, scale) }
            let all = given.map { zip($0, weights).map { $0 * $1 } } ?? weights
            let next = try plain.fit(features, target, weights: all, names: names)
            iterations += 1
            let accepted = next.predict(features)
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
            model: model(fit, of: first, errors(), given, scale), scale: scale,
            weights: weights.map { $0 / largest }, iterations: iterations, isConverged: isConverged)
    }

    /// The last step's coefficients with the covariance of the estimate, by the factor of least squares.
    private func model(
        _ fit: LeastSquaresFit, of plain: LeastSquaresFit, _ errors: [Double], _ given: [Double]?,
        _ scale: Double
    ) -> LinearFit {
        let unit = PolynomialBasis.power(plain.basis.targetExponents[0])
        let rest = plain.degreesOfFreedom
        var factor: Matrix<Double>?
        if let deviation = deviation(errors, given, scale, plain), fit.rank == plain.rank {
            factor = plain.inverseFactor.map { $0 * (deviation / unit) }
        }
        var predictsSpread = false
        if case .huber = loss { predictsSpread = true }
        if case .power(2) = loss { predictsSpread = true }
        let sigma: Double
        if case .power(2) = loss { sigma = plain.workingStandardError } else { sigma = scale / unit }
        return LinearFit(
            featureNames: fit.featureNames, basis: fit.basis, working: fit.workingCoefficients.map(\.value),
            estimates: fit.coefficients.map(\.estimate), covarianceFactor: factor,
            hatFactor: plain.inverseFactor, squaredHatFactor: nil, sigma: rest > 0 ? sigma : .nan,
            degreesOfFreedom: Double(max(0, rest)), confidence: confidence,
            totalSquares: plain.explainedSquares + plain.residualSquares, predictsSpread: predictsSpread)
    }

    /// What stands for σ in the covariance of the coefficients; nil where there is no such number.
    private func deviation(
        _ errors: [Double], _ given: [Double]?, _ scale: Double, _ plain: LeastSquaresFit
    ) -> Double? {
        guard plain.degreesOfFreedom > 0, scale > 0 else { return nil }
        if case .power(let exponent) = loss, exponent <= 1.5 { return nil }
        var (squares, sum, sumOfSquares) = (0.0, 0.0, 0.0)
        let n = Double(plain.observationCount)
        for (index, error) in errors.enumerated() where given.map({ $0[index] > 0 }) ?? true {
            let relative = abs(error) / scale
            let (value, slope): (Double, Double)
            switch loss {
            case .huber(let threshold):
                (value, slope) = (min(relative, threshold), relative <= threshold ? 1 : 0)
            case .power(let exponent):
                value = pow(relative, exponent - 1)
                slope = (exponent - 1) * pow(max(relative, 1e-9), exponent - 2)
            }
            squares += value * value
            sum += slope
            sumOfSquares += slope * slope
        }
        let mean = sum / n
        guard mean > 0 else { return nil }
        let variance = max(0, sumOfSquares / n - mean * mean)
        let correction = 1 + Double(plain.rank) / n * variance / (mean * mean)
        return correction * (squares / Double(plain.degreesOfFreedom)).squareRoot() * scale / mean
    }

    private func scale(_ all: [Double], _ given: [Double]?) -> Double {
        // Rows of weight 0 do not count.
        let errors = given.map { zip(all, $0).filter { $1 > 0 }.map(\.0) } ?? all
        switch loss {
        case .huber:
            let sizes = errors.map { abs($0) }.sorted()
            guard !sizes.isEmpty else { return 0 }
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
