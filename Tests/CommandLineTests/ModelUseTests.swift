import Descent
import Foundation
import Testing

/// `descent predict`, `evaluate` and `inspect` with models that `descent train` wrote.
@Suite struct ModelUseTests {
    @Test func modelsPredictWhatWasTold() throws {
        try withTemporaryFolder { folder in
            let model = "\(folder)/iris.model"
            let iris = TrainCommandTests.fixture("iris.csv")
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
                    "linear", "linear", TrainCommandTests.fixture("diabetes.csv"), "--target", "target",
                    "--features",
                    "bmi,bp"))
            #expect(linear.model?.featureNames == ["bmi", "bp"])
            #expect(linear.model?.target == "target")
            #expect(linear.model?.classes == nil)
            let onnx = try save(
                "model.onnx", "linear", TrainCommandTests.fixture("diabetes.csv"), "--target", "target")
            let refused = try Command.run("predict", onnx, TrainCommandTests.fixture("diabetes.csv"))
            #expect(refused.status == 1)
            #expect(refused.errors.contains("model.onnx"))
        }
    }

    @Test func wrongDataForAModel() throws {
        try withTemporaryFolder { folder in
            func write(_ name: String, _ text: String) throws -> String {
                try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
                return "\(folder)/\(name)"
            }
            let iris = "\(folder)/iris.model"
            _ = try Command.run(
                "train", "softmax", TrainCommandTests.fixture("iris.csv"), "--target", "target", "--l2",
                "0.1", "--save",
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
            let right = try Command.run("evaluate", iris, TrainCommandTests.fixture("iris.csv"))
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

    /// An npy file with one picture is that picture, and not as many examples as it has rows.
    @Test func anArrayOfThePicturesShapeIsOneExample() throws {
        try withTemporaryFolder { folder in
            let model = "\(folder)/digits.model"
            _ = try Command.run(
                "train", "mlp", "digits", "--epochs", "2", "--hidden", "8", "--save", model, "--quiet")
            let pixels: [UInt8] = (0..<64).map { UInt8($0 % 17) }
            func write(_ name: String, _ shape: [Int], _ values: [UInt8]) throws -> String {
                try NPYFile.write(NumericArray(values, shape: shape), to: "\(folder)/\(name)")
                return "\(folder)/\(name)"
            }
            let one = try Command.run("predict", model, write("one.npy", [8, 8], pixels), "--format", "csv")
            #expect(one.status == 0, "\(one.errors)")
            let rows = try Command.run(
                "predict", model, write("rows.npy", [2, 64], pixels + pixels.reversed()), "--format", "csv")
            #expect(rows.status == 0, "\(rows.errors)")
            #expect(one.output.split(separator: "\n").count == 2)
            #expect(Array(rows.output.split(separator: "\n").prefix(2)) == one.output.split(separator: "\n"))
            let drawn = try Command.run("predict", model, "\(folder)/one.npy")
            #expect(drawn.output.contains("█"))
            let other = try Command.run("predict", model, write("other.npy", [4, 16], pixels))
            #expect(other.status == 1)
        }
    }

    @Test func nothingIsEvaluatedWithoutTheTruth() throws {
        try withTemporaryFolder { folder in
            let model = "\(folder)/digits.model"
            _ = try Command.run(
                "train", "mlp", "digits", "--epochs", "1", "--hidden", "4", "--save", model, "--quiet")
            try NPZArchive.write(
                [("x_test", NumericArray([UInt8](repeating: 3, count: 128), shape: [2, 8, 8]))],
                to: "\(folder)/x.npz")
            let outcome = try Command.run("evaluate", model, "\(folder)/x.npz")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("has no y_test"), "\(outcome.errors)")
        }
    }

    /// Cut short or changed, a model is said to be damaged, with what to do; everywhere the same.
    @Test(arguments: ["npz", "safetensors"]) func damagedModelsAreExplained(ending: String) throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/m.\(ending)"
            let iris = TrainCommandTests.fixture("iris.csv")
            #expect(
                try Command.run("train", "softmax", iris, "--target", "target", "--l2", "0.1", "--save", path)
                    .status == 0)
            let whole = try Data(contentsOf: URL(filePath: path))
            func complaints(_ data: Data) throws -> [String] {
                try data.write(to: URL(filePath: path))
                return try ["predict", "evaluate"].map { command in
                    let outcome = try Command.run(command, path, iris)
                    #expect(outcome.status == 1 && outcome.output == "")
                    return outcome.errors
                }
            }
            for length in [20, whole.count / 2, whole.count - 1] {
                for words in try complaints(whole.prefix(length)) {
                    #expect(
                        words.hasPrefix("Error: \(path): is a damaged model file, or one cut short: "),
                        "\(words)")
                    #expect(
                        words.contains("The file has \(length) bytes; copy it again from where it is whole"))
                }
            }
            var changed = whole
            // The last number: in front of the directory, or of the end.
            let end =
                ending == "npz"
                ? try #require(whole.range(of: Data([0x50, 0x4B, 1, 2]))).lowerBound : whole.count
            changed[end - 3] ^= 4
            for words in try complaints(changed) {
                #expect(words.contains("is a damaged model file"), "\(words)")
                #expect(words.contains("checksum"), "\(words)")
            }
            #expect(try complaints(Data())[0].contains("is empty. The file has 0 bytes"))
            let inspected = try Command.run("inspect", path)
            #expect(inspected.status == 1)
        }
    }
}
