import Foundation
import Testing

/// `--weights`: rows that count for more or less than one.
@Suite struct TrainWeightsTests {
    private static func rows(_ weighted: Bool) -> String {
        var lines = ["x,z,y,label" + (weighted ? ",w" : "")]
        for i in 0..<60 {
            let (x, z) = (i * 7 % 11, i * 5 % 13)
            let y = 2 * x - z + i % 3
            let row = "\(x),\(z),\(y),\((x + i * 11 % 9) > 9 ? "yes" : "no")"
            let weight = i % 4
            if weighted {
                lines.append("\(row),\(weight)")
            } else {
                lines += Array(repeating: row, count: weight)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test(arguments: [
        ["linear", "--target", "y"], ["linear", "--target", "y", "--l1", "0.1"],
        ["linear", "--target", "y", "--l2", "0.1", "--scaling", "none"],
        ["logistic", "--target", "label"], ["softmax", "--target", "label", "--l2", "0.1"],
        [
            "logistic", "--target", "label", "--optimizer", "sgd", "--learning-rate", "0.05", "--batch-size",
            "all",
            "--scaling", "none", "--epochs", "5", "--class-weight", "yes=2",
        ],
    ])
    func aRowOfWeightTwoIsTwoRows(arguments: [String]) throws {
        try withTemporaryFolder { folder in
            func predictions(_ weighted: Bool) throws -> [Double] {
                let data = "\(folder)/\(weighted).csv"
                try Self.rows(weighted).write(toFile: data, atomically: true, encoding: .utf8)
                let outcome = try Command.run(
                    ["train", arguments[0], data, "--features", "x,z", "--save", "\(folder)/m", "--quiet"]
                        + arguments.dropFirst() + (weighted ? ["--weights", "w"] : []))
                #expect(outcome.status == 0, "\(outcome.errors)")
                let csv = try Command.run(
                    ["predict", "\(folder)/m", "\(folder)/true.csv", "--format", "csv"]
                        + (arguments[2] == "label" ? ["--probabilities"] : []))
                return csv.output.split(separator: "\n").dropFirst().map { row in
                    Double(row.split(separator: ",").last!)!
                }
            }
            let weighted = try predictions(true)
            let repeated = try predictions(false)
            #expect(weighted.count == 60 && repeated.count == 60)
            for (a, b) in zip(weighted, repeated) {
                #expect(abs(a - b) < 1e-5 * max(1, abs(a)), "\(arguments)")
            }
        }
    }

    @Test func theWeightIsNoFeatureAndChangesTheFit() throws {
        try withTemporaryFolder { folder in
            let data = "\(folder)/rows.csv"
            try Self.rows(true).write(toFile: data, atomically: true, encoding: .utf8)
            func train(_ more: String...) throws -> String {
                let outcome = try Command.run(
                    [
                        "train", "mlp", data, "--target", "label", "--hidden", "4", "--epochs", "3",
                        "--format", "json",
                    ]
                        + more)
                #expect(outcome.status == 0, "\(outcome.errors)")
                return outcome.output
            }
            let weighted = try TrainCommandTests.parse(train("--weights", "w", "--features", "x,z,y"))
            let plain = try TrainCommandTests.parse(train("--features", "x,z,y"))
            let others = try TrainCommandTests.parse(train("--weights", "w"))
            #expect(weighted.epochs.map(\.trainLoss) != plain.epochs.map(\.trainLoss))
            #expect(weighted.epochs.map(\.trainLoss) == others.epochs.map(\.trainLoss))
            #expect(weighted.result.trainExamples == 60, "each row counts once in the scores")
        }
    }

    @Test(arguments: [
        ("w", "1,2,-1", Int32(1), "line 4, column 2: \"w\" is -1, and a weight is 0 or more"),
        ("w", "0,0,0", 1, "all weights are 0"), ("w", "a,b,c", 1, "are text, not numbers"),
        ("w", "1,,2", 1, "line 3, column 2"),
        ("y", "1,1,1", 64, "--weights and --target name the same column"),
        ("v", "1,1,1", 64, "no column \"v\""),
    ])
    func weightsThatCannotBe(name: String, weights: String, status: Int32, words: String) throws {
        try withTemporaryFolder { folder in
            let values = weights.split(separator: ",", omittingEmptySubsequences: false)
            let rows = values.enumerated().map { "\($0),\($1),\(2 * $0)" }
            try ("x,w,y\n" + rows.joined(separator: "\n") + "\n").write(
                toFile: "\(folder)/data.csv", atomically: true, encoding: .utf8)
            let outcome = try Command.run(
                "train", "linear", "\(folder)/data.csv", "--target", "y", "--weights", name)
            #expect(outcome.status == status, "\(outcome.output)")
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
        }
        let parts = try Command.run("train", "mlp", "digits", "--weights", name)
        #expect(parts.status == 64)
        #expect(parts.errors.contains("--weights is for files of columns"))
    }
}
