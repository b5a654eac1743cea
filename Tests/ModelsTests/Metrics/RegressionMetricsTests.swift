import Foundation
import Testing

@testable import DescentModels

/// Metrics of numbers, against scikit-learn's.
@Suite struct RegressionMetricsTests {
    @Test(arguments: MetricFixture.shared.regression)
    func metricsAreThoseOfTheReference(_ golden: MetricFixture.Regression) throws {
        let metrics = try RegressionMetrics(
            targets: golden.targets, predictions: golden.predictions, weights: golden.weights)
        #expect(agrees(metrics.meanSquaredError, golden.mse))
        #expect(agrees(metrics.rootMeanSquaredError, golden.rmse))
        #expect(agrees(metrics.meanAbsoluteError, golden.mae))
        #expect(agrees(metrics.medianAbsoluteError, golden.medianAE))
        if golden.weights == nil { #expect(agrees(metrics.maximumError, golden.maxError)) }
        #expect(agrees(metrics.meanAbsolutePercentageError, golden.mape))
        #expect(agrees(metrics.rSquared, golden.r2))
        #expect(agrees(metrics.explainedVariance, golden.explainedVariance))
        let copy = try JSONDecoder().decode(
            RegressionMetrics.self, from: JSONEncoder().encode(metrics))
        #expect(copy == metrics)
    }

    @Test func aWeightOfTwoIsTheExampleTwice() throws {
        let golden = try #require(MetricFixture.shared.regression.first { $0.name == "forty, weighted" })
        let weights = try #require(golden.weights)
        let repeated = golden.targets.indices.flatMap { Array(repeating: $0, count: Int(weights[$0])) }
        let weighted = try RegressionMetrics(
            targets: golden.targets, predictions: golden.predictions, weights: weights)
        let copied = try RegressionMetrics(
            targets: repeated.map { golden.targets[$0] }, predictions: repeated.map { golden.predictions[$0] }
        )
        #expect(agrees(weighted.rSquared, copied.rSquared))
        #expect(agrees(weighted.explainedVariance, copied.explainedVariance))
        #expect(weighted.medianAbsoluteError == copied.medianAbsoluteError)
        #expect(weighted.maximumError == copied.maximumError)
        #expect(agrees(weighted.meanAbsolutePercentageError, copied.meanAbsolutePercentageError))
    }

    @Test func badNumbersAreRefused() throws {
        #expect(throws: MetricError.empty) {
            try RegressionMetrics(targets: [Double](), predictions: [])
        }
        #expect(throws: MetricError.notFinite(what: "prediction", index: 1, value: "inf")) {
            try RegressionMetrics(targets: [1, 2], predictions: [1, Double.infinity])
        }
        #expect(throws: MetricError.notFinite(what: "target", index: 0, value: "nan")) {
            try RegressionMetrics(targets: [Float.nan], predictions: [1])
        }
        let single = try RegressionMetrics(targets: [3], predictions: [4.0])
        #expect(single.rSquared == 0 && single.explainedVariance == 1)
    }

    @Test func theDescriptionReadsWell() throws {
        let metrics = try RegressionMetrics(targets: [1, 2, 3, 4], predictions: [1.5, 2, 3, 3])
        #expect(
            metrics.description == """
                R²                                  0.75
                root mean squared error         0.559017
                mean squared error                0.3125
                mean absolute error                0.375
                median absolute error               0.25
                maximum error                          1
                explained variance                0.7625
                mean absolute percentage error   18.75 %
                examples                               4
                """)
    }
}
