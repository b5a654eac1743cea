import ArgumentParser
import Descent
import DescentReports
import RealModule

/// Momentum on an ill-conditioned bowl, and its two conventions under a drop of the rate.
package struct MomentumDialects: Experiment {
    package static let name = "momentum"
    package static let summary = "paths on an ill-conditioned bowl, and two conventions under a rate drop"

    @Option(help: "The ratio of the bowl's curvatures.")
    var condition = 50.0

    @Option(help: "The momentum μ.")
    var momentum = 0.9

    @Option(help: "How many steps.")
    var steps = 120

    @Option(help: "The rate of gradient descent; without it the best, 2/(κ + 1).")
    var learningRate: Double?

    @Option(parsing: .upToNextOption, help: "The two rates of the table of conventions.")
    var rates: [Double] = [0.1, 0.01]

    @Option(help: "After how many steps the rate falls there; as many follow.")
    var dropAfter = 5

    @Option(help: "Seed of the examples.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard learningRate.map({ $0 > 0 && $0.isFinite }) ?? true else {
            throw ValidationError("--learning-rate must be positive, not \(learningRate ?? 0)")
        }
        guard condition >= 1, condition.isFinite else {
            throw ValidationError("--condition must be at least 1, not \(condition)")
        }
        guard (0..<1).contains(momentum) else {
            throw ValidationError("--momentum must be at least 0 and below 1, not \(momentum)")
        }
        guard rates.count == 2, rates.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw ValidationError("--rates must be two positive numbers")
        }
        guard dropAfter >= 1 else {
            throw ValidationError("--drop-after must be at least 1, not \(dropAfter)")
        }
        guard steps >= 10 else { throw ValidationError("--steps must be at least 10, not \(steps)") }
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        // Half the sum of x² and κ y²; scaling the features makes both curvatures 1.
        let steep = condition
        let bowl: @Sendable (Double, Double) -> Double = { 0.5 * ($0 * $0 + steep * $1 * $1) }
        let round: @Sendable (Double, Double) -> Double = { 0.5 * ($0 * $0 + $1 * $1) }
        let levels = (0..<13).map { 0.02 * Double(1 << $0) }
        let ground = ContourPicture.Ground(
            value: bowl, x: -2.4...2.4, y: -2.4...2.4, levels: levels, minima: [.init(0, 0)])
        let scaled = ContourPicture.Ground(
            value: round, x: -2.4...2.4, y: -2.4...2.4, levels: levels, minima: [.init(0, 0)])
        let curvature = SIMD2(1, condition)
        // The best constant rates: 2/(L + l) for descent, Polyak's for momentum.
        let plain = learningRate ?? 2 / (condition + 1)
        let heavy = 4 / ((condition.squareRoot() + 1) * (condition.squareRoot() + 1))
        let polyak = ((condition.squareRoot() - 1) / (condition.squareRoot() + 1))
        let runs: [(title: String, rule: SGD, curvature: SIMD2<Double>, ground: ContourPicture.Ground)] = [
            ("gradient descent", SGD(learningRate: plain), curvature, ground),
            (
                "momentum \(NumberFormat.shortest(momentum))",
                SGD(learningRate: plain / 4, momentum: momentum), curvature, ground
            ),
            ("momentum tuned", SGD(learningRate: heavy, momentum: polyak * polyak), curvature, ground),
            ("standardized features", SGD(learningRate: 1), .init(1, 1), scaled),
        ]
        var table = ExperimentTable(
            "paths",
            caption:
                "Steps until the distance to the minimum is, and stays, below a hundredth of what it was",
            columns: ["method", "rate", "momentum", "steps"])
        var arrivals: [Int?] = []
        let panels = runs.map { run -> (ground: ContourPicture.Ground, path: ContourPicture.Path) in
            let points = path(run.rule, curvature: run.curvature)
            let far = points.lastIndex { distance($0) > 0.01 * distance(points[0]) } ?? -1
            let arrived = far < steps ? far + 1 : nil
            arrivals.append(arrived)
            table.append(
                .text(run.title), .number(run.rule.learningRate, digits: 3),
                .number(run.rule.momentum, digits: 3),
                arrived.map { .count($0) } ?? .text("more than \(steps)"))
            return (run.ground, ContourPicture.Path(title: run.title, points: points))
        }

        let regression = try IllConditionedRegression(
            condition: condition, momentum: momentum, steps: steps, seed: seed)
        let outside = displacement(SGD(momentum: momentum))
        let inside = displacement(Momentum(momentum: momentum))
        var drop = ExperimentTable(
            "rate-drop",
            caption: """
                Displacement after \(2 * dropAfter) steps with gradient 1, μ = \(NumberFormat.shortest(momentum)), the \
                rate falling from \(NumberFormat.shortest(rates[0])) to \(NumberFormat.shortest(rates[1])) after \
                \(dropAfter)
                """,
            columns: ["convention", "formula", "displacement"])
        drop.append(
            "rate outside the velocity (PyTorch, optax): SGD", "b ← μb + g; θ ← θ − ηb", .number(outside))
        drop.append("rate inside (the lecture, CS231n): Momentum", "v ← μv − ηg; θ ← θ + v", .number(inside))
        return ExperimentReport(
            title: "Momentum",
            question: """
                What does momentum do on an ill-conditioned loss? Could z-normalization, or batch norm, solve the \
                problem instead? And does it matter where the rate stands?
                """,
            formula: [
                "f(x, y) = ½ (x² + κ y²),   κ = \(NumberFormat.shortest(condition))",
                "descent at its best rate 2/(κ + 1) shrinks the distance by (κ − 1)/(κ + 1) a step,",
                "momentum at its best by (√κ − 1)/(√κ + 1)  (Polyak, 1964)",
            ],
            tables: [table, regression.table, drop],
            pictures: [
                ExperimentPicture(
                    "paths",
                    caption:
                        "Paths on the bowl: plain descent, momentum, momentum at its best rate, and descent on the bowl made round",
                    ContourPicture(
                        title: "Momentum on an ill-conditioned bowl",
                        subtitle:
                            "curvatures 1 and \(NumberFormat.shortest(condition)); a dot every five steps",
                        panels: panels, columns: 4, marking: 5
                    ).figure),
                regression.picture,
            ],
            claims: claims(outside: outside, inside: inside),
            answer: [
                """
                Descent has to keep its rate below 2/κ for the steep direction and is then slow along the flat one: on \
                this bowl \(words(arrivals[0])). Momentum adds up the small steps that agree and cancels those that do \
                not: with μ = \(NumberFormat.shortest(momentum)) \(words(arrivals[1])), with the best pair of rate and \
                momentum \(words(arrivals[2])). \(limit)
                """,
                """
                Standardizing features makes this bowl round, and descent at rate 1 arrives in one step: where the bad \
                conditioning comes from the features' scales, that is the better cure. In the regression on such features \
                \(regression.sentence(of: "scales")). Batch norm does the same with the statistics of each batch, for \
                inner layers too, whose features drift as the network learns. Neither undoes correlations between features; \
                with those \(regression.sentence(of: "correlated")).
                """,
                """
                With a constant rate the two conventions are the same path. When the rate falls, the one with the rate \
                inside coasts on at the old speed: it is \(NumberFormat.significant(inside / outside, digits: 3)) times as \
                far after \(2 * dropAfter) steps. A schedule taken from a paper needs the paper's convention.
                """,
            ])
    }

    private func words(_ arrival: Int?) -> String {
        arrival.map { "it takes \($0) steps" } ?? "it takes more than \(steps)"
    }

    /// What μ alone allows: a mode of the bowl shrinks by √μ a step at best.
    private var limit: String {
        guard momentum > 0 else { return "" }
        let least = (2 * Double.log(100) / -Double.log(momentum)).rounded(.up)
        return """
            More is not always better: a momentum of μ shrinks no direction by more than √μ a step, and so μ = \
            \(NumberFormat.shortest(momentum)) needs about \(NumberFormat.count(Int(min(least, 1e9)))) steps for two \
            digits however kind the bowl is. It pays where descent would need more than that, which is when κ is large.
            """
    }

    private func claims(outside: Double, inside: Double) -> [ExperimentReport.Claim] {
        guard momentum == 0.9, rates == [0.1, 0.01], dropAfter == 5 else { return [] }
        return [
            .init(
                "displacement, rate outside the velocity", stated: "−1.597",
                found: NumberFormat.fixed(outside, decimals: 3), holds: abs(outside + 1.597) < 5e-4),
            .init(
                "displacement, rate inside the velocity", stated: "−2.955",
                found: NumberFormat.fixed(inside, decimals: 3), holds: abs(inside + 2.955) < 5e-4),
        ]
    }

    private static let start = [-2.0, 0.6]

    private func path(_ rule: SGD, curvature: SIMD2<Double>) -> [ContourLines.Point] {
        var parameters = Self.start
        var state: RuleState<Double> = rule.initialState(parameterCount: 2)
        var points = [ContourLines.Point(parameters[0], parameters[1])]
        for _ in 0..<steps {
            rule.update(
                &parameters, gradient: [curvature.x * parameters[0], curvature.y * parameters[1]],
                state: &state)
            points.append(.init(parameters[0], parameters[1]))
        }
        return points
    }

    private func distance(_ point: ContourLines.Point) -> Double {
        (point * point).sum().squareRoot()
    }

    private func displacement<Rule: UpdateRule>(_ rule: Rule) -> Double {
        var rule = rule
        var parameters = [0.0]
        var state: RuleState<Double> = rule.initialState(parameterCount: 1)
        for step in 0..<2 * dropAfter {
            rule.learningRate = step < dropAfter ? rates[0] : rates[1]
            rule.update(&parameters, gradient: [1], state: &state)
        }
        return parameters[0]
    }
}
