import DescentOptimization
import RealModule

extension OptimizerComparisonResult {
    /// Training loss and test accuracy against epochs, updates, gradient evaluations and seconds.
    ///
    /// A curve is the mean over a method's completed runs, its band the 95 % Student interval of that mean. Runs of a
    /// method share their evaluation points in epochs, updates and gradient evaluations. In seconds they do not: there
    /// each run is interpolated linearly at the mean time of each evaluation point, as far as every run went. Diverged
    /// runs are in no mean; each is a thin dotted line as far as its loss was finite.
    package var curvesFigure: Figure {
        let hasAccuracy = methods.contains { $0.completed.contains { $0.testAccuracy != nil } }
        let measures = hasAccuracy ? [Measure.loss, .accuracy] : [.loss]
        let panels = measures.flatMap { measure in
            Abscissa.allCases.map { abscissa in
                panel(
                    measure, against: abscissa,
                    labelled: (x: measure == measures.last, y: abscissa == .epochs))
            }
        }
        let choice = methods.allSatisfy(\.grid.isEmpty) ? "as given" : "chosen by \(settings.selection)"
        let several = settings.replicates > 1
        return Figure(
            title: "\(problem.data), \(problem.model): "
                + (several ? "\(settings.replicates) paired runs of each method" : "one run of each method"),
            subtitle: (several ? "mean and 95 % t-interval; " : "one run, so no intervals; ")
                + "learning rate in brackets, \(choice)",
            notes: divergenceNotes, columns: Abscissa.allCases.count, panels: panels, width: 1760,
            height: (hasAccuracy ? 880 : 520) + 19 * divergenceNotes.count)
    }

    /// The training loss against gradient evaluations alone: a small panel, for a terminal.
    package var lossPanel: Panel { panel(.loss, against: .samples, labelled: (true, true)) }

    /// The final validation loss of every learning rate that was tried, the chosen ones ringed; `nil` when none were.
    package var learningRatesFigure: Figure? {
        guard methods.contains(where: { !$0.grid.isEmpty }) else { return nil }
        let finite = methods.flatMap(\.grid).filter { $0.outcome == .completed }.compactMap(\.validationLoss)
        let positive = finite.allSatisfy { $0 > 0 }
        // Crosses stand above everything that can be compared, a line for each method.
        let (low, high) = (finite.min() ?? 0.1, finite.max() ?? 1)
        func level(_ index: Int) -> Double {
            let above = 0.12 + 0.05 * Double(methods.count - 1 - index)
            return positive
                ? high * .pow(max(high / low, 1.5), above)
                : high + above * max(high - low, abs(high) * 0.1 + 1e-9)
        }
        var curves: [Curve] = []
        for (index, method) in methods.enumerated() where !method.grid.isEmpty {
            let good = method.grid.compactMap { point -> Curve.Point? in
                guard point.outcome == .completed, let loss = point.validationLoss else { return nil }
                return Curve.Point(x: point.learningRate, y: loss)
            }
            curves.append(Curve(label: method.name, color: index, form: .dottedLine, points: good))
            let chosen = good.filter { $0.x == method.learningRate }
            curves.append(Curve(label: "chosen", color: index, form: .rings, points: chosen))
            let lost = method.grid.filter { $0.outcome != .completed }
            curves.append(
                Curve(
                    label: lost.isEmpty ? "" : "diverged", color: index, form: .crosses,
                    points: lost.map { Curve.Point(x: $0.learningRate, y: level(index)) }))
        }
        return Figure(
            title: "Choosing the learning rate: \(problem.data), \(problem.model)",
            subtitle: "final loss on a validation split of the training data after \(settings.epochs) epochs",
            panels: [
                Panel(
                    x: Axis("learning rate", scale: .logarithmic),
                    y: Axis("validation loss", scale: positive ? .logarithmic : .linear), curves: curves)
            ], width: 1000, height: 700)
    }

    /// The name of a method with its rate, as legends have it.
    func label(of method: Method) -> String {
        guard let rate = method.learningRate else { return "\(method.name) (diverged at every rate)" }
        return "\(method.name) (\(NumberFormat.shortest(rate)))"
    }

