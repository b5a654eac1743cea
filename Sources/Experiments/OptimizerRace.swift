import ArgumentParser
import Descent
import DescentReports

/// Every update rule on the contours of a valley and away from a saddle, as an animation and a still.
package struct OptimizerRace: Experiment {
    package static let name = "optimizer-race"
    package static let summary = "every update rule on a contour and on a saddle, animated"

    @Option(help: "The contour: bowl or rosenbrock.")
    var contour = Contour.bowl

    @Option(help: "How many steps.")
    var steps = 60

    @Option(help: "One learning rate for all rules; without it each has the best of 1, 2, 5 × 10ᵏ.")
    var learningRate: Double?

    enum Contour: String, ExpressibleByArgument, CaseIterable {
        case bowl, rosenbrock

        var function: PlaneFunction { self == .bowl ? .bowl : .rosenbrock }
    }

    package init() {}

    package mutating func validate() throws {
        guard steps >= 10 else { throw ValidationError("--steps must be at least 10, not \(steps)") }
        guard learningRate.map({ $0 > 0 && $0.isFinite }) ?? true else {
            throw ValidationError("--learning-rate must be positive, not \(learningRate ?? 0)")
        }
    }

    /// A rule under its name, ready to run on a function.
    private struct Racer {
        var name: String
        var run: (PlaneFunction, _ steps: Int, _ rates: [Double]) -> PlaneRun

        init<Rule: UpdateRule>(
            _ name: String, _ rule: Rule,
            result: @escaping ([Double], RuleState<Double>) -> [Double] = { parameters, _ in parameters }
        ) {
            self.name = name
            run = { PlaneRun(rule, on: $0, steps: $1, rates: $2, result: result) }
        }
    }

    private static var groups: [(name: String, title: String, racers: [Racer])] {
        // The two parameters as a matrix of two rows.
        let matrix = [WeightMatrix(offset: 0, rows: 2, columns: 1)]
        let (free, freeAdam) = (ScheduleFreeSGD(), ScheduleFreeAdamW())
        return [
            (
                "classic", "The classic rules",
                [
                    .init("SGD", SGD()), .init("momentum", SGD(momentum: 0.9)),
                    .init("Nesterov", SGD(momentum: 0.9, nesterov: true)), .init("Adagrad", Adagrad()),
                    .init("Adadelta", Adadelta()), .init("RMSprop", RMSprop()), .init("Adam", Adam()),
                ]
            ),
            (
                "relatives", "Relatives of Adam, and signs",
                [
                    .init("AMSGrad", Adam(amsgrad: true)), .init("AdamW", AdamW()),
                    .init("AdaMax", AdaMax()), .init("NAdam", NAdam()), .init("RAdam", RAdam()),
                    .init("Lion", Lion()), .init("Rprop", Rprop()),
                ]
            ),
            (
                "newer", "Newer rules",
                [
                    .init("LAMB", LAMB()), .init("LARS", LARS(trust: 1)),
                    .init("Prodigy", Prodigy(initialDistance: 1e-2)),
                    .init("ScheduleFreeSGD", free) { free.averagedParameters($0, in: $1) },
                    .init("ScheduleFreeAdamW", freeAdam) { freeAdam.averagedParameters($0, in: $1) },
                    .init("Muon", Muon(matrices: matrix)), .init("Shampoo", Shampoo(matrices: matrix)),
                    .init("SOAP", SOAP(matrices: matrix)),
                ]
            ),
        ]
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        let grounds = [(contour.rawValue, contour.function), ("saddle", PlaneFunction.saddle)]
        let rates = learningRate.map { [$0] } ?? PlaneRun.rates
        var table = ExperimentTable(
            "arrivals",
            caption:
                "Steps until what is left above the minimum is, and stays, below a hundredth of what it was at the start",
            columns: grounds.flatMap { ground, _ in
                ["rate, \(ground)", "steps, \(ground)", "left after \(steps), \(ground)"]
            })
        table.columns.insert("rule", at: 0)
        var pictures: [ExperimentPicture] = []
        var runs: [String: PlaneRun] = [:]
        var arrivals: [String: Int] = [:]
        for (index, group) in Self.groups.enumerated() {
            progress(Double(index) / Double(Self.groups.count), group.title)
            var paths = [[ContourPicture.Path]](repeating: [], count: grounds.count)
            for racer in group.racers {
                var row: [ExperimentTable.Cell] = [.text(racer.name)]
                for (place, (ground, function)) in grounds.enumerated() {
                    let run = racer.run(function, steps, rates)
                    let arrival = arrival(run, on: function)
                    runs["\(racer.name), \(ground)"] = run
                    arrivals["\(racer.name), \(ground)"] = arrival
                    row += [
                        .number(run.rate, digits: 1),
                        arrival.map { .count($0) } ?? .text("more than \(steps)"),
                        .number(
                            run.points.count > steps ? left(run.values[steps], on: function) : .infinity,
                            digits: 2),
                    ]
                    paths[place].append(.init(title: racer.name, points: run.points))
                }
                table.append(row: row)
            }
            let figure = ContourPicture(
                title: group.title,
                subtitle: learningRate.map { "\(steps) steps at the rate \(NumberFormat.shortest($0))" }
                    ?? "\(steps) steps; each rule at its best rate of 1, 2, 5 × 10ᵏ",
                races: zip(grounds, paths).map { ($0.0, $0.1.ground, $1) }, side: 350
            ).figure
            pictures.append(
                ExperimentPicture(
                    group.name,
                    caption: "\(group.title): paths on the \(grounds[0].0) and away from a saddle",
                    FigureAnimation(figure, steps: steps, stride: max(1, steps / 40), delay: 12)))
        }
        progress(1, "")
        let count = Self.groups.reduce(0) { $0 + $1.racers.count }
        return ExperimentReport(
            title: "A race of optimizers",
            question: """
                How do the update rules go down an ill-conditioned valley, and how do they leave a saddle? Two well-known \
                animations show momentum shooting past the minimum, and plain descent held up at a saddle that RMSprop \
                leaves at once.
                """,
            formula: [
                contour == .bowl
                    ? "bowl:    f = ½ (u² + 25 v²), u and v turned by 30° against the coordinates"
                    : "valley:  f = 100 (y − x²)² + (1 − x)²",
                "saddle:  f = ½ x² − ½ y² + ¼ y⁴, from (−1.5, 0.02), almost on the ridge",
            ],
            tables: [table], pictures: pictures, claims: claims(runs, arrivals),
            answer: answer(arrivals, count: count))
    }

    // MARK: What is measured

    /// What is left above the minimum, as a share of what it was at the start.
    private func left(_ value: Double, on function: PlaneFunction) -> Double {
        let minimum = function.ground.minima[0]
        let least = function.function(minimum.x, minimum.y)
        return (value - least) / (function.value(at: function.start) - least)
    }

    /// After how many steps a run is near the minimum for good.
    private func arrival(_ run: PlaneRun, on function: PlaneFunction) -> Int? {
        guard run.values.count > steps else { return nil }
        let far = run.values.lastIndex { !(left($0, on: function) < 0.01) } ?? -1
        return far < steps ? far + 1 : nil
    }

    // MARK: What is said

    private func claims(
        _ runs: [String: PlaneRun], _ arrivals: [String: Int]
    ) -> [ExperimentReport.Claim] {
        guard learningRate == nil, contour == .bowl else { return [] }
        // How far a path comes to lie beyond the minimum, along the line from the start.
        func overshoot(_ name: String) -> Double {
            let function = contour.function
            let minimum = function.ground.minima[0]
            let way = minimum - ContourLines.Point(function.start[0], function.start[1])
            let points = runs["\(name), \(contour.rawValue)"]?.points ?? []
            return points.map { (($0 - minimum) * way).sum() / (way * way).sum() }.max() ?? 0
        }
        func steps(_ name: String) -> String {
            arrivals["\(name), saddle"].map { "\($0) steps" } ?? "more than \(self.steps) steps"
        }
        let (momentum, plain) = (overshoot("momentum"), overshoot("SGD"))
        let (slow, fast) = (arrivals["SGD, saddle"] ?? .max, arrivals["RMSprop, saddle"] ?? .max)
        // The same rate for both, as the animation has it: that which suits RMSprop.
        let shared = runs["RMSprop, saddle"]?.rate ?? 0.01
        let held = arrival(PlaneRun(SGD(), on: .saddle, steps: self.steps, rates: [shared]), on: .saddle)
        return [
            .init(
                "momentum shoots past the minimum", stated: "yes",
                found:
                    "by \(percent(momentum)) of the way, SGD by \(percent(max(0, plain)))",
                holds: momentum > 0.02 && momentum > plain),
            .init(
                "SGD is held up at the saddle, RMSprop is not", stated: "yes",
                found: """
                    at one rate of \(NumberFormat.shortest(shared)) SGD takes \
                    \(held.map { "\($0) steps" } ?? "more than \(self.steps) steps"); tuned SGD takes \(steps("SGD")), \
                    RMSprop \(steps("RMSprop"))
                    """,
                holds: slow / 2 > fast),
        ]
    }

    private func percent(_ share: Double) -> String {
        NumberFormat.significant(100 * share, digits: 2) + " %"
    }

    private func answer(_ arrivals: [String: Int], count: Int) -> [String] {
        let names = [contour.rawValue, "saddle"]
        let racers = Self.groups.flatMap(\.racers).map(\.name)
        let sentences = names.map { ground -> String in
            let arrived = racers.compactMap { name in arrivals["\(name), \(ground)"].map { (name, $0) } }
            let order = arrived.sorted { $0.1 < $1.1 }
            let first = order.prefix(3).map { "\($0.0) (\($0.1))" }.joined(separator: ", ")
            let missing = racers.filter { arrivals["\($0), \(ground)"] == nil }
            let rest =
                missing.isEmpty ? "." : "; not within \(steps) steps: \(missing.joined(separator: ", "))."
            return
                "\(ground): \(arrived.count) of \(count) arrive, first \(first.isEmpty ? "none" : first)\(rest)"
        }
        return [
            """
            Arrived means: what is left above the minimum is below a hundredth of what it was, for good. On the \
            \(sentences[0]) On the \(sentences[1])
            """,
            learningRate.map {
                """
                All at the rate \(NumberFormat.shortest($0)): such a race is decided by the rate, since a step of SGD is \
                in proportion to the gradient and one of Adam is not. Without `--learning-rate` each rule has its own.
                """
            }
                ?? """
                Each rule has the rate that suits it, which is more than the usual animations allow them: at one shared \
                rate the order says who happens to like it. Two dimensions without noise are good for seeing what \
                a formula does, and say little about which rule trains a network best.
                """,
        ]
    }
}
