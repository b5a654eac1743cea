import DescentLinearAlgebra

/// Looks for a batch size by doubling: a few updates of each size, until memory or patience is at its end.
///
/// With larger batches an update costs more and an example less, up to a point: that of the machine, where products of
/// matrices are large enough to run at full speed. `Criterion.throughput` recommends that point, the smallest size at
/// which an example costs hardly more than at the best one; a larger one only makes fewer updates of the same epoch.
/// `Criterion.memory` recommends the largest size that fits.
///
/// An allocation that fails ends the process, so the next size is not tried if the line through the last two says that
/// it will not fit.
///
///     let search = try loop.findBatchSize()
///     print(search)
///
/// A size found here says nothing about the loss: a larger batch wants a larger learning rate
/// (`Schedule.linearScaling`) and, beyond a size that depends on the problem, more epochs.
public struct BatchSizeFinder: Codable, Equatable, Sendable {
    /// What makes a batch size a good one.
    public enum Criterion: Codable, Equatable, Sendable {
        /// The smallest size at which an example costs at most 1 + `tolerance` times as much as at the best size. The
        /// doubling ends after `patience` sizes in a row that are no better than the best by that share.
        case throughput(tolerance: Double = 0.1, patience: Int = 2)
        /// The largest size that fits.
        case memory
    }

    /// What one size costs.
    public struct Measurement: Codable, Equatable, Sendable {
        /// Seconds of training for one example.
        public var secondsPerExample: Double
        /// The most bytes of the process that were in memory meanwhile.
        public var residentBytes: Int

        /// A measurement.
        public init(secondsPerExample: Double, residentBytes: Int) {
            self.secondsPerExample = secondsPerExample
            self.residentBytes = residentBytes
        }
    }

    /// What makes a batch size a good one.
    public var criterion: Criterion

    /// The first size.
    public var smallest: Int

    /// The last size, in place of the whole training set.
    public var largest: Int?

    /// The most bytes that the process may have in memory.
    public var memoryLimit: Int

    /// Updates made of each size, after one that is not timed.
    public var updatesPerSize: Int

    /// A search.
    ///
    /// - Parameters:
    ///   - criterion: What makes a batch size a good one.
    ///   - smallest: The first size, at least one.
    ///   - largest: The last size; the whole training set if `nil`.
    ///   - memoryLimit: In bytes; if `nil`, what the process has now and four fifths of what is free, or of what its
    ///     control group leaves it.
    ///   - updatesPerSize: Updates timed, at least one.
    public init(
        criterion: Criterion = .throughput(), smallest: Int = 8, largest: Int? = nil,
        memoryLimit: Int? = nil, updatesPerSize: Int = 3
    ) {
        precondition(
            smallest >= 1 && largest ?? smallest >= smallest,
            "batch sizes from \(smallest) to \(largest ?? smallest): at least one, and in this order")
        precondition(
            updatesPerSize >= 1, "\(updatesPerSize) updates of each batch size: at least one is needed")
        if case .throughput(let tolerance, let patience) = criterion {
            requireNotNegative(tolerance, "tolerance", of: Self.self)
            precondition(patience >= 1, "BatchSizeFinder: a patience of \(patience) sizes is below 1")
        }
        self.criterion = criterion
        self.smallest = smallest
        self.largest = largest
        self.memoryLimit = memoryLimit ?? ProcessMemory.limit
        self.updatesPerSize = updatesPerSize
    }

    /// Doubles the size until there is a reason to stop.
    ///
    /// - Parameters:
    ///   - exampleCount: The number of examples of the training set, at least one.
    ///   - measure: Finds out what a size costs.
    /// - Throws: `BatchSizeError.nothingFits` if the first size is beyond the memory limit, and what `measure` throws.
    public func search(
        exampleCount: Int, measuring measure: (_ batchSize: Int) throws -> Measurement
    ) throws -> BatchSizeSearch {
        precondition(exampleCount >= 1, "a batch size for \(exampleCount) examples")
        let last = min(largest ?? exampleCount, exampleCount)
        var trials: [BatchSizeSearch.Trial] = []
        var size = min(smallest, last)
        while true {
            let measurement = try measure(size)
            if measurement.residentBytes > memoryLimit {
                guard !trials.isEmpty else {
                    throw BatchSizeError.nothingFits(
                        batchSize: size, residentBytes: measurement.residentBytes, memoryLimit: memoryLimit)
                }
                return result(trials, .memory(nextSize: size, bytes: measurement.residentBytes))
            }
            trials.append(BatchSizeSearch.Trial(batchSize: size, measurement: measurement))
            if case .throughput(let tolerance, let patience) = criterion,
                stale(trials, tolerance) >= patience
            {
                return result(trials, .throughput)
            }
            if size == last { return result(trials, size == exampleCount ? .wholeTrainingSet : .largestSize) }
            size = min(2 * size, last)
            let bytes = expectedBytes(at: size, trials)
            if bytes > memoryLimit { return result(trials, .memory(nextSize: size, bytes: bytes)) }
        }
    }

    /// How many of the last sizes in a row were not faster than the best before them by the tolerance.
    private func stale(_ trials: [BatchSizeSearch.Trial], _ tolerance: Double) -> Int {
        var best = Double.infinity, count = 0
        for trial in trials {
            let seconds = trial.measurement.secondsPerExample
            count = seconds * (1 + tolerance) < best ? 0 : count + 1
            best = min(best, seconds)
        }
        return count
    }

    /// The line through the last two sizes, where they differ.
    private func expectedBytes(at size: Int, _ trials: [BatchSizeSearch.Trial]) -> Int {
        let (last, before) = (trials[trials.count - 1], trials.dropLast().last)
        let bytes = last.measurement.residentBytes
        guard let before, before.batchSize < last.batchSize else { return bytes }
        let growth = max(0, bytes - before.measurement.residentBytes)
        let share = Double(size - last.batchSize) / Double(last.batchSize - before.batchSize)
        return bytes + Int(Double(growth) * share)
    }

    private func result(
        _ trials: [BatchSizeSearch.Trial], _ ending: BatchSizeSearch.Ending
    ) -> BatchSizeSearch {
        var recommended = trials[trials.count - 1].batchSize
        if case .throughput(let tolerance, _) = criterion {
            let best = trials.map(\.measurement.secondsPerExample).min() ?? 0
            let good = trials.first { $0.measurement.secondsPerExample <= best * (1 + tolerance) }
            recommended = good?.batchSize ?? recommended
        }
        return BatchSizeSearch(
            trials: trials, recommended: recommended, ending: ending, criterion: criterion,
            memoryLimit: memoryLimit)
    }
}
