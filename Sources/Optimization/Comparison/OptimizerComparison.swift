import DescentLinearAlgebra
import RealModule

/// Compares update rules on one problem, each with a learning rate of its own.
///
/// - The learning rate of each method is chosen on a task of its own, which holds back part of the training data: the
///   one with the smallest final validation loss on a grid that is the same for all methods. The grid is widened
///   while the best rate lies on its edge. A rate with which the run diverges is never chosen.
/// - Then each method is run from several seeds. Runs of the same seed share initial parameters and shuffles, so
///   that their differences can be taken in pairs. The seeds differ from the one that the rates were chosen with.
/// - A run diverges when its loss or parameters are no longer finite, or when its final loss is above its initial one.
///
/// Runs that try learning rates do not depend on each other and go on all threads at once. Measured runs follow one
/// after the other, all methods with one seed before the next seed, so that a machine that slows down slows all
/// methods down alike. Everything but the seconds is a function of the seed, to the last bit, on any number of threads.
public struct OptimizerComparison<Objective: FiniteSumObjective>: Sendable {
    /// The methods, in the order in which they are to be shown.
    public var methods: [ComparedMethod]
    /// What learning rates are chosen on.
    public var tuning: ComparisonTask<Objective>
    /// What is measured.
    public var task: ComparisonTask<Objective>
    /// Passes over the training set in each run.
    public var epochs = 30
    /// Examples in an update, where a method does not say otherwise.
    public var batchSize: BatchSize = 64
    /// Measured runs of each method.
    public var replicates = 5
    /// The seed from which everything random follows.
    public var seed: UInt64 = 0
    /// The learning rates to choose from.
    public var grid = LearningRateGrid()
    /// Learning rates that are given and not chosen, by the methods' names.
    public var learningRates: [String: Double] = [:]
    /// The training loss that the methods race to; by default the largest final one of any completed run.
    public var targetLoss: Double?

    /// A comparison with default settings.
    ///
    /// - Parameters:
    ///   - methods: At least one, with names that differ.
    ///   - tuning: What learning rates are chosen on.
    ///   - task: What is measured.
    public init(
        _ methods: [ComparedMethod], tuning: ComparisonTask<Objective>,
        measuring task: ComparisonTask<Objective>
    ) {
        precondition(!methods.isEmpty, "a comparison needs at least one method")
        precondition(
            Set(methods.map(\.name)).count == methods.count, "two methods of one name: \(methods.map(\.name))"
        )
        self.methods = methods
        self.tuning = tuning
        self.task = task
    }

    /// When a run counts as diverged, in words.
    public static var divergenceRule: String {
        "its loss or its parameters are no longer finite, or its final loss is above its initial one"
    }

    /// What a comparison finds.
    public struct Findings: Sendable, Equatable {
        /// The methods with their runs.
        public var methods: [OptimizerComparisonResult.Method]
        /// The training loss that the methods raced to.
        public var commonLoss: OptimizerComparisonResult.CommonLoss?
    }

    /// Chooses learning rates, runs every method from every seed, and settles the common loss.
    ///
    /// - Parameter onEvent: Told of the progress, from several threads at once while learning rates are tried.
    public func run(onEvent: @escaping @Sendable (ComparisonEvent) -> Void = { _ in }) -> Findings {
        precondition(epochs > 0, "a comparison over \(epochs) epochs")
        precondition(replicates > 0, "a comparison of \(replicates) runs")
        var seeds = seedsOfRuns()
        let tuningSeed = seeds.removeFirst()
        var results = chooseLearningRates(seed: tuningSeed, onEvent)
        for (replicate, seed) in seeds.enumerated() {
            for index in methods.indices {
                guard let rate = results[index].learningRate else { continue }
                let run = ComparisonEvent.Run(method: index, learningRate: rate, replicate: replicate)
                let (history, outcome) = train(run, on: task, seed: seed, evaluating: .dense, onEvent)
                let last = outcome == .completed ? history.last : nil
                results[index].replicates.append(
                    OptimizerComparisonResult.Replicate(
                        seed: seed, outcome: outcome, history: history, trainingLoss: last?.trainingLoss,
                        testLoss: last?.validationLoss, testAccuracy: last?.validationAccuracy))
            }
        }
        return Findings(methods: results, commonLoss: commonLoss(of: results))
    }
}

