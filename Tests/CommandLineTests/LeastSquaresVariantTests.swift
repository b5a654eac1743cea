import Foundation
import Testing

/// Ridge, robust, non-negative and constrained fits by the command.
@Suite struct LeastSquaresVariantTests {
    private static let variants: [[String]] = [
        ["--ridge", "2"], ["--ridge", "auto"], ["--loss", "huber"], ["--loss", "huber", "--tuning", "0.8"],
        ["--loss", "power", "--gamma", "3"], ["--loss", "absolute"], ["--non-negative"],
        ["--constrain", "age = 0.5*region[north]", "--constrain", "\"size, m2\" + age = 1"],
    ]
    private static let features = ["--features", "\"size, m2\",age,region"]

    private func run(_ options: [String], format: String = "json") throws -> Command.Outcome {
        try Command.run(
            ["lstsq", leastSquaresFixture("houses.csv"), "--format", format] + Self.features + options)
    }

    @Test(arguments: variants)
    func formatsAgree(_ variant: [String]) throws {
        let outcome = try run(["--target", "price"] + variant)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let report = try LeastSquaresJSON(from: outcome.output)
        #expect(
            report.coefficients.map(\.name)
                == ["(Intercept)", "size, m2", "age", "region[north]", "region[south]"])
        let csv = try run(["--target", "price"] + variant, format: "csv").output
        #expect(csv.hasPrefix("target,name,estimate,standardError,t,p,lower,upper\n"))
        for c in report.coefficients where c.name != "size, m2" {
            let numbers = [c.estimate, c.standardError, c.t, c.p, c.lower, c.upper]
            let line = "price,\(c.name)," + numbers.map { $0.map { "\($0)" } ?? "" }.joined(separator: ",")
            // Whole numbers have no point in CSV.
            #expect(csv.replacing(".0,", with: ",").contains(line.replacing(".0,", with: ",").dropLast(2)))
        }
        let text = try run(["--target", "price"] + variant, format: "text").output
        for part in [
            "price from 4 features, 24 rows", "Estimate", "Residuals: min", "reference level \"east\"",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test(arguments: variants)
    func modelsPredictAsWhenTheyWereFitted(_ variant: [String]) throws {
        try withTemporaryFolder { folder in
            let (model, rows) = (folder + "/model.json", folder + "/rows.csv")
            let new = leastSquaresFixture("new.csv")
            let fit = try run(
                ["--target", "price,rent", "--save", model, "--residuals", rows, "--predict", new] + variant,
                format: "csv")
            #expect(fit.status == 0, "\(fit.errors)")
            #expect(cells(fit.output).count == 4)
            #expect(
                try Command.run("lstsq", "--model", model, new, "--format", "csv").output == fit.output)
            let report = try run(["--target", "price,rent"] + variant).output
            #expect(try Command.run("lstsq", "--model", model, "--format", "json").output == report)
            // Residuals are those of the fitted values, and rows of their own for each target.
            let lines = cells(try String(contentsOfFile: rows, encoding: .utf8))
            #expect(lines.count == 48)
            for line in lines {
                let (y, fitted) = (Double(line["observed"] ?? "") ?? 0, Double(line["fitted"] ?? "") ?? 1)
                #expect(abs(y - fitted - (Double(line["residual"] ?? "") ?? 99)) < 1e-10)
                #expect((line["weight"] != nil) == variant.contains("--loss"))
            }
        }
    }

    @Test func ridgeHasStandardErrors() throws {
        let none = try LeastSquaresJSON(from: run(["--target", "price", "--ridge", "0"]).output)
        let plain = try LeastSquaresJSON(from: run(["--target", "price"]).output)
        for (a, b) in zip(none.coefficients, plain.coefficients) {
            #expect(agreement(a.estimate, b.estimate ?? 0) > 9)
            #expect(agreement(a.standardError, b.standardError ?? 0) > 9)
            #expect(agreement(a.p, b.p ?? 0) > 8)
        }
        #expect(agreement(none.degreesOfFreedom, 19) > 10)
        let text = try run(["--target", "price", "--ridge", "5", "--press"], format: "text").output
        #expect(text.contains("take the penalty as given"))
        #expect(text.contains("PRESS"))
    }

