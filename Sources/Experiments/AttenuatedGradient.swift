import ArgumentParser
import Descent
import DescentReports
import RealModule

/// Logistic regression from a saturated start: the squared error learns nothing, the log loss recovers at once.
package struct AttenuatedGradient: Experiment {
    package static let name = "attenuated-gradient"
    package static let summary = "squared error against log loss from a saturated start"

    @Option(help: "The weight at the start: the larger, the surer the wrong predictions.")
    var start = -10.0

    @Option(help: "The learning rate.")
    var learningRate = 0.5

    @Option(help: "How many full-batch updates.")
    var updates = 1000

    @Option(help: "Seed of the examples.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard learningRate > 0, learningRate.isFinite else {
            throw ValidationError("--learning-rate must be positive, not \(learningRate)")
        }
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
        for (color, name) in ["squared error", "log loss"].enumerated() {
            var weight = start
            var losses: [Curve.Point] = []
            var slopes: [Curve.Point] = []
            for update in 0...updates {
                var (gradient, loss) = (0.0, 0.0)
                for (x, y) in examples {
                    let p = sigmoid(weight * x)
                    // ∂/∂w of ½(p − y)² and of −y log p − (1 − y) log(1 − p).
                    gradient += (p - y) * x * (color == 0 ? p * (1 - p) : 1)
                    loss += logLoss(weight * x, y)
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
            table.append(
                .text(name), .number(gradients[color], digits: 3), .number(weight),
                .number(accuracies[color], digits: 3))
            curves[0].append(Curve(label: name, color: color, points: losses))
            curves[1].append(Curve(label: name, color: color, points: slopes))
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
                        }, width: 960, height: 440))
            ],
            claims: [
                .init(
                    "σ′(4)", stated: "0.0177",
                    found: NumberFormat.significant(sigmoid(4) * sigmoid(-4), digits: 3),
                    holds: abs(sigmoid(4) * sigmoid(-4) - 0.0177) < 5e-5),
                .init(
                    "squared error learns from here", stated: "no",
                    found:
                        "accuracy \(NumberFormat.significant(accuracies[0], digits: 3)); log loss \(NumberFormat.significant(accuracies[1], digits: 3))",
                    holds: accuracies[0] < 0.1 && accuracies[1] > 0.9),
            ],
            answer: [
                """
                The squared error's gradient carries the factor p(1 − p), which is nearly 0 wherever the model is sure, \
                rightly or wrongly. At this start its gradient is \
                \(NumberFormat.significant(abs(gradients[1] / gradients[0]), digits: 2)) times smaller than that of the log \
                loss, whose gradient x(p − y) is largest exactly where the model is wrong and sure.
                """
            ])
    }

    private func sigmoid(_ z: Double) -> Double {
        z >= 0 ? 1 / (1 + .exp(-z)) : .exp(z) / (1 + .exp(z))
    }

    /// log(1 + e^z) − y z, without overflow.
    private func logLoss(_ z: Double, _ y: Double) -> Double {
        max(z, 0) + .log(onePlus: .exp(-abs(z))) - y * z
    }
}
