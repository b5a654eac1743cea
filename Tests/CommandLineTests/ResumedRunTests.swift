import Foundation
import Testing

/// `--resume` with something else said than the run was begun with.
@Suite struct ResumedRunTests {
    /// Rows with a value that is not there, two columns to predict and one of text.
    private static let rows =
        "a,b,group,p,q\n"
        + (0..<40).map { i in
            "\(i == 7 ? "" : "\(i * 7 % 11)"),\(i * 5 % 13),\(["x", "y"][i % 2]),\(i % 3),\(i * 3 % 2)"
        }.joined(separator: "\n") + "\n"

    private static let begun = [
        "--target": "p", "--missing": "mean", "--hidden": "6", "--activation": "tanh", "--epochs": "2",
        "--validation": "0.25", "--optimizer": "adam", "--l2": "0.01", "--seed": "1", "--schedule": "step:5",
        "--class-weight": "balanced", "--scaling": "standardize", "--dropout": "0.1",
    ]

    static let changes: [(option: String, value: String?, words: [String])] = [
        ("--target", "q", ["--target: p in the checkpoint, q now"]),
        ("--missing", "drop", ["--missing: mean in the checkpoint, drop now"]),
        ("--features", "a,b", ["--features: not there in the checkpoint, a,b now", "layers: 4 → 6 dense"]),
        ("--reference", "group=y", ["--reference: not there in the checkpoint, group=y now"]),
        ("--categorical", "b", ["--categorical: not there in the checkpoint, b now"]),
        ("--validation", "0.3", ["--validation: 0.25 in the checkpoint, 0.3 now", "training examples: 30"]),
        ("--test", "0.2", ["--test: not there in the checkpoint, 0.2 now"]),
        ("--seed", "2", ["--seed: 1 in the checkpoint, 2 now"]),
        ("--hidden", "7", ["layers: 4 → 6 dense", "parameters: 51"]),
        ("--hidden", "6,6", ["layers: 4 → 6 dense, tanh, dropout 0.1, 6 → 3 dense in the checkpoint"]),
        ("--activation", "relu", ["layers: 4 → 6 dense, tanh", "now"]),
        ("--dropout", "0.2", ["dropout 0.1", "dropout 0.2"]),
        ("--init", "he-normal", ["initial weights: fanIn in the checkpoint, heNormal now"]),
        ("--loss", "hinge", ["loss: cross-entropy in the checkpoint, hinge"]),
        (
            "--label-smoothing", "0.1",
            ["loss: cross-entropy in the checkpoint, cross-entropy, labels smoothed"]
        ),
        ("--l2", "0.02", ["penalty: L2 0.01 on the mean loss in the checkpoint, L2 0.02"]),
        ("--class-weight", nil, ["--class-weight: balanced in the checkpoint, not there now"]),
        ("--scaling", "range", ["scaling: standardize in the checkpoint, range now"]),
        ("--optimizer", "sgd", ["--optimizer: Adam in the checkpoint, SGD now"]),
        (
            "--learning-rate", "0.1",
            ["--learning-rate: 0.001 in the checkpoint, 0.1 now", "--schedule is another"]
        ),
        ("--average", "ema", ["--optimizer: Adam in the checkpoint, Averaged<Adam> now"]),
        ("--batch-size", "10", ["--batch-size: 30 in the checkpoint, 10 now"]),
        ("--schedule", "cosine", ["--schedule is another"]),
        ("--early-stopping", "3", ["--early-stopping"]),
        // What may be another: how long, on how many threads, what is told and drawn.
        ("--epochs", "3", []), ("--threads", "1", []), ("--format", "json", []),
    ]

    private static func arguments(_ folder: String, _ options: [String: String]) -> [String] {
        ["train", "mlp", "\(folder)/rows.csv", "--checkpoint", "\(folder)/run", "--resume", "--quiet"]
            + options.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    }

    @Test func whatDiffersIsNamed() throws {
        try withTemporaryFolder { folder in
            try Self.rows.write(toFile: "\(folder)/rows.csv", atomically: true, encoding: .utf8)
            let first = try Command.run(Self.arguments(folder, Self.begun))
            #expect(first.status == 0, "\(first.errors)")
            for (option, value, words) in Self.changes where !words.isEmpty {
                var options = Self.begun
                options[option] = value
                let outcome = try Command.run(Self.arguments(folder, options))
                #expect(outcome.status == 1, "\(option) \(outcome.errors)")
                #expect(
                    outcome.errors.contains("is a checkpoint of another run:\n"),
                    "\(option) \(outcome.errors)")
                for word in words { #expect(outcome.errors.contains(word), "\(option) \(outcome.errors)") }
                #expect(outcome.errors.contains("a folder of its own with --checkpoint"))
            }
            // Another file of the same form is other data; the same data in another file are the same.
            let other = Self.rows.replacingOccurrences(of: "4,", with: "5,")
            try other.write(toFile: "\(folder)/rows.csv", atomically: true, encoding: .utf8)
            let changed = try Command.run(Self.arguments(folder, Self.begun))
            #expect(changed.status == 1)
            #expect(changed.errors.contains("training examples: 30 × 4, checksum "), "\(changed.errors)")
            #expect(changed.errors.contains("validation examples: 10 × 4, checksum "), "\(changed.errors)")
            try Self.rows.write(toFile: "\(folder)/copy.csv", atomically: true, encoding: .utf8)
            var again = Self.arguments(folder, Self.begun)
            again[2] = "\(folder)/copy.csv"
            #expect(try Command.run(again).status == 0)
            try Self.rows.write(toFile: "\(folder)/rows.csv", atomically: true, encoding: .utf8)
            for (option, value, words) in Self.changes where words.isEmpty {
                var options = Self.begun
                options[option] = value
                let outcome = try Command.run(Self.arguments(folder, options))
                #expect(outcome.status == 0, "\(option) \(outcome.errors)")
            }
        }
    }

    /// Damaged checkpoints are passed over; where all are, that is said.
    @Test func damagedCheckpointsArePassedOver() throws {
        try withTemporaryFolder { folder in
            try Self.rows.write(toFile: "\(folder)/rows.csv", atomically: true, encoding: .utf8)
            #expect(try Command.run(Self.arguments(folder, Self.begun)).status == 0)
            func shorten(_ name: String) throws {
                let url = URL(filePath: "\(folder)/run/\(name)")
                let bytes = try Data(contentsOf: url)
                try bytes.prefix(bytes.count / 2).write(to: url)
            }
            try shorten("checkpoint-000000000002.npz")
            let older = try Command.run(Self.arguments(folder, Self.begun).filter { $0 != "--quiet" })
            #expect(older.status == 0, "\(older.errors)")
            #expect(older.errors.contains("Passed over"))
            #expect(
                older.errors.contains(
                    "checkpoint-000000000002.npz: is a damaged checkpoint, or one cut short"))
            #expect(older.errors.contains("Going on from \(folder)/run/checkpoint-000000000001.npz"))
            for name in ["checkpoint-000000000001.npz", "checkpoint-000000000002.npz"] { try shorten(name) }
            let none = try Command.run(Self.arguments(folder, Self.begun))
            #expect(none.status == 1)
            #expect(none.errors.contains("is a damaged checkpoint"), "\(none.errors)")
        }
    }
}
