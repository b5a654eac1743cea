import DescentLinearAlgebra

/// The text of a report on a logistic or softmax regression.
struct LogisticSummary {
    let title: String
    let classNames: [String]
    let penalty: String
    let report: SolverReport
    let inference: LogisticInference?
    /// Without inference: names and estimates, class after class.
    let estimates: [(name: String, className: String, value: Double)]

    var text: String {
        var lines = [title, ""]
        if let inference {
            lines += table(of: inference)
            lines += ["", contrast, ""]
            lines.append(
                "Log-likelihood \(significant(inference.logLikelihood, 7)), with intercepts alone"
                    + " \(significant(inference.nullLogLikelihood, 7)); pseudo-R² (McFadden)"
                    + " \(fixed(inference.pseudoRSquared, 4))")
            lines.append(
                "Deviance \(significant(inference.deviance, 7)), AIC"
                    + " \(significant(inference.akaikeInformationCriterion, 7)), BIC"
                    + " \(significant(inference.bayesianInformationCriterion, 7)), \(inference.parameterCount)"
                    + " parameters")
        } else {
            let width = estimates.map { $0.name.count + $0.className.count + 2 }.max() ?? 0
            for (name, className, value) in estimates.prefix(200) {
                let head = "\(className): \(name)"
                lines.append(
                    head + String(repeating: " ", count: max(0, width - head.count)) + "  "
                        + significant(value, 7))
            }
            if estimates.count > 200 { lines.append("… and \(estimates.count - 200) more") }
            lines += ["", "Penalty: \(penalty)"]
        }
        lines.append(
            "Mean loss \(significant(report.meanLoss, 7)), objective \(significant(report.objective, 7))")
        lines.append("Method: \(report)")
        lines += report.warnings.map { "Warning: \($0)." }
        return lines.joined(separator: "\n") + "\n"
    }

    private var contrast: String {
        classNames.count == 2
            ? "Log-odds of \"\(classNames[1])\" against \"\(classNames[0])\"."
            : "Log-odds of each class against \"\(classNames[0])\"."
    }

    private func table(of inference: LogisticInference) -> [String] {
        let tail = (1 - inference.confidence) / 2
        let heads = ["Estimate", "Std. Error", "z", "P>|z|", significant(tail, 3), significant(1 - tail, 3)]
        var rows = [["", ""] + heads]
        for c in inference.coefficients {
            func text(_ value: Double?, _ digits: Int) -> String {
                value.map { significant($0, digits) } ?? "NA"
            }
            rows.append([
                classNames.count == 2 ? "" : c.className, c.name, significant(c.estimate, 7),
                text(c.standardError, 5), c.z.map { fixed($0, 3) } ?? "NA",
                c.p.map { $0 < 2e-16 ? "<2e-16" : significant($0, 3) } ?? "NA", text(c.lower, 6),
                text(c.upper, 6),
            ])
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() where widths[column] > 0 {
                let space = String(repeating: " ", count: widths[column] - cell.count)
                line += (line.isEmpty ? "" : "  ") + (column < 2 ? cell + space : space + cell)
            }
            return line
        }
    }
}

/// `1 feature`, `4 features`.
private func featureCount(_ count: Int) -> String { count == 1 ? "1 feature" : "\(count) features" }

extension LogisticClassifier: CustomStringConvertible {
    /// The summary.
    public var description: String { summary }

    /// The report as text: the table of coefficients, the quality of the fit, and how it was found.
    public var summary: String {
        let second = classNames[1]
        return LogisticSummary(
            title:
                "Logistic regression: \"\(second)\" or \"\(classNames[0])\" from \(featureCount(weights.count))",
            classNames: classNames, penalty: penalty.description, report: report, inference: inference,
            estimates: (hasIntercept ? [("(Intercept)", second, intercept)] : [])
                + zip(featureNames, weights).map { ($0, second, $1) }
        ).text
    }
}

extension SoftmaxClassifier where Scalar == Double {
    /// The report as text: the table of coefficients, the quality of the fit, and how it was found.
    ///
    /// Of a fit by an update rule the coefficients alone.
    public var summary: String {
        let title = "Softmax regression: \(classNames.count) classes from \(featureCount(weights.rows))"
        let names = featureNames.isEmpty ? LinearModel.names(weights.rows) : featureNames
        var estimates: [(name: String, className: String, value: Double)] = []
        for (k, className) in classNames.enumerated() {
            estimates.append(("(Intercept)", className, intercepts[k]))
            for (j, name) in names.enumerated() { estimates.append((name, className, weights[j, k])) }
        }
        guard let report else {
            return
                ([title, ""] + estimates.map { "\($0.className): \($0.name)  \(significant($0.value, 7))" })
                .joined(separator: "\n") + "\n"
        }
        return LogisticSummary(
            title: title, classNames: classNames, penalty: penalty.description, report: report,
            inference: inference, estimates: estimates
        ).text
    }
}
