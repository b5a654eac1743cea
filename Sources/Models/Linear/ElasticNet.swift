import DescentLinearAlgebra

/// Linear regression with an elastic-net penalty, by coordinate descent.
///
///     min over β₀, β of  Σ sᵢ (yᵢ − β₀ − xᵢβ)² / (2 Σ sᵢ) + λ (ρ ‖β‖₁ + (1 − ρ)/2 ‖β‖²)
///
/// ρ is the `l1Ratio`: 1 is the lasso. The intercept is not penalized. This is scikit-learn's `ElasticNet(alpha: λ,
/// l1_ratio: ρ)`; with `standardizes`, where β in the penalty stands for the coefficients of features of standard
/// deviation 1, it is glmnet's. Coefficients are reported for features as they are given in any case.
///
/// Source: J. Friedman, T. Hastie, R. Tibshirani, Regularization paths for generalized linear models via coordinate
/// descent, J. Stat. Software 33, 2010.
public struct ElasticNet: Codable, Equatable, Sendable {
    /// λ.
    public var lambda: Double

    /// ρ, from 0 to 1.
    public var l1Ratio: Double

    /// Whether the model has a constant term.
    public var fitsIntercept: Bool

    /// Whether the penalty is on the coefficients of features of standard deviation 1.
    public var standardizes: Bool

    /// When to stop.
    public var stopping: CoordinateDescentStopping

    /// A configuration.
    ///
    /// - Precondition: 0 ≤ λ < ∞ and 0 ≤ ρ ≤ 1.
    public init(
        lambda: Double, l1Ratio: Double = 0.5, fitsIntercept: Bool = true, standardizes: Bool = false,
        stopping: CoordinateDescentStopping = .init()
    ) {
        precondition(
            lambda >= 0 && lambda.isFinite, "the penalty must be 0 or more and finite, not \(lambda)")
        precondition(
            l1Ratio >= 0 && l1Ratio <= 1, "the share of L1 lies between 0 and 1, \(l1Ratio) does not")
        self.lambda = lambda
        self.l1Ratio = l1Ratio
        self.fitsIntercept = fitsIntercept
        self.standardizes = standardizes
        self.stopping = stopping
    }

    /// Fits one penalty.
    ///
    /// - Parameters:
    ///   - features: The features, a row for each example.
    ///   - target: The values to explain, one for each row.
    ///   - weights: How much each example counts, 0 or more; all 1 when nil.
    ///   - names: The names of the features; `x1`, `x2`, … when nil.
    ///   - start: Where to begin, coefficients for the features as they are given.
    /// - Throws: `LeastSquaresError`: for no rows or columns, numbers that are not finite, weights below 0.
    /// - Precondition: as many rows, target values and weights, and as many names as features.
    public func fit(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil, names: [String]? = nil,
        from start: [Double]? = nil
    ) throws(LeastSquaresError) -> ElasticNetFit {
        let problem = try ElasticNetProblem(
            features, target, weights: weights, names: names, fitsIntercept: fitsIntercept,
            standardizes: standardizes)
        precondition(
            start == nil || start!.count == features.columns,
            "a start of \(start?.count ?? 0) coefficients for \(features.columns) features")
        var descent = ElasticNetDescent(problem, l1Ratio: l1Ratio, stopping: stopping, from: start)
        let outcome = descent.descend(to: lambda)
        return problem.fit(descent, lambda: lambda, l1Ratio: l1Ratio, outcome: outcome)
    }
}
