import Foundation
import Testing

/// Regressions by an optimizer are what the solver's are: the same kind of model, the same names, the same report.
@Suite struct TrainByOptimizerTests {
    /// An optimizer and the solver minimize the same: the penalties mean the same to both.
    @Test func linearRegressionByAnOptimizerHasTheSamePenalty() throws {
        func coefficients(_ arguments: [String]) throws -> [Double] {
            let outcome = try Command.run(
                [
                    "train", "linear", TrainCommandTests.fixture("diabetes.csv"), "--target", "target",
                    "--features",
                ]
                    + ["bmi,bp,s5", "--scaling", "standardize", "--quiet"] + arguments)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let lines = outcome.output.split(separator: "\n")
            // Nothing stands before the table, not even an empty line.
            #expect(lines.first?.contains("estimate") == true)
            return ["(Intercept)", "bmi", "bp", "s5"].compactMap { name in
                lines.first { $0.hasPrefix(name + " ") }?.split(separator: " ").last.flatMap { Double($0) }
            }
        }
        let ways: [(penalty: [String], tolerance: Double)] = [
            (["--l2", "0.5"], 1e-4), (["--l1", "3"], 0.02), (["--l1", "2", "--l2", "0.3"], 0.02),
        ]
        for (penalty, tolerance) in ways {
            let solved = try coefficients(penalty)
            let trained = try coefficients(
                penalty + [
                    "--optimizer", "sgd", "--learning-rate", "0.1", "--batch-size", "all", "--epochs", "600",
                    "--schedule", "cosine",
                ])
            #expect(solved.count == 4 && trained.count == 4)
            for (a, b) in zip(solved, trained) { #expect(abs(a - b) <= tolerance * abs(a), "\(penalty)") }
        }
    }

    struct Inspected: Decodable {
        struct Model: Decodable {
            struct Fit: Decodable {
                let method: String
                let choice: String
                let relativeGradient: Double
                let objective: Double
            }

            let kind: String
            let parameters: Int
            let featureNames: [String]?
            let classes: [String]?
            let target: String?
            let fit: Fit?
        }

        struct Array: Decodable {
            let name: String
            let dtype: String
            let shape: [Int]
        }

        let model: Model
        let arrays: [Array]
    }

    /// Rows of two classes that overlap, with a column of text.
    private static let rows =
        "area,region,dear\n"
        + (0..<90).map { i in
            let area = 50 + i * 37 % 90
            return "\(area),\(["south", "north", "east"][i % 3]),\(area + i * 11 % 60 > 120 ? "yes" : "no")"
        }.joined(separator: "\n") + "\n"

    @Test(arguments: ["logistic", "softmax"]) func aClassifierIsTheSameKindOfModel(kind: String) throws {
        try withTemporaryFolder { folder in
            try Self.rows.write(toFile: "\(folder)/rows.csv", atomically: true, encoding: .utf8)
            func train(_ name: String, _ more: [String]) throws -> (text: String, inspected: Inspected) {
                let path = "\(folder)/\(name).npz"
                let outcome = try Command.run(
                    ["train", kind, "\(folder)/rows.csv", "--target", "dear", "--l2", "0.05", "--scaling"]
                        + ["standardize", "--class-weight", "balanced", "--save", path, "--quiet"] + more)
                #expect(outcome.status == 0, "\(outcome.errors)")
                let inspected = try Command.run("inspect", path, "--format", "json").output
                return (
                    outcome.output, try JSONDecoder().decode(Inspected.self, from: Data(inspected.utf8))
                )
            }
            let solved = try train("solved", [])
            let trained = try train(
                "trained",
                [
                    "--optimizer", "adam", "--learning-rate", "0.1", "--batch-size", "all", "--epochs", "800",
                    "--schedule", "cosine",
                ])
            let (a, b) = (solved.inspected, trained.inspected)
            #expect(b.model.kind == kind && a.model.kind == kind)
            #expect(b.model.parameters == a.model.parameters)
            #expect(b.model.featureNames == ["area", "region[north]", "region[south]"])
            #expect(b.model.featureNames == a.model.featureNames)
            #expect(b.model.classes == ["no", "yes"] && b.model.target == "dear")
            #expect(b.arrays.map(\.name) == a.arrays.map(\.name))
            #expect(b.arrays.dropFirst().map(\.shape) == a.arrays.dropFirst().map(\.shape))
            #expect(b.arrays.map(\.dtype) == a.arrays.map(\.dtype))
            #expect(b.model.fit?.method == "updateRule")
            #expect(b.model.fit?.choice == "adam, learning rate 0.1, batches of 90")
            #expect(try abs(#require(b.model.fit).objective - #require(a.model.fit).objective) < 1e-5)
            #expect(try #require(b.model.fit).relativeGradient < 1e-3)
            #expect(
                trained.text.contains(
                    "Method: adam, learning rate 0.1, batches of 90, 800 updates in 800 epochs"))
            // The same coefficients under the same names.
            func coefficients(_ text: String) -> [(name: String, value: Double)] {
                text.split(separator: "\n").filter { $0.contains(": ") }.compactMap { line in
                    let words = line.split(separator: " ")
                    return words.last.flatMap { Double($0) }.map {
                        (words.dropLast().joined(separator: " "), $0)
                    }
                }
            }
            let (x, y) = (coefficients(solved.text), coefficients(trained.text))
            #expect(x.count == (kind == "softmax" ? 8 : 4))
            #expect(x.map(\.name) == y.map(\.name))
            for (one, other) in zip(x, y) {
                #expect(abs(one.value - other.value) < 2e-3 * max(1, abs(one.value)))
            }
            // predict and evaluate take either.
            for command in ["predict", "evaluate"] {
                let outcomes = try ["solved", "trained"].map {
                    try Command.run(command, "\(folder)/\($0).npz", "\(folder)/rows.csv")
                }
                #expect(outcomes.allSatisfy { $0.status == 0 })
                #expect(
                    outcomes[0].output.split(separator: "\n").count
                        == outcomes[1].output.split(separator: "\n").count)
            }
        }
    }

    /// The model is the average, and the report says which.
    @Test func anAverageIsTold() throws {
        func last(_ average: [String]) throws -> (line: String, loss: Double) {
            let outcome = try Command.run(
                [
                    "train", "mlp", "digits", "--hidden", "16", "--epochs", "8", "--format", "json",
                    "--validation", "0.2",
                ]
                    + average)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let (_, result) = try TrainCommandTests.parse(outcome.output)
            return (String(outcome.output.split(separator: "\n").last!), try #require(result.testLoss))
        }
        let plain = try last([])
        #expect(!plain.line.contains("\"average\""))
        var losses: Set = [plain.loss]
        for (option, words) in [
            ("ema:0.9", "a running average of the points, decay 0.9"),
            ("mean:4", "the mean of the points after epoch 4"),
            ("mean", "the mean of the points after epoch 6"),
            ("swa:5", "the mean of the points at the ends of epochs from epoch 5 on"),
        ] {
            let (line, loss) = try last(["--average", option])
            #expect(line.contains("\"average\":\"\(words)\""), "\(line)")
            losses.insert(loss)
        }
        #expect(losses.count == 5, "every average is another point")
        // Seventeen updates an epoch: the start still has a large part.
        let short = try Command.run(
            "train", "mlp", "digits", "--hidden", "8", "--epochs", "2", "--average", "ema", "--quiet")
        #expect(short.output.contains("Warning: --average ema:0.999 is a mean over about 1,000 updates"))
    }

    @Test(arguments: [
        (["--average", "ema:1"], "lies between 0 and 1"), (["--average", "ema:x"], "'x' is not a number"),
        (["--average", "emma"], "Did you mean ema?"), (["--average", "mean:15"], "begins after epoch 15"),
        (["--average", "swa:-1"], "'-1' is not an epoch"),
        (["--average", "ema", "--optimizer", "schedule-free-adamw"], "an average of its points already"),
    ])
    func averagesThatMakeNoSense(arguments: [String], words: String) throws {
        let outcome = try Command.run(["train", "mlp", "digits"] + arguments)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
}
