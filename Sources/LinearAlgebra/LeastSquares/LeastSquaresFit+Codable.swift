extension LeastSquaresFit: Codable {
    private enum CodingKeys: String, CodingKey {
        case formatVersion, featureNames, targetName, method, reason, isRefined, scaledResidual
        case workingConditionNumber, warnings, coefficients, covariance, confidence, observationCount, rank
        case degreesOfFreedom, isWeighted, rSquared, residualStandardError, logLikelihood, basis, target
        case workingCoefficients, triangle, inverseFactor, coefficientFactor, independent, residualSquares
        case explainedSquares, meat
    }

    /// Reads a fit that was written by this version's format; the rows it was made from are not part of it.
    public init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        let version = try c.decode(Int.self, forKey: .formatVersion)
        guard version == 1 else {
            throw DecodingError.dataCorruptedError(
                forKey: .formatVersion, in: c,
                debugDescription: "a fit of format version \(version); this library reads version 1")
        }
        featureNames = try c.decode([String].self, forKey: .featureNames)
        targetName = try c.decode(String.self, forKey: .targetName)
        method = try c.decode(Method.self, forKey: .method)
        reason = try c.decode(String.self, forKey: .reason)
        isRefined = try c.decode(Bool.self, forKey: .isRefined)
        // What is not a number, or infinite, is left out: JSON knows neither.
        scaledResidual = try c.decodeIfPresent(Double.self, forKey: .scaledResidual) ?? .nan
        workingConditionNumber =
            try c.decodeIfPresent(Double.self, forKey: .workingConditionNumber) ?? .infinity
        warnings = try c.decode([LeastSquaresWarning].self, forKey: .warnings)
        coefficients = try c.decode([Coefficient].self, forKey: .coefficients)
        covariance = try c.decode(CoefficientCovariance.self, forKey: .covariance)
        confidence = try c.decode(Double.self, forKey: .confidence)
        observationCount = try c.decode(Int.self, forKey: .observationCount)
        rank = try c.decode(Int.self, forKey: .rank)
        degreesOfFreedom = try c.decode(Int.self, forKey: .degreesOfFreedom)
        isWeighted = try c.decode(Bool.self, forKey: .isWeighted)
        rSquared = try c.decodeIfPresent(Double.self, forKey: .rSquared) ?? .nan
        residualStandardError = try c.decodeIfPresent(Double.self, forKey: .residualStandardError) ?? .nan
        logLikelihood = try c.decodeIfPresent(Double.self, forKey: .logLikelihood) ?? .nan
        basis = try c.decode(PolynomialBasis.self, forKey: .basis)
        target = try c.decode(Int.self, forKey: .target)
        workingCoefficients = try c.decode([DoubleDouble].self, forKey: .workingCoefficients)
        triangle = try c.decode(Matrix<Double>.self, forKey: .triangle)
        inverseFactor = try c.decode(Matrix<Double>.self, forKey: .inverseFactor)
        coefficientFactor = try c.decode(Matrix<Double>.self, forKey: .coefficientFactor)
        independent = try c.decode([Int].self, forKey: .independent)
        residualSquares = try c.decode(Double.self, forKey: .residualSquares)
        explainedSquares = try c.decode(Double.self, forKey: .explainedSquares)
        meat = try c.decodeIfPresent(Matrix<Double>.self, forKey: .meat)
        data = nil
        let k = basis.columnCount
        let isConsistent =
            basis.isConsistent && featureNames.count == basis.featureCount && coefficients.count == k
            && workingCoefficients.count == k && triangle.rows == k && triangle.columns == k
            && inverseFactor.rows == k && inverseFactor.columns == rank && coefficientFactor.rows == k
            && coefficientFactor.columns == rank && independent.allSatisfy { (0..<k).contains($0) }
            && (0..<basis.targetCount).contains(target) && confidence > 0 && confidence < 1
            && meat.map { $0.rows == rank && $0.columns == rank } ?? true
        guard isConsistent else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: c.codingPath, debugDescription: "the parts of the fit do not belong together")
            )
        }
    }

    /// Writes everything but the rows.
    public func encode(to encoder: any Encoder) throws {
        var c = encoder.container(keyedBy: CodingKeys.self)
        func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
        try c.encode(1, forKey: .formatVersion)
        try c.encode(featureNames, forKey: .featureNames)
        try c.encode(targetName, forKey: .targetName)
        try c.encode(method, forKey: .method)
        try c.encode(reason, forKey: .reason)
        try c.encode(isRefined, forKey: .isRefined)
        try c.encodeIfPresent(finite(scaledResidual), forKey: .scaledResidual)
        try c.encodeIfPresent(finite(workingConditionNumber), forKey: .workingConditionNumber)
        try c.encode(warnings, forKey: .warnings)
        try c.encode(coefficients, forKey: .coefficients)
        try c.encode(covariance, forKey: .covariance)
        try c.encode(confidence, forKey: .confidence)
        try c.encode(observationCount, forKey: .observationCount)
        try c.encode(rank, forKey: .rank)
        try c.encode(degreesOfFreedom, forKey: .degreesOfFreedom)
        try c.encode(isWeighted, forKey: .isWeighted)
        try c.encodeIfPresent(finite(rSquared), forKey: .rSquared)
        try c.encodeIfPresent(finite(residualStandardError), forKey: .residualStandardError)
        try c.encodeIfPresent(finite(logLikelihood), forKey: .logLikelihood)
        try c.encode(basis, forKey: .basis)
        try c.encode(target, forKey: .target)
        try c.encode(workingCoefficients, forKey: .workingCoefficients)
        try c.encode(triangle, forKey: .triangle)
        try c.encode(inverseFactor, forKey: .inverseFactor)
        try c.encode(coefficientFactor, forKey: .coefficientFactor)
        try c.encode(independent, forKey: .independent)
        try c.encode(residualSquares, forKey: .residualSquares)
        try c.encode(explainedSquares, forKey: .explainedSquares)
        try c.encodeIfPresent(meat, forKey: .meat)
    }
}
