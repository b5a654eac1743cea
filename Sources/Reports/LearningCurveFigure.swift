import DescentOptimization

/// A score against the number of training examples: whether more of them would help.
package struct LearningCurveFigure: Sendable {
    /// The picture.
    package let figure: Figure

    /// The picture of a learning curve.
    ///
    /// - Parameters:
    ///   - points: For each number of examples the mean scores over the folds, of examples trained on and held out.
    ///   - score: What the score is called.
    ///   - title: The data and the model.
    package init(
        _ points: [(examples: Double, training: MeanEstimate, validation: MeanEstimate)], score: String,
        title: String
    ) {
        func curve(_ label: String, _ color: Int, _ estimate: (Int) -> MeanEstimate) -> Curve {
            Curve(
                label: label, color: color, form: .line,
                points: points.indices.map { index in
                    let (mean, width) = (estimate(index).mean, estimate(index).halfWidth)
                    return Curve.Point(
                        x: points[index].examples, y: mean, lower: width.map { mean - $0 },
                        upper: width.map { mean + $0 })
                })
        }
        let curves = [
            curve("trained on", 0) { points[$0].training }, curve("held out", 1) { points[$0].validation },
        ].map { curve in
            // The bands of few examples are wide; the means are what is to be compared.
            var dots = curve
            dots.form = .steps
            dots.label = ""
            return [curve, dots]
        }
        // Bands and all are in sight; neither accuracy nor R² is above 1, and R² may be far below 0.
        let means = points.flatMap { [$0.training.mean, $0.validation.mean] }.filter(\.isFinite)
        let bounds = curves.flatMap { $0[0].points }.flatMap { [$0.lower ?? $0.y, $0.upper ?? $0.y] }
            .filter(\.isFinite)
        var range: ClosedRange<Double>?
        if let least = means.min(), let low = bounds.min(), let high = bounds.max(), low < high {
            let floor = max(low, min(least, 0))
            range = floor < min(high, 1) ? floor...min(high + 0.04 * (high - floor), 1) : nil
        }
        figure = Figure(
            title: title,
            subtitle: "\(score) against the number of training examples: means of "
                + "\(points.first?.validation.count ?? 0) folds with 95 % intervals",
            panels: [
                Panel(
                    x: Axis("training examples"), y: Axis(score, range: range), curves: curves.flatMap { $0 })
            ], width: 800, height: 560)
    }
}
