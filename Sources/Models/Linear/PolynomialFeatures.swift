import DescentLinearAlgebra

/// All products of features up to a degree, as further features: what to make.
///
/// Of features a and b, degree 2 makes a, b, a², ab, b². Powers of features that lie far from 0 are all but dependent;
/// so each feature is first taken to −1…1 by its range on the training set, unless told not to. What a linear model
/// without a penalty predicts is the same either way but for rounding, which it may make the difference for.
public struct PolynomialFeatures: Codable, Equatable, Sendable {
    /// The highest total power of a product.
    public let degree: Int

    /// Whether a feature stands in a product once at most.
    public let interactionsOnly: Bool

    /// Whether a first column of ones is made.
    public let includesBias: Bool

    /// Whether features are taken to −1…1 first.
    public let isConditioned: Bool

    /// A configuration.
    ///
    /// - Precondition: `degree` is at least 1.
    public init(
        degree: Int = 2, interactionsOnly: Bool = false, includesBias: Bool = false,
        isConditioned: Bool = true
    ) {
        precondition(degree >= 1, "a degree of \(degree) is not at least 1")
        self.degree = degree
        self.interactionsOnly = interactionsOnly
        self.includesBias = includesBias
        self.isConditioned = isConditioned
    }

    /// The number of columns made of so many features; `nil` where it leaves the range of Int.
    public func columnCount(of features: Int) -> Int? {
        // Products of k features: C(n, k) without and C(n + k − 1, k) with repetition.
        var (total, power) = (includesBias ? 1 : 0, 1)
        for k in 1...degree {
            let factor = interactionsOnly ? features - k + 1 : features + k - 1
            if factor <= 0 { break }
            let product = power.multipliedReportingOverflow(by: factor)
            if product.overflow { return nil }
            power = product.partialValue / k
            let sum = total.addingReportingOverflow(power)
            if sum.overflow { return nil }
            total = sum.partialValue
        }
        return total
    }

    /// Learns the ranges of the features, and names the products.
    ///
    /// - Parameters:
    ///   - features: The training set, a row for each example.
    ///   - names: The names of the features; `x1`, `x2`, … when nil.
    /// - Throws: `LeastSquaresError`: for no rows or columns, numbers that are not finite, and more than a million
    ///   products.
    /// - Precondition: as many names as features.
    public func fit(
        _ features: Matrix<Double>, names: [String]? = nil
    ) throws(LeastSquaresError) -> PolynomialExpansion {
        let p = features.columns
        precondition(
            names == nil || names!.count == p, "\(p) features cannot have \(names?.count ?? 0) names")
        let names = names ?? LinearModel.names(p)
        guard features.rows > 0 else { throw .noRows }
        guard p > 0 else { throw .noColumns }
        guard let count = columnCount(of: p), count <= 1_000_000 else {
            throw .invalidParameter("\(p) features have more than a million products of degree \(degree)")
        }
        var (centers, scales) = ([Double](repeating: 0, count: p), [Double](repeating: 1, count: p))
        for j in 0..<p {
            let column = features.column(j)
            if let row = column.firstIndex(where: { !$0.isFinite }) {
                throw .notFinite(.feature, row: row, column: names[j], value: column[row])
            }
            guard isConditioned, let low = column.min(), let high = column.max() else { continue }
            // Halves first: the sum of two numbers may overflow.
            centers[j] = low / 2 + high / 2
            let half = high / 2 - low / 2
            scales[j] = half > 0 && (1 / half).isFinite ? 1 / half : 1
        }
        return PolynomialExpansion(self, featureNames: names, centers: centers, scales: scales)
    }
}
