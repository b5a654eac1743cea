import Descent
import DescentReports

extension FiveFailures {
    /// What the doctor says of a network trained by momentum, from rates that are too small to rates that are too large.
    func rates(_ progress: ExperimentProgress) -> ExperimentTable {
        var table = ExperimentTable(
            "rates", caption: "SGD with momentum 0.9 at many rates: how often the doctor found what",
            columns: ["rate"] + TrainingProblem.allCases.dropLast().map(Self.word) + ["nothing"])
        let rates = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30]
        for (index, rate) in rates.enumerated() {
            progress(0.8 + 0.2 * Double(index) / Double(rates.count), "rate \(NumberFormat.shortest(rate))")
            let found = (0..<replicates).map { replicate in
                let run = network(
                    SGD(learningRate: rate, momentum: 0.9), epochs: epochs,
                    seed: seed &+ UInt64(100 * replicate))
                return Self.doctor.examine(run.history, endedBy: run.error).findings.map(\.problem)
            }
            table.append(
                row: [.number(rate, digits: 1)]
                    + TrainingProblem.allCases.dropLast().map { problem in
                        .count(found.count { $0.contains(problem) })
                    } + [.count(found.count(where: \.isEmpty))])
        }
        return table
    }

    /// What the table of rates shows, as far as this run's does.
    func passage(_ table: ExperimentTable) -> String {
        func count(_ row: [ExperimentTable.Cell], _ word: String) -> Int {
            guard let column = table.columns.firstIndex(of: word), case .count(let count) = row[column] else {
                return 0
            }
            return count
        }
        func rates(_ isMeant: ([ExperimentTable.Cell]) -> Bool) -> [String] {
            table.rows.filter(isMeant).map { row in
                if case .number(let rate, _) = row[0] { NumberFormat.shortest(rate) } else { "" }
            }
        }
        let healthy = rates { count($0, "nothing") == replicates }
        let mixed = rates { row in
            ["diverged", "jittery", "stopped", "overfits"].count { count(row, $0) > 0 } > 1
        }
        var text = healthy.isEmpty ? "" : "; nothing is found at \(healthy.joined(separator: ", "))"
        if !mixed.isEmpty {
            text += ", and at \(mixed.joined(separator: ", ")) it depends on the seed what is"
        }
        // Beyond the rates that suit it a network may stay where guessing has it.
        let last = table.rows.lastIndex { count($0, "nothing") > 0 } ?? table.rows.count
        let stuck = table.rows.indices.filter { $0 > last && count(table.rows[$0], "stopped") > 0 }
        guard !stuck.isEmpty else { return text }
        return text + """
            . At some rates above those the loss stays where guessing has it, and the doctor says that training has hardly \
            begun; the first advice is the same there, a lower rate
            """
    }
}
