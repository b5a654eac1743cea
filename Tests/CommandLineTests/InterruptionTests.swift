import Foundation
import Testing

/// Training that is interrupted, killed, and gone on with.
@Suite struct InterruptionTests {
    private static func arguments(_ folder: String, _ name: String, epochs: Int) -> [String] {
        [
            "train", "mlp", "digits", "--epochs", "\(epochs)", "--hidden", "24", "--validation", "0.1",
            "--dropout", "0.1", "--schedule", "cosine", "--format", "json", "--save",
            "\(folder)/\(name).model",
        ]
    }

    private static func bytes(_ path: String) throws -> Data {
        try Data(contentsOf: URL(filePath: path))
    }

    /// The epochs in the output of a run, with everything but the time.
    private static func epochs(_ output: String) throws -> [Int: String] {
        var epochs: [Int: String] = [:]
        for line in output.split(separator: "\n") where line.hasPrefix("{\"epoch\"") {
            let epoch = try JSONDecoder().decode(TrainCommandTests.Epoch.self, from: Data(line.utf8))
            epochs[epoch.epoch] = String(line.prefix(upTo: line.range(of: ",\"seconds\"")!.lowerBound))
        }
        return epochs
    }

    /// Regressions that an optimizer trains are gone on with like networks.
    @Test(arguments: ["softmax", "linear"]) func regressionsAreResumed(model: String) throws {
        try withTemporaryFolder { folder in
            func arguments(_ name: String, _ more: [String] = []) -> [String] {
                ["train", model]
                    + (model == "linear"
                        ? [TrainCommandTests.fixture("diabetes.csv"), "--target", "target"] : ["digits"])
                    + ["--optimizer", "adam", "--l2", "0.01", "--epochs", "30", "--format", "json", "--save"]
                    + ["\(folder)/\(name).model"] + more
            }
            let whole = try Command.run(arguments("whole"))
            #expect(whole.status == 0, "\(whole.errors)")
            let checkpoint = ["--checkpoint", "\(folder)/run", "--resume"]
            let command = try RunningCommand(arguments("parts", checkpoint))
            try command.waitForLines(3)
            command.send(SIGKILL)
            #expect(command.wait() == .signal(SIGKILL))
            let rest = try Command.run(arguments("parts", checkpoint))
            #expect(rest.status == 0, "\(rest.errors)")
            #expect(try Self.epochs(rest.output).count < 30, "something was kept")
            // The files differ in the seconds of their histories; the models are the same to the last digit.
            let data = arguments("")[2]
            func predictions(_ name: String) throws -> String {
                let outcome = try Command.run("predict", "\(folder)/\(name).model", data, "--format", "json")
                #expect(outcome.status == 0, "\(outcome.errors)")
                return outcome.output
            }
            let expected = try predictions("whole")
            #expect(!expected.isEmpty)
            #expect(try predictions("parts") == expected)
        }
    }

    @Test func killedAndResumedGivesTheSameBits() throws {
        try withTemporaryFolder { folder in
            let whole = try Command.run(Self.arguments(folder, "whole", epochs: 20))
            #expect(whole.status == 0, "\(whole.errors)")
            let expected = try Self.epochs(whole.output)
            #expect(expected.count == 20)
            let parts =
                Self.arguments(folder, "parts", epochs: 20) + [
                    "--checkpoint", "\(folder)/run", "--resume",
                ]
            var seen: [Int: String] = [:]
            for lines in [3, 1, 4] {
                let command = try RunningCommand(parts)
                try command.waitForLines(lines)
                command.send(SIGKILL)
                #expect(command.wait() == .signal(SIGKILL))
                // What an epoch came to does not depend on how often it was begun.
                for (epoch, line) in try Self.epochs(command.output) {
                    #expect(seen.updateValue(line, forKey: epoch) ?? line == line)
                }
            }
            let last = try Command.run(parts)
            #expect(last.status == 0, "\(last.errors)")
            let resumed = try Self.epochs(last.output)
            #expect(resumed.count < 20, "something was kept")
            #expect(seen.merging(resumed) { $1 } == expected)
            #expect(
                try Self.bytes("\(folder)/whole.model") == Self.bytes("\(folder)/parts.model"))
        }
    }

    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
    func anInterruptSavesAndSaysHowToGoOn(signal: Int32, code: Int32) throws {
        try withTemporaryFolder { folder in
            let arguments = Self.arguments(folder, "a", epochs: 100_000) + ["--checkpoint", "\(folder)/run"]
            let command = try RunningCommand(arguments)
            try command.waitForLines(2)
            command.send(signal)
            #expect(command.wait() == .exit(code))
            #expect(command.errors.contains("Saved to \(folder)/run/checkpoint-"))
            #expect(command.errors.contains("\(folder)/run --resume\n"))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/a.model"))
            let path = try #require(
                command.errors.split(separator: " ").first { $0.hasPrefix("\(folder)/run/") }
            ).dropLast()
            #expect(FileManager.default.fileExists(atPath: String(path)))

            // Without --resume nothing is overwritten; with it, the run goes on within the epoch.
            let again = try Command.run(arguments)
            #expect(again.status == 1)
            #expect(again.errors.contains("--resume goes on from there"))
            let resumed = try RunningCommand(arguments + ["--resume"])
            try resumed.waitForLines(1)
            resumed.send(SIGINT)
            #expect(resumed.wait() == .exit(130))
            let first = try Self.epochs(command.output).keys.max()!
            #expect(try Self.epochs(resumed.output).keys.min() == first + 1)
            #expect(resumed.errors.contains("Going on from \(path)"))
        }
    }

    @Test func withoutACheckpointNothingIsKept() throws {
        try withTemporaryFolder { folder in
            let command = try RunningCommand(Self.arguments(folder, "a", epochs: 100_000))
            try command.waitForLines(1)
            command.send(SIGINT)
            #expect(command.wait() == .exit(130))
            #expect(command.errors.contains("Nothing was saved"))
        }
    }

    @Test func theSecondInterruptEndsAtOnce() throws {
        try withTemporaryFolder { folder in
            // One update of this takes seconds.
            let command = try RunningCommand([
                "train", "mlp", "mnist", "--hidden", "1024,1024", "--batch-size", "all", "--epochs", "50",
                "--checkpoint", "\(folder)/run",
            ])
            try command.waitForLines(3)
            usleep(200_000)
            command.send(SIGINT)
            usleep(50_000)
            command.send(SIGINT)
            #expect(command.wait() == .signal(SIGINT))
        }
    }

    @Test func aFinishedRunIsOverAtOnce() throws {
        try withTemporaryFolder { folder in
            let arguments =
                Self.arguments(folder, "a", epochs: 2) + ["--checkpoint", "\(folder)/run", "--resume"]
            let first = try Command.run(arguments)
            #expect(first.status == 0, "\(first.errors)")
            let model = try Self.bytes("\(folder)/a.model")
            let second = try Command.run(arguments)
            #expect(second.status == 0, "\(second.errors)")
            #expect(try Self.epochs(second.output).isEmpty)
            #expect(try Self.bytes("\(folder)/a.model") == model)
            // Other settings are another run.
            let other = try Command.run(arguments + ["--learning-rate", "0.5"])
            #expect(other.status == 1)
            #expect(other.errors.contains("--learning-rate: 0.001 in the checkpoint, 0.5 now"))
        }
    }
}
