import Descent
import DescentReports

// Runs of one method on one power, and what they come to.

extension PowerLossComparison {
    /// Means over the replicates of one method at one rate.
    struct Outcome {
        var rate: Double
        /// Mean test loss after each twentieth of the updates, with its standard error.
        var curve: [Curve.Point]
        /// Test loss at the end, of the runs that did not diverge.
        var final: (mean: Double, standardError: Double)
        /// The lowest of the mean test losses on the way, which the homework takes for the result.
        var lowest: Double? { curve.map(\.y).filter(\.isFinite).min() }
        /// ‖θ − 1‖/√10 at the end.
        var distance: Double
        /// Mean coefficient at the end, and its standard error.
        var coefficient: (mean: Double, standardError: Double)
        var diverged: Int
        /// The lowest of the rates to choose from at which a run diverged.
        var unstable: Double?
    }

    /// Rates to choose from: two a decade.
    private static let rates: [Double] = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1, 3]

    func outcome(
        _ rule: any UpdateRule, _ problem: LinearData, _ exponent: Double, rate: Double?
    ) throws -> Outcome {
        if let rate {
            return try measure(rule, problem, exponent, rate: rate, seed: data.seed, count: replicates)
        }
        // Chosen by runs that are not counted.
        var best = (rate: Self.rates[0], loss: Double.infinity)
        var unstable: Double?
        for rate in Self.rates {
            let trial = try measure(rule, problem, exponent, rate: rate, seed: data.seed &+ 1000, count: 5)
            // A rate that is good in one run and bad in the next is not the best.
            let score = trial.final.mean + 2.5 * trial.final.standardError
            if trial.diverged > 0, unstable == nil { unstable = rate }
            if trial.diverged == 0, score < best.loss { best = (rate, score) }
        }
        var chosen = try measure(rule, problem, exponent, rate: best.rate, seed: data.seed, count: replicates)
        chosen.unstable = unstable
        return chosen
    }

    func measure<Rule: UpdateRule>(
        _ rule: Rule, _ problem: LinearData, _ exponent: Double, rate: Double, seed: UInt64, count: Int
    ) throws -> Outcome {
        var rule = rule
        rule.learningRate = rate
        var runs: [Run] = []
        for replicate in 0..<count {
            if let run = try run(rule, problem, exponent, seed: seed &+ UInt64(replicate)) {
                runs.append(run)
            }
        }
        let steps = runs.first?.losses.count ?? 0
        let curve = (0..<steps).map { step in
            let (mean, error) = Self.mean(runs.map { $0.losses[step] })
            return Curve.Point(
                x: Double(step * updates / max(1, steps - 1)), y: mean, lower: mean - 2.5 * error,
                upper: mean + 2.5 * error)
        }
        let distances = runs.map { run in
            (run.end.reduce(0) { $0 + ($1 - 1) * ($1 - 1) } / Double(run.end.count)).squareRoot()
        }
        return Outcome(
            rate: rate, curve: curve, final: Self.mean(runs.map { $0.losses[steps - 1] }),
            distance: Self.mean(distances).0,
            coefficient: Self.mean(runs.map { $0.end.reduce(0, +) / Double($0.end.count) }),
            diverged: count - runs.count)
    }

    /// A run that came to its end.
    private struct Run {
        /// Test losses, the first before any update.
        var losses: [Double]
        /// The coefficients at the end.
        var end: [Double]
    }

    /// One run, with noise on the gradients where that was asked for; `nil` if it diverged.
    private func run<Rule: UpdateRule>(
        _ rule: Rule, _ problem: LinearData, _ exponent: Double, seed: UInt64
    ) throws -> Run? {
        gradientNoise > 0 || signNoise > 0
            ? try steps(
                rule.addingNoise(gaussian: gradientNoise, sign: signNoise, seed: seed), problem, exponent,
                seed: seed)
            : try steps(rule, problem, exponent, seed: seed)
    }

    private func steps<Rule: UpdateRule>(
        _ rule: Rule, _ problem: LinearData, _ exponent: Double, seed: UInt64
    ) throws -> Run? {
        let test = PowerLoss(problem.test, exponent: exponent)
        var loop = TrainingLoop(
            minimizing: PowerLoss(problem.train, exponent: exponent), with: rule, from: problem.start,
            batchSize: .examples(batchSize), sampling: .withReplacement, seed: seed)
        let history: History
        do {
            history = try loop.run(for: .updates(updates), evaluating: .updates(max(1, updates / 20))) {
                Evaluation(validationLoss: test.value(at: $0))
            }
        } catch {
            guard case .diverged = error else { throw error }
            return nil
        }
        let losses = history.records.compactMap(\.validationLoss)
        return losses.allSatisfy { $0.isFinite } ? Run(losses: losses, end: loop.parameters) : nil
    }

    /// The mean and its standard error, with n − 1 in the variance; NaN of nothing.
    static func mean(_ values: [Double]) -> (mean: Double, standardError: Double) {
        guard !values.isEmpty else { return (.nan, .nan) }
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, n > 1 ? (squares / (n - 1) / n).squareRoot() : 0)
    }
}
