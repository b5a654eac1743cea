import Foundation
import Testing

/// Columns of text and missing values through training, the model file, and its use.
@Suite struct CodedColumnsTests {
    private static func area(_ row: Int) -> Double { Double(50 + (row * 37) % 40) }

    /// 40 houses: the price is linear in area and region, save for a wiggle; area lacks a value in rows 5 and 21.
    private static func houses(missing: Bool = false) -> String {
        var text = "region,area,class,price\n"
        for row in 0..<40 {
            let region = ["north", "south", "east"][row % 3]
            let area = Self.area(row)
            let premium: [Double] = [30, -20, 0]
            let wiggle = Double((row * 7) % 5)
            let price = 8 + 2 * area + premium[row % 3] + wiggle
            // Some exceptions, or the classes would be separable.
            let isDear = (price > 150) != (row % 7 == 0)
            let given = missing && (row == 4 || row == 20) ? "NA" : "\(area)"
            text += "\(region),\(given),\(isDear ? "dear" : "cheap"),\(price)\n"
        }
        return text
    }

    private struct Folder {
        let path: String

        func write(_ name: String, _ text: String) throws -> String {
            try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
            return "\(path)/\(name)"
        }

        func train(_ model: String, _ data: String, _ arguments: String...) throws -> Command.Outcome {
            let outcome = try Command.run(
                ["train", model, data] + arguments + ["--save", "\(path)/model"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            return outcome
        }

        func predict(_ data: String, _ arguments: String...) throws -> Command.Outcome {
            try Command.run(["predict", "\(path)/model", data, "--format", "csv"] + arguments)
        }
    }

    private func withFolder(_ body: (Folder) throws -> Void) throws {
        try withTemporaryFolder { try body(Folder(path: $0)) }
    }

    private static func numbers(_ csv: String, column: Int) -> [Double] {
        csv.split(separator: "\n").dropFirst().compactMap { line in
            Double(line.split(separator: ",", omittingEmptySubsequences: false)[column])
        }
    }

    @Test func codedAsByLeastSquares() throws {
        try withFolder { folder in
            let data = try folder.write("houses.csv", Self.houses())
            let trained = try folder.train("linear", data, "--target", "price", "--features", "region,area")
            #expect(trained.output.contains("region: 3 levels, reference level \"east\""))
            #expect(trained.output.contains("Least squares: price from 3 features, 40 rows"))
            // The same predictions as those of lstsq, whose columns are coded by the same rule.
            let new = try folder.write("new.csv", "area,region,other\n60,south,x\n70,north,y\n80.5,east,z\n")
            let model = "\(folder.path)/lstsq.json"
            let fitted = try Command.run(
                "lstsq", data, "--target", "price", "--features", "region,area", "--save", model)
            #expect(fitted.status == 0, "\(fitted.errors)")
            let expected = try Command.run(
                "lstsq", "--model", model, "--predict", new, "--format", "csv")
            let predicted = try folder.predict(new)
            #expect(predicted.status == 0, "\(predicted.errors)")
            let values = Self.numbers(predicted.output, column: 1)
            let references = Self.numbers(expected.output, column: 2)
            #expect(values.count == 3 && references.count == 3)
            for (value, reference) in zip(values, references) {
                #expect(abs(value - reference) < 1e-9 * abs(reference))
            }
            let evaluated = try Command.run(
                "evaluate", "\(folder.path)/model", data, "--target", "price", "--format", "json")
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            let inspected = try Command.run("inspect", "\(folder.path)/model")
            #expect(inspected.output.contains("region[north], region[south], area"))
            #expect(inspected.output.contains("reference level \"east\""))
        }
    }

    @Test(arguments: [
        ["softmax", "--l2", "0.01"], ["logistic"], ["mlp", "--hidden", "4", "--epochs", "2"],
        ["softmax", "--optimizer", "adam", "--epochs", "2"],
    ])
    func everyModelTakesTextAgain(model: [String]) throws {
        try withFolder { folder in
            let data = try folder.write("houses.csv", Self.houses())
            let outcome = try Command.run(
                ["train"] + [model[0], data] + model.dropFirst() + [
                    "--target", "class", "--features", "area,region", "--save", "\(folder.path)/model",
                    "--test", "0.25",
                ])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let predicted = try folder.predict(data)
            #expect(predicted.status == 0, "\(predicted.errors)")
            #expect(predicted.output.split(separator: "\n").count == 41)
            let unknown = try folder.predict(folder.write("new.csv", "region,area\nnorth,60\nwest,61\n"))
            #expect(unknown.status == 1)
            #expect(
                unknown.errors.contains(
                    "line 3, column 1: \"region\" is \"west\", a level that the model does not know"))
        }
    }

