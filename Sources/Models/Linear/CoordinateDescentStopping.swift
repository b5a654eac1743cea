/// When coordinate descent stops: at a duality gap, or after so many sweeps.
public struct CoordinateDescentStopping: Codable, Equatable, Sendable {
    /// The duality gap at which a fit counts as reached, as a share of the objective of β = 0.
    ///
    /// The gap bounds how far the objective is above its minimum.
    public var gapTolerance: Double

    /// The most sweeps over the coordinates, for each λ.
    public var maximumSweeps: Int

    /// A rule.
    ///
    /// - Precondition: `gapTolerance` ≥ 0 and `maximumSweeps` ≥ 1.
    public init(gapTolerance: Double = 1e-12, maximumSweeps: Int = 100_000) {
        precondition(gapTolerance >= 0, "a gap of \(gapTolerance) is negative or NaN")
        precondition(maximumSweeps >= 1, "\(maximumSweeps) sweeps are none")
        self.gapTolerance = gapTolerance
        self.maximumSweeps = maximumSweeps
    }
}
