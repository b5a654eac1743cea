import Glibc

/// Ridge regression: coefficients β that minimize Σ wᵢ·(yᵢ − β₀ − xᵢβ)² + λ·‖β‖².
///
/// The penalty is on the sum of squares, not the mean, in the units that the features have, and not on the
/// intercept: the convention of scikit-learn's `Ridge`. Scale the features first where their units differ.
///
/// One singular value decomposition serves every λ. (G. H. Golub, M. Heath, G. Wahba, Generalized
/// cross-validation as a method for choosing a good ridge parameter, Technometrics 21, 1979.)
public struct RidgeRegression: Sendable, Equatable {
    /// How the penalty is chosen.
    public enum Penalty: Sendable, Equatable {
        /// The given λ ≥ 0.
        case value(Double)
        /// The λ of least generalized cross-validation.
        case generalizedCrossValidation
    }

    /// How the penalty is chosen.
    public var penalty: Penalty
    /// Whether the model has a constant term.
    public var fitsIntercept: Bool
    /// The highest power of each feature in the model.
    public var degree: Int
    /// The features, counted from 0, that enter by themselves alone, whatever the degree.
    public var linearFeatures: Set<Int>
    /// The probability of intervals.
    public var confidence: Double

    /// A configuration.
    ///
    /// - Precondition: 1 ≤ degree ≤ 64, 0 < confidence < 1.
    public init(
        penalty: Penalty = .generalizedCrossValidation, fitsIntercept: Bool = true, degree: Int = 1,
        linearFeatures: Set<Int> = [], confidence: Double = 0.95
    ) {
        precondition(
            confidence > 0 && confidence < 1, "confidence lies between 0 and 1, \(confidence) does not")
        precondition(degree >= 1 && degree <= 64, "the degree must be from 1 to 64, not \(degree)")
        self.penalty = penalty
        self.fitsIntercept = fitsIntercept
        self.degree = degree
        self.linearFeatures = linearFeatures
        self.confidence = confidence
    }

    /// Fits one target.
    ///
    /// - Throws: ``LeastSquaresError``: for no rows or columns, numbers that are not finite, a λ that is
    ///   negative or not finite, or λ = 0 with dependent columns.
    /// - Precondition: as many rows, target values and weights, and as many names as features.
    public func fit(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil, names: [String]? = nil
    ) throws(LeastSquaresError) -> RidgeFit {
        if case .value(let value) = penalty, !(value >= 0 && value.isFinite) {
            throw .invalidParameter("the ridge penalty must be 0 or more and finite, not \(value)")
        }
        let path = try path(features, target, weights: weights, names: names)
        switch penalty {
        case .value(let value): return try path.fit(penalty: value)
        case .generalizedCrossValidation: return try path.fit(penalty: path.bestPenalty())
        }
    }

    /// The fits for all penalties, from one decomposition.
    ///
    /// - Throws: ``LeastSquaresError``, as `fit`.
    /// - Precondition: as many rows, target values and weights, and as many names as features.
    public func path(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil, names: [String]? = nil
    ) throws(LeastSquaresError) -> RidgePath {
        try RidgePath(
            LinearProblem(
                features, target, weights: weights, names: names, fitsIntercept: fitsIntercept,
                degree: degree,
                linear: linearFeatures), confidence: confidence)
    }
}

/// The ridge fits of one problem for every penalty.
public struct RidgePath: Sendable {
    private let problem: LinearProblem
    private let confidence: Double
    private let values: [Double]
    private let v: Matrix<Double>
    /// Uᵀz.
    private let projections: [Double]
    private let restSquares: Double

    init(_ problem: LinearProblem, confidence: Double) throws(LeastSquaresError) {
        self.problem = problem
        self.confidence = confidence
        let (design, z) = problem.centredDesign
        let svd: SVD<Double>
        do {
            svd = try SVD(design)
        } catch {
            throw .notConverged("the iteration for singular values")
        }
        values = svd.singularValues
        v = svd.vTransposed.transposed()
        projections = svd.u.times(z, transposed: true)
        var rest = z
        rest.add(svd.u.times(projections), scaledBy: -1)
        restSquares = problem.restSquares + rest.dot(rest)
    }

    /// The singular values of the features about their means, falling.
    public var singularValues: [Double] { values }

