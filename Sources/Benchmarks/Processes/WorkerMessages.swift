/// What a worker is asked: one line of JSON.
struct WorkerRequest: Codable, Equatable, Sendable {
    /// The kinds of requests.
    enum Kind: String, Codable {
        /// What versions, kernels and data are there.
        case about
        /// Make everything that a job needs, and run it once if that is short.
        case prepare
        /// Run a prepared job, and say how long it took.
        case run
        /// Let go of everything.
        case forget
    }

    var kind: Kind
    /// The name of the job.
    var job: String?
    /// What a job is about: sizes by their names.
    var sizes: [String: Int]?
    /// The widths of a network's hidden layers.
    var hidden: [Int]?
    /// A file.
    var data: String?
    /// Repeat the work until so many seconds have passed, and give the mean: for work too short to be timed.
    var atLeast: Double?
}

/// What a worker answers: one line of JSON.
struct WorkerAnswer: Codable, Equatable, Sendable {
    /// How long a run took.
    var seconds: Double?
    /// A number that a run found, such as the objective that it reached.
    var value: Double?
    /// What a run found, for people.
    var note: String?
    /// Names and values, such as versions.
    var facts: [[String]]?
    /// Why there is no answer.
    var error: String?
}
