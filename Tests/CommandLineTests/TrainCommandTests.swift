import Foundation
import Testing

/// `descent train`, `predict` and `evaluate` on small real data, as a person runs them.
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

    /// An optimizer and the solver minimize the same: the penalties mean the same to both.
    @Test func linearRegressionByAnOptimizerHasTheSamePenalty() throws {
        func coefficients(_ arguments: [String]) throws -> [Double] {
            let outcome = try Command.run(
                ["train", "linear", Self.fixture("diabetes.csv"), "--target", "target", "--features"]
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

    @Test func modelsPredictWhatWasTold() throws {
        try withTemporaryFolder { folder in
            let model = "\(folder)/iris.model"
            let iris = Self.fixture("iris.csv")
            let trained = try Command.run(
                "train", "softmax", iris, "--target", "target", "--l2", "0.01", "--save", model)
            #expect(trained.status == 0, "\(trained.errors)")
            let csv = try Command.run("predict", model, iris, "--format", "csv", "--probabilities")
            let rows = csv.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
            #expect(
                rows[0] == [
                    "row", "class", "probability", "probability[setosa]", "probability[versicolor]",
                    "probability[virginica]",
                ])
            #expect(rows.count == 151)
            for row in rows.dropFirst() {
                #expect((row[3...].compactMap { Double($0) }.reduce(0, +) - 1).magnitude < 1e-6)
            }
            #expect(rows[1][1] == "setosa")

            struct Evaluation: Decodable {
                let examples: Int
                let accuracy: Double
                let confusionMatrix: [[Int]]
            }
            let evaluated = try Command.run("evaluate", model, iris, "--target", "target", "--format", "json")
            let evaluation = try JSONDecoder().decode(Evaluation.self, from: Data(evaluated.output.utf8))
            #expect(evaluation.examples == 150)
            let right = evaluation.confusionMatrix.indices.map { evaluation.confusionMatrix[$0][$0] }
            #expect(Double(right.reduce(0, +)) / 150 == evaluation.accuracy)
            // What predict says agrees with what evaluate counts.
            let truth = try String(contentsOfFile: iris, encoding: .utf8).split(whereSeparator: \.isNewline)
                .dropFirst()
                .map { String($0.split(separator: ",").last!) }
            let agreeing = zip(rows.dropFirst(), truth).count { $0[1] == $1 }
            #expect(agreeing == right.reduce(0, +))

            // Columns are found by name, in any order; others are left alone.
            try """
            extra,petal_width,petal_length,sepal_width,sepal_length
            hello,0.2,1.4,3.5,5.1
            """.write(toFile: "\(folder)/one.csv", atomically: true, encoding: .utf8)
            let one = try Command.run("predict", model, "\(folder)/one.csv", "--format", "csv")
            #expect(one.output == "row,class,probability\n1,setosa,\(rows[1][2])\n")
            let piped = try Command.run(
                ["predict", model, "-", "--format", "csv"],
                input: Array(Data(contentsOf: URL(filePath: "\(folder)/one.csv"))))
            #expect(piped.output == one.output)
            let written = try Command.run(
                "predict", model, "\(folder)/one.csv", "--output", "\(folder)/p.json")
            #expect(written.status == 0)
            let json = try String(contentsOfFile: "\(folder)/p.json", encoding: .utf8)
            #expect(json.hasPrefix("[\n  {\"row\":1,\"class\":\"setosa\",\"probability\":0."))
        }
    }

    @Test func aPictureIsPredictedInTextAndDrawn() throws {
        try withTemporaryFolder { folder in
            let model = "\(folder)/digits.model"
            #expect(
                try Command.run(
                    "train", "mlp", "digits", "--epochs", "15", "--hidden", "32", "--learning-rate", "0.01",
                    "--save", model, "--plot", "\(folder)/curves.svg"
                ).status == 0)
            #expect(
                try String(contentsOfFile: "\(folder)/curves.svg", encoding: .utf8).contains("training loss"))
            // A zero, ink on paper, at four times the size.
            var text = "P2 32 32 255\n"
            for row in 0..<32 {
                text +=
                    (0..<32).map { column in
                        let (dx, dy) = ((Double(column) - 15.5) / 7, (Double(row) - 15.5) / 12)
                        let radius = (dx * dx + dy * dy).squareRoot()
                        return (0.6...1.1).contains(radius) ? "0" : "255"
                    }.joined(separator: " ") + "\n"
            }
            try text.write(toFile: "\(folder)/zero.pgm", atomically: true, encoding: .utf8)
            let plain = try Command.run("predict", model, "\(folder)/zero.pgm")
            #expect(plain.status == 1)
            #expect(plain.errors.contains("is 32 × 32 pixels, and the model takes 8 × 8; --fit"))
            #expect(plain.errors.contains("--invert is needed"))
            let outcome = try Command.run(
                "predict", model, "\(folder)/zero.pgm", "--invert", "--fit", "--plot", "\(folder)/zero.svg")
            #expect(outcome.status == 0, "\(outcome.errors)")
            let first = try #require(outcome.output.split(separator: "\n").first)
            #expect(first.hasPrefix("0, probability 0.9") || first.hasPrefix("0, probability 1"))
            #expect(outcome.output.contains("█"))
            #expect(try String(contentsOfFile: "\(folder)/zero.svg", encoding: .utf8).contains("<image"))
            let mistakes = try Command.run(
                "evaluate", model, "digits", "--plot", "\(folder)/mistakes.png", "--mistakes", "3")
            #expect(mistakes.status == 0, "\(mistakes.errors)")
            #expect(mistakes.output.contains("The worst 3 of"))
            #expect(FileManager.default.fileExists(atPath: "\(folder)/mistakes.png"))
        }
    }

    @Test func modelsAreInspectedAndExported() throws {
        try withTemporaryFolder { folder in
            func save(_ name: String, _ arguments: String...) throws -> String {
                let outcome = try Command.run(
                    ["train"] + arguments + ["--save", "\(folder)/\(name)", "--quiet"])
                #expect(outcome.status == 0, "\(outcome.errors)")
                return "\(folder)/\(name)"
            }
            struct Report: Decodable {
                struct Model: Decodable {
                    struct Layer: Decodable { let parameters: Int }

                    let kind: String
                    let parameters: Int
                    let classes: [String]?
                    let featureNames: [String]?
                    let exampleShape: [Int]
                    let target: String?
                    let layers: [Layer]?
                }

                let format: String
                let model: Model?
            }
            func report(_ path: String) throws -> Report {
                let outcome = try Command.run("inspect", path, "--format", "json")
                #expect(outcome.status == 0, "\(outcome.errors)")
                return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
            }
            let network = ["mlp", "digits", "--epochs", "1", "--hidden", "4"]
            for name in ["model", "model.safetensors"] {
                let path = try save(
                    name, network[0], network[1], network[2], network[3], network[4], network[5])
                let text = try Command.run("inspect", path).output
                #expect(text.contains("a multilayer perceptron for classes, 310 parameters"), "\(text)")
                #expect(text.contains("features  64 (8 × 8)\nvalues    0…16\nclasses   0, 1, 2"), "\(text)")
                let report = try report(path)
                #expect(report.format == (name == "model" ? "npz" : "safetensors"))
                let model = try #require(report.model)
                #expect(model.kind == "mlp")
                #expect(model.layers?.map(\.parameters) == [260, 0, 50])
                #expect(model.exampleShape == [8, 8])
                #expect(model.classes?.count == 10)
                let predicted = try Command.run("predict", path, "digits", "--format", "csv")
                #expect(predicted.output.split(separator: "\n").count == 451)
            }
            let linear = try report(
                save(
                    "linear", "linear", Self.fixture("diabetes.csv"), "--target", "target", "--features",
                    "bmi,bp"))
            #expect(linear.model?.featureNames == ["bmi", "bp"])
            #expect(linear.model?.target == "target")
            #expect(linear.model?.classes == nil)
            let onnx = try save("model.onnx", "linear", Self.fixture("diabetes.csv"), "--target", "target")
            let refused = try Command.run("predict", onnx, Self.fixture("diabetes.csv"))
            #expect(refused.status == 1)
            #expect(refused.errors.contains("model.onnx"))
        }
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

    // MARK: Mistakes

    static let mistakes: [(arguments: [String], status: Int32, words: String)] = [
        (["train", "softmax", "iris.csv", "--target", "species"], 64, "no column \"species\""),
        (["train", "softmax", "iris.csv", "--target", "targt"], 64, "Did you mean \"target\"?"),
        (["train", "softmax", "iris.csv"], 64, "--target is needed"),
        (["train", "softmax", "digits", "--target", "x"], 64, "--target is for files of columns"),
        (["train", "logistic", "iris.csv", "--target", "target"], 1, "two classes"),
        (["train", "mlp", "diabetes.csv", "--target", "bmi"], 1, "--regression"),
        (["train", "linear", "iris.csv", "--target", "target"], 1, "is text"),
        (["train", "linear", "digits"], 1, "is text"),
        (["train", "linear", "diabetes.csv", "--target", "target,bmi"], 64, "--target names 2 columns"),
        (
            ["train", "linear", "diabetes.csv", "--target", "target", "--checkpoint", "run"], 64,
            "solved for, mostly in seconds"
        ),
        (["train", "softmax", "digits", "--checkpoint", "run"], 64, "nothing to go on from"),
        (
            [
                "train", "linear", "diabetes.csv", "--target", "target", "--l1", "auto", "--optimizer",
                "adam",
            ], 64, "--l1 auto"
        ),
        (["train", "mlp", "digits", "--batch-size", "0"], 64, "neither a number of examples from 1 nor all"),
        (["train", "mlp", "digits", "--learning-curve", "x.gif"], 64, "--learning-curve draws"),
        (["evaluate", "iris.csv", "iris.csv"], 1, "iris.csv"),
        (["train", "mlp", "digits", "--batch-size", "5000"], 64, "only 1347"),
        (["train", "mlp", "digits", "--early-stopping", "2"], 64, "--early-stopping needs --validation"),
        (["train", "mlp", "digits", "--class-weight", "cat=2"], 64, "no class \"cat\""),
        (["train", "mlp", "digits", "--save", "/no/such/folder/model"], 1, "/no/such/folder/model"),
        (["train", "mlp", "no-such-file.npz"], 1, "no-such-file.npz: cannot be read"),
        (["predict", "iris.csv", "iris.csv"], 1, "iris.csv"),
        (["predict", "no-such-model", "iris.csv"], 1, "no-such-model: cannot be read"),
        (["evaluate", "-", "iris.csv"], 64, "cannot be read from standard input"),
        (["predict", "diabetes.csv", "iris.csv"], 1, "is no model: it is neither an npz nor"),
        (["predict", "/", "iris.csv"], 1, "is a directory"),
        (["train", "mlp", "digits", "--save", "/"], 1, "it is a folder, not a file"),
        (["train", "mlp", "digits", "--learning-rate", "-1"], 64, "must be positive, not -1.0"),
        (["train", "mlp", "digits", "--l2", "-1"], 64, "--l2 must be 0 or more, not -1.0"),
        (["train", "tree", "iris.csv"], 64, "no model 'tree'. Known: linear, logistic, softmax, mlp"),
        (["train", "lasso", "iris.csv"], 64, "say linear with --l1"),
        (["train", "softmx", "iris.csv"], 64, "Did you mean softmax?"),
        (["train", "--quick"], 64, "Unknown option '--quick'"),
        (["train", "mnist"], 64, "no model 'mnist'"),
    ]

    @Test(arguments: mistakes.indices) func mistakesGetOneMessage(index: Int) throws {
        let (arguments, status, words) = Self.mistakes[index]
        let outcome = try Command.run(
            arguments.map { ["iris.csv", "diabetes.csv"].contains($0) ? Self.fixture($0) : $0 })
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        #expect(outcome.errors.hasPrefix("Error: "))
    }

    @Test func wrongDataForAModel() throws {
        try withTemporaryFolder { folder in
            func write(_ name: String, _ text: String) throws -> String {
                try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
                return "\(folder)/\(name)"
            }
            let iris = "\(folder)/iris.model"
            _ = try Command.run(
                "train", "softmax", Self.fixture("iris.csv"), "--target", "target", "--l2", "0.1", "--save",
                iris)
            let digits = "\(folder)/digits.model"
            _ = try Command.run(
                "train", "mlp", "digits", "--epochs", "1", "--hidden", "4", "--save", digits, "--quiet")
            func complaint(_ arguments: String...) throws -> String {
                let outcome = try Command.run(arguments)
                #expect(outcome.status == 1, "\(outcome.output) \(outcome.errors)")
                return outcome.errors
            }
            #expect(
                try complaint("predict", iris, write("a.csv", "sepal_length,x\n1,2\n")).contains(
                    "needs the columns sepal_width, petal_length, petal_width"))
            #expect(
                try complaint("predict", digits, write("b.csv", "1,2,3\n4,5,6\n")).contains(
                    "takes 64 features, and the file has 3"))
            #expect(
                try complaint("predict", digits, "mnist").contains(
                    "has 784 features (28 × 28), and the model takes 64 features (8 × 8)"))
            let columns = "sepal_length,sepal_width,petal_length,petal_width"
            #expect(
                try complaint("predict", iris, write("c.csv", "\(columns)\n1,2,nan,4\n")).contains(
                    "line 2, column 3"))
            #expect(
                try complaint("predict", iris, write("d.csv", "\(columns)\n1,2,x,4\n")).contains(
                    "\"petal_length\" is \"x\", not a number"))
            #expect(
                try complaint(
                    "evaluate", iris, write("e.csv", "\(columns),target\n1,2,3,4,tulip\n"), "--target",
                    "target"
                ).contains("the label of row 1 is \"tulip\", which is none of the 3 classes"))
            // The column of the truth goes without saying where it has the name that it had in training.
            let right = try Command.run("evaluate", iris, Self.fixture("iris.csv"))
            #expect(right.status == 0, "\(right.errors)")
            let missing = try Command.run("evaluate", iris, write("g.csv", "\(columns)\n1,2,3,4\n"))
            #expect(missing.status == 64)
            #expect(missing.errors.contains("there is no \"target\""))
            let empty = try complaint("predict", iris, write("h.csv", "\(columns)\n"))
            #expect(empty.contains("has no rows"))
            #expect(try complaint("predict", iris, write("i.csv", "")).contains("is empty"))
            #expect(
                try complaint("predict", iris, write("j.csv", "\(columns)\n1,2,inf,4\n")).contains(
                    "is infinite"))
            #expect(
                try complaint("predict", iris, write("f.pgm", "P2 1 1 1\n0\n")).contains(
                    "features of a table"))
        }
    }
}
