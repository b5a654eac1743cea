import Descent
import DescentReports

extension BatchSizes {
    /// Settings, and the runs of each that did not diverge.
    struct Comparison {
        var names: [String]
        var runs: [[Run]]
        var diverged: [Int]

        func estimate(_ setting: Int, _ epoch: Int, _ value: (History.Record) -> Double?) -> MeanEstimate? {
            MeanEstimate(runs[setting].compactMap { value($0.records[epoch]) })
        }

        /// At how many of the epochs the intervals of two settings' means overlap, as a share.
        func overlap(_ first: Int, _ second: Int, _ value: (History.Record) -> Double?) -> Double {
            let count = min(runs[first].first?.records.count ?? 0, runs[second].first?.records.count ?? 0)
            guard count > 1 else { return 0 }
            let overlapping = (1..<count).count { epoch in
                guard let a = estimate(first, epoch, value)?.interval,
                    let b = estimate(second, epoch, value)?.interval
                else { return false }
                return a.overlaps(b)
            }
            return Double(overlapping) / Double(count - 1)
        }

        func table(_ name: String, _ caption: String) -> ExperimentTable {
            var table = ExperimentTable(
                name, caption: caption,
                columns: ["setting", "updates", "training loss", "test loss", "test accuracy", "diverged"])
            for (index, name) in names.enumerated() {
                let last = (runs[index].first?.records.count ?? 1) - 1
                func cell(_ value: (History.Record) -> Double?) -> ExperimentTable.Cell {
                    guard let estimate = estimate(index, last, value) else { return .none }
                    return .estimate(estimate.mean, margin: estimate.halfWidth ?? .nan)
                }
                table.append(
                    .text(name), runs[index].first.map { .count($0.records[last].updates) } ?? .none,
                    cell(\.trainingLoss), cell(\.validationLoss), cell(\.validationAccuracy),
                    .count(diverged[index]))
            }
            return table
        }

        func picture(_ name: String, title: String, subtitle: String) -> ExperimentPicture {
            func curves(_ value: (History.Record) -> Double?) -> [Curve] {
                names.enumerated().map { index, name in
                    let count = runs[index].first?.records.count ?? 1
                    let points = (1..<count).compactMap { epoch -> Curve.Point? in
                        guard let estimate = estimate(index, epoch, value) else { return nil }
                        return Curve.Point(
                            x: Double(epoch), y: estimate.mean, lower: estimate.interval?.lowerBound,
                            upper: estimate.interval?.upperBound)
                    }
                    return Curve(label: name, color: index, points: points)
                }
            }
            func panel(_ y: Axis, _ curves: [Curve]) -> Panel {
                Panel(x: Axis("epochs"), y: y.holdingBands(of: curves), curves: curves)
            }
            return ExperimentPicture(
                name, caption: "\(title): training loss and test accuracy against epochs",
                Figure(
                    title: title, subtitle: subtitle, columns: 2,
                    panels: [
                        panel(Axis("training loss", scale: .logarithmic), curves(\.trainingLoss)),
                        panel(Axis("test accuracy", scale: .accuracy), curves(\.validationAccuracy)),
                    ], width: 1100, height: 500))
        }
    }

    func compare(
        _ trial: Trial, _ settings: [Setting], _ progress: (Double) -> Void
    ) throws -> Comparison {
        let runs = try Compute.map(settings.count * replicates, progress: progress) { index in
            try trial.run(settings[index % settings.count], seed: seed &+ UInt64(index / settings.count))
        }
        let bySetting = settings.indices.map { setting in
            (0..<replicates).compactMap { runs[$0 * settings.count + setting] }
        }
        return Comparison(
            names: settings.map(\.name), runs: bySetting, diverged: bySetting.map { replicates - $0.count })
    }
}
