import DescentLinearAlgebra

/// An elastic-net fit for one penalty.
public struct ElasticNetFit: Codable, Sendable {
    /// The coefficients, for features as they are given.
    public let model: LinearModel

    /// λ.
    public let lambda: Double

    /// ρ.
    public let l1Ratio: Double

    /// Σ s (y − ŷ)² / (2 Σ s) + the penalty.
    public let objective: Double

    /// How far the objective can be above its minimum at most.
    public let dualityGap: Double

    /// Sweeps over coordinates.
    public let sweeps: Int

    /// Whether the gap has fallen to the tolerance.
    public let isConverged: Bool

    /// 1 − Σ s (y − ŷ)² / Σ s (y − ȳ)² on the training set; NaN for a target that does not vary.
    public let rSquared: Double

    /// How many coefficients are not 0.
    public var nonZeroCount: Int { model.coefficients.count { $0 != 0 } }

    /// The expected target for each row of features.
    ///
    /// - Precondition: as many columns as the model has features.
    public func predict(_ features: Matrix<Double>) -> [Double] { model.predict(features) }
}
