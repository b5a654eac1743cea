extension OptimizerComparisonResult {
    /// A number by which runs are compared.
    public enum Metric: String, Codable, Sendable, CaseIterable {
        /// The loss over the whole training set at the end.
        case trainingLoss
        /// The loss over the test set at the end.
        case testLoss
        /// The accuracy on the test set at the end.
        case testAccuracy
        /// Passes over the training set until the common loss is reached.
        case epochsToCommonLoss
        /// Updates until the common loss is reached.
        case updatesToCommonLoss
        /// Seconds of training until the common loss is reached.
        case secondsToCommonLoss

        /// Whether more is better.
        public var largerIsBetter: Bool { self == .testAccuracy }
    }

    /// What the completed runs of one method amount to.
    public struct Summary: Codable, Sendable, Equatable {
        /// The method's short name.
        public var method: String
        /// The learning rate of its runs; `nil` when every rate tried diverged.
        public var learningRate: Double?
        /// Measured runs.
        public var runs: Int
        /// Runs that diverged; no mean counts them.
        public var diverged: Int
        /// Completed runs that reached the common loss.
        public var reachedCommonLoss: Int
        /// Mean and interval of each metric over the completed runs.
        ///
        /// A metric of the race to the common loss is here only if every completed run reached it: the mean over the
        /// fast ones alone would flatter the method.
        public var estimates: [Metric: MeanEstimate]

        private enum CodingKeys: String, CodingKey {
            case method, learningRate, runs, diverged, reachedCommonLoss
        }
    }

    /// How far a method's runs are from those of the best method, seed by seed.
    public struct PairedDifference: Codable, Sendable, Equatable {
        /// The metric that is compared.
        public var metric: Metric
        /// The method with the best mean.
        public var best: String
        /// The method compared with it.
        public var method: String
        /// The mean of (this method − the best) over the seeds that both completed; `nil` without such a seed.
        public var difference: MeanEstimate?
    }
}

extension OptimizerComparisonResult.Summary {
    /// Writes the estimates under the names of their metrics, beside the counts.
    public func encode(to encoder: any Encoder) throws {
        var counts = encoder.container(keyedBy: CodingKeys.self)
        try counts.encode(method, forKey: .method)
        try counts.encodeIfPresent(learningRate, forKey: .learningRate)
        try counts.encode(runs, forKey: .runs)
        try counts.encode(diverged, forKey: .diverged)
        try counts.encode(reachedCommonLoss, forKey: .reachedCommonLoss)
        var values = encoder.container(keyedBy: MetricKey.self)
        for (metric, estimate) in estimates { try values.encode(estimate, forKey: MetricKey(metric)) }
    }

    /// Reads what ``encode(to:)`` writes.
    public init(from decoder: any Decoder) throws {
        let counts = try decoder.container(keyedBy: CodingKeys.self)
        let values = try decoder.container(keyedBy: MetricKey.self)
        method = try counts.decode(String.self, forKey: .method)
        learningRate = try counts.decodeIfPresent(Double.self, forKey: .learningRate)
        runs = try counts.decode(Int.self, forKey: .runs)
        diverged = try counts.decode(Int.self, forKey: .diverged)
        reachedCommonLoss = try counts.decode(Int.self, forKey: .reachedCommonLoss)
        estimates = [:]
        for metric in OptimizerComparisonResult.Metric.allCases {
            estimates[metric] = try values.decodeIfPresent(MeanEstimate.self, forKey: MetricKey(metric))
        }
    }

    private struct MetricKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ metric: OptimizerComparisonResult.Metric) { stringValue = metric.rawValue }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }
}

extension OptimizerComparisonResult {
    /// What the completed runs of each method amount to, in the methods' order.
    public var summaries: [Summary] {
        methods.map { method in
            var estimates: [Metric: MeanEstimate] = [:]
            for metric in Metric.allCases {
                let values = method.completed.map { value(of: metric, in: $0) }
                guard !values.contains(nil) else { continue }
                estimates[metric] = MeanEstimate(values.compactMap { $0 })
            }
            let reached = method.completed.count { value(of: .epochsToCommonLoss, in: $0) != nil }
            return Summary(
                method: method.name, learningRate: method.learningRate, runs: method.replicates.count,
                diverged: method.divergedCount, reachedCommonLoss: reached, estimates: estimates)
        }
    }

    /// The value of a metric in a run; `nil` when the run has none: no test set, loss not reached, diverged.
    public func value(of metric: Metric, in replicate: Replicate) -> Double? {
        guard replicate.outcome == .completed else { return nil }
        func record() -> History.Record? { commonLoss.flatMap { replicate.firstRecord(reaching: $0.value) } }
        switch metric {
        case .trainingLoss: return replicate.trainingLoss
        case .testLoss: return replicate.testLoss
        case .testAccuracy: return replicate.testAccuracy
        case .epochsToCommonLoss: return record()?.epoch
        case .updatesToCommonLoss: return (record()?.updates).map(Double.init)
        case .secondsToCommonLoss: return record()?.seconds
        }
    }

    /// The method whose completed runs have the best mean of a metric; `nil` when no method has one.
    ///
    /// Of methods with equal means the one that stands first.
    public func best(by metric: Metric) -> String? {
        var best: (name: String, mean: Double)?
        for summary in summaries {
            guard let mean = summary.estimates[metric]?.mean else { continue }
            let better = best.map { metric.largerIsBetter ? mean > $0.mean : mean < $0.mean } ?? true
            if better { best = (summary.method, mean) }
        }
        return best?.name
    }

    /// Each other method's differences from the best one, seed by seed.
    ///
    /// Runs of one seed share initial parameters and shuffles, so that their difference varies less than they do:
    /// its interval tells methods apart that the intervals of the means do not. Each interval holds by itself, not
    /// all of them together, and the best method was picked by the same numbers.
    public func pairedDifferences(by metric: Metric) -> [PairedDifference] {
        guard let best = best(by: metric), let reference = methods.first(where: { $0.name == best }) else {
            return []
        }
        let referenceValues = Dictionary(
            reference.replicates.compactMap { run in value(of: metric, in: run).map { (run.seed, $0) } },
            uniquingKeysWith: { first, _ in first })
        return methods.filter { $0.name != best }.map { method in
            let differences = method.replicates.compactMap { run -> Double? in
                guard let value = value(of: metric, in: run), let other = referenceValues[run.seed] else {
                    return nil
                }
                return value - other
            }
            return PairedDifference(
                metric: metric, best: best, method: method.name, difference: MeanEstimate(differences))
        }
    }
}
