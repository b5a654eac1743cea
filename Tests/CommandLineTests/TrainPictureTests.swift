import Foundation
import Testing

/// What `train` and `evaluate` draw.
@Suite struct TrainPictureTests {
    private static func svg(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test func curvesOfTrainingAndValidation() throws {
        try withTemporaryFolder { folder in
            let outcome = try Command.run(
                "train", "mlp", "digits", "--epochs", "12", "--learning-rate", "0.01", "--hidden", "8",
                "--validation", "0.2", "--plot",
                "\(folder)/c.svg", "--learning-curve", "\(folder)/l.svg", "--format", "json")
            #expect(outcome.status == 0, "\(outcome.errors)")
            let curves = try Self.svg("\(folder)/c.svg")
            for label in ["training loss", "validation loss", "training accuracy", "validation accuracy"] {
                #expect(curves.contains(label))
            }
            let learning = try Self.svg("\(folder)/l.svg")
            #expect(learning.contains("training examples") && learning.contains("held out"))
            struct Result: Decodable {
                struct Point: Decodable {
                    let examples: Double
                    let training: Double
                    let validation: Double
                }
                let learningCurve: [Point]
            }
            let line = try #require(outcome.output.split(separator: "\n").last)
            let points = try JSONDecoder().decode(Result.self, from: Data(line.utf8)).learningCurve
            #expect(points.count == 5)
            #expect(zip(points, points.dropFirst()).allSatisfy { $0.examples < $1.examples })
            #expect(points.last!.validation > points[0].validation)
        }
    }

    /// A picture is a picture: it changes nothing of the training.
    @Test func drawingLeavesTheModelAlone() throws {
        try withTemporaryFolder { folder in
            let common = [
                "train", "mlp", "digits", "--epochs", "12", "--learning-rate", "0.01", "--hidden", "8",
                "--schedule", "plateau:1",
                "--quiet",
            ]
            _ = try Command.run(common + ["--save", "\(folder)/a"])
            _ = try Command.run(common + ["--save", "\(folder)/b", "--plot", "\(folder)/b.svg"])
            #expect(
                try Data(contentsOf: URL(filePath: "\(folder)/a"))
                    == Data(contentsOf: URL(filePath: "\(folder)/b")))
        }
    }

    @Test func whatIsSolvedForIsDrawnToo() throws {
        try withTemporaryFolder { folder in
            let softmax = try Command.run(
                "train", "softmax", TrainCommandTests.fixture("iris.csv"), "--target", "target", "--l2",
                "0.01", "--plot", "\(folder)/s.svg", "--learning-curve", "\(folder)/l.svg")
            #expect(softmax.status == 0, "\(softmax.errors)")
            #expect(try Self.svg("\(folder)/s.svg").contains("passes over the training set"))
            #expect(softmax.output.contains("accuracy against the number of training examples"))
            let linear = try Command.run(
                "train", "linear", TrainCommandTests.fixture("diabetes.csv"), "--target", "target", "--plot",
                "\(folder)/r.svg", "--learning-curve", "\(folder)/l.svg")
            #expect(linear.status == 0, "\(linear.errors)")
            #expect(try Self.svg("\(folder)/r.svg").contains("predicted target"))
            #expect(linear.output.contains("R² against the number of training examples"))
        }
    }

    @Test func rankings() throws {
        try withTemporaryFolder { folder in
            let iris = TrainCommandTests.fixture("iris.csv")
            let diabetes = TrainCommandTests.fixture("diabetes.csv")
            _ = try Command.run(
                "train", "softmax", iris, "--target", "target", "--l2", "1", "--save", "\(folder)/m")
            let outcome = try Command.run(
                "evaluate", "\(folder)/m", iris, "--target", "target", "--plot", "\(folder)/both.svg",
                "--roc", "\(folder)/roc.svg", "--precision-recall", "\(folder)/pr.png")
            #expect(outcome.status == 0, "\(outcome.errors)")
            let both = try Self.svg("\(folder)/both.svg")
            #expect(both.contains("false positive rate") && both.contains("precision"))
            let roc = try Self.svg("\(folder)/roc.svg")
            #expect(roc.contains("setosa: area 1.000") && !roc.contains("recall"))
            #expect(FileManager.default.fileExists(atPath: "\(folder)/pr.png"))
            // Examples of one class have no curve.
            let lines = try String(contentsOfFile: iris, encoding: .utf8).split(whereSeparator: \.isNewline)
            let one = ([lines[0]] + lines.filter { $0.contains("setosa") }).joined(separator: "\n")
            try one.write(toFile: "\(folder)/one.csv", atomically: true, encoding: .utf8)
            let refused = try Command.run(
                "evaluate", "\(folder)/m", "\(folder)/one.csv", "--target", "target", "--roc",
                "\(folder)/roc.svg")
            #expect(refused.status == 1)
            #expect(refused.errors.contains("all examples are of one class"))

            _ = try Command.run(
                "train", "linear", diabetes, "--target", "target", "--save", "\(folder)/l")
            let regression = try Command.run(
                "evaluate", "\(folder)/l", diabetes, "--target", "target", "--plot", "\(folder)/p.svg")
            #expect(regression.status == 0, "\(regression.errors)")
            #expect(try Self.svg("\(folder)/p.svg").contains("residual"))
            let none = try Command.run(
                "evaluate", "\(folder)/l", diabetes, "--target", "target", "--roc", "\(folder)/p.svg")
            #expect(none.status == 64)
            #expect(none.errors.contains("--roc is for classes"))
            let format = try Command.run(
                "evaluate", "\(folder)/l", diabetes, "--target", "target", "--precision-recall", "x.gif")
            #expect(format.status == 64)
            #expect(format.errors.contains("--precision-recall draws .svg and .png"))
        }
    }
}
