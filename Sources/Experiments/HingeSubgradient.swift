import ArgumentParser
import Descent
import DescentReports
import RealModule

/// The subgradient method on the hinge loss of a linear classifier: step sizes, bounds, and the exact minimum.
package struct HingeSubgradient: Experiment {
    package static let name = "hinge"
    package static let summary =
        "the subgradient method on the hinge loss, beside its bounds and the exact minimum"

    @Option(help: "The digit that is told from all others.")
    var digit = 8

    @Option(help: "λ, the strength of the L2 penalty.")
    var penalty = 0.01

    @Option(help: "How many updates.")
    var updates = 5000

    @Option(help: "The larger of the two constant steps; the other is a tenth.")
    var learningRate = 1.0

    package init() {}

    package mutating func validate() throws {
        guard (0...9).contains(digit) else { throw ValidationError("--digit must be 0 to 9, not \(digit)") }
        guard penalty > 0, penalty.isFinite else {
            throw ValidationError("--penalty must be positive, not \(penalty)")
        }
        guard updates >= 100 else { throw ValidationError("--updates must be at least 100, not \(updates)") }
        guard learningRate > 0, learningRate.isFinite else {
            throw ValidationError("--learning-rate must be positive, not \(learningRate)")
        }
    }

    /// What is known after a run.
    private struct Descent {
        /// f(wₖ) − f* for each k.
        var gaps: [Double] = []
        /// The smallest of them so far.
        var best: [Double] = []
        /// How often f rose from one update to the next.
        var rises = 0
        /// The longest subgradient met.
        var longest = 0.0
    }

    /// The step of the k-th update, k from 1.
    private typealias Step = (_ k: Int, _ gap: Double, _ squaredNorm: Double) -> Double

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        let data = try examples()
        let layout = NetworkLayout(inputs: data.featureCount, layers: [.dense(1, bias: false)])
        let objective = NetworkObjective<Double>(
            layout, on: data, scaler: .identity(featureCount: data.featureCount),
            loss: .hinge(.oneVersusRest), penalty: .l2(penalty))
        progress(0, "the exact minimum")
        let exact = SupportVectors(data, penalty: penalty)
        let least = objective.value(at: exact.weights)
        let radius = exact.weights.norm

        let rate = learningRate
        let methods: [(name: String, formula: String, step: Step)] = [
            ("constant", "η = \(NumberFormat.shortest(rate))", { _, _, _ in rate }),
            ("constant, a tenth", "η = \(NumberFormat.shortest(rate / 10))", { _, _, _ in rate / 10 }),
            (
                "diminishing", "η = \(NumberFormat.shortest(rate))/√k",
                { k, _, _ in rate / Double(k).squareRoot() }
            ),
            ("Polyak", "η = (f − f*) / ‖g‖²", { _, gap, norm in norm > 0 ? gap / norm : 0 }),
            ("Pegasos", "η = 1/(λk)", { k, _, _ in 1 / (self.penalty * Double(k)) }),
        ]
        var table = ExperimentTable(
            "steps",
            caption: "Best value so far above the minimum \(NumberFormat.significant(least, digits: 6))",
            columns: [
                "step", "formula", "after 10", "after 100", "after \(updates)", "bound", "rises",
                "slope of the end",
            ])
        var bestCurves: [Curve] = []
        var lastCurves: [Curve] = []
        var slopes: [String: Double] = [:]
        var descents: [String: Descent] = [:]
        var isBelowBound = true
        for (color, method) in methods.enumerated() {
            progress(0.2 + 0.8 * Double(color) / Double(methods.count), "step \(method.formula)")
            let run = descend(objective, least: least, method.step)
            let bound = bound(method.name, longest: run.longest, radius: radius, after: updates)
            isBelowBound = isBelowBound && run.best[updates - 1] <= bound
            let slope = Self.slope(run.best)
            slopes[method.name] = slope
            descents[method.name] = run
            table.append(
                .text(method.name), .text(method.formula), .number(run.best[9], digits: 3),
                .number(run.best[99], digits: 3), .number(run.best[updates - 1], digits: 3),
                .number(bound, digits: 3), .count(run.rises), .number(slope, digits: 2))
            bestCurves.append(Curve(label: method.name, color: color, points: points(run.best)))
            lastCurves.append(Curve(label: method.name, color: color, points: points(run.gaps)))
        }
        // No method that sees only subgradients of length G can promise more, from a distance R: Nesterov 2004, 3.2.1.
        let longest = descents["Polyak"]?.longest ?? 0
        bestCurves.append(
            Curve(
                label: "R G / √k (Polyak)", color: 6, form: .excluded,
                points: [1, Double(updates)].map {
                    .init(x: $0, y: radius * longest / $0.squareRoot())
                }))
        progress(1, "")
        func tail(_ name: String) -> String {
            let last = (descents[name]?.gaps ?? []).suffix(updates / 10)
            return NumberFormat.significant(last.reduce(0, +) / Double(last.count), digits: 2)
        }
        let (left, constant) = (updates - 1, descents["constant"]!)
        return ExperimentReport(
            title: "Subgradients of the hinge loss",
            question: """
                The hinge loss has kinks. What does descent along a subgradient do there, with which step, and how near does \
                it come to the exact minimum?
                """,
            formula: [
                "f(w) = (1/n) Σ max(0, 1 − yᵢ w·xᵢ) + (λ/2) ‖w‖²,   λ = \(NumberFormat.shortest(penalty))",
                "g = λw − (1/n) Σ yᵢ xᵢ over the examples with yᵢ w·xᵢ < 1,   w ← w − η g",
                "min f(wⱼ) − f* ≤ (R² + Σ ηⱼ² ‖gⱼ‖²) / (2 Σ ηⱼ),   R = ‖w₀ − w*‖;   Polyak's step: R G / √k",
                "η = 1/(λk):  min f(wⱼ) − f* ≤ G² (1 + ln k) / (2λk)",
            ],
            tables: [table],
            pictures: [
                ExperimentPicture(
                    "gaps",
                    caption: "Distance to the minimum against updates: the best value so far, and the last",
                    Figure(
                        title: "The subgradient method on the hinge loss",
                        subtitle:
                            "digit \(digit) against the others, \(data.count) examples, \(data.featureCount) weights, λ = \(NumberFormat.shortest(penalty))",
                        columns: 2,
                        panels: [
                            ("best f so far, less the minimum", bestCurves),
                            ("f, less the minimum", lastCurves),
                        ]
                        .map {
                            Panel(
                                x: Axis("updates", scale: .logarithmic), y: Axis($0, scale: .logarithmic),
                                curves: $1)
                        }, width: 960, height: 500))
            ],
            claims: [
                .init(
                    "every step is a descent", stated: "no",
                    found:
                        "f rises in \(descents.values.map(\.rises).min()!) to \(descents.values.map(\.rises).max()!) of \(updates) updates",
                    holds: constant.rises > 0),
                .init(
                    "a constant step converges",
                    stated: "no, it stalls at a distance that grows with the step",
                    found:
                        "\(NumberFormat.significant(constant.best[left], digits: 2)) is left; of a tenth of the step \(NumberFormat.significant(descents["constant, a tenth"]!.best[left], digits: 2))",
                    holds: constant.best[left] > 3 * descents["constant, a tenth"]!.best[left]),
                .init(
                    "the best value keeps the bounds", stated: "yes",
                    found: isBelowBound ? "all of them" : "not all",
                    holds: isBelowBound),
                .init(
                    "exact minimum: primal and dual agree", stated: "f* is known",
                    found: "to within \(NumberFormat.significant(exact.gap, digits: 1))",
                    holds: exact.gap < 1e-8),
            ],
            answer: [
                """
                A negative subgradient need not lead downhill: across a kink the value may rise, and so the best point so \
                far is kept. With a constant step the iterates end up hopping across the kinks, the farther from the \
                minimum the longer the step: over the last tenth of the updates f is on average \
                \(tail("constant")) above the minimum with η = \(NumberFormat.shortest(rate)), \
                \(tail("constant, a tenth")) with a tenth of that, and \(tail("diminishing")) with the step that falls. The \
                bounds hold for every function with subgradients as long as these, and most functions are kinder.
                """,
                """
                The L2 term makes the objective strongly convex, and Pegasos' step 1/(λk) uses that: its first step, of \
                1/λ = \(NumberFormat.significant(1 / penalty, digits: 3)), throws it to \
                \(NumberFormat.significant(descents["Pegasos"]!.gaps[0], digits: 2)) above the minimum, then the bound falls \
                like ln k / k. At the end the best values fall like k to the power of \
                \(["diminishing", "Polyak", "Pegasos"].map { "\(NumberFormat.significant(slopes[$0] ?? 0, digits: 2)) (\($0))" }.joined(separator: ", ")). \
                Polyak's step needs no rate but the minimum itself, which one seldom has.
                """,
                """
                The exact minimum is found by coordinate ascent on the dual problem in \(exact.passes) passes, with \
                \(exact.supportCount) support vectors of \(data.count) examples and a gap between primal and dual that says how \
                exact it is. Where such a method exists, subgradients are the wrong tool; they need nothing but a subgradient.
                """,
            ])
    }

    /// The digit against all others: standardized features without the constant ones, and a 1 for the intercept.
    private func examples() throws -> Dataset {
        let digits = Digits.load()
        let scaler = Scaler(.standardize, fittedOn: digits)
        let scaled: Matrix<Double> = digits.matrix(scaledBy: scaler)
        let kept = (0..<scaled.columns).filter { !scaler.constantColumns.contains($0) }
        let elements = (0..<scaled.rows).flatMap { row -> [Double] in kept.map { scaled[row, $0] } + [1] }
        return try Dataset(
            features: Matrix(rows: scaled.rows, columns: kept.count + 1, elements: elements),
            labels: digits.labels.map { $0 == Int32(digit) ? "\(digit)" : "others" },
            classNames: ["others", "\(digit)"])
    }

    /// Goes along subgradients from 0.
    private func descend(_ objective: some Objective<Double>, least: Double, _ step: Step) -> Descent {
        var run = Descent()
        var weights = [Double](repeating: 0, count: objective.parameterCount)
        var subgradient = weights
        var before = objective.valueAndGradient(at: weights, gradient: &subgradient)
        var best = Double.infinity
        for k in 1...updates {
            let length = subgradient.norm
            run.longest = max(run.longest, length)
            weights.add(subgradient, scaledBy: -step(k, before - least, length * length))
            let value = objective.valueAndGradient(at: weights, gradient: &subgradient)
            if value > before { run.rises += 1 }
            before = value
            best = min(best, value - least)
            run.gaps.append(value - least)
            run.best.append(best)
        }
        return run
    }

    /// What theory promises of the best value after k updates, with the longest subgradient that was met.
    private func bound(_ method: String, longest: Double, radius: Double, after k: Int) -> Double {
        let count = Double(k)
        func sums(_ step: (Double) -> Double) -> Double {
            let steps = (1...k).map { step(Double($0)) }
            let squares = steps.reduce(0) { $0 + $1 * $1 }
            return (radius * radius + squares * longest * longest) / (2 * steps.reduce(0, +))
        }
        return switch method {
        case "constant": sums { _ in learningRate }
        case "constant, a tenth": sums { _ in learningRate / 10 }
        case "diminishing": sums { learningRate / $0.squareRoot() }
        case "Polyak": radius * longest / count.squareRoot()
        default: longest * longest * (1 + .log(count)) / (2 * penalty * count)
        }
    }

    /// The exponent of a power law through the last nine tenths of the updates, on a logarithmic scale.
    private static func slope(_ values: [Double]) -> Double {
        let (from, to) = (values.count / 10, values.count - 1)
        return .log(max(values[to], 1e-300) / max(values[from], 1e-300))
            / .log(Double(to + 1) / Double(from + 1))
    }

    private func points(_ values: [Double]) -> [Curve.Point] {
        values.enumerated().map { Curve.Point(x: Double($0 + 1), y: $1) }.thinned(perDecade: 40)
    }
}