    @Test func noErrorsWhereTheoryGivesNone() throws {
        for variant in [["--non-negative"], ["--loss", "absolute"]] {
            let report = try LeastSquaresJSON(from: run(["--target", "price"] + variant).output)
            #expect(report.coefficients.allSatisfy { $0.standardError == nil && $0.estimate != nil })
            let text = try run(["--target", "price"] + variant, format: "text").output
            #expect(text.contains("Note: no standard errors"))
        }
        let positive = try LeastSquaresJSON(from: run(["--target", "price", "--non-negative"]).output)
        #expect(positive.coefficients.dropFirst().allSatisfy { ($0.estimate ?? -1) >= 0 })
        #expect(positive.coefficients.contains { $0.estimate == 0 })
    }

    @Test func squaresAreLeastSquares() throws {
        let power = try LeastSquaresJSON(
            from: run(["--target", "price", "--loss", "power", "--gamma", "2"]).output)
        let plain = try LeastSquaresJSON(from: run(["--target", "price"]).output)
        for (a, b) in zip(power.coefficients, plain.coefficients) {
            #expect(agreement(a.estimate, b.estimate ?? 0) > 9)
            #expect(agreement(a.standardError, b.standardError ?? 0) > 9)
        }
    }

    @Test func outliersCountLess() throws {
        var text = "x,y\n"
        for row in 0..<40 { text += "\(row),\(2 * row + row % 3 + (row == 20 ? 1000 : 0))\n" }
        let huber = try report("--target", "y", "--loss", "huber", input: text)
        #expect(abs((huber.coefficients[1].estimate ?? 0) - 2) < 0.05)
        #expect(abs((huber.coefficients[0].estimate ?? 0) - 1) < 1)
        let squares = try report("--target", "y", input: text)
        #expect(abs((squares.coefficients[0].estimate ?? 0) - 1) > 10)
    }

    // MARK: Equations