// MARK: - Single runs

extension OptimizerComparison {
    /// One seed for the choice of learning rates and one for each replicate, all different.
    ///
    /// They have 32 bits, so that every reader of the results gets them right, JavaScript included.
    private func seedsOfRuns() -> [UInt64] {
        var generator = RandomGenerator(seed: seed, stream: RandomStream.replicates)
        var seeds: [UInt64] = []
        while seeds.count < replicates + 1 {
            let seed = generator.next() >> 32
            if !seeds.contains(seed) { seeds.append(seed) }
        }
        return seeds
    }

    private func batchSize(of method: ComparedMethod) -> BatchSize { method.batchSize ?? batchSize }

    private func train(
        _ run: ComparisonEvent.Run, on task: ComparisonTask<Objective>, seed: UInt64,
        evaluating schedule: EvaluationSchedule, _ onEvent: @Sendable (ComparisonEvent) -> Void
    ) -> (History, OptimizerComparisonResult.Outcome) {
        let method = methods[run.method]
        let clock = ContinuousClock()
        let start = clock.now
        let (history, outcome) = train(
            method.makeRule(run.learningRate), on: task, batchSize: batchSize(of: method), seed: seed,
            evaluating: schedule
        ) { onEvent(.advanced(run, fraction: $0.epoch / Double(epochs))) }
        onEvent(.finished(run, outcome, seconds: (clock.now - start) / .seconds(1)))
        return (history, outcome)
    }

    private func train<Rule: UpdateRule>(
        _ rule: Rule, on task: ComparisonTask<Objective>, batchSize: BatchSize, seed: UInt64,
        evaluating schedule: EvaluationSchedule, _ onRecord: (History.Record) -> Void
    ) -> (History, OptimizerComparisonResult.Outcome) {
        var loop = TrainingLoop(
            minimizing: task.objective, with: rule, from: task.initialParameters(seed), batchSize: batchSize,
            seed: seed)
        do throws(TrainingError) {
            try loop.run(
                for: .epochs(epochs), evaluating: schedule, evaluate: task.evaluate, onRecord: onRecord)
        } catch {
            switch error {
            case .diverged(let update, _, _, _): return (loop.history, .diverged(update: update))
            case .checkpointNotWritten, .checkpointNotRestored, .cancelled:
                preconditionFailure("a comparison writes no checkpoints and is not cancelled")
            }
        }
        let records = loop.history.records
        guard let first = records.first?.judgedLoss, let last = records.last?.judgedLoss, last.isFinite,
            last <= first
        else { return (loop.history, .diverged(update: records.last?.updates ?? 0)) }
        return (loop.history, .completed)
    }
}

extension History.Record {
    /// The loss that a run is judged by: the training loss where it was looked at, else the validation loss.
    fileprivate var judgedLoss: Double? { trainingLoss ?? validationLoss }

    /// The loss that a learning rate is judged by.
    fileprivate var selectionLoss: Double? { validationLoss ?? trainingLoss }
}

// MARK: - Learning rates

extension OptimizerComparison {
    /// What is known of a method's grid so far.
    private struct Search {
        var method: Int
        var tried: ClosedRange<Int>
        var points: [Int: OptimizerComparisonResult.GridPoint] = [:]

        /// The half decades with the smallest final loss, of equal ones the smallest rate.
        var best: Int? {
            points.filter { $0.value.outcome == .completed && $0.value.validationLoss != nil }
                .min { ($0.value.validationLoss!, $0.key) < ($1.value.validationLoss!, $1.key) }?.key
        }
    }

