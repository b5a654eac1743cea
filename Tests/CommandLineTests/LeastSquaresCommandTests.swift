import Foundation
import Testing

@Suite struct LeastSquaresCommandTests {
    private static let line = "x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n"

    // MARK: Formats

    @Test func textHasTheReport() throws {
        let outcome = try leastSquares("-", "--target", "y", "--vif", "--influence", input: Self.line)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        for part in [
            "y from 1 feature, 4 rows", "Estimate", "Std. Error", "P>|t|", "(Intercept)",
            "Residual standard error",
            "degrees of freedom", "R²", "AIC", "Rank 2 of 2", "condition number", "Method: normal equations",
            "digits of the data lost", "Residuals: min", "Variance inflation factors", "PRESS", "Cook's D",
        ] {
            #expect(outcome.output.contains(part), "\(part)")
        }
    }

    @Test func csvAndJSONHaveTheSameBits() throws {
        let report = try report("--target", "y", input: Self.line)
        let rows = cells(try leastSquares("-", "--target", "y", "--format", "csv", input: Self.line).output)
        #expect(rows.map { $0["name"] } == ["(Intercept)", "x"])
        #expect(rows.map { Double($0["estimate"] ?? "") } == report.coefficients.map(\.estimate))
        #expect(rows.map { Double($0["standardError"] ?? "") } == report.coefficients.map(\.standardError))
        #expect(rows.map { Double($0["p"] ?? "") } == report.coefficients.map(\.p))
    }

    @Test func severalTargetsAreEachFittedByThemselves() throws {
        let text = "x\ty\tz\n1\t2\t3\n2\t4.5\t5\n3\t6\t6.5\n"
        let both = cells(try leastSquares("-", "--target", "y,z", "--format", "csv", input: text).output)
        for target in ["y", "z"] {
            let alone = cells(
                try leastSquares("-", "--target", target, "--features", "x", "--format", "csv", input: text)
                    .output)
            #expect(both.filter { $0["target"] == target } == alone)
        }
        struct Several: Decodable { let targets: [LeastSquaresJSON] }
        let json = try leastSquares("-", "--target", "y,z", "--format", "json", input: text).output
        let several = try JSONDecoder().decode(Several.self, from: Data(json.utf8))
        #expect(several.targets.map(\.target) == ["y", "z"])
    }

