/// What the machine can do on so many threads, measured on the spot.
struct MachineLimits: Codable, Equatable, Sendable {
    /// The number of threads.
    var threads: Int
    /// Operations a second in a large product of matrices of Float.
    var floatRate: Double
    /// The same in Double.
    var doubleRate: Double
    /// Bytes a second that come from memory.
    var readRate: Double
    /// Whose product was the fastest.
    var floatKernel: String
    /// Whose product was the fastest in Double.
    var doubleKernel: String

    /// Seconds that work takes at least: the arithmetic or the memory, whichever takes longer.
    func seconds(for work: Work) -> Double {
        max(
            work.floatOperations / floatRate + work.doubleOperations / doubleRate, work.bytes / readRate)
    }
}

extension MachineLimits {
    /// A candidate for the fastest product.
    private struct Candidate {
        let name: String
        let program: Program
        var variant: [String: String] = [:]
    }

    /// Measures: the best of several runs of whatever library has the best kernels for this processor.
    ///
    /// - Parameter isQuick: Smaller problems.
    /// - Throws: ``PeerError`` if not even our own worker answers.
    static func measure(
        threads: Int, pool: WorkerPool, processorFlags: Set<String>, isQuick: Bool
    ) throws(PeerError) -> MachineLimits {
        var candidates = [
            Candidate(name: "OpenBLAS of the system", program: .descent),
            Candidate(
                name: "OpenBLAS of the system, its own choice of kernels", program: .descent,
                variant: Dictionary(
                    uniqueKeysWithValues: ProcessEnvironment.ofOpenBLAS.map { ($0, "") })),
        ]
        // Some versions do not know some processors, and would do better by another's name.
        if processorFlags.contains("avx512f") {
            candidates.append(
                Candidate(
                    name: "OpenBLAS of the system, kernels for SkylakeX", program: .descent,
                    variant: ["OPENBLAS_CORETYPE": "SkylakeX", "OPENBLAS_L2_SIZE": ""]))
        }
        if pool.python != nil {
            candidates.append(Candidate(name: "NumPy", program: .python("numpy_peer")))
            candidates.append(Candidate(name: "PyTorch", program: .python("torch_peer")))
        }
        let size = isQuick ? 512 : 1536
        let operations = 2 * Double(size) * Double(size) * Double(size)
        let float = best("gemm-float", ["size": size], candidates, threads: threads, pool)
        let double = best("gemm-double", ["size": size], candidates, threads: threads, pool)
        // A quarter of a gigabyte is more than any cache.
        let count = isQuick ? 1 << 23 : 1 << 25
        let read = best(
            "read", ["count": count], Array(candidates.prefix(1)), threads: threads, pool)
        for candidate in candidates where !candidate.variant.isEmpty {
            try? pool.worker(candidate.program, threads: threads, variant: candidate.variant).end()
        }
        guard let float, let double, let read else {
            throw PeerError("the machine's limits could not be measured")
        }
        return MachineLimits(
            threads: threads, floatRate: operations / float.seconds, doubleRate: operations / double.seconds,
            readRate: 8 * Double(count) / read.seconds, floatKernel: float.name, doubleKernel: double.name)
    }

    private static func best(
        _ job: String, _ sizes: [String: Int], _ candidates: [Candidate], threads: Int, _ pool: WorkerPool
    ) -> (name: String, seconds: Double)? {
        var best: (name: String, seconds: Double)?
        for candidate in candidates {
            guard
                let worker = try? pool.worker(
                    candidate.program, threads: threads, variant: candidate.variant),
                (try? worker.ask(.preparing(job, sizes), patience: 60)) != nil
            else { continue }
            for _ in 0..<6 {
                guard let seconds = try? worker.ask(WorkerRequest(kind: .run, job: job), patience: 60).seconds
                else { break }
                if seconds < best?.seconds ?? .infinity { best = (candidate.name, seconds) }
            }
        }
        pool.forget()
        return best
    }
}
