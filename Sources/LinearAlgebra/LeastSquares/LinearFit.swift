/// A fitted linear model of one target, whatever was minimized: coefficients, predictions, and what a row
/// contributes.
///
/// What ``RidgeRegression``, ``RobustRegression``, ``NonNegativeLeastSquares`` and
/// ``ConstrainedLeastSquares`` leave. It holds no rows, and can be written and read.
public struct LinearFit: Sendable, Codable {
    /// The names of the features that the model takes.
    public let featureNames: [String]
    /// The coefficients: intercept first, then the features in their order, powers rising.
    ///
    /// Standard errors and what follows from them are nil where theory gives none.
    public let coefficients: [Coefficient]
    /// The degrees of freedom that intervals and tests go by; fractional for ridge regression.
    public let degreesOfFreedom: Double
    /// The probability of the intervals in ``coefficients``.
    public let confidence: Double

    let basis: PolynomialBasis
    /// The coefficients of the basis' columns, in the target's scale.
    let working: [Double]
    /// F: the covariance of `working` is F·Fᵀ, in the target's scale; nil where it is not known.
    let covarianceFactor: Matrix<Double>?
    /// G: the map from target to fitted values is W·G·Gᵀ·Wᵀ.
    let hatFactor: Matrix<Double>
    /// S: the square of that map is W·S·Sᵀ·Wᵀ; nil where residuals are not that map's.
    let squaredHatFactor: Matrix<Double>?
    /// σ in the target's scale; nil when there are no degrees of freedom.
    private let deviation: Double?
    /// Whether σ is that of a new observation.
    let predictsSpread: Bool
    /// Whether the fitted values are a projection of the target: what Cook's distance is made for.
    let isProjection: Bool
    /// Σw(y − ȳ)² in the target's scale, ȳ = 0 without an intercept.
    let totalSquares: Double

    /// Makes the coefficients' inference from the covariance.
    init(
        featureNames: [String], basis: PolynomialBasis, working: [Double], estimates: [Double?],
        covarianceFactor: Matrix<Double>?, hatFactor: Matrix<Double>, squaredHatFactor: Matrix<Double>?,
        sigma: Double, degreesOfFreedom: Double, confidence: Double, totalSquares: Double,
        predictsSpread: Bool = true, isProjection: Bool = false
    ) {
        self.featureNames = featureNames
        self.basis = basis
        self.working = working
        // Not a number: JSON does not know it.
        self.covarianceFactor = sigma.isFinite ? covarianceFactor : nil
        self.hatFactor = hatFactor
        self.squaredHatFactor = squaredHatFactor
        deviation = sigma.isFinite ? sigma : nil
        self.degreesOfFreedom = degreesOfFreedom
        self.confidence = confidence
        self.totalSquares = totalSquares
        self.predictsSpread = predictsSpread
        self.isProjection = isProjection
        let scale = PolynomialBasis.power(basis.targetExponents[0])
        let factor = self.covarianceFactor.map { basis.originalCoefficients(columnsOf: $0) }
        let quantile =
            degreesOfFreedom > 0
            ? StudentT(degreesOfFreedom: degreesOfFreedom).quantile(0.5 + confidence / 2) : .nan
        coefficients = LeastSquaresFit.columnNames(featureNames, basis).enumerated().map { index, name in
            Coefficient(
                name: name, estimate: estimates[index],
                standardError: factor.map { $0.row(index).norm * scale },
                degreesOfFreedom: degreesOfFreedom, quantile: quantile)
        }
    }

    /// The estimates in the order of ``coefficients``; NaN for a column that depends on others.
    public var estimates: [Double] { coefficients.map { $0.estimate ?? .nan } }

    var sigma: Double { deviation ?? .nan }

    /// Whether the model has a constant term.
    public var hasIntercept: Bool { basis.hasIntercept }

    /// The highest power of any feature.
    public var degree: Int { basis.degree }

    /// The expected target for each row of features.
    ///
    /// - Precondition: as many columns as the model has features.
    public func predict(_ features: Matrix<Double>) -> [Double] { basis.predict(features, working: working) }

    /// Predictions with standard errors and intervals; nil when the model has no standard errors.
    ///
    /// Prediction intervals are infinite where the model says nothing about the spread of a new value.
    ///
    /// - Parameters:
    ///   - features: The features, a row for each prediction.
    ///   - confidence: The probability of the intervals; that of the model when nil.
    /// - Precondition: as many columns as the model has features; 0 < confidence < 1.
    public func predictions(_ features: Matrix<Double>, confidence: Double? = nil)
        -> [LeastSquaresPrediction]?
    {
        let probability = confidence ?? self.confidence
        precondition(
            probability > 0 && probability < 1, "confidence lies between 0 and 1, \(probability) does not")
        guard let covarianceFactor, degreesOfFreedom > 0 else { return nil }
        let quantile = StudentT(degreesOfFreedom: degreesOfFreedom).quantile(0.5 + probability / 2)
        let scale = PolynomialBasis.power(basis.targetExponents[0])
        var result: [LeastSquaresPrediction] = []
        result.reserveCapacity(features.rows)
        let sigma = predictsSpread ? sigma : .infinity
        basis.forEachBlock(of: features) { block in
            let values = block.times(working)
            let scores = block * covarianceFactor
            for row in 0..<block.rows {
                let error = scores.row(row).norm
                result.append(
                    LeastSquaresPrediction(
                        value: values[row] * scale + basis.targetCenters[0], standardError: error * scale,
                        quantile: quantile, spread: (error * error + sigma * sigma).squareRoot() * scale))
            }
        }
        return result
    }

