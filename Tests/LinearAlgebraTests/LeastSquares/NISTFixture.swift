import Foundation
import Testing

@testable import DescentLinearAlgebra

/// A data set of NIST's Statistical Reference Datasets, with certified values.
struct NISTFixture: Sendable, CustomTestStringConvertible {
    struct Certified: Decodable {
        let coefficients: [String]
        let standardErrors: [String]
        let residualStandardDeviation: String
        let rSquared: String
        let fStatistic: String
        let residualSumOfSquares: String
    }
    private struct Description: Decodable {
        let polynomialDegree: Int?
        let predictors: [String]
        let intercept: Bool
        let certified: Certified
    }

    static let names = [
        "Norris", "Pontius", "NoInt1", "NoInt2", "Longley", "Filip", "Wampler1", "Wampler2",
    ]

    let name: String
    let degree: Int
    let hasIntercept: Bool
    let features: Matrix<Double>
    let target: [Double]
    let predictors: [String]
    let coefficients: [Double]
    let standardErrors: [Double]
    let residualStandardDeviation: Double
    let rSquared: Double
    let fStatistic: Double
    let residualSumOfSquares: Double

    var testDescription: String { name }

    init(_ name: String) throws {
        self.name = name
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/nist")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let description = try decoder.decode(
            Description.self, from: Data(contentsOf: folder.appendingPathComponent(name + ".json")))
        degree = description.polynomialDegree ?? 1
        hasIntercept = description.intercept
        predictors = description.predictors
        let text = try String(contentsOf: folder.appendingPathComponent(name + ".csv"), encoding: .utf8)
        let rows = text.split(separator: "\n").dropFirst().map { line in
            line.split(separator: ",").map { Double($0.trimmingCharacters(in: .whitespaces))! }
        }
        target = rows.map { $0[0] }
        features = Matrix(rows.map { Array($0.dropFirst()) })
        coefficients = description.certified.coefficients.map { Double($0)! }
        standardErrors = description.certified.standardErrors.map { Double($0)! }
        residualStandardDeviation = Double(description.certified.residualStandardDeviation)!
        rSquared = Double(description.certified.rSquared)!
        fStatistic = Double(description.certified.fStatistic)!
        residualSumOfSquares = Double(description.certified.residualSumOfSquares)!
    }
}

/// The number of decimal digits that agree: −log₁₀ of the relative error, of the absolute one where the truth
/// is 0; at most 16.
func agreeingDigits(_ value: Double, _ truth: Double) -> Double {
    if value == truth { return 16 }
    guard value.isFinite else { return 0 }
    let error = truth == 0 ? abs(value) : abs((value - truth) / truth)
    return min(16, max(0, -log10(error)))
}

/// The least number of agreeing digits of two vectors.
func agreeingDigits(_ values: [Double], _ truths: [Double]) -> Double {
    precondition(values.count == truths.count)
    return zip(values, truths).map { agreeingDigits($0, $1) }.min() ?? 16
}
