import Descent

/// How long a comparison will still take, judged by the runs that are over.
struct ComparisonProgress: Sendable {
    private var pendingTuning: [Int: Int] = [:]
    private var tuning: [Int: Mean] = [:]
    private var measuring: [Int: Mean] = [:]
    private var pendingMeasuring: [Int: Int]
    private var fractions: [Key: Double] = [:]
    private let threads: Int
    private let sizeRatio: Double

    /// Runs that are over, and all that are known of.
    private(set) var done = 0
    private(set) var total = 0
    /// Whether learning rates are still being chosen.
    private(set) var isTuning = false

    private struct Mean: Sendable {
        var sum = 0.0
        var count = 0
        var value: Double? { count > 0 ? sum / Double(count) : nil }
    }

    fileprivate struct Key: Hashable, Sendable {
        var method: Int
        var rate: Double
        var replicate: Int?
    }

    /// Nothing done yet.
    ///
    /// - Parameters:
    ///   - methods: The number of methods.
    ///   - replicates: Measured runs of each.
    ///   - threads: On how many threads learning rates are tried.
    ///   - sizeRatio: How much longer a measured run takes than one that tries a rate, at a first guess.
    init(methods: Int, replicates: Int, threads: Int, sizeRatio: Double) {
        pendingMeasuring = Dictionary(uniqueKeysWithValues: (0..<methods).map { ($0, replicates) })
        self.threads = threads
        self.sizeRatio = sizeRatio
        total = methods * replicates
    }

    /// Takes notice of an event.
    mutating func note(_ event: ComparisonEvent) {
        switch event {
        case .willTune(let runs):
            isTuning = true
            for run in runs { pendingTuning[run.method, default: 0] += 1 }
            total += runs.count
        case .advanced(let run, let fraction):
            fractions[Key(run)] = fraction
        case .finished(let run, let outcome, let seconds):
            fractions[Key(run)] = nil
            done += 1
            if run.replicate != nil {
                isTuning = false
                pendingMeasuring[run.method, default: 1] -= 1
                measuring[run.method, default: Mean()].sum += seconds
                measuring[run.method, default: Mean()].count += 1
            } else {
                pendingTuning[run.method, default: 1] -= 1
                // A run that broke off says nothing about how long others take.
                guard outcome == .completed else { return }
                tuning[run.method, default: Mean()].sum += seconds
                tuning[run.method, default: Mean()].count += 1
            }
        case .chose(let method, let rate, _):
            if rate == nil {
                total -= pendingMeasuring[method] ?? 0
                pendingMeasuring[method] = 0
            }
        }
    }

    /// Seconds to the end; `nil` while no run has been completed.
    var secondsLeft: Double? {
        let known =
            tuning.values.compactMap(\.value)
            + measuring.values.compactMap { $0.value.map { $0 / sizeRatio } }
        guard !known.isEmpty else { return nil }
        let typical = known.reduce(0, +) / Double(known.count)
        var seconds = 0.0
        for (method, count) in pendingTuning {
            seconds += Double(count) * (tuning[method]?.value ?? typical) / Double(threads)
        }
        for (method, count) in pendingMeasuring {
            seconds += Double(count) * measuredSeconds(method, typical)
        }
        for (key, fraction) in fractions {
            let run =
                key.replicate == nil
                ? (tuning[key.method]?.value ?? typical) / Double(threads)
                : measuredSeconds(key.method, typical)
            seconds -= min(fraction, 1) * run
        }
        return max(seconds, 0)
    }

    private func measuredSeconds(_ method: Int, _ typical: Double) -> Double {
        measuring[method]?.value ?? (tuning[method]?.value ?? typical) * sizeRatio
    }
}

extension ComparisonProgress.Key {
    fileprivate init(_ run: ComparisonEvent.Run) {
        self.init(method: run.method, rate: run.learningRate, replicate: run.replicate)
    }
}
