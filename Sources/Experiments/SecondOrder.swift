import ArgumentParser
import Descent
import DescentReports
import RealModule

/// Newton's method and L-BFGS beside first-order methods, on a bowl and on logistic regression.
package struct SecondOrder: Experiment {
    package static let name = "newton-and-lbfgs"
    package static let summary =
        "second order against first order on logistic regression and on a bowl"

    @Option(help: "The digit that is told from all others.")
    var digit = 8

    @Option(help: "λ, the strength of the L2 penalty.")
    var penalty = 0.001

    @Option(help: "The most iterations of a first-order method.")
    var iterations = 2000

    @Option(parsing: .upToNextOption, help: "The learning rates that first-order methods choose from.")
    var learningRates: [Double] = [0.01, 0.03, 0.1, 0.3, 1, 3, 10]

    @Option(help: "Seed of the order of the examples, for the method that takes them in batches.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard (0...9).contains(digit) else { throw ValidationError("--digit must be 0 to 9, not \(digit)") }
        guard penalty > 0, penalty.isFinite else {
            throw ValidationError("--penalty must be positive, not \(penalty)")
        }
        guard iterations >= 10 else {
            throw ValidationError("--iterations must be at least 10, not \(iterations)")
        }
        guard !learningRates.isEmpty, learningRates.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw ValidationError("--learning-rates must be positive numbers")
        }
    }

    /// How far above the minimum a method was, against what it had spent.
    private struct Way {
        struct Point {
            var iterations: Double
            /// Times that the whole data was gone through, for values, gradients, Hessians or products with them.
            var passes: Double
            var seconds: Double
            var gap: Double
        }

        var name: String
        var rate: Double?
        var points: [Point] = []

        /// How far above the minimum it was after so many passes.
        func gap(afterPasses passes: Double) -> Double { points.last { $0.passes <= passes }?.gap ?? .nan }

        /// The first point from which on the gap is below a limit.
        func arrival(_ limit: Double) -> Point? {
            let last = points.lastIndex { !($0.gap <= limit) } ?? -1
            return last + 1 < points.count ? points[last + 1] : nil
        }
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        progress(0, "the bowl")
        let bowl = try onBowl()
        let digits = Digits.load()
        let data = try Dataset(
            features: digits.matrix(scaledBy: Scaler(.standardize, fittedOn: digits), as: Double.self),
            labels: digits.labels.map { $0 == Int32(digit) ? "\(digit)" : "others" },
            classNames: ["others", "\(digit)"])
        let objective = LogisticObjective<Double>(on: data, penalty: .l2(penalty))
        let start = [Double](repeating: 0, count: objective.parameterCount)
        let exact = try Newton(stopping: StoppingRule(gradientTolerance: 1e-14, maximumIterations: 50))
            .minimize(objective, from: start)
        let least = exact.value
        let stopping = StoppingRule(gradientTolerance: 1e-10, maximumIterations: iterations)

        var ways: [Way] = []
        for (index, method) in firstOrder.enumerated() {
            progress(0.1 + 0.6 * Double(index) / Double(firstOrder.count), method.name)
            ways.append(
                try tuned(method.name, method.rule, objective, batch: method.batch, from: start, least: least)
            )
        }
        progress(0.8, "minimizers")
        ways += [
            try minimized(
                "conjugate gradients", ConjugateGradient(stopping: stopping), objective, start, least),
            try minimized("L-BFGS", LBFGS(stopping: stopping), objective, start, least),
            try minimized("Newton-CG", start, least) {
                try NewtonCG(stopping: stopping).minimize(objective, from: start, observing: $0)
            },
            try minimized("Newton", start, least) {
                try Newton(stopping: stopping).minimize(objective, from: start, observing: $0)
            },
        ]
        let bare = try bareSteps(objective)
        progress(1, "")
        return ExperimentReport(
            title: "Second order against first order",
            question: """
                Newton's method and L-BFGS know about curvature, gradient descent does not. What is that worth in iterations, \
                in passes over the data, and in seconds?
                """,
            formula: [
                "Newton:  w ← w − η (∇²f)⁻¹ ∇f,   η from a line search; on a quadratic η = 1 and one step",
                "L-BFGS:  (∇²f)⁻¹ built from the last ten differences of steps and gradients",
                "f(w, b) = (1/n) Σ log(1 + exp(−yᵢ (w·xᵢ + b))) + (λ/2) ‖w‖²,   λ = \(NumberFormat.shortest(penalty))",
            ],
            tables: [table(ways), bowl.table, bare.table],
            pictures: [
                ExperimentPicture(
                    "gaps", caption: "Distance to the minimum against iterations, passes and seconds",
                    Figure(
                        title: "Logistic regression: digit \(digit) against the others",
                        subtitle:
                            "\(data.count) examples, \(objective.parameterCount) parameters; f less its minimum; first-order methods at their best rates",
                        columns: 3, panels: panels(ways), width: 1200, height: 520)),
                bowl.picture,
            ],
            claims: [
                .init(
                    "Newton on the bowl", stated: "one step",
                    found: bowl.newton == 1 ? "one step" : "\(bowl.newton) steps", holds: bowl.newton == 1),
                .init(
                    "Newton's method needs no learning rate", stated: "yes",
                    found:
                        "without a line search it fails at \(bare.failures) of \(bare.count) starts in the table",
                    holds: bare.failures == 0),
            ],
            answer: answer(ways, width: objective.parameterCount))
    }

    // MARK: Logistic regression

    private var firstOrder: [(name: String, rule: any UpdateRule, batch: BatchSize)] {
        [
            ("gradient descent", GradientDescent(learningRate: 1), .all),
            ("momentum 0.9", SGD(momentum: 0.9), .all),
            ("Adam", Adam(), .all),
            ("SGD, batches of 32", SGD(), .examples(32)),
        ]
    }

    /// A rule at the rate with the lowest value at the end.
    private func tuned<Rule: UpdateRule>(
        _ name: String, _ rule: Rule, _ objective: LogisticObjective<Double>, batch: BatchSize,
        from start: [Double], least: Double
    ) throws -> Way {
        var best: Way?
        for rate in learningRates {
            var rule = rule
            rule.learningRate = rate
            var loop = TrainingLoop(
                minimizing: objective, with: rule, from: start, batchSize: batch, seed: seed)
            let history: History
            do {
                // An epoch of batches is many updates: the same number of passes for all.
                history = try loop.run(for: .epochs(batch == .all ? iterations : max(10, iterations / 10))) {
                    Evaluation(trainingLoss: objective.value(at: $0))
                }
            } catch {
                guard case .diverged = error else { throw error }
                continue
            }
            let way = Way(
                name: name, rate: rate,
                points: history.records.compactMap { record in
                    record.trainingLoss.map {
                        .init(
                            iterations: Double(record.updates), passes: record.epoch, seconds: record.seconds,
                            gap: $0 - least)
                    }
                })
            if let last = way.points.last, last.gap < best?.points.last?.gap ?? .infinity { best = way }
        }
        return best ?? Way(name: name)
    }

    private func minimized(
        _ name: String, _ minimizer: some Minimizer, _ objective: LogisticObjective<Double>,
        _ start: [Double], _ least: Double
    ) throws -> Way {
        try minimized(name, start, least) { try minimizer.minimize(objective, from: start, observing: $0) }
    }

    private func minimized(
        _ name: String, _ start: [Double], _ least: Double,
        _ minimize: ((MinimizerProgress<Double>) -> Void) throws -> Solution<Double>
    ) throws -> Way {
        var way = Way(name: name)
        let began = ContinuousClock.now
        _ = try minimize { step in
            let counts = step.counts
            way.points.append(
                .init(
                    iterations: Double(counts.iterations),
                    passes: Double(counts.values + counts.hessianProducts + counts.hessians),
                    seconds: (ContinuousClock.now - began) / .seconds(1), gap: step.value - least))
        }
        return way
    }

    private func table(_ ways: [Way]) -> ExperimentTable {
        let limits = [1e-3, 1e-6, 1e-9]
        var table = ExperimentTable(
            "logistic", caption: "What it takes until f is within 10⁻³, 10⁻⁶ and 10⁻⁹ of its minimum",
            columns: ["method", "rate", "left after 10 passes"]
                + limits.flatMap { ["iterations to \(NumberFormat.shortest($0))", "passes", "milliseconds"] })
        // Headings are keys in JSON and must differ.
        for index in limits.indices {
            table.columns[4 + 3 * index] += " to \(NumberFormat.shortest(limits[index]))"
            table.columns[5 + 3 * index] += " to \(NumberFormat.shortest(limits[index]))"
        }
        for way in ways {
            var row: [ExperimentTable.Cell] = [
                .text(way.name), way.rate.map { .number($0, digits: 1) } ?? .none,
                .number(way.gap(afterPasses: 10), digits: 2),
            ]
            for limit in limits {
                if let point = way.arrival(limit) {
                    row += [
                        .count(Int(point.iterations)), .count(Int(point.passes.rounded(.up))),
                        .number(1000 * point.seconds, digits: 2),
                    ]
                } else {
                    row += [.none, .none, .none]
                }
            }
            table.append(row: row)
        }
        return table
    }

    private func panels(_ ways: [Way]) -> [Panel] {
        let axes: [(String, (Way.Point) -> Double)] = [
            ("iterations + 1", { $0.iterations + 1 }), ("passes over the data + 1", { $0.passes + 1 }),
            ("milliseconds", { 1000 * $0.seconds }),
        ]
        return axes.map { label, abscissa in
            Panel(
                x: Axis(label, scale: .logarithmic),
                y: Axis("f less its minimum", scale: .logarithmic, range: 1e-12...2),
                curves: ways.enumerated().map { color, way in
                    Curve(
                        label: way.name, color: color,
                        points: way.points.map { Curve.Point(x: abscissa($0), y: max($0.gap, 1e-13)) }
                            .thinned(perDecade: 40)
                    )
                })
        }
    }

    // MARK: What is said

    /// What becomes of small batches at a constant rate.
    private func batches(_ ways: [Way]) -> String {
        guard let way = ways.first(where: { $0.name.hasPrefix("SGD") }), let last = way.points.last else {
            return "Batches diverge at each of these rates."
        }
        let left =
            "SGD with batches is \(NumberFormat.significant(last.gap, digits: 1)) above the minimum after"
        let passes = "\(NumberFormat.count(Int(last.passes.rounded()))) passes"
        return way.arrival(1e-6) == nil
            ? "\(left) \(passes): at a constant rate it does not reach the last digits, which for learning are worth nothing."
            : "\(left) \(passes)."
    }

    private func answer(_ ways: [Way], width: Int) -> [String] {
        func arrival(_ name: String) -> Way.Point? { ways.first { $0.name == name }?.arrival(1e-6) }
        func text(_ name: String) -> String {
            guard let point = arrival(name) else { return "\(name) does not get there" }
            return """
                \(name) \(NumberFormat.count(Int(point.iterations))) iterations and \
                \(NumberFormat.count(Int(point.passes.rounded(.up)))) passes
                """
        }
        let soonest = ways.compactMap { way in way.arrival(1e-6).map { (way.name, $0.seconds) } }.min {
            $0.1 < $1.1
        }
        let early = ways.map { ($0.name, $0.gap(afterPasses: 10)) }.sorted { $0.1 < $1.1 }.prefix(2)
        return [
            """
            To within 10⁻⁶ of the minimum: \(["gradient descent", "momentum 0.9", "Adam", "L-BFGS", "Newton-CG", "Newton"].map(text).joined(separator: "; ")).
            """,
            """
            An iteration of Newton's method is dear: the Hessian of d parameters costs d²/2 multiplications an example, \
            where value and gradient cost 2d, and its factorization d³/3 on top; at \(width) parameters that is as much as \
            \(width / 4) gradients, at thousands it no longer pays. L-BFGS takes gradients and 4md multiplications a step, and \
            learns enough about curvature from them. Least time to 10⁻⁶ in this run: \(soonest?.0 ?? "none"). After ten passes \
            \(early.map { "\($0.0) (\(NumberFormat.significant($0.1, digits: 2)))" }.joined(separator: " and ")) are ahead. \
            \(batches(ways))
            """,
            """
            "Newton's method has no learning rate" holds on quadratics and near a minimum. Elsewhere the bare step may \
            diverge, or be drawn into a saddle, which is as good a zero of the gradient as a minimum; hence the line search, and \
            the absolute values of negative curvatures.
            """,
        ]
    }
}
