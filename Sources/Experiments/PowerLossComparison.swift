import ArgumentParser
import Descent
import DescentReports
import RealModule

/// SGD, Adam and Adagrad on |error|^γ: with one rate for all, as the homework had it, and with a rate for each.
package struct PowerLossComparison: Experiment {
    package static let name = "power-loss"
    package static let summary =
        "optimizers on |error|^γ: one shared rate, and a tuned one for each; noise floor drawn"

    @OptionGroup var data: LinearData.Options

    @Option(name: .customLong("gamma"), parsing: .upToNextOption, help: "The exponents γ.")
    var exponents: [Double] = [0.4, 0.7, 1, 2, 3, 5]

    @Option(help: "How many updates of one example each.")
    var updates = 1000

    @Option(help: "How many runs, which differ in the order of the examples.")
    var replicates = 10

    @Option(help: "The rate that all share in the first setting.")
    var learningRate = 0.001

    package init() {}

    package mutating func validate() throws {
        guard !exponents.isEmpty, exponents.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw ValidationError("--gamma must be positive numbers")
        }
        guard replicates >= 2 else { throw ValidationError("--replicates must be at least 2") }
        guard updates >= 100 else { throw ValidationError("--updates must be at least 100, not \(updates)") }
        guard learningRate > 0, learningRate.isFinite else {
            throw ValidationError("--learning-rate must be positive, not \(learningRate)")
        }
    }

    private static let rules: [(name: String, rule: any UpdateRule)] = [
        ("SGD", SGD()), ("Adam", Adam()), ("Adagrad", Adagrad()),
        ("momentum", SGD(momentum: 0.9)), ("RMSprop", RMSprop()),
    ]

    /// Rates to choose from: two a decade.
    private static let rates: [Double] = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1]

    /// Means over the replicates of one method at one rate.
    private struct Outcome {
        var rate: Double
        /// Mean test loss after each twentieth of the updates, with its standard error.
        var curve: [Curve.Point]
        /// Test loss at the end, of the runs that did not diverge.
        var final: (mean: Double, standardError: Double)
        /// ‖θ − 1‖/√10 at the end.
        var distance: Double
        /// Mean coefficient at the end, and its standard error.
        var coefficient: (mean: Double, standardError: Double)
        var diverged: Int
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        let problem = LinearData(data)
        var tables: [ExperimentTable] = []
        var panels: [Panel] = []
        var claims: [ExperimentReport.Claim] = []
        var winners: [String: [String]] = [:]
        let floors = exponents.map { noiseFloor($0) }
        for (setting, name) in ["shared", "tuned"].enumerated() {
            var table = ExperimentTable(
                name,
                caption: setting == 0
                    ? "Every method at rate \(NumberFormat.shortest(learningRate)); test loss after \(updates) updates"
                    : "Each method at the rate that suits it, chosen with other seeds; test loss after \(updates) updates",
                columns: [
                    "γ", "noise floor", "method", "rate", "test loss", "distance to θ*", "mean coefficient",
                    "diverged",
                ])
            for (index, exponent) in exponents.enumerated() {
                progress(
                    Double(setting * exponents.count + index) / Double(2 * exponents.count),
                    "γ = \(NumberFormat.shortest(exponent)), \(name) rates")
                var curves: [Curve] = []
                var best = (name: "", loss: Double.infinity)
                for (color, method) in Self.rules.enumerated() {
                    let outcome = try outcome(
                        method.rule, problem, exponent, rate: setting == 0 ? learningRate : nil)
                    table.append(
                        .number(exponent), .number(floors[index]), .text(method.name), .number(outcome.rate),
                        .estimate(outcome.final.mean, margin: 2.5 * outcome.final.standardError),
                        .number(outcome.distance),
                        .estimate(outcome.coefficient.mean, margin: 2.5 * outcome.coefficient.standardError),
                        .count(outcome.diverged))
                    curves.append(Curve(label: method.name, color: color, points: outcome.curve))
                    if outcome.diverged == 0, outcome.final.mean < best.loss {
                        best = (method.name, outcome.final.mean)
                    }
                    if setting == 0, let stated = Self.stated["\(method.name) \(exponent)"], isOriginal {
                        let (mean, error) = outcome.coefficient
                        claims.append(
                            .init(
                                "mean coefficient, \(method.name), γ = \(NumberFormat.shortest(exponent))",
                                stated: "\(stated)",
                                found: NumberFormat.estimate(mean: mean, halfWidth: 2.5 * error),
                                holds: abs(mean - stated) < 0.06))
                    }
                }
                winners[name, default: []].append(best.name)
                curves.append(
                    Curve(
                        label: "noise floor", color: 6, form: .excluded,
                        points: [0, Double(updates)].map { Curve.Point(x: $0, y: floors[index]) }))
                panels.append(
                    Panel(
                        x: Axis("updates"),
                        y: Axis("γ = \(NumberFormat.shortest(exponent)), \(name)", scale: .logarithmic),
                        curves: curves))
            }
            tables.append(table)
        }
        claims += zip(exponents, floors).compactMap { exponent, floor in
            guard let stated = Self.statedFloors[exponent], data.noise == 0.1 else { return nil }
            return .init(
                "noise floor E|N(0, 0.1)|^γ, γ = \(NumberFormat.shortest(exponent))", stated: "\(stated)",
                found: NumberFormat.significant(floor, digits: 4), holds: abs(floor / stated - 1) < 1e-3)
        }
        let shared = zip(exponents, winners["shared"] ?? []).map { "γ = \(NumberFormat.shortest($0)): \($1)" }
        let tuned = zip(exponents, winners["tuned"] ?? []).map { "γ = \(NumberFormat.shortest($0)): \($1)" }
        return ExperimentReport(
            title: "Optimizers on powers of the error",
            question: "Which optimizer is best on |error|^γ: is it Adam for small γ and SGD for large?",
            formula: [
                "f(θ) = (1/n) Σ |aᵢᵀθ − yᵢ|^γ,   ∇ = (γ/n) Σ |eᵢ|^(γ−1) sign(eᵢ) aᵢ",
                "noise floor: E|ε|^γ = σ^γ 2^(γ/2) Γ((γ+1)/2) / √π",
            ],
            tables: tables,
            pictures: [
                ExperimentPicture(
                    "losses",
                    caption:
                        "Test loss against updates for each γ, at a shared rate (above) and at tuned rates (below)",
                    Figure(
                        title: "|error|^γ",
                        subtitle:
                            "mean test loss of \(replicates) runs ± 2.5 standard errors; above one rate for all, below the best of each",
                        columns: min(3, exponents.count), panels: panels, width: 1100,
                        height: 160 + 240 * ((2 * exponents.count + 2) / 3)))
            ],
            claims: claims,
            answer: [
                """
                At the shared rate of \(NumberFormat.shortest(learningRate)) the least test loss is that of \
                \(shared.joined(separator: ", ")). That says little about the methods: \(updates) steps of Adam at \
                this rate cannot move a coefficient much further than \
                \(NumberFormat.significant(Double(updates) * learningRate, digits: 2)), and SGD's step is \
                proportional to the gradient, which for γ = 5 is large and for γ = 0.4 small.
                """,
                """
                With a rate for each the order is another: \(tuned.joined(separator: ", ")), and up to γ = 3 all come \
                near the noise floor. The gradient of γ < 1 grows without bound as an error goes to 0, so no constant \
                rate settles there; divergence is counted and does not enter a mean. The distance to θ* can be compared \
                across γ, the losses cannot.
                """,
            ])
    }

    private var isOriginal: Bool {
        learningRate == 0.001 && updates == 1000 && data.count == 1000 && data.width == 10
    }

    /// σ^γ 2^(γ/2) Γ((γ+1)/2) / √π.
    private func noiseFloor(_ exponent: Double) -> Double {
        .pow(data.noise, exponent) * .pow(2, exponent / 2) * .gamma((exponent + 1) / 2)
            / Double.pi.squareRoot()
    }

    private func outcome(
        _ rule: any UpdateRule, _ problem: LinearData, _ exponent: Double, rate: Double?
    ) throws -> Outcome {
        if let rate {
            return try measure(rule, problem, exponent, rate: rate, seed: data.seed, count: replicates)
        }
        // Chosen by runs that are not counted.
        var best = (rate: Self.rates[0], loss: Double.infinity)
        for rate in Self.rates {
            let trial = try measure(rule, problem, exponent, rate: rate, seed: data.seed &+ 1000, count: 3)
            if trial.diverged == 0, trial.final.mean < best.loss { best = (rate, trial.final.mean) }
        }
        return try measure(rule, problem, exponent, rate: best.rate, seed: data.seed, count: replicates)
    }

    private func measure<Rule: UpdateRule>(
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

    /// One run; `nil` if it diverged.
    private func run<Rule: UpdateRule>(
        _ rule: Rule, _ problem: LinearData, _ exponent: Double, seed: UInt64
    ) throws -> Run? {
        let test = PowerLoss(problem.test, exponent: exponent)
        var loop = TrainingLoop(
            minimizing: PowerLoss(problem.train, exponent: exponent), with: rule, from: problem.start,
            batchSize: .examples(1), sampling: .withReplacement, seed: seed)
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
    private static func mean(_ values: [Double]) -> (mean: Double, standardError: Double) {
        guard !values.isEmpty else { return (.nan, .nan) }
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, n > 1 ? (squares / (n - 1) / n).squareRoot() : 0)
    }

    /// The homework's mean coefficients after its last replicate.
    private static let stated: [String: Double] = [
        "Adam 0.4": 0.1568, "SGD 0.4": 0.0997, "Adam 0.7": 0.2621, "SGD 0.7": 0.1468, "Adam 1.0": 0.3178,
        "SGD 1.0": 0.2077, "Adam 2.0": 0.3485, "SGD 2.0": 0.5471, "Adam 3.0": 0.2994, "SGD 3.0": 0.7378,
        "Adam 5.0": 0.2356, "SGD 5.0": 0.9265,
    ]

    private static let statedFloors: [Double: Double] = [
        0.4: 0.3349, 0.7: 0.1596, 1: 0.0798, 2: 0.0100, 3: 0.001596, 5: 6.38e-5,
    ]
}
