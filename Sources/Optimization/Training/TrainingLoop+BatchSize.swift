import DescentLinearAlgebra

extension TrainingLoop {
    /// Looks for a batch size by doubling, on copies of this loop, which itself stays as it is.
    ///
    /// The copies make their updates with a learning rate of 0, so that no size can diverge.
    ///
    /// - Parameter finder: Where to begin, when to stop, and what is wanted.
    /// - Throws: `BatchSizeError.nothingFits`, or `TrainingError.diverged` if the loss is not finite at the present point.
    public func findBatchSize(_ finder: BatchSizeFinder = BatchSizeFinder()) throws -> BatchSizeSearch {
        try search(finder, seconds: { work in try ContinuousClock().measure(work) / .seconds(1) })
    }

    /// The same with another clock.
    func search(
        _ finder: BatchSizeFinder, seconds: (() throws -> Void) throws -> Double
    ) throws -> BatchSizeSearch {
        try finder.search(exampleCount: objective.exampleCount) { size in
            var loop = TrainingLoop(
                minimizing: objective, with: rule, from: parameters, batchSize: .examples(size),
                sampling: origin.sampling, seed: origin.seed)
            loop.rule.learningRate = 0
            ProcessMemory.forgetPeak()
            try loop.run(for: .updates(1))
            // The best of three: whatever else the machine does only makes it slower.
            var best = Double.infinity
            for _ in 0..<3 {
                let before = loop.progress.samples
                let elapsed = try seconds { try loop.run(for: .updates(finder.updatesPerSize)) }
                best = min(best, elapsed / Double(loop.progress.samples - before))
            }
            return BatchSizeFinder.Measurement(
                secondsPerExample: best, residentBytes: ProcessMemory.peak)
        }
    }
}
