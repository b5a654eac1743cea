import Foundation
import Testing

/// Training that cannot be: one message, and the exit code that says whose mistake it is.
@Suite struct TrainMistakesTests {
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
            arguments.map { ["iris.csv", "diabetes.csv"].contains($0) ? TrainCommandTests.fixture($0) : $0 })
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        #expect(outcome.errors.hasPrefix("Error: "))
    }

    @Test(arguments: ["--seed", "--threads"]) func numbersBelowZeroAreNotMissing(option: String) throws {
        let outcome = try Command.run("train", "mlp", "digits", option, "-1")
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("-1"), "\(outcome.errors)")
        #expect(!outcome.errors.contains("Missing value"))
    }

    /// What can be fitted and says nothing is warned of.
    @Test func aTargetThatDoesNotVaryIsToldOf() throws {
        try withTemporaryFolder { folder in
            try "x,y\n1,5\n2,5\n4,5\n".write(
                toFile: "\(folder)/data.csv", atomically: true, encoding: .utf8)
            for arguments in [
                ["linear"], ["linear", "--l2", "0.1"], ["linear", "--optimizer", "sgd"],
                ["mlp", "--regression", "--hidden", "4"],
            ] {
                let outcome = try Command.run(
                    ["train", arguments[0], "\(folder)/data.csv", "--target", "y"] + arguments.dropFirst())
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(
                    outcome.output.contains(
                        "Warning: the target is 5 in every training row: there is nothing to"),
                    "\(arguments) \(outcome.output)")
            }
        }
    }

    @Test func classesThatAreNumbersOfEachRowAreToldOf() throws {
        try withTemporaryFolder { folder in
            let rows = (0..<30).map { "\($0 % 7),\($0)" }.joined(separator: "\n")
            try "x,id\n\(rows)\n".write(toFile: "\(folder)/data.csv", atomically: true, encoding: .utf8)
            let outcome = try Command.run(
                "train", "mlp", "\(folder)/data.csv", "--target", "id", "--epochs", "1", "--hidden", "4")
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("Warning: 30 classes of 30 training examples are hardly classes"))
        }
    }

    /// A solver refuses classes that a line tells apart; an optimizer, which would go on without end, warns.
    @Test(arguments: ["logistic", "softmax"]) func separableClassesAreToldOf(model: String) throws {
        try withTemporaryFolder { folder in
            try "x,y\n1,a\n2,a\n3,b\n4,b\n".write(
                toFile: "\(folder)/data.csv", atomically: true, encoding: .utf8)
            let data = ["train", model, "\(folder)/data.csv", "--target", "y"]
            let solved = try Command.run(data)
            #expect(solved.status == 1)
            #expect(solved.errors.contains("the classes are separable"))
            #expect(solved.errors.contains("such as --l2 1e-3"))
            let optimizer = ["--optimizer", "adam", "--learning-rate", "1", "--epochs", "50"]
            let trained = try Command.run(data + optimizer)
            #expect(trained.status == 0, "\(trained.errors)")
            #expect(trained.output.contains("Warning: the classes are separable"), "\(trained.output)")
            #expect(
                trained.output.components(separatedBy: "the classes are separable").count == 2,
                "once is enough")
            #expect(!trained.output.contains(".l2("), "options are those of the command")
            let penalized = try Command.run(data + optimizer + ["--l2", "1e-3"])
            #expect(!penalized.output.contains("separable"))
        }
    }

    static let data: [(name: String, text: String, arguments: [String], words: String)] = [
        (
            "one class", "x,y\n1,a\n2,a\n", ["logistic", "--target", "y"],
            "all examples are of the class \"a\""
        ),
        ("one class, softmax", "x,y\n1,a\n2,a\n", ["softmax", "--target", "y"], "at least two classes"),
        (
            "one class, by an optimizer", "x,y\n1,a\n2,a\n",
            ["softmax", "--target", "y", "--optimizer", "sgd"],
            "at least two classes"
        ),
        ("one class, network", "x,y\n1,a\n2,a\n", ["mlp", "--target", "y"], "at least two classes"),
        ("no rows", "x,y\n", ["mlp", "--target", "y"], "has no rows"),
        ("empty", "", ["linear", "--target", "y"], "is empty"),
        ("infinite", "x,y\n1,2\ninf,3\n", ["linear", "--target", "y"], "line 3, column 1"),
        ("missing", "x,y\n1,2\n,3\n", ["linear", "--target", "y"], "line 3, column 1"),
        (
            "no target", "x,y\n1,2\n2,\n", ["linear", "--target", "y"],
            "--missing drop leaves such rows out\n"
        ),
        ("no features", "y\n1\n2\n", ["linear", "--target", "y"], "no column left"),
        ("quantities", "x,y\n1,2.5\n2,3.5\n", ["softmax", "--target", "y"], "--regression, or linear"),
    ]

    @Test(arguments: data.indices) func dataThatDoNotAllowIt(index: Int) throws {
        let (name, text, arguments, words) = Self.data[index]
        try withTemporaryFolder { folder in
            try text.write(toFile: "\(folder)/data.csv", atomically: true, encoding: .utf8)
            let outcome = try Command.run(
                ["train", arguments[0], "\(folder)/data.csv"] + arguments.dropFirst() + ["--quiet"])
            #expect(outcome.status == 1, "\(name): \(outcome.output)\(outcome.errors)")
            #expect(outcome.errors.contains(words), "\(name): \(outcome.errors)")
            #expect(outcome.errors.hasPrefix("Error: "))
            #expect(outcome.output == "")
        }
    }
}
