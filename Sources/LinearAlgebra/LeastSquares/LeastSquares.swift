/// Linear least squares: coefficients β that minimize Σ wᵢ·(yᵢ − xᵢβ)², with a statistician's report.
///
/// ```swift
/// let fit = try LeastSquares().fit(features, target, names: ["age", "dose"])
/// print(fit.summary)
/// let expected = fit.predict(newFeatures)
/// ```
///
/// ## How it decides
///
/// Features are centred when there is an intercept, and scaled by powers of two. `auto` then forms the normal
/// equations, factorizes them by Cholesky's method and estimates the condition number κ. Up to
/// ``normalLimit`` they keep all the digits that matter and are kept, corrected once by the residuals
/// (corrected seminormal equations: Å. Björck, Stability analysis of the method of seminormal equations,
/// Linear Algebra Appl. 88/89, 1987). Of many rows, sums about the coefficients of a sample tell in one pass what
/// would take two, where that is as good. Otherwise the rows go once more through a QR factorization by
/// Householder reflections, and columns that depend on those before them are left out and named, as in R; or,
/// on request, of all solutions the one of least norm is taken.
///
/// Where the condition number says that it matters, and always for small problems, coefficients are then
/// refined by residuals in double-double arithmetic, until they are those of the numbers in memory to the
/// last digits. Finally the residual is tested for orthogonality to the columns.
public struct LeastSquares: Sendable, Equatable {
    /// How to solve.
    public enum Method: String, Sendable, Codable, CaseIterable {
        /// The cheapest of the others that is safe.
        case auto
        /// The normal equations by Cholesky's method; refused when they cannot be trusted.
        case normal
        /// Householder QR, dependent columns left out.
        case qr
        /// Singular values; of all solutions the one of least norm.
        case svd
    }

    /// What to do with columns that depend on others.
    public enum DependentColumns: String, Sendable, Codable, CaseIterable {
        /// Leave out those that depend on columns before them, as R does.
        case drop
        /// Keep all, and take the solution whose coefficients, the intercept not counted, have the least norm.
        case minimumNorm
    }

    /// When coefficients are refined by residuals in double-double arithmetic.
    public enum Refinement: String, Sendable, Codable, CaseIterable {
        /// When the condition number is beyond ``LeastSquares/refinementLimit``, or the problem small.
        case automatic
        /// Always.
        case always
        /// Never.
        case never
    }

    /// How to solve.
    public var method: Method
    /// Whether the model has a constant term.
    public var fitsIntercept: Bool
    /// The highest power of each feature in the model; 1 for the features alone.
    public var degree: Int
    /// The features, counted from 0, that enter by themselves alone, whatever the degree.
    ///
    /// Indicators of categories are their own powers.
    public var linearFeatures: Set<Int>
    /// What to do with columns that depend on others.
    public var dependentColumns: DependentColumns
    /// From which size relative to the largest a column or singular value counts.
    ///
    /// 8ε·max(columns, √rows) when nil.
    public var tolerance: Double?
    /// When coefficients are refined by residuals in double-double arithmetic.
    public var refinement: Refinement
    /// Which standard errors are reported.
    public var covariance: CoefficientCovariance
    /// The probability that an interval of the report contains the true coefficient.
    public var confidence: Double

    /// A configuration.
    ///
    /// - Precondition: 1 ≤ degree ≤ 64, 0 < confidence < 1.
    public init(
        method: Method = .auto, fitsIntercept: Bool = true, degree: Int = 1, linearFeatures: Set<Int> = [],
        dependentColumns: DependentColumns = .drop, tolerance: Double? = nil,
        refinement: Refinement = .automatic, covariance: CoefficientCovariance = .classical,
        confidence: Double = 0.95
    ) {
        precondition(degree >= 1 && degree <= 64, "the degree must be from 1 to 64, not \(degree)")
        precondition(
            confidence > 0 && confidence < 1, "confidence lies between 0 and 1, \(confidence) does not")
        self.method = method
        self.fitsIntercept = fitsIntercept
        self.degree = degree
        self.linearFeatures = linearFeatures
        self.dependentColumns = dependentColumns
        self.tolerance = tolerance
        self.refinement = refinement
        self.covariance = covariance
        self.confidence = confidence
    }

