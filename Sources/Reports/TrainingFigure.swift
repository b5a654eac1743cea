import DescentOptimization

/// Loss and accuracy over the epochs of a training run.
package struct TrainingFigure: Sendable {
    /// The picture.
    package let figure: Figure

    /// The loss alone: a small panel, for a terminal.
    package let lossPanel: Panel

    /// The picture of a history.
    ///
    /// The training loss is the running one, the mean over an epoch's batches while the parameters moved, and stands in
    /// the middle of its epoch. Where a validation set was evaluated, its loss and accuracy stand where they were found,
    /// and the lowest loss is ringed.
    ///
    /// - Parameters:
    ///   - records: What happened, the record of the start first.
    ///   - title: The data and the model.
    package init(_ records: [History.Record], title: String) {
        var training: [Curve.Point] = []
        for (before, record) in zip(records, records.dropFirst()) {
            guard let loss = record.runningLoss, loss.isFinite else { continue }
            training.append(.init(x: (before.epoch + record.epoch) / 2, y: loss))
        }
        func points(_ value: (History.Record) -> Double?) -> [Curve.Point] {
            records.compactMap { record in
                value(record).flatMap { $0.isFinite ? Curve.Point(x: record.epoch, y: $0) : nil }
            }
        }
        let validation = points(\.validationLoss)
        var accuracies: [Curve] = []
        for (label, color, accuracy) in [
            ("training accuracy", 3, points(\.trainingAccuracy)),
            ("validation accuracy", 2, points(\.validationAccuracy)),
        ] where !accuracy.isEmpty {
            accuracies.append(Curve(label: label, color: color, points: accuracy))
        }
        var losses = [Curve(label: "training loss", color: 0, points: training)]
        if !validation.isEmpty {
            losses.append(Curve(label: "validation loss", color: 1, points: validation))
            let lowest = validation.min { $0.y < $1.y }!
            losses.append(Curve(label: "lowest", color: 1, form: .rings, points: [lowest]))
        }
        let epochs = Axis("epoch", range: records.last.flatMap { $0.epoch > 0 ? 0...$0.epoch : nil })
        let isPositive = (training + validation).allSatisfy { $0.y > 0 }
        lossPanel = Panel(
            x: epochs, y: Axis("loss", scale: isPositive ? .logarithmic : .linear), curves: losses)
        var panels = [lossPanel]
        if !accuracies.isEmpty {
            panels.append(Panel(x: epochs, y: Axis("accuracy", scale: .accuracy), curves: accuracies))
        }
        figure = Figure(
            title: title,
            subtitle: "training loss: mean over the batches of each epoch"
                + (accuracies.isEmpty && validation.isEmpty
                    ? ""
                    : "; \(validation.isEmpty ? "accuracy" : accuracies.isEmpty ? "validation" : "the others") after each epoch"),
            columns: panels.count,
            panels: panels, width: panels.count == 1 ? 800 : 1300, height: 560)
    }
    /// The picture of a search for a minimum: the objective after each iteration.
    ///
    /// - Parameters:
    ///   - records: One an iteration, `epoch` counting passes over the examples.
    ///   - title: The data and the model.
    package init(iterations records: [History.Record], title: String) {
        let points = records.compactMap { record in
            record.trainingLoss.flatMap { $0.isFinite ? Curve.Point(x: record.epoch, y: $0) : nil }
        }
        lossPanel = Panel(
            x: Axis("passes over the training set"),
            y: Axis("objective", scale: points.allSatisfy { $0.y > 0 } ? .logarithmic : .linear),
            curves: [Curve(label: "objective", color: 0, form: .dottedLine, points: points)])
        figure = Figure(
            title: title, subtitle: "mean loss and penalty on the training set after each iteration",
            panels: [lossPanel], width: 800, height: 560)
    }
}
