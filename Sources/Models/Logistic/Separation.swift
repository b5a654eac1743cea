import DescentLinearAlgebra

/// A direction in which the coefficients can go without end while no example becomes less likely.
///
/// Where there is one, the likelihood has no maximum: estimates, standard errors and p-values do not exist. A penalty
/// makes the fit finite. (A. Albert, J. A. Anderson, On the existence of maximum likelihood estimates in logistic
/// regression models, Biometrika 71, 1984.)
public struct Separation: Codable, Equatable, Sendable, CustomStringConvertible {
    /// Whether the direction separates all examples of different classes; otherwise some lie on the border.
    public let isComplete: Bool

    /// The classes that the direction sets apart from others.
    public let classNames: [String]

    /// The features with the largest parts in the direction, each scaled by its standard deviation; the largest first.
    public let features: [String]

    /// How many examples become more likely without end.
    public let separatedCount: Int

    /// What it means, and what to do.
    public var description: String {
        let classes = classNames.map { "\"\($0)\"" }.joined(separator: ", ")
        return
            (isComplete
            ? "the classes are separable: a linear function of the features tells all examples apart"
            : "the classes are partly separable: a linear function of the features tells \(separatedCount)"
                + " examples (of \(classes)) apart and contradicts no other")
            + (features.isEmpty ? "" : ", above all by \(features.joined(separator: ", "))")
            + "; without a penalty the coefficients grow without end. Add a penalty, such as .l2(1e-3)"
    }
}
