/// A point of a function of one variable: where, how high, how steep.
public struct LinePoint: Equatable, Sendable {
    /// The step, α ≥ 0.
    public var step: Double

    /// φ(α).
    public var value: Double

    /// φ′(α).
    public var slope: Double

    /// A point of φ.
    public init(step: Double, value: Double, slope: Double) {
        self.step = step
        self.value = value
        self.slope = slope
    }

    /// Whether value and slope are both numbers.
    public var isFinite: Bool { value.isFinite && slope.isFinite }
}
