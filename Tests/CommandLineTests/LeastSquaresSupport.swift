import Foundation
import Testing

/// What `descent lstsq --format json` prints, as far as tests look at it.
struct LeastSquaresJSON: Decodable {
    struct Coefficient: Decodable, Equatable {
        let name: String
        let estimate: Double?
        let standardError: Double?
        let t: Double?
        let p: Double?
        let lower: Double?
        let upper: Double?
    }

    let target: String
    let features: [String]
    let observations: Int
    let rowsDropped: Int
    let valuesFilled: Int
    let coefficients: [Coefficient]
    let rSquared: Double?
    let residualStandardError: Double?
    let degreesOfFreedom: Double?
    let fStatistic: Double?
    let rank: Int?
    let conditionNumber: Double?
    let method: String
    let reason: String?
    let digitsLost: Double?
    let aliasedColumns: [String]?
    let warnings: [String]
    let varianceInflationFactors: [String: Double]?
    let predictions: [[String: Value]]?
    let influence: [[String: Value]]?

    /// A number, a text or null.
    enum Value: Decodable, Equatable {
        case number(Double)
        case text(String)
        case null

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        var number: Double? {
            if case .number(let value) = self { return value }
            return nil
        }
    }

    init(from output: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(output.utf8))
    }
}

/// A file of the fixtures of `descent lstsq`.
func leastSquaresFixture(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/least-squares/\(name)")
        .path
}

/// A file of NIST's data sets.
func nistFixture(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "LinearAlgebraTests/Fixtures/nist/\(name)").path
}

/// The bytes of a file on standard input.
func leastSquares(_ arguments: String..., input: String) throws -> Command.Outcome {
    try Command.run(["lstsq"] + arguments, input: Array(input.utf8))
}

/// The report on a text on standard input.
func report(_ arguments: String..., input: String) throws -> LeastSquaresJSON {
    let outcome = try Command.run(
        ["lstsq", "-"] + arguments + ["--format", "json"], input: Array(input.utf8))
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try LeastSquaresJSON(from: outcome.output)
}

/// The cells of CSV without quotes, by name.
func cells(_ text: String) -> [[String: String]] {
    let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    guard let heading = lines.first else { return [] }
    return lines.dropFirst().map { line in
        Dictionary(uniqueKeysWithValues: zip(heading, line).map { (String($0), String($1)) })
    }
}

/// How many decimal digits of `value` are those of `expected`.
func agreement(_ value: Double?, _ expected: Double) -> Double {
    guard let value else { return 0 }
    if value == expected { return 16 }
    return -log10(abs(value - expected) / (expected == 0 ? 1 : abs(expected)))
}
