import Foundation
import Testing

/// Reference values by scikit-learn, SciPy and statsmodels; `Fixtures/Metrics/make_fixtures.py` writes them.
struct MetricFixture: Decodable {
    struct Classification: Decodable, CustomTestStringConvertible {
        struct Average: Decodable {
            var average: String
            var undefined: String
            var precision: Double
            var recall: Double
            var f1: Double
            var f2: Double
        }
        struct Scores: Decodable {
            var precision: Double?
            var recall: Double?
            var f1: Double?
            var support: Double
        }
        var name: String
        var labels: [Int]
        var predictions: [Int]
        var classCount: Int
        var weights: [Double]?
        var confusion: [[Double]]
        var accuracy: Double
        var balancedAccuracy: Double
        var mcc: Double
        var kappa: [String: Double]?
        var averages: [Average]
        var classes: [Scores]
        var testDescription: String { name }
        var classNames: [String] { (0..<classCount).map { "class \($0)" } }
    }

    struct Probabilities: Decodable, CustomTestStringConvertible {
        struct ROC: Decodable {
            var fpr: [Double]
            var tpr: [Double]
            var thresholds: [Double]
        }
        struct PR: Decodable {
            var precision: [Double]
            var recall: [Double]
            var thresholds: [Double]
        }
        struct Calibration: Decodable {
            var frequency: [Double]
            var said: [Double]
        }
        var name: String
        var labels: [Int]
        var probabilities: [[Double]]
        var weights: [Double]?
        var logLoss: Double
        var brier: Double
        var topK: [Double]
        var roc: ROC?
        var pr: PR?
        var auc: [String: Double]
        var ap: [String: Double]
        var calibration: [String: Calibration]?
        var testDescription: String { name }
    }

    struct Regression: Decodable, CustomTestStringConvertible {
        var name: String
        var targets: [Double]
        var predictions: [Double]
        var weights: [Double]?
        var mse: Double
        var rmse: Double
        var mae: Double
        var medianAE: Double
        var maxError: Double
        var mape: Double?
        var r2: Double
        var explainedVariance: Double
        var testDescription: String { name }
    }

    struct Wilson: Decodable {
        var successes: Int
        var count: Int
        var confidence: Double
        var low: Double
        var high: Double
    }

    struct McNemar: Decodable {
        struct Corrected: Decodable {
            var statistic: Double
            var p: Double
        }
        var b: Int
        var c: Int
        var exact: Double
        var corrected: Corrected?
    }

    struct Bootstrap: Decodable, CustomTestStringConvertible {
        struct Interval: Decodable {
            var low: Double
            var high: Double
            var standardError: Double
        }
        var name: String
        var values: [Double]
        var seed: UInt64
        var confidence: Double
        var resamples: Int
        var percentile: Interval
        var bca: Interval
        var testDescription: String { name }
    }

    var classification: [Classification]
    var probabilities: [Probabilities]
    var regression: [Regression]
    var wilson: [Wilson]
    var mcnemar: [McNemar]
    var bootstrap: [Bootstrap]

    static let shared: MetricFixture = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/Metrics/metrics.json")
        do {
            return try JSONDecoder().decode(MetricFixture.self, from: Data(contentsOf: file))
        } catch {
            fatalError("\(file.path()): \(error)")
        }
    }()
}

/// Whether two numbers agree to 1e-13, relative to the larger of 1 and the reference.
func agrees(_ value: Double, _ reference: Double, to tolerance: Double = 1e-13) -> Bool {
    (value - reference).magnitude <= tolerance * max(1, reference.magnitude)
}

func agrees(_ value: Double?, _ reference: Double?) -> Bool {
    guard let value, let reference else { return (value == nil) == (reference == nil) }
    return agrees(value, reference, to: 1e-13)
}

func agrees(_ values: [Double], _ references: [Double]) -> Bool {
    values.count == references.count && zip(values, references).allSatisfy { agrees($0, $1, to: 1e-13) }
}