    /// One sentence for each method with diverged runs.
    private var divergenceNotes: [String] {
        methods.compactMap { method in
            if method.learningRate == nil {
                return "\(method.name): diverged at every learning rate tried, not drawn"
            }
            guard method.divergedCount > 0 else { return nil }
            return "\(method.name): \(method.divergedCount) of \(method.replicates.count) runs diverged "
                + "(thin dotted lines, in no mean)"
        }
    }

    // MARK: Panels

    private enum Measure {
        case loss, accuracy

        func value(_ record: History.Record) -> Double? {
            self == .loss ? record.trainingLoss : record.validationAccuracy
        }
    }

    private enum Abscissa: CaseIterable {
        case epochs, updates, samples, seconds

        var label: String {
            switch self {
            case .epochs: "epochs"
            case .updates: "updates"
            case .samples: "gradient evaluations (examples)"
            case .seconds: "seconds of training"
            }
        }

        func value(_ record: History.Record) -> Double {
            switch self {
            case .epochs: record.epoch
            case .updates: Double(record.updates)
            case .samples: Double(record.samples)
            case .seconds: record.seconds
            }
        }
    }

    private func panel(
        _ measure: Measure, against abscissa: Abscissa, labelled: (x: Bool, y: Bool)
    ) -> Panel {
        var curves: [Curve] = []
        for (index, method) in methods.enumerated() {
            let points = Self.meanCurve(method.completed.map(\.history.records), measure, abscissa)
            curves.append(Curve(label: label(of: method), color: index, points: points))
        }
        for (index, method) in methods.enumerated() {
            for run in method.replicates where run.outcome != .completed {
                let points = run.history.records.prefix { measure.value($0)?.isFinite ?? false }.map {
                    Curve.Point(x: abscissa.value($0), y: measure.value($0) ?? 0)
                }
                curves.append(Curve(label: "", color: index, form: .excluded, points: points))
            }
        }
        let losses = curves.filter { $0.form == .line }.flatMap(\.points).map(\.y)
        let yScale: Axis.Scale =
            measure == .accuracy ? .accuracy : losses.allSatisfy { $0 > 0 } ? .logarithmic : .linear
        let yLabel = measure == .loss ? "training loss" : "test accuracy"
        return Panel(
            // Gradient descent makes one update where the others make hundreds: only decades show both.
            x: Axis(labelled.x ? abscissa.label : "", scale: abscissa == .epochs ? .linear : .logarithmic),
            y: Axis(labelled.y ? yLabel : "", scale: yScale), curves: curves)
    }

    /// The mean over runs at each evaluation point, with its interval.
    private static func meanCurve(
        _ runs: [[History.Record]], _ measure: Measure, _ abscissa: Abscissa
    ) -> [Curve.Point] {
        guard let first = runs.first else { return [] }
        let shared = (0..<(runs.map(\.count).min() ?? 0)).prefix { index in
            runs.allSatisfy { $0[index].updates == first[index].updates }
        }
        guard abscissa == .seconds else {
            return shared.compactMap { index in
                point(at: abscissa.value(first[index]), runs.map { measure.value($0[index]) })
            }
        }
        let curves = runs.map { records in
            records.compactMap { record in measure.value(record).map { (x: record.seconds, y: $0) } }
        }
        guard let end = curves.map({ $0.last?.x ?? 0 }).min() else { return [] }
        var times = shared.map { index in
            runs.reduce(0) { $0 + $1[index].seconds } / Double(runs.count)
        }.filter { $0 < end }
        times.append(end)
        return times.compactMap { time in point(at: time, curves.map { interpolate($0, at: time) }) }
    }

    private static func point(at x: Double, _ values: [Double?]) -> Curve.Point? {
        guard !values.contains(nil), let estimate = MeanEstimate(values.compactMap { $0 }) else { return nil }
        let interval = estimate.interval
        return Curve.Point(
            x: x, y: estimate.mean, lower: interval?.lowerBound, upper: interval?.upperBound)
    }

    /// Linear interpolation between points of ascending abscissa; `nil` outside.
    static func interpolate(_ curve: [(x: Double, y: Double)], at x: Double) -> Double? {
        guard let index = curve.firstIndex(where: { $0.x >= x }) else { return nil }
        let right = curve[index]
        guard right.x > x else { return right.y }
        guard index > 0 else { return nil }
        let left = curve[index - 1]
        return left.y + (right.y - left.y) * (x - left.x) / (right.x - left.x)
    }
}
