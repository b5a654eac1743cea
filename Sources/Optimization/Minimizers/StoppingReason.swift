/// Why a minimizer stopped.
///
/// Closed, so that a `switch` over it covers everything. Three of the reasons are success, and each of them
/// is a test that finite numbers have passed: NaN passes none.
public enum StoppingReason: String, Equatable, Hashable, Sendable, Codable, CaseIterable {
    /// The largest gradient component fell to the tolerance (under constraints, that of the projected
    /// gradient).
    case gradientTolerance
    /// The last step lowered the value by no more than the tolerance.
    case valueTolerance
    /// The last step was no longer than the tolerance.
    case stepTolerance
    /// No lower point was found, not even along the negative gradient.
    ///
    /// Often the minimum as exactly as the rounding of the values lets it be told, sometimes a kink or a
    /// gradient that does not belong to the value; no tolerance was met, so it is not called converged.
    case noLowerPoint
    /// The iterations allowed were used up.
    case iterationLimit
    /// The evaluations allowed were used up.
    case evaluationLimit
    /// The seconds allowed were used up.
    case timeLimit
    /// A value of −∞ was met: the function has no minimum there.
    case unboundedBelow
    /// Every trial point near the last one had a value or a gradient that is not finite.
    case notFinite
    /// The task that runs the minimizer was cancelled, or the flag of the stopping rule raised.
    case cancelled

    /// Whether a tolerance that was asked for has been met.
    public var isConverged: Bool {
        switch self {
        case .gradientTolerance, .valueTolerance, .stepTolerance: true
        case .noLowerPoint, .iterationLimit, .evaluationLimit, .timeLimit, .unboundedBelow, .notFinite,
            .cancelled:
            false
        }
    }
}
