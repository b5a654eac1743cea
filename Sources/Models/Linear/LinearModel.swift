import DescentLinearAlgebra

/// A fitted linear model: ŷ = x·β + β₀, for features as they are given.
public struct LinearModel: Codable, Sendable {
    /// β, one number a feature; 0 for a feature that least squares left out because it depends on others.
    public let coefficients: [Double]

    /// β₀; 0 for a model without one.
    public let intercept: Double

    /// Whether the model has a constant term.
    public let hasIntercept: Bool

    /// The names of the features.
    public let featureNames: [String]

    /// The report of the fit, if it was by least squares.
    public let leastSquares: LeastSquaresFit?

    /// A model of given coefficients.
    ///
    /// - Precondition: as many names as coefficients.
    public init(
        coefficients: [Double], intercept: Double, hasIntercept: Bool = true, featureNames: [String]? = nil
    ) {
        self.init(
            coefficients: coefficients, intercept: intercept, hasIntercept: hasIntercept,
            featureNames: featureNames ?? LinearModel.names(coefficients.count), leastSquares: nil)
    }

    init(
        coefficients: [Double], intercept: Double, hasIntercept: Bool, featureNames: [String],
        leastSquares: LeastSquaresFit?
    ) {
        precondition(
            featureNames.count == coefficients.count,
            "\(coefficients.count) coefficients cannot have \(featureNames.count) names")
        self.coefficients = coefficients
        self.intercept = intercept
        self.hasIntercept = hasIntercept
        self.featureNames = featureNames
        self.leastSquares = leastSquares
    }

    init(_ fit: LeastSquaresFit) {
        let estimates = fit.coefficients.map { $0.estimate ?? 0 }
        self.init(
            coefficients: Array(estimates.dropFirst(fit.hasIntercept ? 1 : 0)),
            intercept: fit.hasIntercept ? estimates[0] : 0, hasIntercept: fit.hasIntercept,
            featureNames: fit.featureNames, leastSquares: fit)
    }

    /// The names `x1`, `x2` and so on.
    static func names(_ count: Int) -> [String] { (0..<count).map { "x\($0 + 1)" } }

    /// The expected target for each row of features.
    ///
    /// - Precondition: as many columns as the model has features.
    public func predict(_ features: Matrix<Double>) -> [Double] {
        precondition(
            features.columns == coefficients.count,
            "a model of \(coefficients.count) features cannot predict from \(features.rows) × \(features.columns) features"
        )
        return features.times(coefficients).map { $0 + intercept }
    }

    /// The coefficient of determination on some data, 1 − Σ s (y − ŷ)² / Σ s (y − ȳ)².
    ///
    /// Negative for a model worse than the mean; NaN when the target does not vary.
    ///
    /// - Precondition: as many rows, target values and weights.
    public func rSquared(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil
    ) -> Double {
        let weights = weights ?? Array(repeating: 1, count: target.count)
        precondition(
            target.count == features.rows && weights.count == features.rows,
            "\(features.rows) rows, \(target.count) target values and \(weights.count) weights")
        let mean = zip(weights, target).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
        var (left, total) = (0.0, 0.0)
        for ((y, expected), weight) in zip(zip(target, predict(features)), weights) {
            left += weight * (y - expected) * (y - expected)
            total += weight * (y - mean) * (y - mean)
        }
        return total == 0 ? .nan : 1 - left / total
    }
}
