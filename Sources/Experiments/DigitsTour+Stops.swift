import Descent
import DescentReports

extension DigitsTour {
    /// L-BFGS stopped after some iterations, on the pixels as they are and on standardized ones: whether it is at the
    /// minimum by then, which is where other programs warn.
    struct Stops {
        var table = ExperimentTable(
            "stops",
            caption:
                "L-BFGS stopped after so many iterations, or once no component of the gradient of the mean loss is above 10⁻⁴",
            columns: ["pixels", "iterations allowed", "iterations made", "converged", "training accuracy"])
        private var runs: [(isScaled: Bool, allowed: Int, made: Int, isConverged: Bool)] = []

        init(_ digits: Dataset, penalty: Penalty, _ iterations: [Int]) throws {
            // Of the mean loss, as Descent's objectives have it, where C weighs a sum.
            let penalty = penalty.measuredByMean(totalWeight: Double(digits.count))
            let layout = NetworkLayout(sizes: [digits.featureCount, digits.classCount])
            let start = [Double](repeating: 0, count: layout.parameterCount)
            for (name, scaling) in [("as they are", Scaling.none), ("standardized", .standardize)] {
                let objective = CrossEntropyObjective<Double>(
                    layout, on: digits, scaler: Scaler(scaling, fittedOn: digits), penalty: penalty)
                for allowed in iterations.sorted() {
                    let rule = StoppingRule(gradientTolerance: 1e-4, maximumIterations: allowed)
                    let solution = try LBFGS(stopping: rule).minimize(objective, from: start)
                    let made = solution.counts.iterations
                    runs.append((scaling == .standardize, allowed, made, solution.isConverged))
                    table.append(
                        .text(name), .count(allowed), .count(made),
                        .text(solution.isConverged ? "yes" : "no"),
                        .number(objective.evaluate(at: solution.point).accuracy))
                }
            }
        }

        /// The iterations it takes, if any of the numbers allowed is enough.
        private func arrival(isScaled: Bool) -> Int? {
            runs.first { $0.isScaled == isScaled && $0.isConverged }?.made
        }

        var claims: [ExperimentReport.Claim] {
            func claim(
                _ subject: String, stated: String, isScaled: Bool, allowed: Int,
                _ holds: (Bool) -> Bool
            ) -> ExperimentReport.Claim? {
                guard let run = runs.first(where: { $0.isScaled == isScaled && $0.allowed == allowed }) else {
                    return nil
                }
                return .init(
                    subject, stated: stated,
                    found: run.isConverged ? "converged after \(run.made)" : "not converged",
                    holds: holds(run.isConverged))
            }
            return [
                claim(
                    "raw pixels, 10 iterations", stated: "a warning: not converged", isScaled: false,
                    allowed: 10
                ) { !$0 },
                claim(
                    "raw pixels, 1000 iterations", stated: "the warning remains", isScaled: false,
                    allowed: 1000
                ) { !$0 },
                claim(
                    "standardized pixels, 100 iterations", stated: "no warning any more", isScaled: true,
                    allowed: 100
                ) { $0 },
            ].compactMap(\.self)
        }

        var answer: [String] {
            func words(_ isScaled: Bool) -> String {
                arrival(isScaled: isScaled).map { "\($0) iterations" } ?? "more iterations than were allowed"
            }
            return [
                """
                A minimizer that warns says that it was stopped on its way, not that the data are bad: on the pixels as \
                they are L-BFGS takes \(words(false)) to the minimum, on standardized ones \(words(true)). It is the \
                same model either way, but not the same minimum, since the penalty is on weights of other units.
                """
            ]
        }
    }
}
