/// Predicted numbers beside the true ones: predictions against truth, and what is left against predictions.
package struct PredictionFigure: Sendable {
    /// The picture.
    package let figure: Figure

    /// The picture of some predictions.
    ///
    /// The dotted lines are where right predictions lie. Of very many examples every so many are drawn, and those with
    /// the largest errors.
    ///
    /// - Parameters:
    ///   - truth: The true numbers.
    ///   - predicted: As many predictions.
    ///   - name: What is predicted.
    ///   - title: The model and the data.
    ///   - subtitle: A score, for example.
    package init(truth: [Double], predicted: [Double], name: String, title: String, subtitle: String = "") {
        precondition(
            truth.count == predicted.count, "\(truth.count) numbers and \(predicted.count) predictions")
        let shown = Self.shown(zip(truth, predicted).map { ($0 - $1).magnitude })
        let residuals = shown.map { truth[$0] - predicted[$0] }
        let (factor, unit) = LeastSquaresFigure.unit(for: residuals)
        func line(_ values: [Double], _ height: (Double) -> Double) -> Curve {
            let ends = [values.min(), values.max()].compactMap { $0 }
            return Curve(
                label: "", color: 7, form: .excluded, points: ends.map { .init(x: $0, y: height($0)) })
        }
        func cloud(_ points: [Curve.Point]) -> Curve {
            Curve(label: "example", color: 0, form: .dots, points: points)
        }
        let fitted = shown.map { predicted[$0] }
        let actual = shown.map { truth[$0] }
        var notes: [String] = []
        if shown.count < truth.count {
            notes.append(
                "Of \(NumberFormat.count(truth.count)) examples about \(NumberFormat.count(shown.count)) are drawn,"
                    + " those with the largest errors among them")
        }
        figure = Figure(
            title: title, subtitle: subtitle, notes: notes, columns: 2,
            panels: [
                Panel(
                    x: Axis("predicted \(name)"), y: Axis("true \(name)"),
                    curves: [
                        line(fitted + actual) { $0 },
                        cloud(zip(fitted, actual).map { .init(x: $0, y: $1) }),
                    ]),
                Panel(
                    x: Axis("predicted \(name)"), y: Axis("residual" + unit),
                    curves: [
                        line(fitted) { _ in 0 },
                        cloud(zip(fitted, residuals).map { .init(x: $0, y: $1 / factor) }),
                    ]),
            ], width: 1100, height: 520)
    }

    /// All examples, or of very many those with the largest errors and every so many of the others.
    private static func shown(_ errors: [Double]) -> [Int] {
        let most = LeastSquaresFigure.mostPoints
        guard errors.count > most else { return Array(errors.indices) }
        var shown = Set(stride(from: 0, to: errors.count, by: (errors.count + most - 1) / most))
        shown.formUnion(errors.indices.sorted { errors[$0] > errors[$1] }.prefix(100))
        return shown.sorted()
    }
}
