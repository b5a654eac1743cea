/// What a study of growth gave.
struct GrowthResult: Codable, Equatable, Sendable {
    /// The time at one size.
    struct Point: Codable, Equatable, Sendable {
        /// The size.
        var size: Int
        /// Seconds, divided by what the study divides by.
        var seconds: Sample
        /// Operations, in any unit.
        var operations: Double
    }

    /// What was timed.
    var title: String
    /// What grows.
    var sizeName: String
    /// On how many threads.
    var threads: Int
    /// The points, sizes ascending.
    var points: [Point] = []
    /// Why it ends early.
    var missing: String?

    /// The slope over the upper half of the sizes, both axes logarithmic.
    var exponent: Double? {
        PowerLaw.exponent(ofUpperHalf: points.map { (Double($0.size), $0.seconds.median) })
    }

    /// The slope that the number of operations has over the same sizes.
    var predictedExponent: Double? {
        PowerLaw.exponent(ofUpperHalf: points.map { (Double($0.size), $0.operations) })
    }
}
