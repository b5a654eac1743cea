/// What `BatchSizeFinder` found: the sizes tried, the one recommended, and why.
public struct BatchSizeSearch: Codable, Equatable, Sendable {
    /// One size and what it costs.
    public struct Trial: Codable, Equatable, Sendable {
        /// The number of examples of a batch.
        public var batchSize: Int
        /// What it costs.
        public var measurement: BatchSizeFinder.Measurement

        /// A trial.
        public init(batchSize: Int, measurement: BatchSizeFinder.Measurement) {
            self.batchSize = batchSize
            self.measurement = measurement
        }
    }

    /// Why no larger size was tried.
    public enum Ending: Codable, Equatable, Sendable {
        /// Larger batches had stopped making examples cheaper.
        case throughput
        /// The next size needs more memory than there may be; the bytes are measured, or expected from the sizes before.
        case memory(nextSize: Int, bytes: Int)
        /// There are no more examples.
        case wholeTrainingSet
        /// It was the last that was asked for.
        case largestSize
    }

    /// The sizes tried that fit into the memory, each twice the one before (but for the last).
    public var trials: [Trial]

    /// The batch size to take.
    public var recommended: Int

    /// Why no larger size was tried.
    public var ending: Ending

    /// What made it a good one.
    public var criterion: BatchSizeFinder.Criterion

    /// The most bytes that the process might have in memory.
    public var memoryLimit: Int
}

extension BatchSizeSearch: CustomStringConvertible {
    /// A line for each size, and one that says which and why.
    public var description: String {
        var lines = trials.map { trial in
            let (seconds, bytes) = (trial.measurement.secondsPerExample, trial.measurement.residentBytes)
            return
                "batch size \(trial.batchSize): \(Self.rounded(seconds * 1e6)) µs an example, \(Self.megabytes(bytes))"
                + (trial.batchSize == recommended ? "  ← recommended" : "")
        }
        let why =
            switch criterion {
            case .throughput(let tolerance, _):
                "the smallest at which an example costs at most \(Self.rounded(100 * tolerance)) % more than at the best"
            case .memory: "the largest that fits into \(Self.megabytes(memoryLimit))"
            }
        let end =
            switch ending {
            case .throughput: "larger ones had stopped paying"
            case .memory(let size, let bytes):
                "\(size) would take \(Self.megabytes(bytes)) of the \(Self.megabytes(memoryLimit)) allowed"
            case .wholeTrainingSet: "it ends at the whole training set"
            case .largestSize: "larger ones were not asked for"
            }
        lines.append("recommended: \(recommended), \(why); \(end)")
        return lines.joined(separator: "\n")
    }

    private static func rounded(_ value: Double) -> String {
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() && tenths < 1e15 ? "\(Int(tenths))" : "\(tenths)"
    }

    private static func megabytes(_ bytes: Int) -> String { "\(rounded(Double(bytes) / 1e6)) MB" }
}

/// Why there is no batch size to recommend.
public enum BatchSizeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Even the first size needs more memory than there may be.
    case nothingFits(batchSize: Int, residentBytes: Int, memoryLimit: Int)

    /// What is the matter, and what to do.
    public var description: String {
        switch self {
        case .nothingFits(let size, let bytes, let limit):
            """
            batches of \(size) examples already take \(bytes) bytes of the \(limit) allowed; begin with a smaller size, \
            or allow more
            """
        }
    }
}
