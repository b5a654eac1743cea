/// A predicted value and how certain it is.
public struct LeastSquaresPrediction: Sendable, Equatable, Codable {
    /// The predicted value, the estimated mean of the target at these features.
    public let value: Double
    /// The standard error of the mean.
    public let standardError: Double
    /// The confidence interval of the mean.
    public let confidenceInterval: ClosedRange<Double>
    /// The interval for one new observation of weight 1.
    public let predictionInterval: ClosedRange<Double>
}

extension LeastSquaresFit {
    /// The expected target for each row of features.
    ///
    /// - Precondition: as many columns as the model has features.
    public func predict(_ features: Matrix<Double>) -> [Double] {
        let scale = PolynomialBasis.power(basis.targetExponents[target])
        let center = basis.targetCenters[target]
        var result: [Double] = []
        result.reserveCapacity(features.rows)
        let coefficients = workingCoefficients.map(\.value)
        basis.forEachBlock(of: features) { block in
            result += block.times(coefficients).map { $0 * scale + center }
        }
        return result
    }

    /// The expected target for one observation.
    ///
    /// - Precondition: as many values as the model has features.
    public func predict(_ features: [Double]) -> Double {
        predict(Matrix(rows: 1, columns: features.count, elements: features))[0]
    }

    /// Predictions with confidence and prediction intervals; nil when no degrees of freedom are left.
    ///
    /// - Parameters:
    ///   - features: The features, a row for each prediction.
    ///   - confidence: The probability of the intervals; that of the fit when nil.
    /// - Precondition: as many columns as the model has features; 0 < confidence < 1.
    public func predictions(_ features: Matrix<Double>, confidence: Double? = nil)
        -> [LeastSquaresPrediction]?
    {
        let probability = confidence ?? self.confidence
        precondition(
            probability > 0 && probability < 1, "confidence lies between 0 and 1, \(probability) does not")
        guard degreesOfFreedom > 0 else { return nil }
        let quantile = StudentT(degreesOfFreedom: Double(degreesOfFreedom)).quantile(0.5 + probability / 2)
        let scale = PolynomialBasis.power(basis.targetExponents[target])
        let center = basis.targetCenters[target]
        let coefficients = workingCoefficients.map(\.value)
        let sigma = workingStandardError
        var result: [LeastSquaresPrediction] = []
        basis.forEachBlock(of: features) { block in
            let values = block.times(coefficients)
            let scores = block.times(inverseFactor)
            for row in 0..<block.rows {
                let score = scores.row(row)
                let variance =
                    meat.map { max(0, score.dot($0.times(score))) } ?? sigma * sigma * score.dot(score)
                let value = values[row] * scale + center
                let error = variance.squareRoot() * scale
                let spread = (variance + sigma * sigma).squareRoot() * scale
                result.append(
                    LeastSquaresPrediction(
                        value: value, standardError: error, quantile: quantile, spread: spread))
            }
        }
        return result
    }
}
