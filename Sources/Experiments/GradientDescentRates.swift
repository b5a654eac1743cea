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

    @Option(help: "Seed of the split and of the initial weights.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard learningRates.allSatisfy({ $0 > 0 && $0.isFinite }), !learningRates.isEmpty else {
            throw ValidationError("--learning-rates must be positive numbers")
        }
        guard updates >= 10 else { throw ValidationError("--updates must be at least 10, not \(updates)") }
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        let (train, validation) = Digits.load().split(validation: 0.25, seed: seed)
        let scaler = Scaler(.standardize, fittedOn: train)
        let layout = NetworkLayout(sizes: [train.featureCount, train.classCount])
        let objective = CrossEntropyObjective<Double>(layout, on: train, scaler: scaler)
        let held = CrossEntropyObjective<Double>(layout, on: validation, scaler: scaler)
        // Uniform in 0…1, as the course draws them.
        var generator = RandomGenerator(seed: seed)
        let start = (0..<layout.parameterCount).map { _ in generator.nextUnit() }
        let flawed = SummedBias(base: objective, bias: layout.layers[0].bias)

        var table = ExperimentTable(
            "losses", caption: "Training loss of full-batch gradient descent",
            columns: [
                "gradient", "rate", "after 10", "after 100", "after \(updates)",
                "updates that raised the loss", "validation accuracy",
            ])
        var curves: [[Curve]] = [[], []]
        var runs: [String: [Double]] = [:]
        let total = Double(2 * learningRates.count)
        for (kind, name) in ["mean", "bias summed"].enumerated() {
            for (color, rate) in learningRates.enumerated() {
                progress(Double(kind * learningRates.count + color) / total, "\(name) gradient, rate \(rate)")
                let (losses, parameters) =
                    kind == 0
                    ? descend(objective, from: start, rate: rate) : descend(flawed, from: start, rate: rate)
                runs["\(kind) \(rate)"] = losses
                let rises = zip(losses, losses.dropFirst()).count { !($1 <= $0) }
                table.append(
                    .text(name), .number(rate), at(10, losses), at(100, losses), at(updates, losses),
                    .count(rises), .number(held.evaluate(at: parameters).accuracy))
                curves[kind].append(
                    Curve(
                        label: "rate \(NumberFormat.shortest(rate))", color: color,
                        points: losses.enumerated().map { Curve.Point(x: Double($0 + 1), y: $1) }.thinned(
                            perDecade: 40)))
            }
        }
        let atStart = objective.largestCurvature(at: start, seed: seed)
        let trained = descend(objective, from: start, rate: 1).parameters
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
            claims: claims(runs),
            answer: [
                """
                With the gradient of the mean loss, rate 1 falls steadily, and so does rate 3. The overshoot that is \
                often shown at rate 1 comes from a bias gradient that is summed over the examples while that of the \
                weights is averaged: the biases then move \(train.count) times as fast as they should, and the loss \
                blows up.
                """,
                """
                The true limit is 2/L with L the largest eigenvalue of the Hessian: \
                \(NumberFormat.significant(2 / atStart, digits: 3)) at the start and \
                \(NumberFormat.significant(2 / atEnd, digits: 3)) where rate 1 ends. The curvature falls as the \
                predictions become sure, faster than a rate a few times beyond the first threshold can make use of it, \
                so such a rate need not blow up; one beyond 2/L at every point of its path would.
                """,
            ])
    }

    private func claims(_ runs: [String: [Double]]) -> [ExperimentReport.Claim] {
        guard let right = runs["0 1.0"], let wrong = runs["1 1.0"], updates >= 1000 else { return [] }
        let highest = wrong.max() ?? 0
        return zip([10, 100, 1000], [0.333, 0.082, 0.017]).map { update, stated in
            let found = right[update - 1]
            return .init(
                "loss at rate 1 after \(update) updates, mean gradient", stated: "about \(stated)",
                found: NumberFormat.significant(found, digits: 3), holds: abs(found / stated - 1) < 0.25)
        } + [
            .init(
                "rate 1 overshoots", stated: "yes",
                found:
                    "only with the summed bias: loss up to \(NumberFormat.significant(highest, digits: 3))",
                holds: zip(right, right.dropFirst()).contains { $1 > $0 })
        ]
    }

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
            for i in parameters.indices { parameters[i] -= rate * gradient[i] }
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
