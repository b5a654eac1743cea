/// A way to choose how far to go along a direction of descent.
///
/// A line search is a value: its tolerances and nothing else. Whatever the function does (kinks, NaN beyond
/// some step, no minimum at all), a search returns after a bounded number of evaluations, with a point no
/// higher than where it began, and says which of its conditions that point fulfils.
public protocol LineSearch: Sendable {
    /// Searches along a ray.
    ///
    /// - Parameters:
    ///   - line: φ.
    ///   - origin: φ at 0, finite; its slope is negative, or the outcome is `.notDescent`.
    ///   - firstStep: Where to try first, positive.
    ///   - maximumStep: A step that is not exceeded; it may be infinite.
    /// - Returns: The point found; the origin itself if no lower one was.
    func search<Line: LineFunction>(
        _ line: inout Line, from origin: LinePoint, firstStep: Double, maximumStep: Double
    ) -> LineSearchResult
}

extension LineSearch {
    /// Searches along a ray without a limit on the step.
    public func search<Line: LineFunction>(
        _ line: inout Line, from origin: LinePoint, firstStep: Double = 1
    ) -> LineSearchResult {
        search(&line, from: origin, firstStep: firstStep, maximumStep: .infinity)
    }
}
