import ArgumentParser
import Descent
import Testing

@testable import DescentCommand

@Suite struct CompareCommandTests {
    private static func parse(_ line: String) throws -> CompareCommand {
        try CompareCommand.parse(line.split(separator: " ").map(String.init))
    }

    private static func complaint(_ line: String) -> String {
        do {
            _ = try parse(line)
            return ""
        } catch {
            return CompareCommand.fullMessage(for: error)
        }
    }

    @Test func defaults() throws {
        let command = try Self.parse("")
        #expect(command.optimizers.map(\.name) == ["gd", "sgd", "momentum", "adam"])
        #expect(command.replicates == 5)
        #expect(command.learningRates.isEmpty)
        #expect(command.data == nil)
    }

    @Test func lists() throws {
        let command = try Self.parse(
            "--optimizers adam,gd --learning-rates adam=1e-3,gd=0.5 --hidden 32,16 --model mlp --format json")
        #expect(command.optimizers.map(\.name) == ["adam", "gd"])
        #expect(command.learningRates == ["adam": 1e-3, "gd": 0.5])
        #expect(command.hidden == [32, 16])
    }

    @Test(arguments: [
        ("--optimizers adm", "Did you mean adam?"), ("--optimizers adm", "gd, sgd, momentum, adam"),
        ("--optimizers nothing", "Known:"), ("--optimizers sgd,sgd", "named twice"),
        ("--optimizers ,", "no method"),
        ("--replicates 0", "--replicates must be at least 1, not 0"), ("--epochs 0", "--epochs"),
        ("--batch-size 0", "--batch-size"), ("--threads 0", "--threads"), ("--seed -1", "--seed"),
        ("--penalty nan", "--penalty"), ("--penalty -1", "--penalty"),
        ("--validation-fraction 1", "between 0 and 1"),
        ("--learning-rates adam", "adam=1e-3"), ("--learning-rates adam=0", "positive"),
        ("--learning-rates adam=1,adam=2", "two rates"), ("--learning-rates adma=1", "Did you mean adam?"),
        ("--optimizers sgd --learning-rates adam=1", "--optimizers does not name"),
        ("--hidden 0", "width"), ("--hidden 1.5", "width"), ("--model forest", "softmax"),
        ("--format xml", "text"),
    ])
    func mistakesAreExplained(line: String, words: String) {
        #expect(Self.complaint(line).contains(words), "\(Self.complaint(line))")
    }

    @Test(arguments: [
        ("adam", "adam", 0), ("adm", "adam", 1), ("mda", "adam", 2), ("", "sgd", 3), ("gds", "gd", 1),
    ])
    func distances(first: String, second: String, distance: Int) {
        #expect(WordList.distance(first, second) == distance)
        #expect(WordList.distance(second, first) == distance)
    }

    @Test func timeLeftFollowsTheRunsThatAreOver() throws {
        var progress = ComparisonProgress(methods: 2, replicates: 3, threads: 2, sizeRatio: 2)
        #expect(progress.secondsLeft == nil)
        let tuning = [0, 1].map { ComparisonEvent.Run(method: $0, learningRate: 0.1) }
        progress.note(.willTune(tuning))
        #expect(progress.total == 8)
        progress.note(.finished(tuning[0], .completed, seconds: 1))
        // One more of its kind on one of two threads, and six measured runs twice as long.
        #expect(progress.secondsLeft == 0.5 + 12)
        progress.note(.finished(tuning[1], .diverged(update: 3), seconds: 0))
        #expect(progress.secondsLeft == 12)
        progress.note(.chose(method: 1, learningRate: nil, widening: nil))
        #expect(progress.total == 5)
        #expect(progress.secondsLeft == 6)
        let run = ComparisonEvent.Run(method: 0, learningRate: 0.1, replicate: 0)
        progress.note(.advanced(run, fraction: 0.5))
        #expect(progress.secondsLeft == 5)
        progress.note(.finished(run, .completed, seconds: 4))
        #expect(progress.secondsLeft == 8)
        #expect(progress.done == 3)
    }
}
