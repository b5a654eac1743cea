import ArgumentParser
import Descent
import DescentReports
import RealModule

/// The exact solution of a linear regression, with its standard errors, beside the path of SGD towards it.
package struct ExactLeastSquares: Experiment {
    package static let name = "exact-least-squares"
    package static let summary = "the exact least-squares solution with standard errors beside SGD's path"

    @OptionGroup var data: LinearData.Options

    @Option(help: "The learning rate of SGD.")
    var learningRate = 0.01

    @Option(help: "How many updates of one example each.")
    var updates = 10_000

    package init() {}

    package mutating func validate() throws {
        guard learningRate > 0, learningRate.isFinite else {
            throw ValidationError("--learning-rate must be positive, not \(learningRate)")
        }
        guard updates >= 100 else { throw ValidationError("--updates must be at least 100, not \(updates)") }
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        let problem = LinearData(data)
        let fit = try LeastSquares(fitsIntercept: false).fit(problem.train.features, problem.train.targets)
        let errors = fit.coefficients.compactMap(\.standardError)

        // SGD on the same mean of squares, one example drawn with replacement at a time.
        let objective = PowerLoss(problem.train, exponent: 2)
        let start = problem.start
        var loop = TrainingLoop(
            minimizing: objective, with: SGD(learningRate: learningRate), from: start,
            batchSize: .examples(1), sampling: .withReplacement, seed: data.seed)
        var paths = (0..<problem.width).map { [Curve.Point(x: 0, y: start[$0])] }
        var tail = [Double](repeating: 0, count: problem.width)
        var tailCount = 0.0
        let stride = max(1, updates / 200)
        for update in Swift.stride(from: stride, through: updates, by: stride) {
            try loop.run(until: .updates(update))
            progress(Double(update) / Double(updates), "SGD")
            for i in paths.indices { paths[i].append(.init(x: Double(update), y: loop.parameters[i])) }
            if update > updates / 2 {
                for i in tail.indices { tail[i] += loop.parameters[i] }
                tailCount += 1
            }
        }
        let averaged = tail.map { $0 / max(tailCount, 1) }

        var table = ExperimentTable(
            "coefficients", caption: "The truth is 1 for every coefficient",
            columns: ["coefficient", "exact", "standard error", "SGD, last", "SGD, mean of the second half"])
        for (i, coefficient) in fit.coefficients.enumerated() {
            table.append(
                .text("θ\(i + 1)"), .number(coefficient.estimate ?? .nan, digits: 6),
                .number(coefficient.standardError ?? .nan), .number(loop.parameters[i], digits: 6),
                .number(averaged[i], digits: 6))
        }
        func distance(_ coefficients: [Double]) -> Double {
            let squares = zip(coefficients, fit.estimates).map { ($0 - $1) * ($0 - $1) }
            return (squares.reduce(0, +) / Double(problem.width)).squareRoot()
        }
        let theory = data.noise / (Double(data.count) / 3).squareRoot()
        let worst = fit.estimates.map { abs($0 - 1) }.max() ?? 0
        return ExperimentReport(
            title: "Exact least squares beside SGD",
            question: "How far is SGD from the exact solution, and how far is that from the truth?",
            formula: [
                "y = Aθ + ε,   A uniform in −1…1, ε normal with standard deviation \(NumberFormat.shortest(data.noise))",
                "θ̂ = argmin ‖Aθ − y‖²,   standard errors √(σ̂² diag (AᵀA)⁻¹) ≈ σ / √(n/3)",
            ],
            tables: [table],
            pictures: [
                ExperimentPicture(
                    "path", caption: "SGD's coefficients against updates, with the exact ones as a line",
                    Figure(
                        title: "SGD on least squares",
                        subtitle:
                            "\(problem.width) coefficients, learning rate \(NumberFormat.shortest(learningRate)), one example a step; the band is the exact solution ± 2 standard errors of the first",
                        columns: 2,
                        panels: [
                            Panel(
                                x: Axis("updates"), y: Axis("coefficient"),
                                curves: paths.map { Curve(label: "SGD", color: 0, points: $0) }
                                    + [band(fit)]),
                            Panel(
                                x: Axis("updates"),
                                y: Axis("the first coefficient, closer", range: closer(fit)),
                                curves: [Curve(label: "SGD", color: 0, points: paths[0]), band(fit)]),
                        ], width: 1000, height: 480))
            ],
            claims: [
                .init(
                    "standard error of a coefficient",
                    stated: "about \(NumberFormat.significant(theory, digits: 2))",
                    found:
                        "\(NumberFormat.significant(errors.min() ?? 0, digits: 3)) to \(NumberFormat.significant(errors.max() ?? 0, digits: 3))",
                    holds: errors.allSatisfy { abs($0 / theory - 1) < 0.2 }),
                .init(
                    "largest deviation of the exact solution from the truth", stated: "0.0078",
                    found: NumberFormat.significant(worst, digits: 2), holds: worst < 4 * theory),
            ],
            answer: answer(
                fit, theory: theory, last: distance(loop.parameters), averaged: distance(averaged)))
    }

    private func answer(
        _ fit: LeastSquaresFit, theory: Double, last: Double, averaged: Double
    ) -> [String] {
        func digits(_ value: Double) -> String { NumberFormat.significant(value, digits: 2) }
        let errors = fit.estimates.map { ($0 - 1) * ($0 - 1) }
        let method =
            switch fit.method {
            case .normal: "Cholesky's on the normal equations"
            case .qr: "an orthogonal one, QR"
            case .svd: "the singular value decomposition"
            }
        let miss = (errors.reduce(0, +) / Double(errors.count)).squareRoot()
        return [
            """
            The exact solution costs one pass and comes with standard errors: it misses the truth by \(digits(miss)) a \
            coefficient (root mean square), where the noise in the data lets one expect \(digits(theory)). No inverse is \
            formed: at a condition number of \(NumberFormat.significant(fit.conditionNumber, digits: 3)) the method is \
            \(method).
            """,
            """
            SGD at a constant rate ends in a cloud around the same solution whose width is set by the rate: its last point \
            is \(digits(last)) a coefficient away from the exact solution, the mean of its second half \
            \(digits(averaged))\(averaged < last ? ", which averages the cloud away" : "").
            """,
        ]
    }

    /// Ten standard errors around the first coefficient.
    private func closer(_ fit: LeastSquaresFit) -> ClosedRange<Double> {
        let error = max(fit.coefficients[0].standardError ?? 0, 1e-6)
        return fit.estimates[0] - 10 * error...fit.estimates[0] + 10 * error
    }

    private func band(_ fit: LeastSquaresFit) -> Curve {
        let (mean, error) = (fit.estimates[0], fit.coefficients[0].standardError ?? 0)
        return Curve(
            label: "exact", color: 1,
            points: [0, Double(updates)].map {
                Curve.Point(x: $0, y: mean, lower: mean - 2 * error, upper: mean + 2 * error)
            })
    }
}