    @Test(arguments: [
        "a + b = 1", "a+b=1", " 1 = b + a ", "2*a + 2 b - 2 = 0", "-a = b - 1", "0.5a + 0.5*b = 5e-1",
        "a = 1 - \"b\"", "a + b - b + b = 1",
    ])
    func equationsAreReadAsPeopleWriteThem(_ equation: String) throws {
        let text = "a,b,c,y\n1,2,1,2.5\n2,1,5,1.5\n3,5,2,4.5\n4,0,1,1\n5,3,3,4\n"
        let report = try report("--target", "y", "--constrain", equation, input: text)
        let expected = try constrained("a + b = 1", text)
        for (a, b) in zip(report.coefficients, expected.coefficients) {
            #expect(agreement(a.estimate, b.estimate ?? 0) > 10)
        }
        #expect(
            abs((report.coefficients[1].estimate ?? 0) + (report.coefficients[2].estimate ?? 0) - 1) < 1e-12)
    }

    private func constrained(_ equation: String, _ text: String) throws -> LeastSquaresJSON {
        let outcome = try Command.run(
            ["lstsq", "-", "--target", "y", "--constrain", equation, "--format", "json"],
            input: Array(text.utf8))
        return try LeastSquaresJSON(from: outcome.output)
    }

    @Test func constraintsCanNameTheInterceptAndPowers() throws {
        let text = "x,y\n1,2\n2,3.5\n3,9\n4,17\n5,24\n"
        let fit = try report(
            "--target", "y", "--degree", "2", "--constrain", "(Intercept) = 1", "--constrain", "x^2 = x",
            input: text)
        #expect(agreement(fit.coefficients[0].estimate, 1) > 13)
        #expect(agreement(fit.coefficients[1].estimate, fit.coefficients[2].estimate ?? 0) > 12)
        // y − 1 from x + x².
        let rows = [(1.0, 2.0), (2, 3.5), (3, 9), (4, 17), (5, 24)]
        let z = rows.map { $0.0 + $0.0 * $0.0 }
        let slope = zip(z, rows).map { $0 * ($1.1 - 1) }.reduce(0, +) / z.map { $0 * $0 }.reduce(0, +)
        #expect(agreement(fit.coefficients[1].estimate, slope) > 10)
    }

    // MARK: Unusual data

    @Test(
        arguments: [
            (["--ridge", "1"], 0), (["--loss", "huber"], 0), (["--loss", "absolute"], 0),
            (["--non-negative"], 0),
            // Without rows to tell, the constraint does not decide all.
            (["--constrain", "x = 1"], 1), (["--ridge", "0"], 1),
        ] as [([String], Int32)])
    func fewerRowsThanCoefficients(_ variant: [String], status: Int32) throws {
        let outcome = try Command.run(
            ["lstsq", "-", "--target", "y", "--format", "json"] + variant,
            input: Array("x,z,u,y\n1,2,3,4\n2,1,7,3\n".utf8))
        #expect(outcome.status == status, "\(outcome.output)\(outcome.errors)")
        #expect(status == 0 || outcome.errors.hasPrefix("Error: standard input: "))
    }

    @Test(arguments: variants.dropLast())
    func allZeros(_ variant: [String]) throws {
        let outcome = try Command.run(
            ["lstsq", "-", "--target", "y", "--format", "json"] + variant,
            input: Array("x,y\n0,0\n0,0\n0,0\n0,0\n".utf8))
        #expect(outcome.status == 0, "\(outcome.errors)")
        let report = try LeastSquaresJSON(from: outcome.output)
        #expect(report.coefficients.allSatisfy { ($0.estimate ?? 0) == 0 })
    }

    @Test func categoriesBesidePowers() throws {
        let powers = try LeastSquaresJSON(
            from: Command.run(
                "lstsq", leastSquaresFixture("houses.csv"), "--target", "price", "--features", "age,region",
                "--degree", "3", "--format", "json"
            ).output)
        #expect(
            powers.coefficients.map(\.name)
                == ["(Intercept)", "age", "age^2", "age^3", "region[north]", "region[south]"])
        #expect(powers.rank == 6)
        #expect(powers.warnings.isEmpty)
    }

    @Test(arguments: [["--ridge", "1"], ["--loss", "huber"], ["--constrain", "age = 0"]])
    func draws(_ variant: [String]) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/rows.svg"
            let outcome = try run(["--target", "price", "--plot", path] + variant)
            let hasGnuplot = ["/usr/bin", "/usr/local/bin"].contains {
                FileManager.default.isExecutableFile(atPath: $0 + "/gnuplot")
            }
            #expect(outcome.status == (hasGnuplot ? 0 : 1))
            if hasGnuplot {
                let picture = try String(contentsOfFile: path, encoding: .utf8)
                #expect(picture.contains("leverage"))
                // Only constraints leave a projection, which Cook's distance is made for.
                #expect(picture.contains("Cook") == variant.contains("--constrain"))
            }
        }
    }
}

/// Files that are read more than once, and standard input that is not.
@Suite struct LeastSquaresRereadingTests {
    private static let text: String = {
        var text = "x,g,z,y\n"
        for row in 0..<3000 {
            let x = Double(row % 101) / 7
            let y = 3 * x - Double(row % 13) + Double((row * row) % 17) * (1 + x)
            text += "\(x),\(["a", "b", "c"][row % 3]),\(row % 50 == 3 ? "NA" : "\(row % 13)"),\(y)\n"
        }
        return text
    }()