    /// The condition number up to which `auto` keeps the normal equations: κ²ε ≤ 2e-10.
    public static let normalLimit = 1e3
    /// The condition number from which `normal`, asked for by name, refuses: κ²ε ≥ 2e-4.
    public static let refusalLimit = 1e6
    /// The condition number from which coefficients are refined in double-double.
    public static let refinementLimit = 1e3
    /// So many numbers are refined in no time whatever the condition number.
    static let smallCount = 1 << 18

    /// Fits one target.
    ///
    /// - Parameters:
    ///   - features: The features, a row for each observation.
    ///   - target: The values to explain, one for each row.
    ///   - weights: The weight of each row, 0 or more: the inverse variance of its error; all 1 when nil. Rows
    ///     of weight 0 do not count.
    ///   - names: The names of the features; `x1`, `x2`, … when nil.
    ///   - targetName: The name of the target.
    /// - Throws: ``LeastSquaresError``: for no rows or columns, numbers that are not finite, normal equations
    ///   that cannot be trusted.
    /// - Precondition: as many rows, target values and weights, and as many names as features.
    public func fit(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil, names: [String]? = nil,
        targetName: String = "y"
    ) throws(LeastSquaresError) -> LeastSquaresFit {
        precondition(
            target.count == features.rows,
            "\(features.shape) features need a target of \(features.rows) values,"
                + " not \(target.count)")
        let targets = Matrix(rows: target.count, columns: 1, elements: target)
        return try fit(features, targets: targets, weights: weights, names: names, targetNames: [targetName])[
            0]
    }

    /// Fits several targets, each by itself, with one pass over the features.
    ///
    /// - Parameters:
    ///   - features: The features, a row for each observation.
    ///   - targets: The values to explain, a column for each target.
    ///   - weights: The weight of each row, 0 or more; all 1 when nil.
    ///   - names: The names of the features; `x1`, `x2`, … when nil.
    ///   - targetNames: The names of the targets; `y1`, `y2`, … when nil.
    /// - Returns: A fit for each target.
    /// - Throws: ``LeastSquaresError``, as for one target.
    public func fit(
        _ features: Matrix<Double>, targets: Matrix<Double>, weights: [Double]? = nil,
        names: [String]? = nil, targetNames: [String]? = nil
    ) throws(LeastSquaresError) -> [LeastSquaresFit] {
        precondition(
            targets.rows == features.rows,
            "\(features.shape) features need \(features.rows) rows of targets,"
                + " not \(targets.rows)")
        if let weights {
            precondition(
                weights.count == features.rows,
                "\(features.shape) features need \(features.rows) weights,"
                    + " not \(weights.count)")
        }
        let names = names ?? (0..<features.columns).map { "x\($0 + 1)" }
        precondition(
            names.count == features.columns, "\(features.columns) features cannot have \(names.count) names")
        let targetNames = targetNames ?? (0..<targets.columns).map { "y\($0 + 1)" }
        precondition(
            targetNames.count == targets.columns,
            "\(targets.columns) targets cannot have \(targetNames.count) names")
        guard features.rows > 0 else { throw .noRows }
        guard features.columns > 0 || fitsIntercept else { throw .noColumns }
        guard targets.columns > 0 else { return [] }
        let data = LeastSquaresData(features: features, targets: targets, weights: weights)
        return try LeastSquaresSolver(configuration: self, data: data, names: names, targetNames: targetNames)
            .fits()
    }

    /// Fits one target in single precision data; all arithmetic is in Double.
    ///
    /// - Throws: ``LeastSquaresError``, as for Double.
    @_disfavoredOverload  // literals are Double
    public func fit(
        _ features: Matrix<Float>, _ target: [Float], weights: [Float]? = nil, names: [String]? = nil,
        targetName: String = "y"
    ) throws(LeastSquaresError) -> LeastSquaresFit {
        let converted = Matrix<Double>(rows: features.rows, columns: features.columns) { target in
            features.withUnsafeElements { source in
                for index in 0..<source.count { target[index] = Double(source[index]) }
            }
        }
        return try fit(
            converted, target.map(Double.init), weights: weights?.map(Double.init), names: names,
            targetName: targetName)
    }
}
