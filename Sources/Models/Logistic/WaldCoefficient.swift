import DescentLinearAlgebra

/// A coefficient estimated by maximum likelihood, with its large-sample inference.
///
/// Numbers that do not exist are nil.
public struct WaldCoefficient: Codable, Equatable, Sendable {
    /// The feature's name, or `(Intercept)`.
    public let name: String
    /// The class that the logit is of.
    public let className: String
    /// The estimate.
    public let estimate: Double
    /// The standard error: the square root of the diagonal of the inverse of the Hessian of −log-likelihood.
    public let standardError: Double?
    /// The estimate in standard errors.
    public let z: Double?
    /// The probability of a z this far from 0 if the true coefficient is 0.
    public let p: Double?
    /// The lower end of the confidence interval.
    public let lower: Double?
    /// The upper end of the confidence interval.
    public let upper: Double?

    init(name: String, className: String, estimate: Double, standardError: Double?, quantile: Double) {
        self.name = name
        self.className = className
        self.estimate = estimate
        guard let standardError, standardError.isFinite, standardError > 0 else {
            self.standardError = nil
            z = nil
            p = nil
            lower = nil
            upper = nil
            return
        }
        self.standardError = standardError
        let z = estimate / standardError
        self.z = z
        p = 2 * StandardNormal().cumulativeProbability(-z.magnitude)
        lower = estimate - quantile * standardError
        upper = estimate + quantile * standardError
    }
}
