import Descent
import DescentReports

extension ExperimentReport.Claim {
    /// A figure that one run of another program had, beside this run's figure and the interval of 95 % in which one more
    /// run should lie.
    ///
    /// That program drew other numbers, so the two runs cannot agree to the digit; what can be asked is whether its
    /// figure might have been one of these. The interval is mean ± t · s · √(1 + 1/n) of the runs given.
    ///
    /// - Parameter others: The figure of runs that differ from this one in what is drawn at random; at least two.
    package init(_ subject: String, stated: Double, found: Double, others: [Double], digits: Int = 3) {
        let others = others.filter(\.isFinite)
        let estimate = MeanEstimate(others)
        let margin = (estimate?.halfWidth ?? .nan) * (Double(others.count) + 1).squareRoot()
        let mean = estimate?.mean ?? .nan
        func text(_ value: Double) -> String { NumberFormat.significant(value, digits: digits) }
        self.init(
            subject, stated: "about \(NumberFormat.shortest(stated))",
            found:
                "\(text(found)); another start and split: \(text(mean - margin)) to \(text(mean + margin))",
            holds: abs(stated - mean) <= margin)
    }
}
