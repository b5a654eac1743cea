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

    @Option(help: "How many examples an update.")
    var batchSize = 1

    @Option(help: "Standard deviation of normal noise that is added to each component of a gradient.")
    var gradientNoise = 0.0

    @Option(help: "Size of noise of either sign that is added to each component of a gradient.")
    var signNoise = 0.0

    package init() {}

    package mutating func validate() throws {
        guard !exponents.isEmpty, exponents.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw ValidationError("--gamma must be positive numbers")
        }
        guard replicates >= 2 else { throw ValidationError("--replicates must be at least 2") }
        guard updates >= 100 else { throw ValidationError("--updates must be at least 100, not \(updates)") }
        guard batchSize >= 1 else {
            throw ValidationError("--batch-size must be at least 1, not \(batchSize)")
        }
        guard gradientNoise >= 0, gradientNoise.isFinite, signNoise >= 0, signNoise.isFinite else {
            throw ValidationError(
                "--gradient-noise and --sign-noise must not be negative, and are \(gradientNoise) and \(signNoise)"
            )
        }
        guard learningRate > 0, learningRate.isFinite else {
            throw ValidationError("--learning-rate must be positive, not \(learningRate)")
        }
    }

    private static let rules: [(name: String, rule: any UpdateRule)] = [
        ("SGD", SGD()), ("Adam", Adam()), ("Adagrad", Adagrad()),
        ("momentum", SGD(momentum: 0.9)), ("RMSprop", RMSprop()),
    ]

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        let problem = LinearData(data)
        var tables: [ExperimentTable] = []
        var panels: [[Panel]] = [[], []]
        var claims: [ExperimentReport.Claim] = []
        var winners: [String: [String]] = [:]
        var limits = ExperimentTable(
            "divergence",
            caption:
                "The lowest of the rates from 0.00001 to 3, two a decade, at which a run diverged; – where none did",
            columns: ["γ"] + Self.rules.map(\.name))
        var duels: [[Double]] = [[], []]
        var whole: Set<String> = []
        var lucky: [String] = []
        var excess: [(exponent: Double, ratio: Double)] = []
        let floors = exponents.map { noiseFloor($0) }
        for (setting, name) in ["shared", "tuned"].enumerated() {
            var table = ExperimentTable(
                name,
                caption: setting == 0
                    ? "Every method at rate \(NumberFormat.shortest(learningRate)); test loss after \(updates) updates"
                    : "Each method at the rate that suits it, chosen with other seeds; test loss after \(updates) updates",
                columns: [
                    "γ", "noise floor", "method", "rate", "test loss", "lowest on the way", "distance to θ*",
                    "mean coefficient", "diverged",
                ])
            for (index, exponent) in exponents.enumerated() {
                progress(
                    Double(setting * exponents.count + index) / Double(2 * exponents.count),
                    "γ = \(NumberFormat.shortest(exponent)), \(name) rates")
                var curves: [Curve] = []
                var outcomes: [(name: String, outcome: Outcome)] = []
                for (color, method) in Self.rules.enumerated() {
                    let outcome = try outcome(
                        method.rule, problem, exponent, rate: setting == 0 ? learningRate : nil)
                    table.append(
                        .number(exponent), .number(floors[index]), .text(method.name), .number(outcome.rate),
                        Self.cell(outcome.final), outcome.lowest.map { .number($0, digits: 3) } ?? .none,
                        outcome.distance.isFinite ? .number(outcome.distance, digits: 3) : .none,
                        Self.cell(outcome.coefficient), .count(outcome.diverged))
                    curves.append(Curve(label: method.name, color: color, points: outcome.curve))
                    outcomes.append((method.name, outcome))
                    let subject = "\(method.name) at γ = \(NumberFormat.shortest(exponent))"
                    if setting == 0, outcome.diverged == 0 { whole.insert(subject) }
                    if let unstable = outcome.unstable, unstable <= learningRate, whole.contains(subject) {
                        lucky.append(subject)
                    }
                    if setting == 0, let stated = Self.stated["\(method.name) \(exponent)"], isOriginal {
                        claims.append(try claim(method.name, method.rule, exponent, stated: stated))
                    }
                }
                winners[name, default: []].append(best(of: outcomes))
                duels[setting].append(duel(outcomes))
                if setting == 1 {
                    limits.append(
                        row: [.number(exponent)]
                            + outcomes.map {
                                $0.outcome.unstable.map { .number($0, digits: 1) } ?? .none
                            })
                    let least = outcomes.filter { $0.outcome.diverged == 0 }.map(\.outcome.final.mean).min()
                    excess.append((exponent, (least ?? .nan) / floors[index]))
                }
                curves.append(
                    Curve(
                        label: "noise floor", color: 6,
                        points: [0, Double(updates)].map { Curve.Point(x: $0, y: floors[index]) }))
                panels[setting].append(
                    Panel(
                        title: "γ = \(NumberFormat.shortest(exponent))", x: Axis("updates"),
                        y: Axis("test loss", scale: .logarithmic),
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
        claims += zip(["one rate for all", "a rate for each"], duels).map { setting, duels in
            // Where there is nothing between them, neither is ahead.
            let found = zip(exponents, duels).map { exponent, ahead in
                "γ = \(NumberFormat.shortest(exponent)): \(ahead > 0 ? "Adam" : ahead < 0 ? "SGD" : "neither")"
            }
            return .init(
                "Adam is ahead of SGD, \(setting)", stated: "for γ ≤ 1; behind for γ ≥ 2",
                found: found.joined(separator: ", "),
                holds: zip(exponents, duels).allSatisfy { $0 <= 1 ? $1 > 0 : $0 < 2 || $1 < 0 })
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
            tables: tables + [limits],
            pictures: zip(["shared", "tuned"], panels).map { picture($0, $1) },
            claims: claims,
            answer: [
                """
                At the shared rate of \(NumberFormat.shortest(learningRate)) the least test loss is that of \
                \(shared.joined(separator: ", ")). That says little about the methods: \(updates) steps of Adam at \
                this rate cannot move a coefficient much further than \
                \(NumberFormat.significant(Double(updates) * learningRate, digits: 2)), and SGD's step is \
                proportional to the gradient, which for γ = 5 is large and for γ = 0.4 small. A momentum of 0.9 makes SGD's \
                steps ten times as long in the long run.
                """,
                """
                With a rate for each \(shared == tuned ? "the order is the same" : "the order is another"): \(tuned.joined(separator: ", ")). The best test loss is then \
                \(excess.map { "\(NumberFormat.significant($0.ratio, digits: 2)) (γ = \(NumberFormat.shortest($0.exponent)))" }.joined(separator: ", ")) \
                times the noise floor\(luck(excess.map(\.ratio))). The gradient of γ < 1 grows without bound as an error goes \
                to 0, so no constant rate settles there.\(safety(lucky))
                """,
                """
                The homework takes each method's lowest mean of twenty on the way for its result. That is chosen after the \
                fact, and so too good; the figure here is the loss at the end. Its standard errors divide by n where n − 1 \
                belongs, which makes them \(bias) % too small with \(replicates) replicates, and they tell how much the order \
                of the examples matters, not what other data or another start would bring.
                """,
                """
                Divergence is counted and enters no mean: for γ > 2 the gradient grows faster than the error, and the rate \
                that is safe depends on where one starts. The distance to the true coefficients can be compared across γ, \
                the losses cannot. A coefficient's stated mean is that of one run of another program on other data; it is \
                held against the interval in which one more run on new data, from a new start, should lie.
                """,
            ])
    }

    private func luck(_ ratios: [Double]) -> String {
        ratios.contains { $0 < 1 } ? "; below 1 is luck with the noise of the 50 test examples" : ""
    }

    /// What is to be said of runs at the shared rate that came to their end where others at the same rate did not.
    private func safety(_ lucky: [String]) -> String {
        guard !lucky.isEmpty else { return "" }
        return """
             A rate counts as suitable only if no run diverges that it is chosen by, which the shared rate does not pass \
            for \(lucky.joined(separator: ", ")), though every run of the first table came to its end there.
            """
    }

    /// By how much √((n − 1)/n) is below 1, in per cent.
    private var bias: String {
        let n = Double(replicates)
        return NumberFormat.significant(100 * (1 - ((n - 1) / n).squareRoot()), digits: 1)
    }

    /// A mean with 2.5 of its standard errors; nothing if no run came to its end.
    private static func cell(_ mean: (mean: Double, standardError: Double)) -> ExperimentTable.Cell {
        mean.mean.isFinite ? .estimate(mean.mean, margin: 2.5 * mean.standardError) : .none
    }

    private func picture(_ name: String, _ panels: [Panel]) -> ExperimentPicture {
        let what =
            name == "shared"
            ? "one rate of \(NumberFormat.shortest(learningRate)) for all" : "the best rate of each"
        return ExperimentPicture(
            name, caption: "Test loss against updates for each γ, at \(what)",
            Figure(
                title: "|error|^γ at \(what)",
                subtitle: "mean test loss of \(replicates) runs ± 2.5 standard errors",
                columns: min(3, panels.count), panels: panels, width: 1100,
                height: 130 + 260 * ((panels.count + 2) / 3)))
    }

    private var isOriginal: Bool {
        learningRate == 0.001 && updates == 1000 && batchSize == 1 && gradientNoise == 0 && signNoise == 0
            && data.count == 1000
            && data.width == 10
    }

    /// σ^γ 2^(γ/2) Γ((γ+1)/2) / √π.
    private func noiseFloor(_ exponent: Double) -> Double {
        .pow(data.noise, exponent) * .pow(2, exponent / 2) * .gamma((exponent + 1) / 2)
            / Double.pi.squareRoot()
    }

    /// Positive where Adam's test loss is below SGD's by more than their intervals, negative where it is above, else 0.
    private func duel(_ outcomes: [(name: String, outcome: Outcome)]) -> Double {
        guard let adam = outcomes.first(where: { $0.name == "Adam" })?.outcome,
            let sgd = outcomes.first(where: { $0.name == "SGD" })?.outcome
        else { return 0 }
        // What diverges has lost.
        guard adam.diverged == 0, sgd.diverged == 0 else { return Double(sgd.diverged - adam.diverged) }
        let lead = sgd.final.mean - adam.final.mean
        return abs(lead) > 2.5 * (sgd.final.standardError + adam.final.standardError) ? lead : 0
    }

    /// The method with the least test loss, and those whose intervals overlap with its own.
    private func best(of outcomes: [(name: String, outcome: Outcome)]) -> String {
        let settled = outcomes.filter { $0.outcome.diverged == 0 }.sorted {
            $0.outcome.final.mean < $1.outcome.final.mean
        }
        guard let first = settled.first else { return "none" }
        let others = settled.dropFirst().filter { other in
            other.outcome.final.mean - first.outcome.final.mean
                < 2.5 * (other.outcome.final.standardError + first.outcome.final.standardError)
        }
        return others.isEmpty
            ? first.name : "\(first.name) (or \(others.map(\.name).joined(separator: ", ")))"
    }

    /// The homework's mean coefficient against runs that have data, start and order of their own.
    private func claim(
        _ name: String, _ rule: any UpdateRule, _ exponent: Double, stated: Double
    ) throws -> ExperimentReport.Claim {
        let means = try (1...replicates).compactMap { replicate -> Double? in
            var options = data
            options.seed = data.seed &+ UInt64(100 * replicate)
            let end = try measure(
                rule, LinearData(options), exponent, rate: learningRate, seed: options.seed, count: 1
            ).coefficient.mean
            return end.isFinite ? end : nil
        }
        let (mean, error) = Self.mean(means)
        // One more run, not the mean of many: its own spread, and the error of the mean.
        let margin = 2.5 * error * (Double(means.count) + 1).squareRoot()
        return .init(
            "mean coefficient, \(name), γ = \(NumberFormat.shortest(exponent))", stated: "\(stated)",
            found: NumberFormat.estimate(mean: mean, halfWidth: margin), holds: abs(mean - stated) <= margin)
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
