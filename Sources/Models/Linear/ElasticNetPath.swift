import DescentLinearAlgebra

/// Elastic-net fits for a falling sequence of penalties, each begun at the one before.
///
/// ```swift
/// let path = try ElasticNetPath(features, target, l1Ratio: 1, standardizes: true)
/// for fit in path.fits { print(fit.lambda, fit.nonZeroCount) }
/// ```
public struct ElasticNetPath: Codable, Sendable {
    /// The fits, λ falling.
    public let fits: [ElasticNetFit]

    /// The penalties, falling.
    public var lambdas: [Double] { fits.map(\.lambda) }

    /// Which penalties to fit.
    public enum Grid: Codable, Equatable, Sendable {
        /// So many, evenly spaced on a logarithmic scale from the least λ that sets all coefficients to 0 down to
        /// `ratio` times it; glmnet's ratio, 10⁻⁴ for more rows than features and 10⁻² otherwise, when nil.
        ///
        /// With ρ below 10⁻³ the largest λ is that of ρ = 10⁻³, since ridge sets nothing to 0.
        case automatic(count: Int = 100, ratio: Double? = nil)
        /// These, sorted.
        case values([Double])
    }

    /// Fits a path.
    ///
    /// - Parameters:
    ///   - features: The features, a row for each example.
    ///   - target: The values to explain, one for each row.
    ///   - weights: How much each example counts, 0 or more; all 1 when nil.
    ///   - names: The names of the features; `x1`, `x2`, … when nil.
    ///   - grid: Which penalties.
    ///   - l1Ratio: ρ: 1 is the lasso.
    ///   - fitsIntercept: Whether the model has a constant term.
    ///   - standardizes: Whether the penalty is on the coefficients of features of standard deviation 1.
    ///   - stopping: When each fit stops.
    /// - Throws: `LeastSquaresError`: for no rows or columns, numbers that are not finite, weights below 0, and a
    ///   grid that is not usable.
    /// - Precondition: as many rows, target values and weights, and as many names as features.
    public init(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil, names: [String]? = nil,
        grid: Grid = .automatic(), l1Ratio: Double = 1, fitsIntercept: Bool = true,
        standardizes: Bool = false,
        stopping: CoordinateDescentStopping = .init()
    ) throws(LeastSquaresError) {
        precondition(
            l1Ratio >= 0 && l1Ratio <= 1, "the share of L1 lies between 0 and 1, \(l1Ratio) does not")
        let problem = try ElasticNetProblem(
            features, target, weights: weights, names: names, fitsIntercept: fitsIntercept,
            standardizes: standardizes)
        self.init(
            problem, lambdas: try problem.lambdas(grid, l1Ratio: l1Ratio), l1Ratio: l1Ratio,
            stopping: stopping)
    }

    init(
        _ problem: ElasticNetProblem, lambdas: [Double], l1Ratio: Double, stopping: CoordinateDescentStopping
    ) {
        var descent = ElasticNetDescent(problem, l1Ratio: l1Ratio, stopping: stopping)
        fits = lambdas.map { lambda in
            let outcome = descent.descend(to: lambda)
            return problem.fit(descent, lambda: lambda, l1Ratio: l1Ratio, outcome: outcome)
        }
    }
}
