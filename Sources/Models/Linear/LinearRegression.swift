import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// Linear regression: coefficients that minimize the mean squared error.
///
/// ```swift
/// let model = try LinearRegression().fit(features, target, names: ["age", "dose"])
/// print(model.leastSquares!.summary)
/// ```
///
/// By least squares (`fit(_:_:)`), which has a minimum without iterations and a statistician's report; or, to see
/// optimizers at work, by any minimizer or update rule on the same objective, a `LinearObjective`. Those standardize
/// features inside and report coefficients for features as they are given.
public struct LinearRegression: Codable, Equatable, Sendable {
    /// Whether the model has a constant term.
    public var fitsIntercept: Bool

    /// A configuration.
    public init(fitsIntercept: Bool = true) {
        self.fitsIntercept = fitsIntercept
    }

    /// Fits by least squares.
    ///
    /// - Parameters:
    ///   - features: The features, a row for each example.
    ///   - target: The values to explain, one for each row.
    ///   - weights: How much each example counts, 0 or more; all 1 when nil.
    ///   - names: The names of the features; `x1`, `x2`, … when nil.
    /// - Throws: ``LeastSquaresError``: for no rows or columns, numbers that are not finite.
    /// - Precondition: as many rows, target values and weights, and as many names as features.
    public func fit(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil, names: [String]? = nil
    ) throws(LeastSquaresError) -> LinearModel {
        let fit = try LeastSquares(fitsIntercept: fitsIntercept).fit(
            features, target, weights: weights, names: names)
        return LinearModel(fit)
    }
}
