/// Something that is timed side by side: ours and what others would use instead.
struct Job {
    /// The name for `--only`.
    let name: String
    /// What is done, for tables.
    let title: String
    /// On how many threads, in turn.
    var threadCounts = [2, 1]
    /// What it asks of the machine, where that can be said whatever the method.
    var work: Work?
    /// The job that gives the number that results are compared with, such as the least objective there is.
    var reference: WorkerRequest?
    /// Those who do it, ours first.
    var contenders: [Contender]

    /// Whether each run is a process of its own.
    var isWholeProcess: Bool {
        contenders.contains { if case .process = $0.way { true } else { false } }
    }
}
