import Descent
import DescentReports

/// What cures an ill-conditioned least-squares problem of two features: momentum, standardizing, batch norm.
///
/// The condition number κ comes from the features' scales, 1 and √κ, or from their correlation (κ − 1)/(κ + 1).
struct IllConditionedRegression {
    /// Updates until the loss is below a ten-thousandth of what it was for good, so that the distance is a hundredth.
    let table: ExperimentTable
    /// The losses.
    let picture: ExperimentPicture

    private let arrivals: [String: Int]
    private let steps: Int
    private static let causes = [
        ("scales", "features of different scales"), ("correlated", "correlated features"),
    ]
    private let methods: [String]

    init(condition: Double, momentum: Double, steps: Int, seed: UInt64) throws {
        let heavy = "momentum \(NumberFormat.shortest(momentum))"
        methods = ["gradient descent", heavy, "standardized", "batch norm"]
        var table = ExperimentTable(
            "regression",
            caption:
                "A regression on two features with the same condition number: updates until the loss is, and stays, below 1/10,000, each method at its best rate of 1, 2, 5 × 10ᵏ",
            columns: ["cause", "method", "rate", "updates", "loss at the end, share of the start"])
        var panels: [Panel] = []
        var arrivals: [String: Int] = [:]
        for (cause, title) in Self.causes {
            let data = try Self.data(cause, condition: condition, seed: seed)
            var curves: [Curve] = []
            for (color, method) in methods.enumerated() {
                let (rate, losses) = try Self.run(
                    method, momentum: method == heavy ? momentum : 0, on: data, steps: steps)
                let far = losses.lastIndex { !($0 <= 1e-4 * losses[0]) } ?? -1
                let arrival = far + 1 < losses.count ? far + 1 : nil
                arrivals["\(cause) \(method)"] = arrival
                table.append(
                    .text(title), .text(method), .number(rate, digits: 1),
                    arrival.map { .count($0) } ?? .text("more than \(steps)"),
                    .number(losses[losses.count - 1] / losses[0], digits: 2))
                curves.append(
                    Curve(
                        label: method, color: color,
                        points: losses.enumerated().map { .init(x: Double($0), y: max($1, 1e-12)) }))
            }
            panels.append(
                Panel(
                    title: title, x: Axis("updates"),
                    y: Axis("squared error", scale: .logarithmic, range: 1e-8...1e2), curves: curves))
        }
        self.table = table
        self.arrivals = arrivals
        self.steps = steps
        picture = ExperimentPicture(
            "regression", caption: "Loss against updates where scales, and where correlation, is the cause",
            Figure(
                title: "What helps against bad conditioning",
                subtitle: "200 examples, full batches, condition number \(NumberFormat.shortest(condition))",
                columns: 2, panels: panels, width: 960, height: 460))
    }

    /// The arrivals in words.
    func sentence(of cause: String) -> String {
        methods.map { method in
            "\(method) takes \(arrivals["\(cause) \(method)"].map { "\($0)" } ?? "more than \(steps)")"
        }.joined(separator: ", ") + " updates"
    }

    /// Targets are linear in the features, without noise.
    private static func data(_ cause: String, condition: Double, seed: UInt64) throws -> Dataset {
        var generator = RandomGenerator(seed: seed)
        let correlation = (condition - 1) / (condition + 1)
        var features: [Double] = []
        var targets: [Double] = []
        for _ in 0..<200 {
            let (u, v) = (generator.nextNormal(), generator.nextNormal())
            if cause == "scales" {
                features += [u, condition.squareRoot() * v]
                targets.append(2 * u - v)
            } else {
                let w = correlation * u + (1 - correlation * correlation).squareRoot() * v
                features += [u, w]
                targets.append(2 * u - w)
            }
        }
        return try Dataset(
            features: Matrix(rows: 200, columns: 2, elements: features), targets: targets)
    }

    /// The loss before each update, at the rate with the lowest at the end.
    private static func run(
        _ method: String, momentum: Double, on data: Dataset, steps: Int
    ) throws -> (rate: Double, losses: [Double]) {
        let layers: [Layer] = method == "batch norm" ? [.batchNorm, .dense(1)] : [.dense(1)]
        let objective = NetworkObjective<Double>(
            NetworkLayout(inputs: 2, layers: layers), on: data,
            scaler: Scaler(method == "standardized" ? .standardize : .none, fittedOn: data),
            loss: .squaredError)
        let start: [Double] = objective.layout.randomParameters(seed: 0)
        var best: (rate: Double, losses: [Double])?
        for rate in PlaneRun.rates {
            var loop = TrainingLoop(
                minimizing: objective,
                with: SGD(learningRate: rate, momentum: momentum), from: start,
                batchSize: .all)
            guard let history = try? loop.run(for: .updates(steps + 1)) else { continue }
            // An update's running loss is that of the point before it, with the statistics of the batch.
            let losses = history.records.compactMap(\.runningLoss)
            if losses[losses.count - 1] < best?.losses.last ?? .infinity { best = (rate, losses) }
        }
        return best ?? (.nan, [.nan])
    }
}