    @Test func writesTheReportToAFile() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/report.json"
            let outcome = try leastSquares(
                "-", "--target", "y", "--format", "json", "--output", path, input: Self.line)
            #expect(outcome.output == "")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(try LeastSquaresJSON(from: text).target == "y")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["report.json"])
        }
    }

    // MARK: Columns

    @Test func featuresComeInTheOrderOfTheFile() throws {
        let text = "b,y,a\n1,2,5\n2,3.5,1\n3,6,2\n4,8,7\n5,9,1\n"
        #expect(try report("--target", "y", "--features", "a,b", input: text).features == ["b", "a"])
        #expect(try report("--target", "y", input: text).features == ["b", "a"])
    }

    @Test func categoriesAreDifferencesFromTheReference() throws {
        let text = "g,y\nb,10\na,1\nb,14\na,3\nc,20\nc,22\n"
        let plain = try report("--target", "y", input: text)
        #expect(plain.coefficients.map(\.name) == ["(Intercept)", "g[b]", "g[c]"])
        #expect(plain.coefficients.map { ($0.estimate ?? 0).rounded() } == [2, 10, 19])
        let other = try report("--target", "y", "--reference", "g=c", input: text)
        #expect(other.coefficients.map(\.name) == ["(Intercept)", "g[a]", "g[b]"])
        #expect(other.coefficients.map { ($0.estimate ?? 0).rounded() } == [21, -19, -9])
        // Without an intercept every level has its mean.
        let means = try report("--target", "y", "--no-intercept", input: text)
        #expect(means.coefficients.map(\.name) == ["g[a]", "g[b]", "g[c]"])
        #expect(means.coefficients.map { ($0.estimate ?? 0).rounded() } == [2, 12, 21])
    }

    @Test func numbersCanBeCategories() throws {
        let text = "g,y\n1,10\n2,1\n10,14\n2,3\n10,20\n1,22\n"
        let report = try report("--target", "y", "--categorical", "g", input: text)
        // By size, not as texts.
        #expect(report.coefficients.map(\.name) == ["(Intercept)", "g[2]", "g[10]"])
    }

    @Test func dependentColumnsHaveNoCoefficient() throws {
        let text = "x,same,constant,y\n1,2,7,2.1\n2,4,7,3.9\n3,6,7,6.2\n4,8,7,7.8\n"
        let outcome = try leastSquares("-", "--target", "y", input: text)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("Warning: no coefficient for same, constant"))
        let report = try report("--target", "y", input: text)
        #expect(report.aliasedColumns == ["same", "constant"])
        #expect(report.coefficients.map { $0.estimate == nil } == [false, false, true, true])
        #expect(report.rank == 2)
        #expect(report.warnings.count == 1)
        let strict = try leastSquares("-", "--target", "y", "--strict", "--format", "csv", input: text)
        #expect(strict.status == 1)
        // The report is there all the same, and the warning beside it.
        #expect(strict.output.contains("y,same,,,,,,\n"))
        #expect(strict.errors.contains("Warning: y: no coefficient for same, constant"))
        let normal = try leastSquares("-", "--target", "y", "--method", "normal", input: text)
        #expect(normal.status == 1)
        #expect(normal.errors.contains("standard input: the normal equations cannot solve this problem"))
    }

    @Test func strictPassesWithoutWarnings() throws {
        #expect(try leastSquares("-", "--target", "y", "--strict", input: Self.line).status == 0)
    }

    @Test func readsArrays() throws {
        try withTemporaryFolder { folder in
            let (csv, npz) = (folder + "/t.csv", folder + "/t.npz")
            try "x,z,y\n1,5,2.1\n2,1,3.9\n3,4,6.2\n4,2,7.8\n".write(
                toFile: csv, atomically: true, encoding: .utf8)
            _ = try Command.run("convert", csv, npz)
            let fromCSV = try Command.run("lstsq", csv, "--target", "y", "--format", "json").output
            #expect(try Command.run("lstsq", npz, "--target", "y", "--format", "json").output == fromCSV)
            // As one matrix: the same numbers under other names.
            let npy = folder + "/t.npy"
            _ = try Command.run("convert", csv, npy, "--matrix")
            let matrix = try LeastSquaresJSON(
                from: Command.run("lstsq", npy, "--target", "column3", "--format", "json").output)
            #expect(matrix.features == ["column1", "column2"])
            #expect(
                try matrix.coefficients.map(\.estimate)
                    == LeastSquaresJSON(from: fromCSV).coefficients.map(\.estimate))
            let named = folder + "/named.npz"
            _ = try Command.run("convert", "X=\(npy)", named)
            let group = try LeastSquaresJSON(
                from: Command.run("lstsq", named, "--target", "X3", "--features", "X1,X2", "--format", "json")
                    .output)
            #expect(group.coefficients.map(\.estimate) == matrix.coefficients.map(\.estimate))
        }
    }

    // MARK: Missing values

    private static let gaps = "x,y\n1,2\n2,NA\n\n3,4\n,5\n5,9\n7,8\n"

    @Test func missingValuesAreRefusedWithTheirPlace() throws {
        let outcome = try leastSquares("-", "--target", "y", input: Self.gaps)
        #expect(outcome.status == 1)
        #expect(
            outcome.errors.contains(
                "standard input: line 3, column 2: \"y\" has no value (NA), the first of 2"))
        #expect(outcome.output == "")
        // Lines inside of quotes and line ends of all kinds count.
        let quoted = try leastSquares(
            "-", "--target", "y", input: "\u{FEFF}\"x\r\n1\",y\r\n1,2\r\n\r\n,3\r\n4,5\r\n")
        #expect(quoted.errors.contains("line 5, column 1: \"x"))
        let nan = try leastSquares("-", "--target", "y", input: "x,y\n1,nan\n2,3\n3,4\n")
        #expect(nan.errors.contains("line 2, column 2: \"y\" has no value (nan)"))
    }

    @Test func rowsWithMissingValuesCanBeDropped() throws {
        let dropped = try report("--target", "y", "--missing", "drop", input: Self.gaps)
        let without = try report("--target", "y", input: "x,y\n1,2\n3,4\n5,9\n7,8\n")
        #expect(dropped.coefficients == without.coefficients)
        #expect(dropped.rowsDropped == 2)
        #expect(dropped.observations == 4)
    }

    @Test func theMeanCanStandIn() throws {
        // The row without a target is left out; x has the mean 4 over the others.
        let filled = try report("--target", "y", "--missing", "mean", input: Self.gaps)
        let by = try report("--target", "y", input: "x,y\n1,2\n3,4\n4,5\n5,9\n7,8\n")
        #expect(filled.coefficients == by.coefficients)
        #expect(filled.rowsDropped == 1)
        #expect(filled.valuesFilled == 1)
        let text = try leastSquares(
            "-", "--target", "y", "--missing", "mean", input: "g,y\na,1\n,2\nb,3\na,2\n")
        #expect(text.status == 1)
        #expect(text.errors.contains("line 3, column 1: \"g\" has no value, and text has no mean"))
    }

    // MARK: Complaints

    @Test(
        arguments: [
            // What the data does not allow.
            ("", ["--target", "y"], 1, "is empty"),
            ("x,y\n", ["--target", "y"], 1, "has no rows"),
            ("x,y\n1,NA\n", ["--target", "y", "--missing", "drop"], 1, "has no row without a missing value"),
            (
                "x,y\n1,inf\n2,3\n", ["--target", "y", "--missing", "drop"], 1,
                "line 2, column 2: \"y\" is infinite"
            ),
            ("x,y\n1,a\n2,b\n", ["--target", "y"], 1, "line 2, column 2: \"y\" is \"a\", not a number"),
            (
                "x,y\n1,2\n2,3\n3,x7\n", ["--target", "y"], 1,
                "line 4, column 2: \"y\" is \"x7\", not a number"
            ),
            (
                "x,y\n1,2\n2,3\n3o,4\n", ["--target", "y"], 1,
                "line 4, column 1: \"x\" is \"3o\" where most values"
            ),
            (
                "x,y,w\n1,2,1\n2,3,-1\n", ["--target", "y", "--weights", "w"], 1,
                "line 3, column 3: \"w\" is -1"
            ),
            ("x,y\n1,2,3\n", ["--target", "y"], 1, "more fields"),
            ("x,y\n1,2\n", ["--target", "y", "--model", "nowhere.json"], 64, "--target is for fitting"),
            // Wrong usage.
            ("x,y\n1,2\n", [], 64, "--target is needed"),
            (
                "x,price\n1,2\n", ["--target", "prise"], 64,
                "no column \"prise\". Did you mean \"price\"? It has: x, price."
            ),
            (
                "x,y\n1,2\n", ["--target", "y", "--features", "a"], 64,
                "--features: standard input has no column \"a\""
            ),
            ("x,y\n1,2\n", ["--target", "y,y"], 64, "names y twice"),
            ("x,y\n1,2\n", ["--target", "y", "--features", "y"], 64, "both target and feature"),
            ("x,y\n1,2\n", ["--target", "y", "--weights", "y"], 64, "both target and weights"),
            ("y\n1\n2\n", ["--target", "y", "--no-intercept"], 64, "nothing to fit"),
            ("x,y\n1,2\n", ["--target", "y", "--degree", "0"], 64, "--degree must be"),
            (
                "x,y\n1,2\n", ["--target", "y", "--confidence", "95"], 64,
                "--confidence must lie between 0 and 1"
            ),
            ("x,y\n1,2\n", ["--target", "y", "--robust", "HC7"], 64, "HC0, HC1, HC2 and HC3"),
            ("x,y\n1,2\n", ["--target", "y", "--plot", "a.pdf"], 64, ".svg and .png"),
            ("x,y\n1,2\n", ["--target", "y", "--predictions", "p.csv"], 64, "--predictions needs --predict"),
            ("x,y\n1,2\n", ["--target", "y", "--ridge", "large"], 64, "neither auto nor a number from 0"),
            (
                "x,y\n1,2\n", ["--target", "y", "--ridge", "1", "--robust", "HC1"], 64,
                "--robust has no meaning"
            ),
            ("g,y\na,2\nb,3\n", ["--target", "y", "--reference", "g=c"], 64, "no level \"c\"; it has a, b"),
            (
                "x,y\n1,2\n", ["--target", "y", "--ridge", "1", "--non-negative"], 64,
                "--ridge and --non-negative cannot be had together"
            ),
            ("x,y\n1,2\n", ["--target", "y", "--gamma", "3"], 64, "--gamma is the power of --loss power"),
            (
                "x,y\n1,2\n", ["--target", "y", "--loss", "power", "--gamma", "0.5"], 64,
                "--gamma must be from 1 to 16"
            ),
            ("x,y\n1,2\n", ["--target", "y", "--tuning", "2"], 64, "--tuning is the threshold of --loss huber"),
            (
                "x,y\n1,2\n", ["--target", "y", "--loss", "huber", "--tuning", "0"], 64,
                "--tuning must be positive"
            ),
            (
                "x,y\n1,2\n", ["--target", "y", "--robust", "huber"], 64,
                "For a fit that large errors do not dominate, say --loss huber."
            ),
            (
                "x,y\n1,2\n", ["--target", "y", "--non-negative", "--confidence", "0.9"], 64,
                "--confidence has no meaning with --non-negative"
            ),
            ("x,y\n1,2\n2,3\n", ["--target", "y", "--constrain", "x + z = 1"], 64, "\"z = 1\" does not begin"),
            ("x,y\n1,2\n2,3\n", ["--target", "y", "--constrain", "x"], 64, "it has no ="),
            ("x,y\n1,2\n2,3\n", ["--target", "y", "--constrain", "1 = 2"], 64, "no coefficient is left in it"),
            ("x,y\n1,2\n2,3\n", ["--target", "y", "--constrain", "x = 1 = 2"], 64, "more than one ="),
            (
                "x,y\n1,2\n2,3\n", ["--target", "y", "--constrain", "x = 1", "--constrain", "2x = 3"], 1,
                "of the 2 constraints only 1 are independent"
            ),
        ])
    func complains(_ input: String, arguments: [String], status: Int32, message: String) throws {
        let outcome = try Command.run(["lstsq", "-"] + arguments, input: Array(input.utf8))
        #expect(outcome.status == status)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(outcome.output == "")
    }

    @Test func unknownLevelsAreNotPredicted() throws {
        try withTemporaryFolder { folder in
            let (model, new) = (folder + "/m.json", folder + "/new.csv")
            let fit = try leastSquares(
                "-", "--target", "y", "--save", model, input: "g,x,y\na,1,2\nb,2,3\na,3,5\nb,4,4\na,5,6\n")
            #expect(fit.status == 0)
            try "x,g\n1,a\n2,c\n".write(toFile: new, atomically: true, encoding: .utf8)
            let outcome = try Command.run("lstsq", "--model", model, new)
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.contains("new.csv: line 3, column 2: \"g\" is \"c\", a level that the model"))
            try "x\n1\n".write(toFile: new, atomically: true, encoding: .utf8)
            let lacking = try Command.run("lstsq", "--model", model, new)
            #expect(lacking.status == 1)
            #expect(lacking.errors.contains("lacks the column \"g\" of the model; it has x"))
            try "{}".write(toFile: model, atomically: true, encoding: .utf8)
            let damaged = try Command.run("lstsq", "--model", model, new)
            #expect(damaged.status == 1)
            #expect(damaged.errors.contains("is no model"))
        }
    }

    @Test func fewerRowsThanCoefficientsHaveNoErrors() throws {
        let report = try report("--target", "y", "--robust", "HC1", input: "x,y\n1,2\n2,5\n")
        #expect(report.degreesOfFreedom == 0)
        #expect(report.coefficients.map(\.standardError) == [nil, nil])
        #expect(report.warnings.count == 1)
    }

    // MARK: Blocks

    // The longer one takes more than one block of eight mebibytes.
    @Test(arguments: [(2000, ["--robust", "HC1"]), (270_000, [])])
    func streamingGivesTheSameFit(rows: Int, option: [String]) throws {
        var text = "x,z,y\n"
        for row in 0..<rows {
            let (x, z) = (Double(row % 1009) / 7, Double(row % 613) / 3)
            text += "\(x),\(z),\(2 + 3 * x - z + Double(row % 17))\n"
        }
        try withTemporaryFolder { folder in
            let path = folder + "/long.csv"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            #expect((text.utf8.count > 9 << 20) == (rows > 2000))
            let arguments = ["--target", "y", "--format", "json"] + option
            let inMemory = try LeastSquaresJSON(from: Command.run(["lstsq", path] + arguments).output)
            let streamed = try Command.run(["lstsq", path, "--stream"] + arguments)
            #expect(streamed.status == 0)
            let report = try LeastSquaresJSON(from: streamed.output)
            #expect(report.reason?.contains("rows were seen once") == true)
            #expect(report.observations == rows)
            for (a, b) in zip(report.coefficients, inMemory.coefficients) {
                #expect(agreement(a.estimate, b.estimate ?? 0) > 11)
                #expect(agreement(a.standardError, b.standardError ?? 0) > 10)
            }
            let piped = try Command.run(["lstsq", "-", "--stream"] + arguments, input: Array(text.utf8))
            #expect(piped.output == streamed.output)
        }
    }

    @Test(
        arguments: [
            ("x,y\n1,2\n2,3\n3,NA\n", [], 1, "line 4, column 2: \"y\" has no value (NA)"),
            ("g,y\na,2\nb,3\n", [], 1, "line 2, column 1: \"g\" is \"a\", and --stream takes numbers only"),
            ("x,y\n", [], 1, "has no rows"),
            ("", [], 1, "is empty"),
            ("x,y\n1,2\n", ["--robust", "HC3"], 64, "--robust HC3 needs the rows in memory"),
            ("x,y\n1,2\n", ["--influence"], 64, "--influence needs the rows in memory"),
            ("x,y\n1,2\n", ["--features", "q"], 64, "no column \"q\""),
        ])
    func streamingComplains(_ input: String, arguments: [String], status: Int32, message: String) throws {
        let outcome = try Command.run(
            ["lstsq", "-", "--target", "y", "--stream"] + arguments, input: Array(input.utf8))
        #expect(outcome.status == status)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(outcome.output == "")
    }

    // MARK: Picture

    @Test func drawsResiduals() throws {
        let hasGnuplot = ["/usr/bin", "/usr/local/bin"].contains {
            FileManager.default.isExecutableFile(atPath: $0 + "/gnuplot")
        }
        try withTemporaryFolder { folder in
            let path = folder + "/residuals.svg"
            let outcome = try leastSquares("-", "--target", "y", "--plot", path, input: Self.line)
            guard hasGnuplot else {
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("gnuplot"))
                return
            }
            #expect(outcome.status == 0)
            let picture = try String(contentsOfFile: path, encoding: .utf8)
            #expect(picture.contains("leverage"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["residuals.svg"])
        }
    }
}
