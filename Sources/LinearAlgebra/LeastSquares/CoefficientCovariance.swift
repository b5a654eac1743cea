/// How the covariance of the coefficients is estimated.
public enum CoefficientCovariance: String, Sendable, Codable, CaseIterable {
    /// σ²·(XᵀWX)⁻¹: all errors have the same variance, up to the weights.
    case classical
    /// White's: the squared residuals stand for the variances.
    case hc0 = "HC0"
    /// HC0 times n / (n − rank).
    case hc1 = "HC1"
    /// Squared residuals divided by 1 − hᵢᵢ, h the leverage.
    case hc2 = "HC2"
    /// Squared residuals divided by (1 − hᵢᵢ)²; to be preferred for small samples.
    ///
    /// (J. S. Long, L. H. Ervin, Using heteroscedasticity consistent standard errors in the linear regression
    /// model, Am. Stat. 54, 2000.)
    case hc3 = "HC3"
}