    private func chooseLearningRates(
        seed: UInt64, _ onEvent: @escaping @Sendable (ComparisonEvent) -> Void
    ) -> [OptimizerComparisonResult.Method] {
        var results = methods.map { method in
            OptimizerComparisonResult.Method(
                name: method.name, rule: method.rule,
                batchSize: batchSize(of: method).resolved(exampleCount: task.objective.exampleCount),
                learningRate: learningRates[method.name])
        }
        var searches = methods.indices.filter { results[$0].learningRate == nil }
            .map { Search(method: $0, tried: grid.initial) }
        var pending = searches.indices.flatMap { search in
            grid.initial.map { (search: search, halfDecades: $0) }
        }
        while !pending.isEmpty {
            let runs = pending.map { (searches[$0.search].method, $0.halfDecades) }
            for (entry, point) in zip(pending, tryLearningRates(runs, seed: seed, onEvent)) {
                searches[entry.search].points[entry.halfDecades] = point
            }
            pending = []
            for index in searches.indices {
                let search = searches[index]
                // Only the edge that moved last can hold the best; the other one was judged before.
                guard let more = grid.widening(search.tried, best: search.best) else { continue }
                searches[index].tried =
                    min(
                        search.tried.lowerBound, more.lowerBound)...max(
                        search.tried.upperBound, more.upperBound)
                pending += more.map { (index, $0) }
            }
        }
        for search in searches {
            let best = search.best
            results[search.method].grid = search.tried.compactMap { search.points[$0] }
            results[search.method].learningRate = best.map(LearningRateGrid.rate)
            if search.tried != grid.initial {
                results[search.method].widening = OptimizerComparisonResult.Widening(
                    initial: Self.rates(grid.initial), final: Self.rates(search.tried),
                    endedOnEdge: best == search.tried.lowerBound || best == search.tried.upperBound)
            }
        }
        for (index, result) in results.enumerated() {
            onEvent(.chose(method: index, learningRate: result.learningRate, widening: result.widening))
        }
        return results
    }

    private static func rates(_ halfDecades: ClosedRange<Int>) -> ClosedRange<Double> {
        LearningRateGrid.rate(halfDecades.lowerBound)...LearningRateGrid.rate(halfDecades.upperBound)
    }

    /// Runs each method with each rate, a run to a thread.
    private func tryLearningRates(
        _ runs: [(method: Int, halfDecades: Int)], seed: UInt64,
        _ onEvent: @escaping @Sendable (ComparisonEvent) -> Void
    ) -> [OptimizerComparisonResult.GridPoint] {
        let runs = runs.map {
            ComparisonEvent.Run(method: $0.method, learningRate: LearningRateGrid.rate($0.halfDecades))
        }
        onEvent(.willTune(runs))
        let points = Locked([OptimizerComparisonResult.GridPoint?](repeating: nil, count: runs.count))
        WorkerTeam.shared.forEach(runs.count) { index in
            let (history, outcome) = train(
                runs[index], on: tuning, seed: seed, evaluating: .epochs(epochs), onEvent)
            let loss = outcome == .completed ? history.last?.selectionLoss : nil
            let point = OptimizerComparisonResult.GridPoint(
                learningRate: runs[index].learningRate, outcome: outcome,
                validationLoss: loss.flatMap { $0.isFinite ? $0 : nil })
            points.withLock { $0[index] = point }
        }
        return points.withLock { $0.compactMap { $0 } }
    }
}

// MARK: - The common loss

extension OptimizerComparison {
    private func commonLoss(of results: [OptimizerComparisonResult.Method]) -> OptimizerComparisonResult
        .CommonLoss?
    {
        if let targetLoss { return OptimizerComparisonResult.CommonLoss(value: targetLoss, rule: "as given") }
        let losses = results.flatMap(\.completed).compactMap(\.trainingLoss)
        guard let largest = losses.max() else { return nil }
        return OptimizerComparisonResult.CommonLoss(
            value: Self.roundedUp(largest), rule: "the largest final one of any completed run, rounded up")
    }

    /// The smallest number of four significant digits that is not below `value`.
    static func roundedUp(_ value: Double) -> Double {
        guard value.isFinite, value != 0 else { return value }
        let exponent = Int(Double.log10(abs(value)).rounded(.down)) - 3
        let digits = (value / .pow(10, exponent)).rounded(.up)
        for candidate in [digits, digits + 1] {
            if let rounded = Double("\(Int(candidate))e\(exponent)"), rounded >= value { return rounded }
        }
        return value
    }
}
