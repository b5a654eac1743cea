import DescentLinearAlgebra

/// Which scores are better.
public enum ScoreDirection: String, Codable, CaseIterable, Sendable {
    /// High ones: accuracy, R².
    case maximize
    /// Low ones: losses, errors.
    case minimize

    func isBetter(_ a: Double, _ b: Double) -> Bool { self == .maximize ? a > b : a < b }
}

/// Cross-validates every combination of the values of a space, on the same folds.
public func gridSearch<Configuration, Data: ExampleCollection, Model, Failure: Error>(
    _ space: SearchSpace<Configuration>, on data: Data, _ folds: [Fold],
    direction: ScoreDirection = .maximize,
    fit: (Configuration, Data) throws(Failure) -> Model, score: (Model, Data) throws(Failure) -> Double
) throws(Failure) -> SearchResult<Configuration, Failure> {
    try search(space.grid, of: space, on: data, folds, direction, fit, score)
}

/// Cross-validates so many random configurations of a space, on the same folds.
///
/// For the same number of trials this finds better values than a grid where only some properties matter, since every trial
/// tries another value of each (J. Bergstra and Y. Bengio, *Random Search for Hyper-Parameter Optimization*, JMLR 13, 2012).
///
/// - Parameters:
///   - space: What varies.
///   - trials: How many configurations.
///   - data: All examples.
///   - folds: How they are divided, the same for every configuration.
///   - direction: Which scores are better.
///   - seed: Determines the configurations.
///   - fit: Makes a model of a configuration and a training part.
///   - score: A number for a model on examples.
public func randomSearch<Configuration, Data: ExampleCollection, Model, Failure: Error>(
    _ space: SearchSpace<Configuration>, trials: Int, on data: Data, _ folds: [Fold],
    direction: ScoreDirection = .maximize, seed: UInt64 = 0,
    fit: (Configuration, Data) throws(Failure) -> Model, score: (Model, Data) throws(Failure) -> Double
) throws(Failure) -> SearchResult<Configuration, Failure> {
    try search(space.sample(trials, seed: seed), of: space, on: data, folds, direction, fit, score)
}

private func search<Configuration, Data: ExampleCollection, Model, Failure: Error>(
    _ candidates: [SearchCandidate<Configuration>], of space: SearchSpace<Configuration>, on data: Data,
    _ folds: [Fold], _ direction: ScoreDirection,
    _ fit: (Configuration, Data) throws(Failure) -> Model, _ score: (Model, Data) throws(Failure) -> Double
) throws(Failure) -> SearchResult<Configuration, Failure> {
    var trials: [SearchResult<Configuration, Failure>.Trial] = []
    var failures: [SearchResult<Configuration, Failure>.FailedTrial] = []
    for candidate in candidates {
        do throws(Failure) {
            let result = try crossValidate(data, folds) { part throws(Failure) in
                try fit(candidate.configuration, part)
            } score: { model, part throws(Failure) in
                try score(model, part)
            }
            trials.append(.init(candidate: candidate, result: result))
        } catch {
            failures.append(.init(candidate: candidate, error: error))
        }
    }
    // A search in which nothing can be fitted has no result but the reason.
    if trials.isEmpty { throw failures[0].error }
    return SearchResult(names: space.names, direction: direction, trials: trials, failures: failures)
}

/// What a search found: the trials from the best to the worst.
public struct SearchResult<Configuration: Sendable, Failure: Error>: Sendable {
    /// One configuration with its scores.
    public struct Trial: Sendable {
        let candidate: SearchCandidate<Configuration>
        /// The scores, fold by fold.
        public let result: CrossValidationResult
        /// What was tried.
        public var configuration: Configuration { candidate.configuration }
        /// The values of what varied, as text, in the order of the result's `names`.
        public var values: [String] { candidate.values }
    }

    /// One configuration for which a fit or a score threw.
    public struct FailedTrial: Sendable {
        let candidate: SearchCandidate<Configuration>
        /// Why.
        public let error: Failure
        /// What was tried.
        public var configuration: Configuration { candidate.configuration }
        /// The values of what varied, as text.
        public var values: [String] { candidate.values }
    }

    /// What varied.
    public let names: [String]
    /// Which scores are better.
    public let direction: ScoreDirection
    /// The trials from the best mean score to the worst, equal ones in the order in which they were tried; at least one.
    ///
    /// Mean scores that are NaN are the worst.
    public let trials: [Trial]
    /// What could not be fitted, such as with a learning rate at which training diverges.
    public let failures: [FailedTrial]

    init(names: [String], direction: ScoreDirection, trials: [Trial], failures: [FailedTrial]) {
        self.names = names
        self.direction = direction
        self.trials = trials.enumerated().sorted { a, b in
            let (x, y) = (a.element.result.mean, b.element.result.mean)
            if x.isNaN || y.isNaN { return x.isNaN == y.isNaN ? a.offset < b.offset : y.isNaN }
            return x == y ? a.offset < b.offset : direction.isBetter(x, y)
        }.map(\.element)
        self.failures = failures
    }

    /// The trial with the best mean score.
    ///
    /// The best of many is flattered: it was chosen because it scored well on these folds. For an honest score, evaluate
    /// it on examples that no trial has seen.
    public var best: Trial { trials[0] }

    /// The trials whose mean is within one standard error of the best: as good, for all that can be told.
    ///
    /// By the one-standard-error rule one takes the simplest of them (L. Breiman et al., *Classification and Regression
    /// Trees*, 1984).
    public var withinOneStandardError: [Trial] {
        let margin = best.result.standardError ?? 0
        return trials.filter { ($0.result.mean - best.result.mean).magnitude <= margin }
    }
}

extension SearchResult: CustomStringConvertible {
    /// A table of the trials from the best to the worst, and what failed.
    public var description: String {
        var rows = [["rank"] + names + ["mean", "standard error"]]
        for (index, trial) in trials.enumerated() {
            let error = trial.result.standardError.map { significant($0, 2) } ?? "–"
            rows.append(["\(index + 1)"] + trial.values + [significant(trial.result.mean, 5), error])
        }
        let failed = failures.map { failure in
            let values = zip(names, failure.values).map { "\($0) = \($1)" }.joined(separator: ", ")
            return "failed: \(values): \(failure.error)"
        }
        return (alignedColumns(rows) + failed).joined(separator: "\n")
    }
}
