/// A line function under a budget: counts what is evaluated and remembers the lowest point.
///
/// The three searches share it, so that all of them keep the promise never to return a higher point.
struct Probe<Line: LineFunction> {
    var line: Line
    let origin: LinePoint
    let limit: Int
    private(set) var evaluations = 0
    private(set) var lowest: LinePoint
    private var metMinusInfinity = false
    /// A value that is a number, other than the origin's: steps too short to move at all give the origin's
    /// again.
    private var metNumber = false
    private var metNonNumber = false

    init(_ line: Line, from origin: LinePoint, limit: Int) {
        self.line = line
        self.origin = origin
        self.limit = limit
        lowest = origin
    }

    var isExhausted: Bool { evaluations >= limit || metMinusInfinity }

    /// Evaluates value and slope.
    mutating func point(at step: Double) -> LinePoint {
        evaluations += 1
        let point = line.point(at: step)
        note(point.value)
        if point.isFinite, point.value < lowest.value { lowest = point }
        return point
    }

    /// Evaluates the value alone.
    mutating func value(at step: Double) -> Double {
        evaluations += 1
        let value = line.value(at: step)
        note(value)
        return value
    }

    private mutating func note(_ value: Double) {
        if value == -.infinity { metMinusInfinity = true }
        if !value.isFinite { metNonNumber = true }
        if value.isFinite, value != origin.value { metNumber = true }
    }

    /// The end of a search whose conditions are met at a point.
    func satisfied(at point: LinePoint) -> LineSearchResult {
        LineSearchResult(point: point, outcome: .satisfied, evaluations: evaluations)
    }

    /// The end of a search whose conditions are met nowhere: the lowest point, and the reason.
    func ended(_ outcome: LineSearchResult.Outcome) -> LineSearchResult {
        let reason =
            metMinusInfinity
            ? .unboundedBelow : metNonNumber && !metNumber ? .notFinite : outcome
        return LineSearchResult(point: lowest, outcome: reason, evaluations: evaluations)
    }
}
