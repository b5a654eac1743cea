/// When a step is long enough, and not too long.
///
/// With φ(α) along a direction of descent and 0 < c₁ < c₂ < 1:
/// - sufficient decrease (Armijo): φ(α) ≤ φ(0) + c₁ α φ′(0);
/// - curvature: φ′(α) ≥ c₂ φ′(0), and in the strong form |φ′(α)| ≤ c₂ |φ′(0)|.
///
/// Close to a minimum, where φ(α) − φ(0) is rounding error, decrease is judged by the slopes instead: (2c₁ −
/// 1) φ′(0) ≥ φ′(α), which is the same for a quadratic and keeps its digits (Hager and Zhang, SIAM J. Optim.
/// 16, 2005). Even there a value above φ(0) is not accepted.
public struct WolfeConditions: Equatable, Sendable {
    /// c₁, the share of the decrease promised by the slope that has to be realized.
    public let decrease: Double

    /// c₂, the share of the slope that may remain.
    public let curvature: Double

    /// Conditions with their two constants.
    ///
    /// - Precondition: 0 < `decrease` < `curvature` < 1.
    public init(decrease: Double, curvature: Double) {
        precondition(
            0 < decrease && decrease < curvature && curvature < 1,
            "WolfeConditions: 0 < decrease < curvature < 1 does not hold of \(decrease) and \(curvature)")
        self.decrease = decrease
        self.curvature = curvature
    }

    /// Whether the value has fallen enough; `precision` is the relative rounding error of a value.
    public func hasDecreased(_ point: LinePoint, from origin: LinePoint, precision: Double) -> Bool {
        guard point.isFinite, point.value <= origin.value else { return false }
        if point.value <= origin.value + decrease * point.step * origin.slope { return true }
        return origin.value - point.value <= precision * abs(origin.value)
            && point.slope <= (2 * decrease - 1) * origin.slope
    }

    /// Whether the slope has risen enough.
    public func isFlatter(_ point: LinePoint, than origin: LinePoint) -> Bool {
        point.slope >= curvature * origin.slope
    }

    /// Whether the slope is small in either direction.
    public func isFlat(_ point: LinePoint, comparedTo origin: LinePoint) -> Bool {
        abs(point.slope) <= curvature * abs(origin.slope)
    }
}
