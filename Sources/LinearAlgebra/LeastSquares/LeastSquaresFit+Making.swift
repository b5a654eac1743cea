import Glibc

extension LeastSquaresFit {
    /// How many rows count, and what their weights contribute to the likelihood.
    struct Observations: Sendable, Codable {
        /// The number of rows with positive weight.
        var count = 0
        /// Σ log w over them.
        var logWeights = 0.0
        var isWeighted = false

        init() {}

        init(_ data: LeastSquaresData) {
            guard let weights = data.weights else {
                count = data.rows
                return
            }
            isWeighted = true
            for weight in weights where weight > 0 {
                count += 1
                logWeights += log(weight)
            }
        }
    }

    /// The fit that a solution makes.
    init(
        problem: ReducedProblem, basis: PolynomialBasis, target: Int, solution: LeastSquaresSolver.Solution,
        observations: Observations, names: [String], targetName: String, reason: String,
        configuration: LeastSquares
    ) throws(LeastSquaresError) {
        featureNames = names
        self.targetName = targetName
        method = problem.method
        self.reason = reason
        isRefined = solution.isRefined
        scaledResidual = solution.scaledResidual
        workingConditionNumber = problem.conditionNumber
        confidence = configuration.confidence
        covariance = .classical
        observationCount = observations.count
        isWeighted = observations.isWeighted
        rank = problem.rank
        degreesOfFreedom = observations.count - problem.rank
        self.basis = basis
        self.target = target
        triangle = problem.triangle
        inverseFactor = problem.inverseFactor
        independent = problem.independent
        meat = nil

        // Fitted values in orthonormal coordinates; the first is along the constant.
        let fitted = triangle.times(solution.coefficients.map(\.value))
        let offset = basis.hasIntercept ? 1 : 0
        let explained = Array(fitted.dropFirst(offset)).norm
        explainedSquares = explained * explained
        residualSquares = degreesOfFreedom > 0 ? solution.sumOfSquares : 0
        let total = explainedSquares + residualSquares
        rSquared = total > 0 ? explainedSquares / total : .nan
        let scale = PolynomialBasis.power(basis.targetExponents[target])
        residualStandardError =
            degreesOfFreedom > 0 ? (residualSquares / Double(degreesOfFreedom)).squareRoot() * scale : .nan
        let n = Double(observations.count)
        logLikelihood =
            degreesOfFreedom > 0
            ? 0.5
                * (observations.logWeights - n
                    * (log(2 * .pi) + 1 - log(n) + log(residualSquares)
                        + 2 * Double(basis.targetExponents[target]) * log(2)))
            : .nan

        // To the coefficients of the features; of all solutions the smallest when that was wanted.
        var working = solution.coefficients
        var factor = basis.originalCoefficients(columnsOf: problem.inverseFactor)
        var original = basis.originalCoefficients(working)
        let isMinimumNorm = problem.method == .svd && problem.rank < basis.columnCount
        if isMinimumNorm {
            let null = basis.originalCoefficients(columnsOf: problem.nullSpace)
            let projection = NullSpaceProjection(null, leaving: offset)
            let amounts = projection.amounts(original.map(\.value))
            original = zip(original, null.times(amounts)).map { $0 + DoubleDouble(-$1) }
            working = zip(working, problem.nullSpace.times(amounts)).map { $0 + DoubleDouble(-$1) }
            for column in 0..<factor.columns {
                let values = factor.column(column)
                let removed = null.times(projection.amounts(values))
                factor.setColumn(column, to: zip(values, removed).map { $0 - $1 })
            }
        }
        workingCoefficients = working
        coefficientFactor = factor
        let center = basis.targetCenters[target]
        let kept = Set(problem.independent)
        let columnNames = Self.columnNames(names, basis)
        var estimates: [Double?] = []
        for column in 0..<basis.columnCount {
            guard kept.contains(column) else {
                estimates.append(nil)
                continue
            }
            var value = original[column].scaled(by: scale)
            if basis.hasIntercept && column == 0 {
                value += DoubleDouble(center)
                // What is left of terms that cancel to the last bit of double-double is 0.
                let terms = center.magnitude + basis.constantTerms(original) * scale
                if value.value.magnitude <= 0x1p-98 * terms { value = DoubleDouble(0) }
            }
            guard value.value.isFinite else { throw .coefficientOverflows(column: columnNames[column]) }
            estimates.append(value.value)
        }
        coefficients = Self.inference(
            columnNames, estimates, factor: factor, meat: nil,
            sigma: Self.sigma(residualSquares, degreesOfFreedom),
            scale: scale, degreesOfFreedom: degreesOfFreedom, confidence: configuration.confidence)
        warnings = []
        data = nil
        warnings = Self.warnings(self, isMinimumNorm: isMinimumNorm)
    }