    /// What each row that was fitted contributes.
    ///
    /// Residuals, leverages and standardized residuals are those of the map from target to fitted values that
    /// the method ended with. Studentized residuals and Cook's distances exist for equality constraints alone,
    /// PRESS for these and ridge regression with its penalty kept; elsewhere they are NaN.
    ///
    /// - Precondition: as many columns as the model has features; as many target values and weights as rows.
    public func diagnostics(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil
    ) -> RowDiagnostics {
        precondition(
            target.count == features.rows && (weights?.count ?? target.count) == features.rows,
            "\(features.shape) features need as many target values and weights as rows")
        let scale = PolynomialBasis.power(basis.targetExponents[0])
        var result = RowDiagnostics(
            fitted: [], residuals: [], leverage: [], standardizedResiduals: [], studentizedResiduals: [],
            cooksDistances: [], predictedResidualSumOfSquares: 0, predictedRSquared: .nan)
        var press = squaredHatFactor == nil ? Double.nan : 0
        let n = degreesOfFreedom
        basis.forEachBlock(of: features) { block in
            let values = block.times(working)
            let hat = block * hatFactor
            let squared = squaredHatFactor.map { block * $0 }
            for row in 0..<block.rows {
                let index = result.fitted.count
                let fitted = values[row] * scale + basis.targetCenters[0]
                let weight = weights.map { $0[index] } ?? 1
                let leverage = min(1, weight * hat.row(row).dot(hat.row(row)))
                let residual = (target[index] - fitted) / scale
                let weighted = residual * weight.squareRoot()
                var variance = 1.0
                if let squared {
                    variance = 1 - 2 * leverage + weight * squared.row(row).dot(squared.row(row))
                }
                let isDetermined = variance < 1e-10 || 1 - leverage < 1e-10
                let standardized = isDetermined ? .nan : weighted / (sigma * variance.squareRoot())
                let deleted = weighted / (1 - leverage)
                press += isDetermined ? .infinity : deleted * deleted
                let without = (n - standardized * standardized) / (n - 1)
                result.fitted.append(fitted)
                result.residuals.append(residual * scale)
                result.leverage.append(leverage)
                result.standardizedResiduals.append(standardized)
                result.studentizedResiduals.append(
                    isProjection && n > 1 && without > 0 ? standardized / without.squareRoot() : .nan)
                result.cooksDistances.append(
                    isProjection
                        ? standardized * standardized * leverage / (1 - leverage)
                            / Double(max(1, hatFactor.columns)) : .nan)
            }
        }
        result.predictedResidualSumOfSquares = press * scale * scale
        result.predictedRSquared = 1 - press / totalSquares
        return result
    }
}

extension LeastSquaresPrediction {
    /// The intervals from a standard error, the spread of a new value, and a quantile.
    init(value: Double, standardError: Double, quantile: Double, spread: Double) {
        func interval(_ half: Double) -> ClosedRange<Double> {
            // NaN makes no range.
            guard (value - half).isFinite, (value + half).isFinite else {
                return -Double.infinity...Double.infinity
            }
            return value - half...value + half
        }
        self.init(
            value: value, standardError: standardError,
            confidenceInterval: interval(quantile * standardError),
            predictionInterval: interval(quantile * spread))
    }
}

extension PolynomialBasis {
    /// Calls `body` with blocks of the columns that some features become.
    func forEachBlock(of features: Matrix<Double>, _ body: (Matrix<Double>) -> Void) {
        precondition(
            features.columns == featureCount,
            "a model of \(featureCount) features cannot predict from \(features.shape) features")
        let k = columnCount
        let step = LeastSquaresData.blockRows(width: k)
        for start in stride(from: 0, to: features.rows, by: step) {
            let rows = start..<min(start + step, features.rows)
            body(
                Matrix<Double>(rows: rows.count, columns: k) { target in
                    guard let base = target.baseAddress, target.count > 0 else { return }
                    write(
                        rows: rows, features: features.view, targets: nil, weights: nil, into: base, stride: k
                    )
                })
        }
    }

    /// The values that coefficients of the columns predict for some features, in the unit of the target.
    func predict(_ features: Matrix<Double>, working coefficients: [Double]) -> [Double] {
        let scale = Self.power(targetExponents[0])
        var result: [Double] = []
        result.reserveCapacity(features.rows)
        forEachBlock(of: features) { block in
            result += block.times(coefficients).map { $0 * scale + targetCenters[0] }
        }
        return result
    }
}
