import ArgumentParser
import Descent
import DescentReports
import RealModule

/// How good forward and central differences are as h shrinks, and what they cost.
package struct NumericGradient: Experiment {
    package static let name = "numeric-gradient"
    package static let summary = "cost and error of forward and central differences against the step h"

    @Option(help: "How many steps h for each decade.")
    var stepsPerDecade = 4

    @Option(help: "The step that is looked at besides the best: the course notes name 1e-5.")
    var step = 1e-5

    @Option(help: "Seed of the point at which the gradient is taken.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard (1...100).contains(stepsPerDecade) else {
            throw ValidationError("--steps-per-decade must be 1 to 100, not \(stepsPerDecade)")
        }
        guard (1e-14...0.1).contains(step) else {
            throw ValidationError("--step must lie between 1e-14 and 0.1, not be \(step)")
        }
    }

    /// A difference quotient.
    private enum Quotient: String, CaseIterable {
        case forward, central
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        progress(0, "double precision")
        let double = errors(in: Double.self, decades: -14 ... -1)
        progress(0.5, "single precision")
        let single = errors(in: Float.self, decades: -7 ... -1)
        let size = derivatives()
        progress(1, "")

        let parameters = problem(in: Double.self).parameterCount
        var table = ExperimentTable(
            "best-steps", caption: "The best step, and the one that theory gives",
            columns: [
                "differences", "precision", "best h", "theory", "relative error there",
                "at h = \(NumberFormat.shortest(step))", "evaluations",
            ])
        var claims: [ExperimentReport.Claim] = []
        var least: [String: Double] = [:]
        var best: [Double] = []
        var panels: [Panel] = []
        for (precision, epsilon, curves) in [
            ("double", Double.ulpOfOne, double), ("single", Double(Float.ulpOfOne), single),
        ] {
            var lines: [Curve] = []
            for (color, quotient) in Quotient.allCases.enumerated() {
                let points = curves.all[quotient]!
                let lowest = points.min { $0.y < $1.y }!
                let noted = curves.noted[quotient]!
                least["\(quotient.rawValue) \(precision)"] = lowest.y
                best.append(lowest.x)
                let theory =
                    quotient == .forward
                    ? 2 * (epsilon * size.value / size.second).squareRoot()
                    : Double.root(3 * epsilon * size.value / size.third, 3)
                table.append(
                    .text(quotient.rawValue), .text(precision), .number(lowest.x, digits: 2),
                    .number(theory, digits: 2), .number(lowest.y, digits: 2), .number(noted, digits: 2),
                    .count(quotient == .forward ? parameters + 1 : 2 * parameters))
                claims.append(
                    .init(
                        "best step, \(quotient.rawValue) differences, \(precision)",
                        stated: "near \(NumberFormat.significant(theory, digits: 2))",
                        found: NumberFormat.significant(lowest.x, digits: 2),
                        holds: lowest.x / theory < 5 && theory / lowest.x < 5))
                lines.append(Curve(label: quotient.rawValue, color: color, points: points))
            }
            panels.append(
                Panel(
                    x: Axis("step h, \(precision) precision", scale: .logarithmic),
                    y: Axis("relative error of the gradient", scale: .logarithmic), curves: lines))
        }
        func digits(_ name: String) -> String {
            NumberFormat.fixed(-Double.log10(least[name] ?? .nan), decimals: 1)
        }
        let steps = best.sorted().map { NumberFormat.significant($0, digits: 1) }
        let cifar = 10 * 3073
        return ExperimentReport(
            title: "The gradient by differences",
            question: "Which step h gives the most accurate gradient by differences, and what does it cost?",
            formula: [
                "forward:  (f(θ + h eᵢ) − f(θ)) / h           error about h/2 |f″| + 2ε|f|/h,  least at h = 2 √(ε|f|/|f″|)",
                "central:  (f(θ + h eᵢ) − f(θ − h eᵢ)) / 2h   error about h²/6 |f‴| + ε|f|/h,  least at h = ∛(3ε|f|/|f‴|)",
            ],
            tables: [table],
            pictures: [
                ExperimentPicture(
                    "errors",
                    caption:
                        "Error of the difference quotients against h: a V with its corner near theory's h",
                    Figure(
                        title: "Error of a gradient by differences",
                        subtitle:
                            "softmax regression on 200 digits, 650 parameters; against the exact gradient",
                        columns: 2, panels: panels, width: 960, height: 480))
            ],
            claims: claims + [
                .init(
                    "evaluations for a linear classifier on CIFAR-10, forward",
                    stated: "30,731 for 30,730 parameters",
                    found: "\(NumberFormat.count(cifar + 1)) for \(NumberFormat.count(cifar))",
                    holds: cifar + 1 == 30_731 && cifar == 30_730),
                .init(
                    "evaluations for a linear classifier on CIFAR-10, central", stated: "61,460",
                    found: NumberFormat.count(2 * cifar), holds: 2 * cifar == 61_460),
            ],
            answer: [
                """
                Larger h cuts the series off too early, smaller h lets rounding through: the best step lies between, \
                where h grows like √ε for forward and like ∛ε for central differences, and it depends on the precision \
                and on the sizes of f, f″ and f‴: here from \(steps.first ?? "") to \(steps.last ?? ""). No one \
                h suits all four.
                """,
                """
                Central differences cost two evaluations a parameter instead of one; for that they give \
                \(digits("central double")) digits instead of \(digits("forward double")) in double precision and \
                \(digits("central single")) instead of \(digits("forward single")) in single (theory has a third more, two \
                thirds of a number's digits instead of half). Either is hopeless for training, at one or two passes over the data for each parameter; the \
                exact gradient costs about two passes in all. Differences are for checking it: `GradientCheck` does.
                """,
            ])
    }

    private func problem<Scalar: MatrixScalar>(in type: Scalar.Type) -> CrossEntropyObjective<Scalar> {
        let digits = Digits.load().prefix(200)
        return CrossEntropyObjective(
            NetworkLayout(sizes: [64, 10]), on: digits, scaler: Scaler(.range, fittedOn: digits))
    }

    /// Where the gradient is taken, and the coordinates that stand for all.
    private var place: (point: [Double], coordinates: [Int]) {
        var generator = RandomGenerator(seed: seed)
        let point = (0..<problem(in: Double.self).parameterCount).map { _ in generator.nextNormal() }
        return (point, (0..<10).map { _ in generator.nextInteger(below: point.count) })
    }

    /// |f|, and the root mean squares of f″ and f‴ over the coordinates, by differences of the exact gradient.
    private func derivatives() -> (value: Double, second: Double, third: Double) {
        let objective = problem(in: Double.self)
        let (point, coordinates) = place
        let middle = objective.gradient(at: point)
        let h = 1e-3
        var (second, third) = (0.0, 0.0)
        for i in coordinates {
            var moved = point
            moved[i] += h
            let above = objective.gradient(at: moved)[i]
            moved[i] = point[i] - h
            let below = objective.gradient(at: moved)[i]
            second += Double.pow((above - below) / (2 * h), 2) / Double(coordinates.count)
            third += Double.pow((above - 2 * middle[i] + below) / (h * h), 2) / Double(coordinates.count)
        }
        return (abs(objective.value(at: point)), second.squareRoot(), third.squareRoot())
    }

    /// Errors of both quotients.
    private struct Errors {
        /// Against h.
        var all: [Quotient: [Curve.Point]] = [:]
        /// At the step that is asked for.
        var noted: [Quotient: Double] = [:]
    }

    /// For each quotient, the relative error ‖q − g‖ / ‖g‖ against h.
    private func errors<Scalar: MatrixScalar>(in type: Scalar.Type, decades: ClosedRange<Int>) -> Errors {
        let objective = problem(in: Scalar.self)
        let (exactPoint, coordinates) = place
        let point = exactPoint.map { Scalar($0) }
        // The exact gradient at that point, in double precision.
        let exact = problem(in: Double.self).gradient(at: point.map { Double($0) })
        let scale = (Double(point.count) / Double(coordinates.count)).squareRoot() / exact.norm
        let value = Scalar(objective.value(at: point))
        func error(_ quotient: Quotient, _ step: Double) -> Double {
            var sum = 0.0
            for i in coordinates {
                var moved = point
                moved[i] = point[i] + Scalar(step)
                let above = Scalar(objective.value(at: moved))
                let right = moved[i]
                var (below, left) = (value, point[i])
                if quotient == .central {
                    moved[i] = point[i] - Scalar(step)
                    (below, left) = (Scalar(objective.value(at: moved)), moved[i])
                }
                // By the step that was made: h is not always a difference of two numbers of this precision.
                let error = right == left ? exact[i] : Double((above - below) / (right - left)) - exact[i]
                sum += error * error
            }
            return scale * sum.squareRoot()
        }
        let steps = (0...(decades.count - 1) * stepsPerDecade).map {
            Double.exp10(Double(decades.lowerBound) + Double($0) / Double(stepsPerDecade))
        }
        var errors = Errors()
        for quotient in Quotient.allCases {
            errors.all[quotient] = steps.map { Curve.Point(x: $0, y: error(quotient, $0)) }
            errors.noted[quotient] = error(quotient, step)
        }
        return errors
    }
}
