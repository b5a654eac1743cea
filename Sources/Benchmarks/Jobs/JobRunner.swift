import Glibc

/// Runs the jobs, ours and the others' in turn.
struct JobRunner {
    /// Those who do the work.
    let pool: WorkerPool
    /// What the machine can do.
    let limits: [MachineLimits]
    /// How often each is run.
    var runs: RunCount
    /// Told what is being done.
    var onProgress: (String) -> Void = { _ in }

    /// How often each is run.
    struct RunCount {
        /// So many times.
        var count = 5
        /// But no more than `countOfLong` times once a job has taken so many seconds.
        var patience = 50.0
        /// The least number of runs of jobs that take long.
        var countOfLong = 3

        /// Whether there is to be another round.
        func goesOn(after rounds: Int, seconds: Double) -> Bool {
            rounds < (seconds > patience ? min(count, countOfLong) : count)
        }
    }

    /// Seconds between two runs: long enough for the threads of the one before to stop waiting busily.
    private static let pause = 0.1
    /// Seconds for which work inside a process is repeated at least, so that one slow moment of the machine does not
    /// decide about a run of milliseconds.
    private static let leastRun = 0.2
    /// A first run as long as this counts: what it does for the first time is little of it.
    private static let longRun = 4.0

    /// Runs a job on so many threads.
    func run(_ job: Job, threads: Int) -> JobResult {
        var entries = job.contenders.map { JobResult.Entry(name: $0.name) }
        var counted = [Int](repeating: 0, count: entries.count)
        for (index, contender) in job.contenders.enumerated() {
            attempt(&entries[index]) { entry throws(PeerError) in
                onProgress("\(job.name), threads: \(threads), \(contender.name): preparing")
                try prepare(contender, threads: threads)
                try measure(contender, threads: threads, atLeast: nil, into: &entry)
                if entry.seconds.median >= Self.longRun {
                    counted[index] = 1
                } else {
                    (entry.seconds, entry.peakBytes) = (Sample(), Sample())
                }
            }
        }
        let clock = ContinuousClock()
        let begin = clock.now
        var round = 0
        while runs.goesOn(after: round, seconds: (clock.now - begin) / .seconds(1)) {
            round += 1
            for (index, contender) in job.contenders.enumerated()
            where entries[index].missing == nil && counted[index] < round {
                attempt(&entries[index]) { entry throws(PeerError) in
                    onProgress("\(job.name), threads: \(threads), \(contender.name): run \(round)")
                    usleep(UInt32(Self.pause * 1e6))
                    try measure(contender, threads: threads, atLeast: Self.leastRun, into: &entry)
                }
            }
        }
        pool.forget()
        return JobResult(
            job: job.name, title: job.title, threads: threads, entries: entries,
            limit: job.work.flatMap { work in
                limits.first { $0.threads == threads }?.seconds(for: work)
            }, hasReference: job.reference != nil)
    }

    /// Does something for an entry; where that fails, the entry says why, and nothing else.
    private func attempt(
        _ entry: inout JobResult.Entry, _ body: (inout JobResult.Entry) throws(PeerError) -> Void
    ) {
        do throws(PeerError) { try body(&entry) } catch {
            entry = JobResult.Entry(name: entry.name, missing: error.description)
        }
    }

    private func prepare(_ contender: Contender, threads: Int) throws(PeerError) {
        if case .worker(let program, let request) = contender.way {
            _ = try pool.worker(program, threads: threads).ask(request)
        }
    }

    private func measure(
        _ contender: Contender, threads: Int, atLeast: Double?, into entry: inout JobResult.Entry
    ) throws(PeerError) {
        switch contender.way {
        case .worker(let program, let request):
            let answer = try pool.worker(program, threads: threads)
                .ask(WorkerRequest(kind: .run, job: request.job, atLeast: atLeast))
            guard let seconds = answer.seconds else { throw PeerError("no time was given") }
            entry.seconds.values.append(seconds)
            // Of the first run, which does not count but finds the same on all sides: one more epoch would not.
            entry.note = entry.note ?? answer.note
            entry.value = entry.value ?? answer.value
        case .process(let program, let arguments):
            let run = try ProcessRun(
                pool.arguments(program, arguments),
                environment: program == .descent ? ProcessEnvironment.own : ProcessEnvironment.ofPeers,
                processors: threads)
            entry.seconds.values.append(run.seconds)
            entry.peakBytes.values.append(run.peakBytes)
        }
    }

    /// Takes the reference of a job from the values of its results.
    func subtractReference(_ request: WorkerRequest, from results: inout [JobResult]) {
        onProgress("\(request.job ?? ""): the reference")
        let threads = ProcessorSet.allowed.count
        var run = request
        run.kind = .run
        guard let worker = try? pool.worker(.descent, threads: min(2, threads)),
            (try? worker.ask(request)) != nil, let optimum = try? worker.ask(run).value
        else {
            for index in results.indices { results[index].hasReference = false }
            return
        }
        pool.forget()
        for index in results.indices {
            for entry in results[index].entries.indices {
                if let value = results[index].entries[entry].value {
                    results[index].entries[entry].value = value - optimum
                }
            }
        }
    }
}
