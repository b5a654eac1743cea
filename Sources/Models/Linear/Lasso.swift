import DescentLinearAlgebra

/// Linear regression with an L1 penalty, which sets coefficients to 0: the elastic net with ρ = 1.
///
///     min over β₀, β of  Σ sᵢ (yᵢ − β₀ − xᵢβ)² / (2 Σ sᵢ) + λ ‖β‖₁
///
/// Source: R. Tibshirani, Regression shrinkage and selection via the lasso, J. Royal Stat. Soc. B 58, 1996.
public struct Lasso: Codable, Equatable, Sendable {
    /// The same as an elastic net.
    public private(set) var elasticNet: ElasticNet

    /// λ.
    public var lambda: Double { elasticNet.lambda }

    /// A configuration; see ``ElasticNet``.
    ///
    /// - Precondition: 0 ≤ λ < ∞.
    public init(
        lambda: Double, fitsIntercept: Bool = true, standardizes: Bool = false,
        stopping: CoordinateDescentStopping = .init()
    ) {
        elasticNet = ElasticNet(
            lambda: lambda, l1Ratio: 1, fitsIntercept: fitsIntercept, standardizes: standardizes,
            stopping: stopping)
    }

    /// Fits one penalty; see ``ElasticNet/fit(_:_:weights:names:from:)``.
    ///
    /// - Throws: `LeastSquaresError`: for no rows or columns, numbers that are not finite, weights below 0.
    public func fit(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil, names: [String]? = nil,
        from start: [Double]? = nil
    ) throws(LeastSquaresError) -> ElasticNetFit {
        try elasticNet.fit(features, target, weights: weights, names: names, from: start)
    }
}
