/// Learning rates half a decade apart: …, 1e-3, 3.16e-3, 1e-2, 3.16e-2, ….
///
/// A rate is named by its number of half decades, k for 10^(k/2), and has three significant digits: the rate that is
/// printed is the rate that was used.
public struct LearningRateGrid: Codable, Sendable, Equatable {
    /// The half decades tried first: −8 for 1e-4 to 0 for 1.
    public var initial: ClosedRange<Int>
    /// How far the grid may be widened while the best rate lies on its edge.
    public var limits: ClosedRange<Int>

    /// A grid.
    ///
    /// - Parameters:
    ///   - initial: The half decades tried first. The default, 1e-4 … 1, is the same for every method, so that no
    ///     method profits from what is known of it beforehand.
    ///   - limits: How far the grid may be widened; holds `initial`.
    public init(initial: ClosedRange<Int> = -8...0, limits: ClosedRange<Int> = -16...6) {
        precondition(
            limits.lowerBound <= initial.lowerBound && initial.upperBound <= limits.upperBound,
            "the grid \(initial) is not within its limits \(limits)")
        precondition((-600...600).contains(limits.lowerBound) && (-600...600).contains(limits.upperBound))
        self.initial = initial
        self.limits = limits
    }

    /// The rate of so many half decades: 10^(k/2) to three digits.
    public static func rate(_ halfDecades: Int) -> Double {
        let decades = halfDecades >> 1
        // Read from text: the product of a power of ten and 3.16 would carry a rounding error of its own.
        return Double(halfDecades & 1 == 0 ? "1e\(decades)" : "3.16e\(decades)")!
    }

    /// The half decades to try next; `nil` when the best of those tried lies inside, or the limits are reached.
    ///
    /// - Parameters:
    ///   - tried: The half decades tried so far.
    ///   - best: The best of them; `nil` when all of them diverged, for which smaller ones are the cure.
    func widening(_ tried: ClosedRange<Int>, best: Int?) -> ClosedRange<Int>? {
        if best == nil || best == tried.lowerBound {
            let low = max(limits.lowerBound, tried.lowerBound - Self.step)
            return low < tried.lowerBound ? low...(tried.lowerBound - 1) : nil
        }
        if best == tried.upperBound {
            let high = min(limits.upperBound, tried.upperBound + Self.step)
            return high > tried.upperBound ? (tried.upperBound + 1)...high : nil
        }
        return nil
    }

    /// A decade at a time.
    private static let step = 2
}
