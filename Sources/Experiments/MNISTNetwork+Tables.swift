import Descent
import DescentReports

extension MNISTNetwork {
    /// What `print(network)` shows too.
    func layerTable(_ layout: NetworkLayout) -> ExperimentTable {
        var table = ExperimentTable(
            "layers",
            caption: "The layers: \(NumberFormat.count(layout.parameterCount)) parameters in all",
            columns: ["layer", "what", "inputs", "outputs", "parameters"])
        for placement in layout.layers {
            table.append(
                .text(placement.name), .text("\(placement.layer)"), .count(placement.inputs),
                .count(placement.outputs), .count(placement.parameterCount))
        }
        return table
    }

    func epochTable(_ runs: [Run], _ plain: Run?) -> ExperimentTable {
        var columns = ["epoch", "Adam, printed", "Adam, here"]
        if plain != nil { columns += ["SGD, printed", "SGD, here"] }
        var table = ExperimentTable(
            "epochs",
            caption: "Running training loss of each epoch: the mean over its batches as they were met",
            columns: columns)
        for epoch in 0..<epochs {
            func printed(_ kind: Int) -> ExperimentTable.Cell {
                Self.printed[kind].indices.contains(epoch)
                    ? .number(Self.printed[kind][epoch], digits: 4) : .none
            }
            let mean = MeanEstimate(runs.map { $0.running[epoch] })!
            var row: [ExperimentTable.Cell] = [
                .count(epoch), printed(0),
                mean.halfWidth.map { .estimate(mean.mean, margin: $0) } ?? .number(mean.mean, digits: 4),
            ]
            if let plain { row += [printed(1), .number(plain.running[epoch], digits: 4)] }
            table.append(row: row)
        }
        return table
    }

    func endTable(_ runs: [Run], _ plain: Run?) -> ExperimentTable {
        var table = ExperimentTable(
            "ends", caption: "At the end",
            columns: [
                "run", "training loss, last epoch", "training loss, at the end", "test loss", "test accuracy",
                "seconds", "images a second",
            ])
        let all = runs.enumerated().map { ("Adam, seed \(seed &+ UInt64($0))", $1) }
        for (name, run) in all + (plain.map { [("SGD, seed \(seed)", $0)] } ?? []) {
            let images = Double(run.history.last?.samples ?? 0)
            table.append(
                .text(name), .number(run.running.last ?? .nan), .number(run.trainingLoss),
                .number(run.test.loss), .number(run.test.accuracy), .number(run.seconds, digits: 3),
                .count(Int((images / max(run.seconds, 1e-9)).rounded())))
        }
        return table
    }
}
