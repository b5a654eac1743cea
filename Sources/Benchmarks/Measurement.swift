import ArgumentParser
import Descent
import DescentReports

/// One sitting: machine, limits, jobs, growth.
struct Measurement {
    let options: MeasuringOptions
    let pool: WorkerPool
    let data: JobData
    private(set) var report = PerformanceReport()
    private let progress = ProgressLine()
    private let begin = ContinuousClock.now

    /// The folder for files that are made once and read again.
    static let folder = ".build/perf"
    /// Where `report` keeps what it measured.
    static let lastReport = "\(folder)/performance.json"

    init(_ options: MeasuringOptions) throws {
        self.options = options
        pool = try options.pool()
        progress.show("looking for the data")
        let worker = try pool.worker(.descent, threads: 1)
        let path = options.quick ? options.data ?? JobData.samplePath : options.data
        let facts = Self.dictionary(try worker.ask(WorkerRequest(kind: .about, data: path)).facts)
        let isSample = facts["data"] == "bundled sample"
        let rows = options.quick ? 50_000 : 1_000_000
        data = JobData(
            mnist: isSample ? JobData.samplePath : facts["data"] ?? JobData.samplePath,
            exampleCount: facts["examples"].flatMap { Int($0) } ?? 0, csv: "\(Self.folder)/rows-\(rows).csv",
            csvRows: rows)
        report.machine = MachineFacts.own(kernels: facts["kernels"])
        let busy = ProcessorLoad.share(over: 1)
        report.machine.add(
            "other programs before the run",
            busy.map { "\(Int(($0 * 100).rounded())) % of the processors' time" })
        if let busy, busy > 0.1 {
            report.remarks.append(
                "Other programs were at work when this was measured: times are longer than on a quiet machine, and "
                    + "two threads suffer most, above all those that wait for each other busily.")
        }
        describePeers()
        if !data.isWhole && !options.quick {
            report.remarks.append(
                "MNIST was not found: the jobs on it have the bundled sample of "
                    + "\(NumberFormat.count(data.exampleCount)) pictures. `make mnist` fetches it.")
        }
        if options.quick {
            report.remarks.append("This was a trial with small problems and few runs (`--quick`).")
        }
    }

    /// Measures what the machine can do.
    mutating func measureLimits() throws {
        let flags = MachineFacts.processorFlags
        for threads in [2, 1]
        where threads <= ProcessorSet.allowed.count && threads == options.threads ?? threads {
            progress.show("the machine's limits, threads: \(threads)")
            report.limits.append(
                try MachineLimits.measure(
                    threads: threads, pool: pool, processorFlags: flags, isQuick: options.quick))
        }
    }

    /// Runs the jobs.
    mutating func measureJobs(where isWanted: (Job) -> Bool = { _ in true }) throws {
        var jobs = JobList.all(data, isQuick: options.quick).filter { options.wants($0.name) && isWanted($0) }
        guard !jobs.isEmpty else {
            let names = JobList.all(data).map(\.name).joined(separator: ", ")
            throw ValidationError(
                "no job is called '\(options.only.joined(separator: ", "))'; there are \(names)")
        }
        if pool.python == nil {
            for index in jobs.indices { jobs[index].contenders.removeAll { $0.name != Contender.ownName } }
        }
        if jobs.contains(where: { $0.name == "csv" }) { try makeCSV() }
        let progress = progress
        let runner = JobRunner(
            pool: pool, limits: report.limits, runs: options.runCount, onProgress: { progress.show($0) })
        for job in jobs {
            var results = options.threadCounts(job).map { runner.run(job, threads: $0) }
            if let reference = job.reference { runner.subtractReference(reference, from: &results) }
            report.jobs += results
        }
        report.memoryFloor = ProcessRun.floorBytes
    }

    /// Measures growth.
    mutating func measureGrowth() {
        let progress = progress
        let runner = GrowthRunner(
            pool: pool, threads: options.threads ?? min(2, ProcessorSet.allowed.count),
            runs: options.runs ?? (options.quick ? 2 : 5),
            onProgress: { progress.show($0) })
        for study in GrowthStudy.all(data, isQuick: options.quick) {
            guard options.wants(study.title) || options.wants(study.sizeName) else { continue }
            report.growth.append(runner.run(study))
        }
    }

    /// Notes how long everything took.
    mutating func noteDuration() {
        report.machine.add("duration of the run", NumberFormat.duration((.now - begin) / .seconds(1)))
    }

    /// Ends the workers and wipes the progress line.
    func finish() {
        pool.end()
        progress.finish()
    }

    private func makeCSV() throws {
        progress.show("writing \(data.csv)")
        try OutputFolder.make(Self.folder)
        let sizes = ["rows": data.csvRows, "columns": 20]
        _ = try pool.worker(.descent, threads: 1).ask(.preparing("csv", data: data.csv, sizes))
    }

    /// Asks the peers for their versions.
    private mutating func describePeers() {
        guard pool.python != nil else {
            report.remarks.append(
                options.noPeers
                    ? "The peers were not asked for (`--no-peers`)."
                    : "There is no Python with the peers here: `make peers` fetches them.")
            return
        }
        let threads = options.threads ?? min(2, ProcessorSet.allowed.count)
        for script in ["numpy_peer", "sklearn_peer", "torch_peer", "jax_peer"] {
            progress.show("asking \(script) for its version")
            do throws(PeerError) {
                let answer = try pool.worker(.python(script), threads: threads)
                    .ask(WorkerRequest(kind: .about))
                for fact in answer.facts ?? [] where fact.count == 2 {
                    report.machine.add(fact[0], fact[1])
                }
            } catch {
                report.remarks.append("The peer `\(script)` is missing: \(error).")
            }
        }
    }

    private static func dictionary(_ facts: [[String]]?) -> [String: String] {
        Dictionary(
            (facts ?? []).filter { $0.count == 2 }.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 })
    }
}
