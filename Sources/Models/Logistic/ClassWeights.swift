/// How much the examples of each class count; a factor on the weight of each of them.
public enum ClassWeights: Codable, Equatable, Sendable {
    /// Each example counts by its own weight alone.
    case none
    /// So that every class has the same total: Σ s / (K Σ_{i in class} sᵢ), scikit-learn's "balanced".
    ///
    /// With weights sᵢ of examples the totals are of these weights (scikit-learn counts examples instead).
    case balanced
    /// A factor for each class named, 0 or more; 1 for the others.
    case custom([String: Double])
}