    /// The fit for a penalty λ.
    ///
    /// - Throws: ``LeastSquaresError/invalidParameter(_:)`` for a λ that is negative or not finite, or 0 when
    ///   columns are dependent.
    public func fit(penalty: Double) throws(LeastSquaresError) -> RidgeFit {
        guard penalty >= 0, penalty.isFinite else {
            throw .invalidParameter("the ridge penalty must be 0 or more and finite, not \(penalty)")
        }
        let tolerance =
            LeastSquaresTolerance.standard(rows: problem.observations.count, columns: values.count)
            * (values.first ?? 0)
        if penalty == 0, let smallest = values.last, !(smallest > tolerance) {
            throw .invalidParameter(
                "without a penalty these dependent columns have no unique coefficients; give a penalty > 0")
        }
        // s/(s² + λ), without a square that could overflow.
        let filtered = zip(values, projections).map { s, c in s > 0 ? c / (s + penalty / s) : 0 }
        let slopes = v.times(filtered)
        // H = U·diag(f)·Uᵀ, and the constant.
        let shares = values.map { $0 > 0 ? $0 / ($0 + penalty / $0) : 0 }
        let constant = problem.basis.hasIntercept ? 1.0 : 0
        let count = Double(problem.observations.count)
        let rest = count - shares.reduce(constant) { $0 + $1 * (2 - $1) }
        // Without a penalty only rounding is left of no degrees of freedom.
        let degreesOfFreedom = rest > 1e-9 * count ? rest : 0
        let squares = residualSquares(penalty)
        let sigma = degreesOfFreedom > 0 ? (squares / degreesOfFreedom).squareRoot() : .nan
        let spread = problem.workingFactor(
            slopes: v.scalingColumns(by: zip(shares, values).map { $1 > 0 ? $0 / $1 : 0 }))
        let hat = problem.workingFactor(
            slopes: v.scalingColumns(by: zip(shares, values).map { $1 > 0 ? $0.squareRoot() / $1 : 0 }))
        let model = LinearFit(
            featureNames: problem.featureNames, basis: problem.basis,
            working: problem.workingCoefficients(slopes: slopes),
            estimates: problem.coefficients(slopes: slopes),
            covarianceFactor: spread.map { $0 * sigma }, hatFactor: hat, squaredHatFactor: spread,
            sigma: sigma, degreesOfFreedom: degreesOfFreedom, confidence: confidence,
            totalSquares: problem.totalSquares)
        let scale = problem.scale
        return RidgeFit(
            model: model, penalty: penalty,
            effectiveDegreesOfFreedom: effectiveDegreesOfFreedom(penalty),
            residualSumOfSquares: squares * scale * scale, residualStandardError: sigma * scale,
            rSquared: problem.totalSquares > 0 ? 1 - squares / problem.totalSquares : .nan,
            generalizedCrossValidation: score(penalty) * scale * scale)
    }

    /// The trace of the map from target to fitted values, the constant included.
    private func effectiveDegreesOfFreedom(_ penalty: Double) -> Double {
        values.reduce(problem.basis.hasIntercept ? 1 : 0) { $0 + ($1 > 0 ? $1 / ($1 + penalty / $1) : 0) }
    }

    private func residualSquares(_ penalty: Double) -> Double {
        zip(values, projections).reduce(restSquares) { sum, pair in
            let (s, c) = pair
            let left = s > 0 ? c * (penalty / s) / (s + penalty / s) : c
            return sum + left * left
        }
    }

    /// n·RSS / (n − edf)², in the target's scale.
    private func score(_ penalty: Double) -> Double {
        let n = Double(problem.observations.count)
        let rest = n - effectiveDegreesOfFreedom(penalty)
        return rest > 0 ? n * residualSquares(penalty) / (rest * rest) : .infinity
    }

    /// The penalty of least generalized cross-validation.
    ///
    /// Searched on a grid of 200 between 1e-12 and 1e4 times the largest singular value squared, then by golden
    /// section around the best.
    public func bestPenalty() -> Double {
        guard let largest = values.first, largest > 0 else { return 1 }
        let grid = (0...200).map { 2 * log(largest) + log(10) * (-12 + 16 * Double($0) / 200) }
        let scores = grid.map { score(exp($0)) }
        let best = scores.indices.min { scores[$0] < scores[$1] } ?? 0
        var (low, high) = (grid[max(best - 1, 0)], grid[min(best + 1, 200)])
        let ratio = (5.0.squareRoot() - 1) / 2
        for _ in 0..<60 {
            let (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
            if score(exp(a)) <= score(exp(b)) { high = b } else { low = a }
        }
        return exp((low + high) / 2)
    }
}
