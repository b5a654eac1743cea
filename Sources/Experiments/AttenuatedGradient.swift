import ArgumentParser
import Descent
import DescentReports
import RealModule

/// Logistic regression from a saturated start: the squared error learns nothing, the log loss recovers at once.
package struct AttenuatedGradient: Experiment {
    package static let name = "attenuated-gradient"
    package static let summary = "squared error against log loss from a saturated start"

    @Option(
        parsing: .unconditional,
        help: "The weight at the start: the lower, the surer the wrong predictions.")
    var start = -10.0

    @Option(help: "The learning rate.")
    var learningRate = 0.5

    @Option(
        name: [.customLong("updates"), .customLong("epochs")],
        help: "How many updates; each takes all examples, and so is an epoch.")
    var updates = 1000

    @Option(help: "Seed of the examples.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard learningRate > 0, learningRate.isFinite else {
            throw ValidationError("--learning-rate must be positive, not \(learningRate)")
        }
        guard start.isFinite else { throw ValidationError("--start must be a number, not \(start)") }
        guard updates >= 10 else { throw ValidationError("--updates must be at least 10, not \(updates)") }
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        // One feature, positive for class 1; the start has the sign the wrong way round.
        var generator = RandomGenerator(seed: seed)
        let examples = (0..<200).map { index -> (x: Double, y: Double) in
            let y = Double(index % 2)
            return ((2 * y - 1) * (0.5 + generator.nextUnit()), y)
        }
        var curves: [[Curve]] = [[], []]
        var table = ExperimentTable(
            "losses",
            caption:
                "From the weight \(NumberFormat.shortest(start)): the gradient there, and after \(updates) updates",
            columns: ["loss", "gradient at the start", "weight at the end", "accuracy at the end"])
        var gradients: [Double] = []
        var accuracies: [Double] = []
        var weights: [Double] = []
        for (color, name) in ["squared error", "log loss"].enumerated() {
            var weight = start
            var losses: [Curve.Point] = []
            var slopes: [Curve.Point] = []
            for update in 0...updates {
                var (gradient, loss) = (0.0, 0.0)
                for (x, y) in examples {
                    let p = Sigmoid.value(weight * x)
                    // ∂/∂w of ½(p − y)² and of −y log p − (1 − y) log(1 − p).
                    gradient += (p - y) * x * (color == 0 ? p * (1 - p) : 1)
                    loss += Sigmoid.softplus(weight * x) - y * weight * x
                }
                gradient /= Double(examples.count)
                loss /= Double(examples.count)
                if update == 0 { gradients.append(gradient) }
                losses.append(.init(x: Double(update + 1), y: max(loss, 1e-9)))
                slopes.append(.init(x: Double(update + 1), y: max(abs(gradient), 1e-12)))
                if update < updates { weight -= learningRate * gradient }
            }
            let right = examples.count { (weight * $0.x > 0) == ($0.y == 1) }
            accuracies.append(Double(right) / Double(examples.count))
            weights.append(weight)
            table.append(
                .text(name), .number(gradients[color], digits: 3), .number(weight),
                .number(accuracies[color], digits: 3))
            curves[0].append(Curve(label: name, color: color, points: losses.thinned(perDecade: 40)))
            curves[1].append(Curve(label: name, color: color, points: slopes.thinned(perDecade: 40)))
        }
        return ExperimentReport(
            title: "The attenuated gradient",
            question: "Why is logistic regression not trained with the squared error?",
            formula: [
                "p = σ(xw)",
                "½(p − y)²:                          ∂/∂w = x (p − y) p (1 − p)",
                "−y log p − (1 − y) log(1 − p):      ∂/∂w = x (p − y)",
            ],
            tables: [table],
            pictures: [
                ExperimentPicture(
                    "curves", caption: "Log loss and gradient against updates for both training losses",
                    Figure(
                        title: "A saturated start",
                        subtitle:
                            "200 examples, one feature, weight \(NumberFormat.shortest(start)) at the start, rate \(NumberFormat.shortest(learningRate))",
                        columns: 2,
                        panels: zip(["log loss", "size of the gradient"], curves).map {
                            Panel(
                                x: Axis("updates + 1", scale: .logarithmic), y: Axis($0, scale: .logarithmic),
                                curves: $1)
                        }, width: 960, height: 440)),
                ExperimentPicture(
                    "losses",
                    caption:
                        "The sigmoid with its derivative, the losses of both labels, and the derivatives of the losses",
                    lossCurves),
            ],
            claims: [
                .init(
                    "σ′(4)", stated: "0.0177",
                    found: NumberFormat.significant(Sigmoid.value(4.0) * Sigmoid.value(-4.0), digits: 3),
                    holds: abs(Sigmoid.value(4.0) * Sigmoid.value(-4.0) - 0.0177) < 5e-5),
                .init(
                    "squared error learns from here", stated: "no",
                    found:
                        "accuracy \(NumberFormat.significant(accuracies[0], digits: 3)); of the log loss \(NumberFormat.significant(accuracies[1], digits: 3))",
                    holds: accuracies[0] < 0.1 && accuracies[1] > 0.9),
            ],
            answer: [
                """
                The squared error's gradient carries the factor p(1 − p), which is nearly 0 wherever the model is sure, \
                rightly or wrongly. At this start its gradient is \(ratio(gradients)) that of the log loss, whose gradient \
                x(p − y), the same as in linear regression, is largest exactly where the model is wrong and sure.
                """,
                """
                After \(NumberFormat.count(updates)) updates at the same rate the squared error classifies \
                \(share(accuracies[0])) of the examples rightly, with a weight of \
                \(NumberFormat.significant(weights[0], digits: 3)), and the log loss \(share(accuracies[1])), with \
                \(NumberFormat.significant(weights[1], digits: 3)); both began at \(NumberFormat.shortest(start)).
                """,
            ])
    }

    private func share(_ accuracy: Double) -> String {
        NumberFormat.significant(100 * accuracy, digits: 3) + " %"
    }

    /// How the first gradient compares with the second.
    private func ratio(_ gradients: [Double]) -> String {
        guard gradients[0] != 0 else { return "0 to the last bit, against \(gradients[1]) for" }
        let ratio = abs(gradients[1] / gradients[0])
        return "1/\(NumberFormat.significant(ratio, digits: ratio < 100 ? 2 : 4)) of"
    }

    /// The sigmoid with its derivative, and what the two labels cost, against the logit.
    private var lossCurves: Figure {
        let logits = (-60...60).map { Double($0) / 10 }
        func curve(_ label: String, _ color: Int, _ value: (Double) -> Double) -> Curve {
            Curve(label: label, color: color, points: logits.map { .init(x: $0, y: value($0)) })
        }
        return Figure(
            title: "The sigmoid and the losses",
            subtitle: "against the logit z; beyond ±4 the sigmoid is all but flat",
            columns: 3,
            panels: [
                Panel(
                    x: Axis("z"), y: Axis("σ(z) and σ′(z)"),
                    curves: [
                        curve("σ(z)", 0) { Sigmoid.value($0) },
                        curve("σ′(z)", 1) { Sigmoid.value($0) * Sigmoid.value(-$0) },
                    ]),
                Panel(
                    x: Axis("z"), y: Axis("loss"),
                    curves: [
                        curve("−log σ(z), label 1", 2) { Sigmoid.softplus(-$0) },
                        curve("−log(1 − σ(z)), label 0", 3) { Sigmoid.softplus($0) },
                        curve("½(σ(z) − 1)², label 1", 4) { Sigmoid.value(-$0) * Sigmoid.value(-$0) / 2 },
                    ]),
                Panel(
                    x: Axis("z"), y: Axis("size of the derivative by z, label 1"),
                    curves: [
                        curve("−log σ(z), label 1", 2) { Sigmoid.value(-$0) },
                        curve("½(σ(z) − 1)², label 1", 4) {
                            Sigmoid.value(-$0) * Sigmoid.value($0) * Sigmoid.value(-$0)
                        },
                    ]),
            ], width: 1100, height: 420)
    }
}
