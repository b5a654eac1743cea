import Descent
import DescentDatasets

extension LeastSquaresCommand {
    /// The variant of least squares that the options ask for; `nil` for plain least squares.
    var variant: LeastSquaresVariant? {
        if let ridge { return .ridge(ridge) }
        switch loss {
        case .huber: return .robust(.huber(threshold: tuning ?? 1.345))
        case .power: return .robust(.power(gamma ?? 1.5))
        case .absolute: return .robust(.power(1))
        case nil: break
        }
        if nonNegative { return .nonNegative }
        if !constraints.isEmpty { return .constrained }
        return nil
    }

    /// The report on a variant's fit of each target.
    func fit(_ variant: LeastSquaresVariant) throws -> LeastSquaresOutput {
        let data = try prepare()
        var output = LeastSquaresOutput(coding: data.coding, fits: [])
        output.weights = data.weightName
        output.dropped = data.dropped
        output.filled = data.filled
        let makesRows = residuals != nil || influence || press || plot != nil
        for (name, observed) in zip(data.targetNames, data.observed) {
            let fit: VariantFit
            var rowWeights: [Double]?
            do {
                (fit, rowWeights) = try self.fit(variant, data, name, observed)
            } catch let error as LeastSquaresError {
                throw Refusal(description: "\(DataFileError.printable(data.file.name)): \(error)")
            } catch let error as LinearEquation.Malformed {
                throw misuse("--constrain: \(error).")
            }
            output.variants.append(fit)
            if makesRows {
                output.rows.append(
                    LeastSquaresRows(
                        target: name,
                        diagnostics: fit.model.diagnostics(data.features, observed, weights: data.weights),
                        rows: data.rows, observed: observed, weights: rowWeights))
                output.residuals.append(output.rows[output.rows.count - 1].diagnostics.residuals)
            } else if format == .text {
                output.residuals.append(
                    zip(observed, fit.model.predict(data.features)).map { $0 - $1 })
            }
        }
        try write(output)
        return output
    }

    private func fit(
        _ variant: LeastSquaresVariant, _ data: RegressionData, _ target: String, _ observed: [Double]
    ) throws -> (VariantFit, rowWeights: [Double]?) {
        let (intercept, degree) = (!noIntercept, degree ?? 1)
        let (linear, names) = (data.coding.indicatorFeatures, data.coding.featureNames)
        let confidence = confidence ?? 0.95
        func made(
            _ method: String, _ title: String, _ model: LinearFit, _ members: [VariantFit.Member],
            lines: [String], notes: [String] = [], warnings: [String] = []
        ) -> VariantFit {
            VariantFit(
                target: target, method: method, title: title,
                observations: data.weights?.count { $0 > 0 } ?? observed.count,
                isWeighted: data.weights != nil, model: model, members: members, lines: lines,
                notes: model.degreesOfFreedom > 0 ? notes : [],
                warnings: (model.degreesOfFreedom > 0
                    ? [] : [LeastSquaresWarning.noResidualDegreesOfFreedom.description]) + warnings)
        }
        switch variant {
        case .ridge(let penalty):
            let fit = try RidgeRegression(
                penalty: penalty, fitsIntercept: intercept, degree: degree, linearFeatures: linear,
                confidence: confidence
            ).fit(data.features, observed, weights: data.weights, names: names)
            let isChosen = penalty == .generalizedCrossValidation
            return (
                made(
                    "ridge", "Ridge regression", fit.model,
                    [
                        .init(name: "penalty", number: fit.penalty),
                        .init(
                            name: "penaltyChosenBy",
                            text: isChosen ? "generalized cross-validation" : "the user"),
                        .init(name: "effectiveDegreesOfFreedom", number: fit.effectiveDegreesOfFreedom),
                        .init(name: "generalizedCrossValidation", number: fit.generalizedCrossValidation),
                    ] + Self.quality(fit.rSquared, fit.residualStandardError, fit.residualSumOfSquares),
                    lines: [
                        "Penalty \(significant(fit.penalty, 6))"
                            + (isChosen ? ", chosen by generalized cross-validation" : ", as given"),
                        "Effective degrees of freedom \(significant(fit.effectiveDegreesOfFreedom, 5)),"
                            + " generalized cross-validation \(significant(fit.generalizedCrossValidation, 6))",
                        Self.error(fit.residualStandardError, fit.residualDegreesOfFreedom),
                        "R² \(fixed(fit.rSquared, 4)), residual sum of squares"
                            + " \(significant(fit.residualSumOfSquares, 6))",
                    ],
                    notes: [
                        "standard errors take the penalty as given and do not know the bias that it brings"
                    ]), nil
            )
        case .robust(let loss):
            let fit = try RobustRegression(
                loss: loss, fitsIntercept: intercept, degree: degree, linearFeatures: linear,
                confidence: confidence
            ).fit(data.features, observed, weights: data.weights, names: names)
            return (robustFit(fit, loss, made), fit.weights)
        case .nonNegative:
            let fit = try NonNegativeLeastSquares(
                fitsIntercept: intercept, degree: degree, linearFeatures: linear
            ).fit(data.features, observed, weights: data.weights, names: names)
            return (
                made(
                    "nonNegative", "Least squares, no coefficient negative", fit.model,
                    [.init(name: "positiveCoefficients", integer: fit.positiveCount)]
                        + Self.quality(fit.rSquared, fit.residualStandardError, fit.residualSumOfSquares),
                    lines: [
                        "\(LeastSquaresOutput.count(fit.positiveCount, "positive coefficient")), the others 0",
                        Self.error(fit.residualStandardError, fit.model.degreesOfFreedom),
                        "R² \(fixed(fit.rSquared, 4)), residual sum of squares"
                            + " \(significant(fit.residualSumOfSquares, 6))",
                    ],
                    notes: [
                        "no standard errors: next to a bound an estimate is not normally distributed, not even"
                            + " roughly"
                    ]), nil
            )
        case .constrained:
            let coefficients = data.coding.coefficientNames(degree: degree, hasIntercept: intercept)
            let equations = try constraints.map { try LinearEquation($0, names: coefficients) }
            let fit = try ConstrainedLeastSquares(
                constraints: Matrix(equations.map(\.factors)), values: equations.map(\.value),
                fitsIntercept: intercept, degree: degree, linearFeatures: linear, confidence: confidence
            ).fit(data.features, observed, weights: data.weights, names: names)
            var lines = ["Subject to \(constraints.joined(separator: ", "))"]
            lines.append(Self.error(fit.residualStandardError, fit.model.degreesOfFreedom))
            lines.append(
                "R² \(fixed(fit.rSquared, 4)), residual sum of squares"
                    + " \(significant(fit.residualSumOfSquares, 6))")
            if let statistic = fit.constraintFStatistic, let p = fit.constraintFPValue {
                lines.append(
                    "The constraints against the data: F \(significant(statistic, 5)) on \(equations.count) and"
                        + " \(fit.degreesOfFreedom - equations.count) degrees of freedom, p"
                        + " \(Coefficient.probabilityText(p))")
            }
            return (
                made(
                    "constrained", "Least squares under constraints", fit.model,
                    [
                        .init(name: "constraintFStatistic", number: fit.constraintFStatistic),
                        .init(name: "constraintFPValue", number: fit.constraintFPValue),
                    ] + Self.quality(fit.rSquared, fit.residualStandardError, fit.residualSumOfSquares),
                    lines: lines), nil
            )
        }
    }

