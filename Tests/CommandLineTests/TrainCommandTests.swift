import Foundation
import Testing

/// `descent train` on small real data, as a person runs it.
@Suite struct TrainCommandTests {
    struct Epoch: Decodable {
        let epoch: Int
        let trainLoss: Double
        let validationLoss: Double?
        let validationAccuracy: Double?
        let seconds: Double
    }

    struct Result: Decodable {
        struct Finding: Decodable { let problem: String }

        let testLoss: Double?
        let testAccuracy: Double?
        let testAccuracyLower: Double?
        let testAccuracyUpper: Double?
        let testExamples: Int
        let testRSquared: Double?
        let trainLoss: Double
        let trainExamples: Int
        let validationAccuracy: Double?
        let epochs: Int?
        let stoppedEarly: Bool?
        let parameters: Int
        let warnings: [String]
        let findings: [Finding]
    }

    static func fixture(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/train/\(name)").path
    }

    /// The lines of a run with `--format json`.
    static func parse(_ output: String) throws -> (epochs: [Epoch], result: Result) {
        let lines = output.split(separator: "\n").map { Data($0.utf8) }
        return (
            try lines.dropLast().map { try JSONDecoder().decode(Epoch.self, from: $0) },
            try JSONDecoder().decode(Result.self, from: #require(lines.last))
        )
    }

    private func train(_ arguments: String...) throws -> (epochs: [Epoch], result: Result) {
        let outcome = try Command.run(["train"] + arguments + ["--format", "json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors == "", "nothing is said where there is no terminal")
        return try Self.parse(outcome.output)
    }

    @Test func aLineForEachEpoch() throws {
        let (epochs, result) = try train("mlp", "digits", "--epochs", "4", "--validation", "0.2")
        #expect(epochs.map(\.epoch) == [0, 1, 2, 3])
        #expect(epochs.allSatisfy { $0.validationLoss != nil && $0.validationAccuracy != nil })
        #expect(epochs.last!.trainLoss < epochs[0].trainLoss)
        #expect(zip(epochs, epochs.dropFirst()).allSatisfy { $0.seconds <= $1.seconds })
        #expect(result.epochs == 4)
        #expect(result.testExamples == 450)
        #expect(result.trainExamples == 1077)
        #expect(result.parameters == 17_226)
        let accuracy = try #require(result.testAccuracy)
        #expect(accuracy > 0.5)
        #expect(result.testAccuracyLower! < accuracy && accuracy < result.testAccuracyUpper!)
        #expect(result.validationAccuracy == epochs.last!.validationAccuracy)
    }

    @Test func withoutValidationThereIsNoValidationLoss() throws {
        let outcome = try Command.run(
            "train", "mlp", "digits", "--epochs", "1", "--hidden", "8", "--format", "json")
        let first = try #require(outcome.output.split(separator: "\n").first)
        #expect(first.contains("\"validationLoss\":null,\"validationAccuracy\":null"))
    }

    @Test(arguments: [
        ["softmax", "iris.csv", "--target", "target", "--test", "0.25", "--l2", "0.01"],
        [
            "softmax", "iris.csv", "--target", "target", "--test", "0.25", "--optimizer", "adam",
            "--learning-rate",
            "0.05",
        ],
        [
            "mlp", "iris.csv", "--target", "target", "--test", "0.25", "--hidden", "16", "--epochs", "40",
            "--loss",
            "squared-error", "--learning-rate", "0.01",
        ],
    ])
    func classifiersLearnIris(arguments: [String]) throws {
        var arguments = arguments
        arguments[1] = Self.fixture(arguments[1])
        let outcome = try Command.run(["train"] + arguments + ["--format", "json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let (_, result) = try Self.parse(outcome.output)
        #expect(result.testExamples == 38)
        #expect(result.testAccuracy! > 0.85)
    }

    @Test(arguments: [
        ["linear"], ["linear", "--l1", "0.1", "--scaling", "standardize"], ["linear", "--l2", "1e-4"],
        ["linear", "--optimizer", "adam", "--learning-rate", "0.05"],
        ["mlp", "--regression", "--hidden", "16", "--epochs", "40", "--learning-rate", "0.01"],
    ])
    func regressionsLearnDiabetes(arguments: [String]) throws {
        try withTemporaryFolder { folder in
            let outcome = try Command.run(
                ["train", arguments[0], Self.fixture("diabetes.csv"), "--target", "target", "--test", "0.2"]
                    + arguments.dropFirst() + ["--format", "json", "--save", "\(folder)/model"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let (_, result) = try Self.parse(outcome.output)
            #expect(result.testRSquared! > 0.35)
            #expect(result.testExamples == 89)
            let predicted = try Command.run(
                "predict", "\(folder)/model", Self.fixture("diabetes.csv"), "--format", "csv")
            #expect(predicted.output.hasPrefix("row,target\n1,"))
            #expect(predicted.output.split(separator: "\n").count == 443)
            let evaluated = try Command.run(
                "evaluate", "\(folder)/model", Self.fixture("diabetes.csv"), "--target", "target")
            #expect(evaluated.status == 0)
            #expect(evaluated.output.contains("R²"))
        }
    }

    @Test func resultsBeginWithoutAnEmptyLine() throws {
        for arguments in [
            ["mlp", "digits", "--epochs", "1", "--hidden", "4"], ["softmax", "digits", "--l2", "1"],
            ["linear", Self.fixture("diabetes.csv"), "--target", "target"],
        ] {
            let outcome = try Command.run(["train"] + arguments + ["--quiet"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.first?.isNewline == false)
        }
    }

    /// Standard errors and all: what least squares has to say stands in the text.
    @Test func leastSquaresHasItsTable() throws {
        let outcome = try Command.run(
            "train", "linear", Self.fixture("diabetes.csv"), "--target", "target", "--features", "bmi,bp")
        #expect(outcome.output.contains("Std. Error"))
        #expect(outcome.output.contains("R²"))
        #expect(outcome.output.contains("Least squares: target from 2 features"))
    }

    @Test func theDoctorIsHeard() throws {
        let (_, result) = try train("mlp", "digits", "--epochs", "5", "--optimizer", "sgd")
        #expect(result.findings.map(\.problem) == ["stoppedBeforeConvergence"])
        let outcome = try Command.run("train", "mlp", "digits", "--epochs", "5", "--optimizer", "sgd")
        #expect(outcome.output.contains("Training stopped before convergence"))
    }

    @Test func divergenceIsExplained() throws {
        let outcome = try Command.run(
            "train", "mlp", Self.fixture("diabetes.csv"), "--target", "target", "--regression", "--optimizer",
            "sgd", "--learning-rate", "1e6", "--quiet")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("diverged"))
        #expect(outcome.errors.contains("What to change:"))
    }

    @Test func earlyStoppingIsTold() throws {
        let (epochs, result) = try train(
            "mlp", Self.fixture("iris.csv"), "--target", "target", "--validation", "0.3", "--early-stopping",
            "2", "--epochs", "500", "--learning-rate", "0.1", "--hidden", "32")
        #expect(result.stoppedEarly == true)
        #expect(epochs.count < 500)
        #expect(result.epochs == epochs.count)
    }
}
