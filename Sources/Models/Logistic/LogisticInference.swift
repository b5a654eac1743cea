import DescentLinearAlgebra
import Glibc

/// What maximum likelihood says about an unpenalized logistic or softmax regression.
///
/// Weights count as numbers of examples: weight 2 is the example given twice.
public struct LogisticInference: Codable, Equatable, Sendable {
    /// The coefficients, class after class, the intercept of each first.
    ///
    /// For two classes those of the second against the first; for more, of each class after the first against the
    /// first: log(P(class)/P(first class)) = intercept + Σ coefficient · feature.
    public let coefficients: [WaldCoefficient]

    /// The covariance of the estimates, in the order of `coefficients`; nil if they are not unique.
    public let covariance: Matrix<Double>?

    /// The probability of the intervals.
    public let confidence: Double

    /// Σ s log P(class of the example).
    public let logLikelihood: Double

    /// The same with intercepts alone; without intercepts, with equal probabilities.
    public let nullLogLikelihood: Double

    /// Σ s, the number of examples.
    public let totalWeight: Double

    /// The number of free parameters.
    public let parameterCount: Int

    /// −2 log-likelihood.
    public var deviance: Double { -2 * logLikelihood }

    /// The deviance with intercepts alone.
    public var nullDeviance: Double { -2 * nullLogLikelihood }

    /// McFadden's: 1 − log-likelihood / that with intercepts alone.
    public var pseudoRSquared: Double { 1 - logLikelihood / nullLogLikelihood }

    /// Akaike's criterion: deviance + 2 · parameters.
    public var akaikeInformationCriterion: Double { deviance + 2 * Double(parameterCount) }

    /// Schwarz' criterion: deviance + log(Σ s) · parameters.
    public var bayesianInformationCriterion: Double { deviance + log(totalWeight) * Double(parameterCount) }
}
