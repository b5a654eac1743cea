import ArgumentParser
import Descent
import DescentReports

/// The loss of a network along the straight line from its initial to its final parameters.
package struct LossLine: Experiment {
    package static let name = "loss-line"
    package static let summary = "the loss on the straight line from the initial to the final parameters"

    @Option(help: "How many networks, which differ in their seeds.")
    var replicates = 5

    @Option(help: "How many epochs each is trained.")
    var epochs = 30

    @Option(help: "The learning rate of SGD with momentum 0.9.")
    var learningRate = 0.05

    @Option(help: "The learning rate of Adam.")
    var adamLearningRate = 0.01

    @Option(parsing: .upToNextOption, help: "The widths of the hidden layers.")
    var hidden: [Int] = [32]

    @Option(help: "Examples in a batch.")
    var batchSize = 32

    @Option(help: "How many points there are from the initial to the final parameters.")
    var points = 50

    @Option(help: "Seed of the first network; the others count up from it.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard replicates >= 2 else { throw ValidationError("--replicates must be at least 2") }
        guard epochs >= 1 else { throw ValidationError("--epochs must be at least 1") }
        guard (1...1347).contains(batchSize) else {
            throw ValidationError("--batch-size must be 1 to 1347, not \(batchSize)")
        }
        guard points >= 10 else { throw ValidationError("--points must be at least 10, not \(points)") }
        guard hidden.allSatisfy({ $0 >= 1 }) else { throw ValidationError("--hidden must be positive") }
        guard [learningRate, adamLearningRate].allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw ValidationError("learning rates must be positive numbers")
        }
    }

    /// A network that was trained, and how it got there.
    private struct Trained {
        var start: [Double]
        var end: [Double]
        /// The farthest that training was from the straight line, as a share of the line's length.
        var detour: Double
        var accuracy: Double
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        let (train, validation) = Digits.load().split(validation: 0.25, stratified: true, seed: seed)
        let scaler = Scaler(.automatic, fittedOn: train)
        let layout = NetworkLayout(sizes: [train.featureCount] + hidden + [train.classCount])
        let objective = CrossEntropyObjective<Double>(layout, on: train, scaler: scaler)
        let held = CrossEntropyObjective<Double>(layout, on: validation, scaler: scaler)
        let rules: [(name: String, rule: any UpdateRule)] = [
            ("SGD, momentum 0.9", SGD(learningRate: learningRate, momentum: 0.9)),
            ("Adam", Adam(learningRate: adamLearningRate)),
        ]

        var lines = ExperimentTable(
            "lines", caption: "From the initial to the final parameters, training loss",
            columns: [
                "method", "seed", "loss at the start", "at the end", "rises on the way", "highest rise",
                "longest detour", "validation accuracy",
            ])
        var between = ExperimentTable(
            "between",
            caption:
                "Between the final parameters of two networks: the highest training loss on the straight line",
            columns: ["method", "seeds", "highest on the line", "at its ends, at most"])
        var panels: [Panel] = []
        var monotone: [Int] = []
        var detours: [Double] = []
        var highest: [Double] = []
        var accuracies: [Double] = []
        for (place, method) in rules.enumerated() {
            var curves: [Curve] = []
            var crossing: [Curve] = []
            var networks: [Trained] = []
            var smooth = 0
            for index in 0..<replicates {
                progress(
                    Double(place * replicates + index) / Double(rules.count * replicates),
                    "\(method.name), network \(index + 1)")
                let network = try trained(objective, held, method.rule, seed: seed &+ UInt64(index))
                // Beyond both ends too: the ends are marked by α = 0 and 1.
                let shares = (-points / 4...points + points / 2).map { Double($0) / Double(points) }
                let losses = losses(objective, from: network.start, to: network.end, shares)
                let inside = zip(shares, losses).filter { (0...1).contains($0.0) }.map(\.1)
                let rises = zip(inside, inside.dropFirst()).map { max(0, $1 - $0) }
                if rises.allSatisfy({ $0 == 0 }) { smooth += 1 }
                lines.append(
                    .text(method.name), .count(Int(seed) + index), .number(inside[0]),
                    .number(inside[inside.count - 1]), .count(rises.count { $0 > 0 }),
                    .number(rises.max() ?? 0, digits: 2), .number(network.detour, digits: 2),
                    .number(network.accuracy, digits: 3))
                curves.append(
                    Curve(
                        label: method.name, color: place,
                        points: zip(shares, losses).map { .init(x: $0, y: $1) }))
                if let first = networks.first {
                    let losses = self.losses(objective, from: first.end, to: network.end, shares)
                    let inside = zip(shares, losses).filter { (0...1).contains($0.0) }.map(\.1)
                    let ends = max(inside[0], inside[inside.count - 1])
                    highest.append((inside.max() ?? ends) / ends)
                    between.append(
                        .text(method.name), .text("\(seed) to \(Int(seed) + index)"),
                        .number(inside.max() ?? .nan), .number(ends))
                    crossing.append(
                        Curve(
                            label: method.name, color: place,
                            points: zip(shares, losses).map { .init(x: $0, y: $1) }))
                }
                detours.append(network.detour)
                accuracies.append(network.accuracy)
                networks.append(network)
            }
            monotone.append(smooth)
            panels.append(
                Panel(
                    title: "from start (0) to end (1)", x: Axis("α"),
                    y: Axis("training loss", scale: .logarithmic), curves: curves))
            panels.append(
                Panel(
                    title: "from one end (0) to another (1)", x: Axis("α"),
                    y: Axis("training loss", scale: .logarithmic), curves: crossing))
        }
        progress(1, "")
        let total = replicates * rules.count
        return ExperimentReport(
            title: "The loss on a straight line",
            question: """
                Does the loss rise anywhere on the straight line from the initial to the final parameters of a network? If \
                flat regions were small, it should at times.
                """,
            formula: [
                "f((1 − α) θ₀ + α θ₁),   α from 0, the initial parameters, to 1, the final ones, and beyond"
            ],
            tables: [lines, between],
            pictures: [
                ExperimentPicture(
                    "lines",
                    caption:
                        "Training loss along straight lines: from start to end, and from the end of one network to that of another",
                    Figure(
                        title: "The loss on straight lines through parameter space",
                        subtitle:
                            "digits, layers \(layout.sizes.map(String.init).joined(separator: "–")), \(replicates) networks each, \(epochs) epochs",
                        columns: 2, panels: panels, width: 960, height: 820))
            ],
            claims: [
                .init(
                    "the loss falls all the way from start to end (Goodfellow et al., 2014)", stated: "yes",
                    found: zip(rules, monotone).map { "\($0.name): \($1) of \(replicates)" }.joined(
                        separator: "; "),
                    holds: monotone.reduce(0, +) == total),
                .init(
                    "there is a ridge between two solutions", stated: "yes",
                    found:
                        "the loss rises to \(NumberFormat.significant(highest.min() ?? 0, digits: 2)) to \(NumberFormat.significant(highest.max() ?? 0, digits: 2)) times that at the higher end",
                    holds: highest.allSatisfy { $0 > 2 }),
            ],
            answer: answer(
                falling: monotone.reduce(0, +), of: total, detours: detours, ridges: highest,
                accuracies: accuracies))
    }

    private func answer(
        falling: Int, of total: Int, detours: [Double], ridges: [Double], accuracies: [Double]
    ) -> [String] {
        func digits(_ value: Double?) -> String { NumberFormat.significant(value ?? .nan, digits: 2) }
        let verdict =
            falling == total
            ? "That is no rarity of one seed, but also no proof that minima are flat"
            : falling > 0
                ? "So it is not always so. Where it falls that is no proof that minima are flat"
                : "So it is not so here. Nor does that say that minima are sharp"
        let count = ridges.count { $0 > 2 }
        let ridge =
            count == ridges.count
            ? "the loss has a ridge each time"
            : count == 0
                ? "the loss has no ridge here" : "the loss has a ridge \(count) times out of \(ridges.count)"
        return [
            """
            From start to end the loss falls without a rise in \(falling) of \(total) networks, at steps of 1/\(points). \
            \(verdict): one line out of all directions is looked at, and one that is chosen with knowledge of the end.
            """,
            """
            Nor is it the way that training takes: the parameters went up to \(digits(100 * (detours.max() ?? 0))) % of the \
            line's length away from it. And on the line between the ends of two networks, whose validation accuracies are \
            all within \(NumberFormat.fixed(accuracies.min() ?? .nan, decimals: 3)) to \
            \(NumberFormat.fixed(accuracies.max() ?? .nan, decimals: 3)), \(ridge), up to \(digits(ridges.max())) times the \
            loss at the ends. Two networks may be the same function written down with other hidden units, and the mean of \
            two such descriptions describes neither.
            """,
        ]
    }

    private func trained<Rule: UpdateRule>(
        _ objective: CrossEntropyObjective<Double>, _ held: CrossEntropyObjective<Double>, _ rule: Rule,
        seed: UInt64
    ) throws -> Trained {
        let start: [Double] = objective.layout.randomParameters(seed: seed)
        var loop = TrainingLoop(
            minimizing: objective, with: rule, from: start, batchSize: .examples(batchSize), seed: seed)
        var way: [[Double]] = []
        try loop.run(for: .epochs(epochs)) { parameters in
            way.append(parameters)
            return Evaluation()
        }
        let end = loop.parameters
        let direction = zip(end, start).map { $0 - $1 }
        let length = direction.norm
        let detours = way.map { point -> Double in
            let offset = zip(point, start).map { $0 - $1 }
            let along = offset.dot(direction) / length
            return max(0, offset.norm * offset.norm - along * along).squareRoot() / length
        }
        return Trained(
            start: start, end: end, detour: detours.max() ?? 0, accuracy: held.evaluate(at: end).accuracy)
    }

    private func losses(
        _ objective: CrossEntropyObjective<Double>, from start: [Double], to end: [Double], _ shares: [Double]
    ) -> [Double] {
        shares.map { share in
            objective.value(at: zip(start, end).map { (1 - share) * $0 + share * $1 })
        }
    }
}
