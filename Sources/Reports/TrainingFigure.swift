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
        let accuracy = points(\.validationAccuracy)
        var losses = [Curve(label: "training loss", color: 0, points: training)]
        if !validation.isEmpty {
            losses.append(Curve(label: "validation loss", color: 1, points: validation))
            let lowest = validation.min { $0.y < $1.y }!
            losses.append(Curve(label: "lowest", color: 1, form: .rings, points: [lowest]))
        }
        let isPositive = (training + validation).allSatisfy { $0.y > 0 }
        lossPanel = Panel(
            x: Axis("epoch"), y: Axis("loss", scale: isPositive ? .logarithmic : .linear), curves: losses)
        var panels = [lossPanel]
        if !accuracy.isEmpty {
            panels.append(
                Panel(
                    x: Axis("epoch"), y: Axis("accuracy", scale: .accuracy),
                    curves: [Curve(label: "validation accuracy", color: 2, points: accuracy)]))
        }
        figure = Figure(
            title: title,
            subtitle: "training loss: mean over the batches of each epoch"
                + (validation.isEmpty ? "" : "; validation after each epoch"), columns: panels.count,
            panels: panels, width: panels.count == 1 ? 800 : 1300, height: 560)
    }
}
