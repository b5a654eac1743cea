import DescentLinearAlgebra

/// All products of features up to a degree, as further features.
///
/// Of features a and b, degree 2 makes a, b, a², ab, b². Powers of features far from 0 are all but dependent; so the
/// fitted expansion first takes each feature to −1…1 by its range on the training set, unless told not to. What a
/// linear model without a penalty predicts is the same either way, but for rounding.
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
}
