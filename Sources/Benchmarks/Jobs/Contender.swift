/// One of those who do the same job.
struct Contender {
    /// How the work is started.
    enum Way {
        /// By a process that stays, which is asked.
        case worker(Program, WorkerRequest)
        /// By a process of its own each time, with these arguments.
        case process(Program, [String])
    }

    /// The name for tables, ours is `Descent`.
    let name: String
    /// How the work is started.
    let way: Way

    /// Our name.
    static let ownName = "Descent"

    /// Ourselves, by a worker.
    static func own(_ request: WorkerRequest) -> Contender {
        Contender(name: ownName, way: .worker(.descent, request))
    }

    /// Ourselves, by the command with these arguments.
    static func command(_ arguments: String...) -> Contender {
        Contender(name: ownName, way: .process(.descent, arguments))
    }
}

extension WorkerRequest {
    /// A request to prepare a job.
    static func preparing(
        _ job: String, data: String? = nil, hidden: [Int]? = nil, _ sizes: [String: Int] = [:]
    ) -> WorkerRequest {
        WorkerRequest(kind: .prepare, job: job, sizes: sizes, hidden: hidden, data: data)
    }
}