    @Test func numbersCanBeCategories() throws {
        try withFolder { folder in
            let values = ["0,5", "1,1", "2,9"]
            let rows = (0..<30).map { values[$0 % 3] }.joined(separator: "\n")
            let data = try folder.write("data.csv", "group,y\n\(rows)\n")
            _ = try folder.train(
                "linear", data, "--target", "y", "--categorical", "group", "--reference", "group=1")
            let predicted = try folder.predict(folder.write("new.csv", "group\n0\n1\n2\n"))
            let found = Self.numbers(predicted.output, column: 1)
            #expect(found.count == 3)
            for (value, expected) in zip(found, [5.0, 1, 9]) { #expect(abs(value - expected) < 1e-12) }
            let wrong = try Command.run(
                "train", "linear", data, "--target", "y", "--reference", "group=7")
            #expect(wrong.status == 64)
            #expect(wrong.errors.contains("has no level \"7\""))
            let target = try Command.run("train", "linear", data, "--target", "y", "--categorical", "y")
            #expect(target.status == 64)
            #expect(target.errors.contains("is no feature"))
        }
    }

    @Test func missingValuesAreRefusedUnlessItIsSaidWhatToDo() throws {
        try withFolder { folder in
            let data = try folder.write("houses.csv", Self.houses(missing: true))
            let arguments = ["train", "linear", data, "--target", "price", "--features", "region,area"]
            let refused = try Command.run(arguments)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("line 6, column 2: \"area\" has no value"))
            #expect(refused.errors.contains("--missing drop"))
            let dropped = try Command.run(arguments + ["--missing", "drop"])
            #expect(dropped.output.contains("2 rows with missing values left out"))
            #expect(dropped.output.contains("38 rows"))

            _ = try folder.train(
                "linear", data, "--target", "price", "--features", "region,area", "--missing", "mean")
            // What stands in for a missing value is the mean of the others, in training and ever after.
            let areas = (0..<40).filter { $0 != 4 && $0 != 20 }.map(Self.area)
            let mean = areas.reduce(0, +) / 38
            let new = try folder.write("new.csv", "region,area\nsouth,60\nnorth,\neast,70\n")
            let given = try folder.write("given.csv", "region,area\nsouth,60\nnorth,\(mean)\neast,70\n")
            let filled = try folder.predict(new, "--missing", "mean")
            #expect(filled.status == 0, "\(filled.errors)")
            for (a, b) in zip(
                Self.numbers(filled.output, column: 1),
                Self.numbers(try folder.predict(given).output, column: 1))
            { #expect(abs(a - b) < 1e-9) }
            // Rows keep their numbers.
            let left = try folder.predict(new, "--missing", "drop")
            #expect(left.output.split(separator: "\n").map { $0.prefix(2) } == ["ro", "1,", "3,"])
            #expect(left.errors.contains("1 row with missing values left out"))
            #expect(try folder.predict(new).status == 1)
        }
    }

    /// Means are statistics of the rows that are trained on, like scalings: the others must not be known.
    @Test func meansAreThoseOfTheTrainingRows() throws {
        try withFolder { folder in
            let rows = (0..<20).map { (row: Int) -> String in
                let x = row % 7 == 3 ? "" : "\(row)"
                return "\(x),\(row * 2)"
            }.joined(separator: "\n")
            let data = try folder.write("data.csv", "x,y\n\(rows)\n")
            func mean(_ arguments: String...) throws -> String {
                let outcome = try Command.run(
                    ["train", "linear", data, "--target", "y", "--missing", "mean", "--save"]
                        + ["\(folder.path)/model"] + arguments)
                #expect(outcome.status == 0, "\(outcome.errors)")
                let inspected = try Command.run("inspect", "\(folder.path)/model").output
                let line = try #require(
                    inspected.split(separator: "\n").first { $0.contains("in place of a missing") })
                return String(line)
            }
            let whole = try mean()
            #expect(whole.contains("x: 9.411765"))
            #expect(try mean("--test", "0.3") != whole)
            // The file that is tested on has no part in it.
            let other = try folder.write("test.csv", "x,y\n1000,1\n,2\n")
            #expect(try mean("--test", other) == whole)
        }
    }

    @Test func aModelWithoutMeansHasNone() throws {
        try withFolder { folder in
            let data = try folder.write("houses.csv", Self.houses())
            _ = try folder.train("linear", data, "--target", "price", "--features", "area")
            let outcome = try folder.predict(
                folder.write("gap.csv", "area,z\n60,1\n,2\n"), "--missing", "mean")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("the model no mean to put there"))
            let parts = try Command.run("train", "mlp", "digits", "--missing", "drop")
            #expect(parts.status == 64)
            #expect(parts.errors.contains("--missing is for files of columns"))
        }
    }

    @Test func textWithoutEndIsNoCategory() throws {
        try withFolder { folder in
            let rows = (0..<30).map { "person \($0),\($0)" }.joined(separator: "\n")
            let data = try folder.write("data.csv", "name,y\n\(rows)\n")
            let outcome = try Command.run("train", "linear", data, "--target", "y")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("\"name\" holds text, with 30 different values"))
            let typo = try folder.write("typo.csv", "x,y\n1,1\n2,2\n3x,3\n4,4\n5,5\n")
            let mistyped = try Command.run("train", "linear", typo, "--target", "y")
            #expect(mistyped.status == 1)
            #expect(mistyped.errors.contains("line 4, column 1: \"x\" is \"3x\""))
        }
    }
}
