/// Where a line search ended, and why.
public struct LineSearchResult: Equatable, Sendable {
    /// Why a line search ended.
    public enum Outcome: String, Equatable, Sendable, Codable, CaseIterable {
        /// The point fulfils the conditions of the search.
        case satisfied
        /// The function still falls at the largest step allowed, or at the edge of where it is finite.
        case stepLimit
        /// The search's own number of evaluations was used up.
        case evaluationLimit
        /// The interval shrank to the spacing of the numbers.
        case roundingLimit
        /// The function was not finite at any step tried.
        case notFinite
        /// A value of −∞ was met.
        case unboundedBelow
        /// The slope at the origin was not negative.
        case notDescent
    }

    /// The point chosen, the lowest seen unless the conditions are met.
    ///
    /// A step of 0 means that no lower one was found.
    public let point: LinePoint

    /// Why the search ended.
    public let outcome: Outcome

    /// The number of points at which the function was evaluated, with or without slope.
    public let evaluations: Int

    /// A result, for line searches of one's own.
    public init(point: LinePoint, outcome: Outcome, evaluations: Int) {
        self.point = point
        self.outcome = outcome
        self.evaluations = evaluations
    }
}
