/// A function along a ray, φ(α) = f(x + αd) for α ≥ 0: what a line search sees of an objective.
public protocol LineFunction {
    /// φ(α) alone.
    mutating func value(at step: Double) -> Double

    /// φ(α) and φ′(α).
    mutating func point(at step: Double) -> LinePoint

    /// The relative error of a value through rounding: differences below this times |φ(0)| say nothing.
    var valuePrecision: Double { get }
}

extension LineFunction {
    /// A few spacings of `Double`.
    public var valuePrecision: Double { 10 * Double.ulpOfOne }
}