    private func robustFit(
        _ fit: RobustRegression.Fit, _ loss: RobustRegression.Loss,
        _ made: (String, String, LinearFit, [VariantFit.Member], [String], [String], [String]) -> VariantFit
    ) -> VariantFit {
        let reduced = fit.weights.count { $0 < 1 - 1e-12 }
        var warnings: [String] = []
        if !fit.isConverged {
            warnings.append("the iteration did not come to rest in \(fit.iterations) steps")
        }
        var members: [VariantFit.Member] = [
            .init(name: "scale", number: fit.scale), .init(name: "iterations", integer: fit.iterations),
        ]
        switch loss {
        case .huber(let threshold):
            members.insert(.init(name: "tuning", number: threshold), at: 0)
            members.append(.init(name: "rowsOfReducedWeight", integer: reduced))
            return made(
                "huber", "Huber's regression", fit.model, members,
                [
                    "Threshold \(significant(threshold, 6)) of a scale of \(significant(fit.scale, 5))",
                    "\(LeastSquaresOutput.count(reduced, "row")) of reduced weight,"
                        + " \(fit.iterations) weighted fits",
                ], ["standard errors are asymptotic, by Huber's formula"], warnings)
        case .power(let exponent):
            members.insert(.init(name: "gamma", number: exponent), at: 0)
            let hasErrors = fit.model.coefficients.contains { $0.standardError != nil }
            return made(
                "power",
                exponent == 1
                    ? "Least absolute deviations" : "Least sum of |error|^\(significant(exponent, 6))",
                fit.model, members,
                [
                    "Scale \(significant(fit.scale, 5)), the mean of |error|^\(significant(exponent, 6)) to the"
                        + " 1/\(significant(exponent, 6)); \(fit.iterations) weighted fits"
                ],
                [
                    hasErrors
                        ? "standard errors are asymptotic, by Huber's formula"
                        : "no standard errors: their formula needs a power above 1.5"
                ], warnings)
        }
    }

    private static func quality(
        _ rSquared: Double, _ error: Double, _ squares: Double
    ) -> [VariantFit.Member] {
        [
            .init(name: "rSquared", number: finite(rSquared)),
            .init(name: "residualStandardError", number: finite(error)),
            .init(name: "residualSumOfSquares", number: finite(squares)),
        ]
    }

    private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

    private static func error(_ sigma: Double, _ degreesOfFreedom: Double) -> String {
        "Residual standard error \(sigma.isFinite ? significant(sigma, 5) : "NA") on"
            + " \(significant(degreesOfFreedom, 5)) degrees of freedom"
    }
}
