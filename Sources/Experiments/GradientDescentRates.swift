import ArgumentParser
import Descent
import DescentReports

/// Full-batch gradient descent on digits at several rates, with the mean gradient and with a bias gradient that is
/// summed by mistake.
package struct GradientDescentRates: Experiment {
    package static let name = "gradient-descent"
    package static let summary =
        "full-batch loss at several rates, the bug that made rate 1 overshoot, the threshold 2/L"

    @Option(
        name: [.customLong("learning-rates"), .customLong("learning-rate")], parsing: .upToNextOption,
        help: "The learning rates.")
    var learningRates: [Double] = [0.01, 0.1, 1, 3, 10]

    @Option(
        name: [.customLong("updates"), .customLong("epochs")],
        help: "How many updates; each takes the whole training set, and so is an epoch.")
    var updates = 1000

    @Option(help: "How many more splits and starts the figures stated elsewhere are held against.")
    var replicates = 10

    @Option(help: "Seed of the split and of the initial weights.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard learningRates.allSatisfy({ $0 > 0 && $0.isFinite }), !learningRates.isEmpty else {
            throw ValidationError("--learning-rates must be positive numbers")
        }
        guard replicates >= 2 else { throw ValidationError("--replicates must be at least 2") }
        guard updates >= 10 else { throw ValidationError("--updates must be at least 10, not \(updates)") }
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        let problem = CourseProblem(seed: seed, penalty: .none)
        let (train, objective, start) = (problem.train, problem.objective, problem.start)
        let flawed = SummedBias(base: objective, bias: problem.layout.layers[0].bias)

        var table = ExperimentTable(
            "losses", caption: "Training loss of full-batch gradient descent",
            columns: [
                "gradient", "rate", "after 10", "after 100", "after \(updates)",
                "updates that raised the loss", "validation accuracy",
            ])
        var curves: [[Curve]] = [[], []]
        var runs: [String: [Double]] = [:]
        // Where the runs with the mean gradient end, by rate.
        var ends: [Double: [Double]] = [:]
        let total = Double(2 * learningRates.count) / 0.8
        for (kind, name) in ["mean", "bias summed"].enumerated() {
            for (color, rate) in learningRates.enumerated() {
                progress(Double(kind * learningRates.count + color) / total, "\(name) gradient, rate \(rate)")
                let (losses, parameters) =
                    kind == 0
                    ? descend(objective, from: start, rate: rate) : descend(flawed, from: start, rate: rate)
                runs["\(kind) \(rate)"] = losses
                if kind == 0 { ends[rate] = parameters }
                table.append(
                    .text(name), .number(rate), at(10, losses), at(100, losses), at(updates, losses),
                    .count(rises(losses)), .number(problem.held.evaluate(at: parameters).accuracy))
                curves[kind].append(
                    Curve(
                        label: "rate \(NumberFormat.shortest(rate))", color: color,
                        points: losses.enumerated().map { Curve.Point(x: Double($0 + 1), y: $1) }.thinned(
                            perDecade: 40)))
            }
        }
        let atStart = objective.largestCurvature(at: start, seed: seed)
        let trained = ends[1] ?? descend(objective, from: start, rate: 1).parameters
        let atEnd = objective.largestCurvature(at: trained, seed: seed)
        var thresholds = ExperimentTable(
            "thresholds",
            caption:
                "The largest curvature L of the loss, and the rate 2/L beyond which a step along it overshoots",
            columns: ["where", "L", "2/L"])
        thresholds.append("at the start", .number(atStart), .number(2 / atStart))
        thresholds.append(.text("after \(updates) updates at rate 1"), .number(atEnd), .number(2 / atEnd))

        let panels = zip(["mean gradient", "bias gradient summed"], curves).map { name, curves in
            Panel(
                x: Axis("updates", scale: .logarithmic),
                y: Axis("training loss, \(name)", scale: .logarithmic),
                curves: curves)
        }
        return ExperimentReport(
            title: "Gradient descent and its rate",
            question: """
                Full-batch gradient descent on softmax regression over the UCI digits: which rate is too large, and \
                why did rate 1 overshoot in the course?
                """,
            formula: [
                "θ ← θ − η ∇f(θ),   f the mean cross-entropy",
                "∇_W f = (1/n) Xᵀ(P − Y),   ∇_b f = (1/n) 1ᵀ(P − Y)     the mean gradient",
                "∇_W f = (1/n) Xᵀ(P − Y),   ∇_b f =       1ᵀ(P − Y)     the bias summed by mistake, n = \(train.count)",
                "a step along a direction of curvature L lowers the loss only if η < 2/L",
            ],
            tables: [table, thresholds],
            pictures: [
                ExperimentPicture(
                    "losses",
                    caption: "Training loss against updates for several rates, right and wrong gradient",
                    Figure(
                        title: "Full-batch gradient descent on digits",
                        subtitle:
                            "left: the mean gradient; right: the same with the bias gradient summed over \(train.count) examples",
                        columns: 2, panels: panels, width: 960, height: 500))
            ],
            claims: claims(runs) { progress(0.8 + 0.2 * $0, "other splits and starts") },
            answer: [
                falls(runs, count: train.count),
                """
                The true limit is 2/L with L the largest eigenvalue of the Hessian: \
                \(NumberFormat.significant(2 / atStart, digits: 3)) at the start and \
                \(NumberFormat.significant(2 / atEnd, digits: 3)) where rate 1 ends. The curvature falls as the \
                predictions become sure, so that a rate beyond the first threshold need not blow up; one that is beyond \
                2/L wherever it comes cannot settle.
                """,
            ])
    }

    /// How the runs went, in words.
    private func falls(_ runs: [String: [Double]], count: Int) -> String {
        func rates(_ kind: Int, _ rises: Bool) -> [Double] {
            learningRates.filter { rate in
                let losses = runs["\(kind) \(rate)"] ?? []
                return zip(losses, losses.dropFirst()).contains { !($1 <= $0) } == rises
            }
        }
        func list(_ rates: [Double]) -> String {
            (rates.count == 1 ? "rate " : "rates ")
                + rates.map { NumberFormat.shortest($0) }.joined(separator: ", ")
        }
        let (steady, bumpy) = (rates(0, false), rates(0, true))
        var text = "With the gradient of the mean loss the loss "
        if !steady.isEmpty { text += "falls in every update at \(list(steady))" }
        if !bumpy.isEmpty { text += (steady.isEmpty ? "" : ", and ") + "rises at times at \(list(bumpy))" }
        text += """
            . A bias gradient that is summed over the examples, while that of the weights is averaged, moves the biases \
            \(count) times as fast as they should: with it the loss
            """
        let wrong = rates(1, true)
        guard !wrong.isEmpty else { return text + " falls at these rates all the same." }
        let highest = wrong.map { NumberFormat.significant(runs["1 \($0)"]?.max() ?? .nan, digits: 3) }
        text += """
             rises, at \(list(wrong)) up to \(highest.joined(separator: ", ")). (After that it jumps about, and the last bit of \
            a product decides the digits in the table.)
            """
        guard wrong.contains(1), steady.contains(1) else { return text }
        return text + " The overshoot that is often shown at rate 1 is this error's, not the rate's."
    }

    private func claims(
        _ runs: [String: [Double]], _ progress: (Double) -> Void
    ) -> [ExperimentReport.Claim] {
        guard let right = runs["0 1.0"], let wrong = runs["1 1.0"], updates >= 1000 else { return [] }
        let highest = wrong.max() ?? 0
        let others = Compute.map(replicates, progress: progress) { index in
            let problem = CourseProblem(seed: seed &+ 1 &+ UInt64(index), penalty: .none)
            return descend(problem.objective, from: problem.start, rate: 1).losses
        }
        return zip([10, 100, 1000], [0.333, 0.082, 0.017]).map { update, stated in
            .init(
                "loss at rate 1 after \(update) updates, mean gradient", stated: stated,
                found: right[update - 1], others: others.map { $0[update - 1] })
        } + [
            .init(
                "rate 1 overshoots", stated: "yes",
                found: """
                    with the mean gradient the loss rises in \(rises(right)) of \(updates) updates; with the bias \
                    summed in \(rises(wrong)), up to \(NumberFormat.significant(highest, digits: 3))
                    """,
                holds: rises(right) > 0)
        ]
    }

    private func rises(_ losses: [Double]) -> Int { zip(losses, losses.dropFirst()).count { !($1 <= $0) } }

    private func at(_ update: Int, _ losses: [Double]) -> ExperimentTable.Cell {
        losses.indices.contains(update - 1) ? .number(losses[update - 1]) : .none
    }

    /// The loss after each update, and where the updates end.
    private func descend<O: Objective<Double>>(
        _ objective: O, from start: [Double], rate: Double
    ) -> (losses: [Double], parameters: [Double]) {
        var parameters = start
        var gradient = start
        var losses: [Double] = []
        _ = objective.valueAndGradient(at: parameters, gradient: &gradient)
        for _ in 0..<updates {
            parameters.add(gradient, scaledBy: -rate)
            losses.append(objective.valueAndGradient(at: parameters, gradient: &gradient))
        }
        return (losses, parameters)
    }

    /// Cross-entropy whose gradient is wrong on purpose: that of the bias is the sum over the examples, not the mean.
    private struct SummedBias: Objective {
        let base: CrossEntropyObjective<Double>
        let bias: Range<Int>

        var parameterCount: Int { base.parameterCount }
        func value(at parameters: [Double]) -> Double { base.value(at: parameters) }
        func valueAndGradient(at parameters: [Double], gradient: inout [Double]) -> Double {
            let value = base.valueAndGradient(at: parameters, gradient: &gradient)
            for i in bias { gradient[i] *= Double(base.exampleCount) }
            return value
        }
    }
}