    private static func sigma(_ squares: Double, _ degreesOfFreedom: Int) -> Double {
        degreesOfFreedom > 0 ? (squares / Double(degreesOfFreedom)).squareRoot() : .nan
    }

    static func columnNames(_ features: [String], _ basis: PolynomialBasis) -> [String] {
        var names = basis.hasIntercept ? ["(Intercept)"] : []
        for (feature, degree) in zip(features, basis.degrees) {
            names.append(feature)
            if degree > 1 { for power in 2...degree { names.append("\(feature)^\(power)") } }
        }
        return names
    }

    static func inference(
        _ names: [String], _ estimates: [Double?], factor: Matrix<Double>, meat: Matrix<Double>?,
        sigma: Double,
        scale: Double, degreesOfFreedom: Int, confidence: Double
    ) -> [Coefficient] {
        let quantile =
            degreesOfFreedom > 0
            ? StudentT(degreesOfFreedom: Double(degreesOfFreedom)).quantile(0.5 + confidence / 2) : .nan
        return names.indices.map { index in
            let row = factor.row(index)
            let error: Double
            if let meat {
                error = max(0, row.dot(meat.times(row))).squareRoot()
            } else {
                error = sigma * row.norm
            }
            return Coefficient(
                name: names[index], estimate: estimates[index], standardError: error * scale,
                degreesOfFreedom: Double(degreesOfFreedom), quantile: quantile)
        }
    }

    private static func warnings(_ fit: LeastSquaresFit, isMinimumNorm: Bool) -> [LeastSquaresWarning] {
        var warnings: [LeastSquaresWarning] = []
        let aliased = fit.aliasedColumns
        if !aliased.isEmpty { warnings.append(.aliasedColumns(aliased)) }
        if isMinimumNorm { warnings.append(.minimumNorm(rank: fit.rank, columns: fit.basis.columnCount)) }
        if fit.degreesOfFreedom <= 0 {
            warnings.append(.noResidualDegreesOfFreedom)
        } else if fit.residualSquares.squareRoot()
            <= 0x1p-46 * (fit.explainedSquares + fit.residualSquares).squareRoot(), fit.explainedSquares > 0
        {
            warnings.append(.perfectFit)
        }
        if fit.workingConditionNumber > 1e8 {
            warnings.append(
                .nearlyDependent(conditionNumber: fit.workingConditionNumber, digitsLost: fit.digitsLost))
        }
        if fit.method == .normal, fit.workingConditionNumber > 1.01 * LeastSquares.normalLimit {
            warnings.append(.normalEquationsLoseDigits(2 * fit.digitsLost))
        }
        if fit.scaledResidual > 100 { warnings.append(.notCertified(scaledResidual: fit.scaledResidual)) }
        return warnings
    }
}

/// The least-squares projection onto a null space, by the coefficients of the features alone.
struct NullSpaceProjection {
    private let inverse: Matrix<Double>
    private let rows: Matrix<Double>

    /// - Parameters:
    ///   - null: A basis of the null space, in columns.
    ///   - leaving: How many leading coefficients, the constant, do not count.
    init(_ null: Matrix<Double>, leaving offset: Int) {
        let n = null.columns
        // Orthonormal up to the triangle of their QR factorization.
        var stack = Matrix<Double>(rows: n + null.rows - offset, columns: n)
        for row in offset..<null.rows { stack.setRow(n + row - offset, to: null.row(row)) }
        var update = TriangleUpdate(width: n)
        let height = stack.rows
        stack.withUnsafeMutableElements { update.reduce($0.baseAddress!, rows: height) }
        inverse = update.value.upperInverse()
        var cut = null
        for row in 0..<offset { cut.setRow(row, to: [Double](repeating: 0, count: n)) }
        // Orthonormal columns.
        rows = cut * inverse
    }

    /// How much of each column of the basis is in some coefficients.
    func amounts(_ coefficients: [Double]) -> [Double] {
        inverse.times(rows.times(coefficients, transposed: true))
    }
}
