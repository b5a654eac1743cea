import Foundation
import Testing

/// Against the certified values of NIST and the figures of statsmodels and scikit-learn.
@Suite struct LeastSquaresReferenceTests {
    struct Certified: Decodable {
        struct Values: Decodable {
            let coefficients: [String]
            let standardErrors: [String]
            let residualStandardDeviation: String
            let rSquared: String
        }

        let polynomialDegree: Int?
        let intercept: Bool
        let certified: Values
    }

    @Test(
        arguments: [
            ("Norris", 13.5, 13.0), ("Pontius", 13, 13), ("NoInt1", 14, 14), ("NoInt2", 14.5, 14),
            ("Longley", 13.5, 12), ("Filip", 13, 13), ("Wampler1", 13, 13), ("Wampler2", 13, 13),
        ])
    func reachesCertifiedDigits(_ name: String, digits: Double, errorDigits: Double) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let expected = try decoder.decode(
            Certified.self, from: Data(contentsOf: URL(filePath: nistFixture(name + ".json"))))
        var arguments = ["lstsq", nistFixture(name + ".csv"), "--target", "y", "--format", "json"]
        if let degree = expected.polynomialDegree { arguments += ["--degree", "\(degree)"] }
        if !expected.intercept { arguments.append("--no-intercept") }
        let outcome = try Command.run(arguments)
        #expect(outcome.status == 0)
        let report = try LeastSquaresJSON(from: outcome.output)
        try #require(report.coefficients.count == expected.certified.coefficients.count)
        for (index, coefficient) in report.coefficients.enumerated() {
            let estimate = Double(expected.certified.coefficients[index])!
            let error = Double(expected.certified.standardErrors[index])!
            #expect(agreement(coefficient.estimate, estimate) >= digits, "\(coefficient.name)")
            #expect(agreement(coefficient.standardError, error) >= errorDigits, "\(coefficient.name)")
        }
        #expect(agreement(report.rSquared, Double(expected.certified.rSquared)!) >= 13)
        let deviation = Double(expected.certified.residualStandardDeviation)!
        #expect(agreement(report.residualStandardError, deviation) >= 13)
    }

    struct Figures: Decodable {
        let ordinary: [String: [Double]]
        let weighted: [String: [Double]]
        let robust: [String: [Double]]
        let square: [String: [Double]]
        let fit: [String: Double]
        let rows: [String: [Double]]
        let predictions: [String: [Double]]
        let ridge: [Double]
    }

    private func figures() throws -> Figures {
        try JSONDecoder().decode(
            Figures.self, from: Data(contentsOf: URL(filePath: leastSquaresFixture("houses.json"))))
    }

    private func run(_ arguments: String...) throws -> String {
        let outcome = try Command.run(["lstsq", leastSquaresFixture("houses.csv")] + arguments)
        try #require(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors == "")
        return outcome.output
    }

    private static let features = ["--features", "\"size, m2\",age,region", "--confidence", "0.9"]

    private func compare(_ coefficients: [LeastSquaresJSON.Coefficient], _ expected: [String: [Double]]) {
        let paths: [(String, KeyPath<LeastSquaresJSON.Coefficient, Double?>)] = [
            ("estimate", \.estimate), ("standardError", \.standardError), ("t", \.t), ("p", \.p),
            ("lower", \.lower), ("upper", \.upper),
        ]
        for (name, path) in paths {
            #expect(coefficients.count == expected[name]?.count)
            for (coefficient, value) in zip(coefficients, expected[name] ?? []) {
                // Small p are what statsmodels has least digits of.
                #expect(agreement(coefficient[keyPath: path], value) > 8, "\(name) of \(coefficient.name)")
            }
        }
    }

    @Test(arguments: [
        ("ordinary", []), ("weighted", ["--weights", "weight"]), ("robust", ["--robust", "hc3"]),
    ])
    func agreesWithStatsmodels(_ name: String, options: [String]) throws {
        let all = try figures()
        let expected = ["ordinary": all.ordinary, "weighted": all.weighted, "robust": all.robust][name]!
        let outcome = try Command.run(
            ["lstsq", leastSquaresFixture("houses.csv"), "--target", "price", "--format", "json"]
                + Self.features + options)
        let report = try LeastSquaresJSON(from: outcome.output)
        #expect(
            report.coefficients.map(\.name)
                == ["(Intercept)", "size, m2", "age", "region[north]", "region[south]"])
        compare(report.coefficients, expected)
    }

    @Test func reportsTheFitAsStatsmodelsDoes() throws {
        let output = try Command.run(
            ["lstsq", leastSquaresFixture("houses.csv"), "--target", "price", "--format", "json", "--press"]
                + Self.features
        ).output
        let members = try #require(
            try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        for (name, value) in try figures().fit {
            #expect(agreement((members[name] as? NSNumber)?.doubleValue, value) > 9, "\(name)")
        }
    }

    @Test func powersAscend() throws {
        let report = try LeastSquaresJSON(
            from: run(
                "--target", "rent", "--features", "\"size, m2\"", "--degree", "2", "--confidence", "0.9",
                "--format", "json"))
        #expect(report.coefficients.map(\.name) == ["(Intercept)", "size, m2", "size, m2^2"])
        compare(report.coefficients, try figures().square)
    }

    @Test func rowsAgreeWithStatsmodels() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/rows.csv"
            _ = try Command.run(
                ["lstsq", leastSquaresFixture("houses.csv"), "--target", "price", "--residuals", path]
                    + Self.features)
            let rows = cells(try String(contentsOfFile: path, encoding: .utf8))
            #expect(rows.count == 24)
            #expect(rows.map { $0["row"] } == (1...24).map { "\($0)" })
            for (name, values) in try figures().rows {
                for (row, value) in zip(rows, values) {
                    #expect(agreement(Double(row[name] ?? ""), value) > 8, "\(name)")
                }
            }
        }
    }

    @Test func predictsAsStatsmodelsDoes() throws {
        let expected = try figures().predictions
        let fitting = Self.features + ["--target", "price"]
        try withTemporaryFolder { folder in
            let data = leastSquaresFixture("houses.csv")
            let new = leastSquaresFixture("new.csv")
            let atOnce = try Command.run(["lstsq", data, "--predict", new, "--format", "csv"] + fitting)
            let rows = cells(atOnce.output)
            #expect(rows.count == 2)
            for (name, values) in expected {
                for (row, value) in zip(rows, values) {
                    #expect(agreement(Double(row[name] ?? ""), value) > 9, "\(name)")
                }
            }
            // The same from a saved model, from a file, and as JSON.
            let model = folder + "/model.json"
            let saved = try Command.run(["lstsq", data, "--save", model] + fitting)
            #expect(saved.status == 0)
            let later = try Command.run("lstsq", "--model", model, new, "--format", "csv")
            #expect(later.output == atOnce.output)
            let file = folder + "/predictions.csv"
            let quiet = try Command.run("lstsq", "--model", model, "--predict", new, "--predictions", file)
            #expect(quiet.output == "")
            #expect(try String(contentsOfFile: file, encoding: .utf8) == atOnce.output)
            let json = try LeastSquaresJSON(
                from: Command.run("lstsq", "--model", model, "--predict", new, "--format", "json").output)
            for (name, _) in expected {
                #expect(json.predictions?.map { $0[name]?.number } == rows.map { Double($0[name] ?? "") })
            }
            // And the report of the saved model is the one that was printed when it was fitted.
            let first = try Command.run(["lstsq", data, "--format", "json"] + fitting)
            let again = try Command.run("lstsq", "--model", model, "--format", "json")
            #expect(first.output == again.output)
        }
    }

    @Test func ridgeAgreesWithScikitLearn() throws {
        let report = try LeastSquaresJSON(
            from: run(
                "--target", "price", "--features", "\"size, m2\",age", "--ridge", "7.5", "--format", "json"))
        #expect(report.method == "ridge")
        for (coefficient, value) in zip(report.coefficients, try figures().ridge) {
            #expect(agreement(coefficient.estimate, value) > 11, "\(coefficient.name)")
        }
    }
}
