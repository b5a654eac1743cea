/// What a minimizer has asked of its objective.
///
/// A call for value and gradient together counts as one of each.
public struct EvaluationCounts: Equatable, Sendable, Codable {
    /// Steps taken.
    public var iterations = 0
    /// Values.
    public var values = 0
    /// Gradients; for a least-squares problem, Jacobians.
    public var gradients = 0
    /// Products of the Hessian with a vector.
    public var hessianProducts = 0
    /// Whole Hessians.
    public var hessians = 0

    /// Nothing asked yet.
    public init() {}
}