    @Test(arguments: [
        ["--missing", "drop"], ["--missing", "mean"], ["--missing", "drop", "--robust", "HC3"],
        ["--missing", "drop", "--robust", "HC2", "--degree", "2"],
        ["--missing", "mean", "--categorical", "x", "--features", "x"],
        ["--missing", "drop", "--reference", "g=b", "--robust", "HC1"],
    ])
    func filesAreReadAgain(_ options: [String]) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/rows.csv"
            try Self.text.write(toFile: path, atomically: true, encoding: .utf8)
            let arguments = ["lstsq", path, "--target", "y", "--format", "json"] + options
            let streamed = try Command.run(arguments + ["--stream"])
            #expect(streamed.status == 0, "\(streamed.errors)")
            let (a, b) = (
                try LeastSquaresJSON(from: streamed.output),
                try LeastSquaresJSON(from: Command.run(arguments).output)
            )
            #expect(a.reason?.contains("rows were seen") == true)
            #expect(a.reason?.contains("twice") == (options.contains("HC3") || options.contains("HC2")))
            #expect(a.coefficients.map(\.name) == b.coefficients.map(\.name))
            #expect(a.observations == b.observations && a.rowsDropped == b.rowsDropped)
            #expect(a.valuesFilled == b.valuesFilled)
            for (c, d) in zip(a.coefficients, b.coefficients) {
                #expect(agreement(c.estimate, d.estimate ?? 0) > 9)
                #expect(agreement(c.standardError, d.standardError ?? 0) > 9)
            }
            #expect(agreement(a.fStatistic, b.fStatistic ?? 0) > 8)
        }
    }

    @Test func whatIsIllConditionedIsRefined() throws {
        var text = "x,z,y\n"
        for row in 0..<2000 {
            let x = Double(row % 89) / 89
            let z = x + Double((row * 7) % 31) * 1e-9
            text += "\(x),\(z),\(x + z + Double(row % 5) / 8)\n"
        }
        try withTemporaryFolder { folder in
            let path = folder + "/rows.csv"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let arguments = ["lstsq", path, "--target", "y", "--format", "json"]
            let streamed = try LeastSquaresJSON(from: Command.run(arguments + ["--stream"]).output)
            #expect(streamed.reason?.contains("twice") == true)
            let inMemory = try LeastSquaresJSON(from: Command.run(arguments).output)
            // Without the second pass some seven digits would do.
            for (a, b) in zip(streamed.coefficients, inMemory.coefficients) {
                #expect(agreement(a.estimate, b.estimate ?? 0) > 13)
            }
        }
    }

    @Test(arguments: ["--missing=mean", "--robust=HC2", "--reference=g=a", "--categorical=x"])
    func pipesAreNot(_ option: String) throws {
        let outcome = try Command.run(
            ["lstsq", "-", "--target", "y", "--stream", option], input: Array(Self.text.utf8))
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("needs to read the rows twice"))
    }

    @Test func longStandardInputStreamsByItself() throws {
        let numbers = ["--target", "y", "--features", "x,z", "--missing", "drop", "--format", "json"]
        func reason(_ options: [String]) throws -> String {
            let outcome = try Command.run(["lstsq", "-"] + options, input: Array(Self.text.utf8))
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try LeastSquaresJSON(from: outcome.output).reason ?? ""
        }
        #expect(try reason(numbers + ["--stream-from", "10000"]).contains("seen once"))
        #expect(try !reason(numbers + ["--stream-from", "1000000"]).contains("seen once"))
        // What one pass cannot do is done in memory.
        #expect(try !reason(numbers + ["--stream-from", "10000", "--robust", "HC3"]).contains("seen once"))
        #expect(try !reason(numbers + ["--stream-from", "10000", "--no-stream"]).contains("seen once"))
        let all = ["--target", "y", "--missing", "drop", "--format", "json", "--stream-from", "10000"]
        #expect(try !reason(all).contains("seen once"))
    }

    @Test func aColumnOfNumbersThatTurnsIntoTextIsRefused() throws {
        // More than a block, so that the text comes to light late.
        var text = "g,y\n"
        text.reserveCapacity(24 << 20)
        for row in 0..<(17 << 20) / 20 { text += "\(1000000 + row % 7).000000,\(row % 1000)\n" }
        text += "north,5\n"
        try withTemporaryFolder { folder in
            let path = folder + "/rows.csv"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let outcome = try Command.run("lstsq", path, "--target", "y", "--categorical", "g", "--stream")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("numbers in one part of the file and text in another"))
        }
    }
}
