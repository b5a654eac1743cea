/// Measures growth with our own workers.
struct GrowthRunner {
    let pool: WorkerPool
    let threads: Int
    /// How often each size is timed; the median counts.
    var runs = 5
    /// Told what is being done.
    var onProgress: (String) -> Void = { _ in }

    /// Measures a study; where a size fails, the result ends before it and says why.
    func run(_ study: GrowthStudy) -> GrowthResult {
        var result = GrowthResult(
            title: study.title, sizeName: study.sizeName, threads: threads)
        for size in study.sizes {
            onProgress("\(study.title), \(study.sizeName) \(size)")
            do throws(PeerError) {
                let seconds = try measure(study, size)
                result.points.append(
                    GrowthResult.Point(
                        size: size, seconds: seconds, operations: study.operations(size)))
            } catch {
                result.missing = "\(study.sizeName) \(size): \(error)"
                break
            }
        }
        pool.forget()
        return result
    }

    private func measure(_ study: GrowthStudy, _ size: Int) throws(PeerError) -> Sample {
        let worker = try pool.worker(.descent, threads: threads)
        let preparation = study.request(size)
        _ = try worker.ask(WorkerRequest(kind: .forget))
        _ = try worker.ask(preparation)
        // Work of microseconds is repeated until a clock can tell.
        let request = WorkerRequest(kind: .run, job: preparation.job, atLeast: 0.005)
        _ = try worker.ask(request)
        var sample = Sample()
        for _ in 0..<runs {
            guard let seconds = try worker.ask(request).seconds else {
                throw PeerError("no time was given")
            }
            sample.values.append(seconds / study.share(size))
        }
        return sample
    }
}
