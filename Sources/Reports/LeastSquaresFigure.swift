import DescentLinearAlgebra
import Glibc

/// Residuals and leverages of a least-squares fit as a picture, the four panels that R's `plot(lm)` made usual.
///
/// Residuals against fitted values show curvature; the standardized residuals against the quantiles of a normal
/// distribution, their distribution; the root of their magnitude against fitted values, unequal variances; and
/// standardized residuals against leverage with contours of Cook's distance, influential rows. Several targets
/// get the first and the last of them each.
package struct LeastSquaresFigure: Sendable {
    /// The fit of one target.
    package struct Part: Sendable {
        let target: String
        let rank: Int
        let diagnostics: RowDiagnostics
        let rowNumbers: [Int]

        /// - Parameters:
        ///   - rank: The number of coefficients.
        ///   - rowNumbers: What to call the rows.
        package init(target: String, rank: Int, diagnostics: RowDiagnostics, rowNumbers: [Int]) {
            self.target = target
            self.rank = rank
            self.diagnostics = diagnostics
            self.rowNumbers = rowNumbers
        }
    }

    /// More points than these are thinned out: the most extreme ones stay, of the others some.
    static let mostPoints = 4000

    /// The picture.
    package let figure: Figure

    /// The picture of the fits of one or more targets.
    package init(_ parts: [Part]) {
        let isAlone = parts.count == 1
        var panels: [Panel] = []
        for part in parts {
            let shown = Self.shownRows(part.diagnostics)
            let name = isAlone ? "" : part.target + ": "
            panels.append(Self.fittedPanel(part, shown, name))
            if isAlone {
                panels.append(Self.quantilePanel(part))
                panels.append(Self.scalePanel(part, shown))
            }
            panels.append(Self.leveragePanel(part, shown, name))
        }
        let count = parts.first?.rowNumbers.count ?? 0
        var notes: [String] = []
        if let part = parts.first, isAlone {
            let largest = Self.mostInfluential(part)
            if !largest.isEmpty {
                notes.append(
                    "Largest Cook's distances: "
                        + largest.map { index in
                            "row \(part.rowNumbers[index]) ("
                                + "\(NumberFormat.significant(part.diagnostics.cooksDistances[index], digits: 3)))"
                        }.joined(separator: ", "))
            }
        }
        if count > Self.mostPoints {
            notes.append(
                "Of \(NumberFormat.count(count)) rows about \(NumberFormat.count(Self.mostPoints)) are drawn,"
                    + " the most extreme among them")
        }
        figure = Figure(
            title: "Residuals and leverage: " + parts.map(\.target).joined(separator: ", "),
            subtitle: "\(NumberFormat.count(count)) rows", notes: notes, columns: 2, panels: panels,
            width: 1000, height: max(1, (panels.count + 1) / 2) * 330 + 120)
    }

    // MARK: Panels

    private static func fittedPanel(_ part: Part, _ rows: [Int], _ name: String) -> Panel {
        let d = part.diagnostics
        let (factor, unit) = unit(for: rows.map { d.residuals[$0] })
        return Panel(
            x: Axis("\(name)fitted value"), y: Axis("residual" + unit),
            curves: [
                zero(over: rows.map { d.fitted[$0] }),
                cloud(rows.map { (d.fitted[$0], d.residuals[$0] / factor) }),
            ])
    }

    /// A power of ten that leaves numbers of a few digits, and how to say so beside an axis.
    static func unit(for values: [Double]) -> (factor: Double, label: String) {
        let largest = values.filter(\.isFinite).map(\.magnitude).max() ?? 0
        guard largest > 0, largest < 0.1 || largest >= 1e5 else { return (1, "") }
        let exponent = max(-300, min(300, Int(log10(largest).rounded(.down))))
        let digits = String(exponent).map { character -> Character in
            character == "-" ? "⁻" : Array("⁰¹²³⁴⁵⁶⁷⁸⁹")[character.wholeNumberValue ?? 0]
        }
        return (pow(10, Double(exponent)), " / 10" + String(digits))
    }

    private static func scalePanel(_ part: Part, _ rows: [Int]) -> Panel {
        let d = part.diagnostics
        return Panel(
            x: Axis("fitted value"), y: Axis("√|standardized residual|"),
            curves: [cloud(rows.map { (d.fitted[$0], d.standardizedResiduals[$0].magnitude.squareRoot()) })])
    }

    private static func quantilePanel(_ part: Part) -> Panel {
        let sorted = part.diagnostics.standardizedResiduals.filter(\.isFinite).sorted()
        let count = sorted.count
        // All of a few, and of many the tails and every so many between.
        let step = max(1, count / mostPoints)
        let places = (0..<count).filter { $0 % step == 0 || $0 < 100 || $0 >= count - 100 }
        let points = places.map { index in
            (StandardNormal().quantile((Double(index) + 0.5) / Double(count)), sorted[index])
        }
        let ends = [points.first?.0, points.last?.0].compactMap { $0 }
        return Panel(
            x: Axis("quantile of the normal distribution"), y: Axis("standardized residual"),
            curves: [
                Curve(label: "", color: 7, form: .excluded, points: ends.map { .init(x: $0, y: $0) }),
                cloud(points),
            ])
    }

    private static func leveragePanel(_ part: Part, _ rows: [Int], _ name: String) -> Panel {
        let d = part.diagnostics
        let most = rows.map { d.leverage[$0] }.max() ?? 1
        var curves = [zero(over: [0, most])]
        // Not every kind of fit has Cook's distances.
        for distance in d.cooksDistances.contains(where: { $0.isFinite }) ? [0.5, 1] : [] {
            // D = s²·h/((1 − h)·p)
            let leverages = (1...100).map { Double($0) / 100 * min(most * 1.05, 0.999) }
            for sign in [1.0, -1] {
                curves.append(
                    Curve(
                        label: "Cook's distance ½ and 1", color: 1, form: .excluded,
                        points: leverages.map { h in
                            .init(x: h, y: sign * (distance * Double(part.rank) * (1 - h) / h).squareRoot())
                        }))
            }
        }
        curves.append(cloud(rows.map { (d.leverage[$0], d.standardizedResiduals[$0]) }))
        return Panel(
            x: Axis("\(name)leverage", range: 0...max(most * 1.05, 1e-12)), y: Axis("standardized residual"),
            curves: curves)
    }

    private static func cloud(_ points: [(Double, Double)]) -> Curve {
        Curve(
            label: "row", color: 0, form: .dots,
            points: points.filter { $0.0.isFinite && $0.1.isFinite }.map { .init(x: $0.0, y: $0.1) })
    }

    private static func zero(over values: [Double]) -> Curve {
        let ends = [values.min(), values.max()].compactMap { $0 }
        return Curve(label: "", color: 7, form: .excluded, points: ends.map { .init(x: $0, y: 0) })
    }

    // MARK: Rows

    /// All rows, or of very many the most extreme ones and every so many of the others.
    private static func shownRows(_ diagnostics: RowDiagnostics) -> [Int] {
        let count = diagnostics.residuals.count
        guard count > mostPoints else { return Array(0..<count) }
        var shown = Set(stride(from: 0, to: count, by: (count + mostPoints - 1) / mostPoints))
        for values in [diagnostics.residuals.map(\.magnitude), diagnostics.leverage] {
            shown.formUnion((0..<count).sorted { values[$0] > values[$1] }.prefix(100))
        }
        return shown.sorted()
    }

    private static func mostInfluential(_ part: Part) -> [Int] {
        let distances = part.diagnostics.cooksDistances
        let known = distances.indices.filter { distances[$0].isFinite }
        return Array(known.sorted { (-distances[$0], $0) < (-distances[$1], $1) }.prefix(3))
    }
}
