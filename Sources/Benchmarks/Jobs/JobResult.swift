/// What a job gave on one number of threads.
struct JobResult: Codable, Equatable, Sendable {
    /// What one of the contenders took.
    struct Entry: Codable, Equatable, Sendable {
        /// The contender's name.
        var name: String
        /// Seconds a run; none where something was missing.
        var seconds = Sample()
        /// The most memory of a whole process, in bytes.
        var peakBytes = Sample()
        /// What a run found, for people.
        var note: String?
        /// What a run found, less the reference where the job has one.
        var value: Double?
        /// Why there are no figures.
        var missing: String?
    }

    /// The job's name.
    var job: String
    /// What was done.
    var title: String
    /// On how many threads.
    var threads: Int
    /// The contenders, ours first.
    var entries: [Entry]
    /// Seconds that the machine needs for the arithmetic or for the memory, whichever is more.
    var limit: Double?
    /// Whether `value`s are what is left to the reference.
    var hasReference = false

    /// Ours.
    var own: Entry? { entries.first { $0.name == Contender.ownName } }

    /// How many times as long as ours an entry took, by the medians.
    func ratio(of entry: Entry) -> Double? {
        guard let own, !own.seconds.values.isEmpty, !entry.seconds.values.isEmpty, entry.name != own.name
        else { return nil }
        return entry.seconds.median / own.seconds.median
    }
}
