/// What several runs of the same thing gave, such as seconds.
struct Sample: Codable, Equatable, Sendable {
    /// The values in the order in which they were measured.
    var values: [Double]

    /// The one in the middle, or the mean of the two in the middle; NaN without values.
    var median: Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The smallest; NaN without values.
    var least: Double { values.min() ?? .nan }

    /// The largest; NaN without values.
    var greatest: Double { values.max() ?? .nan }

    init(_ values: [Double] = []) { self.values = values }
}
