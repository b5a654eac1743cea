import ArgumentParser
import Descent
import DescentReports
import RealModule

/// What the softmax makes of random numbers as they are multiplied by a growing factor.
package struct SoftmaxTemperature: Experiment {
    package static let name = "softmax-temperature"
    package static let summary =
        "the softmax sharpens into the indicator of the maximum as its argument grows"

    @Option(help: "How many numbers.")
    var count = 40

    @Option(
        name: [.customLong("factors"), .customLong("alpha")], parsing: .upToNextOption,
        help: "The factors α.")
    var factors: [Double] = [1, 2, 5, 10, 20, 50]

    @Option(help: "Seed of the numbers, uniform in 0…1.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard count >= 2 else { throw ValidationError("--count must be at least 2, not \(count)") }
        guard factors.allSatisfy(\.isFinite) else { throw ValidationError("--factors must be finite") }
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        var generator = RandomGenerator(seed: seed)
        let numbers = (0..<count).map { _ in generator.nextUnit() }
        var table = ExperimentTable(
            "softmax", caption: "The softmax of \(count) numbers, multiplied by α",
            columns: ["α", "largest entry", "effective number of entries", "sum − 1"])
        var panels: [Panel] = []
        for factor in factors {
            let p = softmax(numbers.map { factor * $0 })
            let entropy = -p.reduce(0) { $0 + ($1 > 0 ? $1 * Double.log($1) : 0) }
            table.append(
                .number(factor), .number(p.max() ?? 0), .number(.exp(entropy)),
                .number(p.reduce(0, +) - 1, digits: 2))
            panels.append(
                Panel(
                    title: "α = \(NumberFormat.shortest(factor))", x: Axis("entry"),
                    y: Axis("softmax of α x"), curves: [Curve(barsOf: p)]))
        }
        let figure = Figure(
            title: "Softmax of α x",
            subtitle: "\(count) numbers x, uniform in 0…1; each panel has its own scale",
            columns: 3, panels: panels, width: 960, height: 130 + 270 * ((factors.count + 2) / 3))
        let entries = factors.flatMap { factor in softmax(numbers.map { factor * $0 }) }
        let sums = factors.map { factor in abs(softmax(numbers.map { factor * $0 }).reduce(0, +) - 1) }
        let largest = factors.map { factor in softmax(numbers.map { factor * $0 }).max() ?? 0 }
        let spread = zip(factors, largest).map { factor, largest in
            "\(NumberFormat.significant(largest, digits: 2)) at α = \(NumberFormat.shortest(factor))"
        }.joined(separator: ", ")
        return ExperimentReport(
            title: "Softmax and temperature",
            question: "What does the softmax of αx look like as α grows?",
            formula: ["softmax(αx)ₖ = exp(αxₖ − m) / Σⱼ exp(αxⱼ − m),   m = max αxⱼ"],
            tables: [table],
            pictures: [ExperimentPicture("softmax", caption: "Bars of the softmax for growing α", figure)],
            claims: [
                .init(
                    "sum of the entries", stated: "1",
                    found: "1 to within \(NumberFormat.significant(sums.max() ?? 0, digits: 1))",
                    holds: sums.allSatisfy { $0 < 1e-14 * Double(count) }),
                .init(
                    "range of the entries", stated: "0 to 1",
                    found:
                        "\(NumberFormat.significant(entries.min() ?? 0, digits: 1)) to \(NumberFormat.significant(entries.max() ?? 0, digits: 3))",
                    holds: entries.allSatisfy { (0...1).contains($0) }),
            ],
            answer: [
                """
                α is the inverse of a temperature. For small α the entries are nearly equal; for large α everything \
                gathers at the largest number: the softmax is a smooth version of the indicator of the maximum. The \
                largest entry is \(spread). It sums to 1 at every α, and nothing overflows because the maximum is subtracted before exp.
                """
            ])
    }

    private func softmax(_ z: [Double]) -> [Double] {
        let maximum = z.max() ?? 0
        let exponentials = z.map { Double.exp($0 - maximum) }
        let total = exponentials.reduce(0, +)
        return exponentials.map { $0 / total }
    }
}
