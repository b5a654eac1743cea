/// A coefficient of a fitted model, with its inference.
///
/// Numbers that do not exist are nil: all of them for a column that depends on others, and all but the
/// estimate when no degrees of freedom are left.
public struct Coefficient: Sendable, Equatable, Codable {
    /// The name of the column: `(Intercept)`, the feature's, or the feature's with a power as in `x^2`.
    public let name: String
    /// The estimate.
    public let estimate: Double?
    /// The standard error.
    public let standardError: Double?
    /// The estimate in standard errors.
    public let t: Double?
    /// The probability of a t this far from 0 if the true coefficient is 0.
    public let p: Double?
    /// The lower end of the confidence interval.
    public let lower: Double?
    /// The upper end of the confidence interval.
    public let upper: Double?

    /// The inference for an estimate and its standard error, by Student's distribution.
    init(name: String, estimate: Double?, standardError: Double?, degreesOfFreedom: Double, quantile: Double)
    {
        self.name = name
        self.estimate = estimate
        guard let estimate, let standardError, standardError.isFinite, degreesOfFreedom > 0 else {
            self.standardError = nil
            t = nil
            p = nil
            lower = nil
            upper = nil
            return
        }
        self.standardError = standardError
        let t = estimate / standardError
        self.t = t.isFinite ? t : nil
        // Without an error, any coefficient but 0 is significant.
        p =
            t.isNaN
            ? nil
            : 2 * StudentT(degreesOfFreedom: degreesOfFreedom).cumulativeProbability(-t.magnitude)
        lower = estimate - quantile * standardError
        upper = estimate + quantile * standardError
    }
}

extension Coefficient {
    /// The t for people: plain digits while it is short; infinite where there is an estimate and no error.
    package var tText: String {
        if let t { return t.magnitude < 1e6 ? fixed(t, 3) : significant(t, 4) }
        guard let estimate, standardError == 0, estimate != 0 else { return "NA" }
        return estimate < 0 ? "-inf" : "inf"
    }

    /// A probability for people.
    package static func probabilityText(_ p: Double) -> String { p < 2e-16 ? "<2e-16" : significant(p, 3) }

    /// The table of coefficients for people, a line each below a heading.
    package static func table(
        _ coefficients: [Coefficient], confidence: Double, errorTitle: String = "Std. Error"
    ) -> [String] {
        let tail = (1 - confidence) / 2
        var rows = [
            ["", "Estimate", errorTitle, "t", "P>|t|", significant(tail, 3), significant(1 - tail, 3)]
        ]
        for c in coefficients {
            func text(_ value: Double?, _ digits: Int) -> String {
                value.map { significant($0, digits) } ?? "NA"
            }
            rows.append([
                c.name, text(c.estimate, 7), text(c.standardError, 5), c.tText,
                c.p.map(probabilityText) ?? "NA", text(c.lower, 6), text(c.upper, 6),
            ])
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = row[0] + String(repeating: " ", count: widths[0] - row[0].count)
            for column in 1..<row.count {
                line += "  " + String(repeating: " ", count: widths[column] - row[column].count) + row[column]
            }
            return line
        }
    }
}
