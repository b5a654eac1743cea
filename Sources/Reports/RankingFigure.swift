/// How well scores rank the examples of a class before the others: ROC and precision-recall curves.
package struct RankingFigure: Sendable {
    /// The curves of one class against all others.
    package struct Class: Sendable {
        let name: String
        let roc: [(falsePositiveRate: Double, truePositiveRate: Double)]
        let area: Double
        let precisionRecall: [(recall: Double, precision: Double)]
        let averagePrecision: Double

        /// - Parameters:
        ///   - roc: From (0, 0) to (1, 1).
        ///   - area: The area under it.
        ///   - precisionRecall: By rising recall, the first at recall 0.
        package init(
            name: String, roc: [(falsePositiveRate: Double, truePositiveRate: Double)], area: Double,
            precisionRecall: [(recall: Double, precision: Double)], averagePrecision: Double
        ) {
            self.name = name
            self.roc = roc
            self.area = area
            self.precisionRecall = precisionRecall
            self.averagePrecision = averagePrecision
        }
    }

    /// Which curves are drawn.
    package enum Kind: Sendable { case roc, precisionRecall, both }

    /// The picture.
    package let figure: Figure

    /// The picture of the curves of some classes.
    ///
    /// Precision is drawn in steps: straight lines between its points would promise what no threshold gives.
    ///
    /// - Parameters:
    ///   - classes: One for two classes, otherwise each against the others.
    ///   - kind: Which curves.
    ///   - title: The model and the data.
    package init(_ classes: [Class], _ kind: Kind = .both, title: String) {
        func fixed(_ value: Double) -> String { NumberFormat.fixed(value, decimals: 3) }
        func label(_ entry: Class) -> String {
            switch kind {
            case .roc: "\(entry.name): area \(fixed(entry.area))"
            case .precisionRecall: "\(entry.name): average precision \(fixed(entry.averagePrecision))"
            case .both: "\(entry.name): \(fixed(entry.area)), \(fixed(entry.averagePrecision))"
            }
        }
        var (ranks, precisions): ([Curve], [Curve]) = ([], [])
        for (index, entry) in classes.enumerated() {
            ranks.append(
                Curve(
                    label: label(entry), color: index,
                    points: Self.thinned(
                        entry.roc.map { .init(x: $0.falsePositiveRate, y: $0.truePositiveRate) })))
            var steps: [Curve.Point] = []
            for point in entry.precisionRecall {
                if let last = steps.last { steps.append(.init(x: last.x, y: point.precision)) }
                steps.append(.init(x: point.recall, y: point.precision))
            }
            precisions.append(Curve(label: label(entry), color: index, points: Self.thinned(steps)))
        }
        // Good classifiers differ in a corner only.
        let isRankCorner = ranks.allSatisfy { curve in
            !curve.points.contains { $0.x >= 0.2 && $0.y < 0.8 }
                && (curve.points.last { $0.x <= 0.2 }?.y ?? 0) >= 0.8
        }
        let isPrecisionCorner = precisions.allSatisfy { curve in
            !curve.points.contains { $0.x <= 0.8 && $0.y < 0.8 }
                && (curve.points.first { $0.x >= 0.8 }?.y ?? 0) >= 0.8
        }
        let notes =
            kind != .precisionRecall && isRankCorner || kind != .roc && isPrecisionCorner
            ? ["Only the corner is shown where the curves lie."] : []
        let (near, far, whole) = (0...0.2, 0.8...1, 0...1.0)
        let chance = Curve(
            label: "", color: 7, form: .excluded, points: [.init(x: 0, y: 0), .init(x: 1, y: 1)])
        let roc = Panel(
            title: kind == .both ? "ROC" : "",
            x: Axis("false positive rate", range: isRankCorner ? near : whole),
            y: Axis("true positive rate", range: isRankCorner ? far : whole), curves: [chance] + ranks)
        let precisionRecall = Panel(
            title: kind == .both ? "Precision and recall" : "",
            x: Axis("recall", range: isPrecisionCorner ? far : whole),
            y: Axis("precision", range: isPrecisionCorner ? far : whole), curves: precisions)
        let panels: [Panel] =
            switch kind {
            case .roc: [roc]
            case .precisionRecall: [precisionRecall]
            case .both: [roc, precisionRecall]
            }
        figure = Figure(
            title: title,
            subtitle: (classes.count > 1 ? "each class against the others" : "")
                + (kind != .both
                    ? "" : (classes.count > 1 ? "; " : "") + "area under the ROC curve, average precision"),
            notes: notes, columns: panels.count, panels: panels, width: panels.count == 1 ? 700 : 1200,
            height: 640)
    }

    /// Without points on straight lines between others, and without those that lie closer than the eye sees.
    static func thinned(_ points: [Curve.Point]) -> [Curve.Point] {
        var corners: [Curve.Point] = []
        for point in points {
            if let last = corners.last, last.x == point.x, last.y == point.y { continue }
            if corners.count >= 2 {
                let (a, b) = (corners[corners.count - 2], corners[corners.count - 1])
                let (dx, dy) = (b.x - a.x, b.y - a.y)
                let isStraight = dx * (point.y - b.y) == dy * (point.x - b.x)
                let isOnward = dx * (point.x - b.x) + dy * (point.y - b.y) > 0
                if isStraight && isOnward { corners.removeLast() }
            }
            corners.append(point)
        }
        guard corners.count > 300 else { return corners }
        var shown = [corners[0]]
        for point in corners.dropFirst().dropLast() {
            let last = shown[shown.count - 1]
            if abs(point.x - last.x) + abs(point.y - last.y) >= 0.003 { shown.append(point) }
        }
        return shown + [corners[corners.count - 1]]
    }
}
