import DescentLinearAlgebra
import Testing

@testable import DescentModels

/// Metrics of probabilities, against scikit-learn's.
@Suite struct ProbabilityMetricsTests {
    static func metrics(_ golden: MetricFixture.Probabilities) throws -> ProbabilityMetrics {
        let p = golden.probabilities
        return try ProbabilityMetrics(
            probabilities: Matrix(rows: p.count, columns: p[0].count, elements: p.flatMap { $0 }),
            labels: golden.labels, weights: golden.weights)
    }

    @Test(arguments: MetricFixture.shared.probabilities)
    func scoresAreThoseOfTheReference(_ golden: MetricFixture.Probabilities) throws {
        let metrics = try Self.metrics(golden)
        #expect(agrees(metrics.logLoss, golden.logLoss))
        #expect(agrees(metrics.brierScore, golden.brier))
        for (index, expected) in golden.topK.enumerated() {
            #expect(agrees(metrics.topKAccuracy(index + 1), expected))
        }
        #expect(golden.auc.count == (metrics.classCount == 2 ? 1 : 3))
        for (name, expected) in golden.auc {
            #expect(agrees(try metrics.rocAUC(#require(ScoreAverage(rawValue: name))), expected), "\(name)")
        }
        for (name, expected) in golden.ap {
            let average = try #require(ScoreAverage(rawValue: name))
            #expect(agrees(try metrics.averagePrecision(average), expected), "\(name)")
        }
        #expect(agrees(metrics.topKAccuracy(1), metrics.confusionMatrix.accuracy))
    }

    @Test(arguments: MetricFixture.shared.probabilities.filter { $0.roc != nil })
    func curvesAreThoseOfTheReference(_ golden: MetricFixture.Probabilities) throws {
        let metrics = try Self.metrics(golden)
        let (roc, pr) = (try #require(golden.roc), try #require(golden.pr))
        let curve = try metrics.rocCurve(ofClass: 1)
        #expect(agrees(curve.points.map(\.falsePositiveRate), roc.fpr))
        #expect(agrees(curve.points.map(\.truePositiveRate), roc.tpr))
        #expect(curve.points.compactMap(\.threshold) == roc.thresholds)
        let precision = try metrics.precisionRecallCurve(ofClass: 1)
        // scikit-learn ends where the last positive has been found, and one threshold further.
        #expect(agrees(precision.points.map(\.recall), roc.tpr))
        for (index, threshold) in pr.thresholds.enumerated() {
            let point = try #require(precision.points.first { $0.threshold == threshold })
            #expect(agrees(point.precision, pr.precision[index + 1]))
            #expect(agrees(point.recall, pr.recall[index + 1]))
        }
    }

    @Test(arguments: MetricFixture.shared.probabilities.filter { $0.calibration != nil })
    func calibrationIsThatOfTheReference(_ golden: MetricFixture.Probabilities) throws {
        let metrics = try Self.metrics(golden)
        for (name, expected) in try #require(golden.calibration) {
            let curve = metrics.calibrationCurve(
                binCount: 5, binning: try #require(CalibrationCurve.Binning(rawValue: name)))
            #expect(agrees(curve.bins.map(\.frequency), expected.frequency), "\(name)")
            #expect(agrees(curve.bins.map(\.meanProbability), expected.said), "\(name)")
            #expect(curve.bins.reduce(0) { $0 + $1.weight } == Double(golden.labels.count))
        }
    }

    @Test func calibrationErrorsByHand() throws {
        let curve = try CalibrationCurve(
            probabilities: [0.1, 0.1, 0.9, 0.8], happened: [false, true, true, true], binCount: 2)
        #expect(curve.bins.map(\.frequency) == [0.5, 1])
        #expect(agrees(curve.expectedError, 0.5 * 0.4 + 0.5 * 0.15))
        #expect(agrees(curve.maximumError, 0.4))
        let doubled = try CalibrationCurve(
            probabilities: [0.1, 0.9], happened: [true, true], weights: [3, 1], binCount: 2)
        #expect(agrees(doubled.expectedError, 0.75 * 0.9 + 0.25 * 0.1))
        #expect(throws: MetricError.notProbabilities(index: 1, found: "include 1.5")) {
            try CalibrationCurve(probabilities: [0.5, 1.5], happened: [true, false])
        }
    }

    /// The area is a count of pairs; a tie is half a pair.
    @Test func areasCountPairs() throws {
        let scores = [3.0, 1, 2, 2, 5, 2, 1, 4]
        let positive = [true, false, true, false, true, false, true, false]
        var pairs = 0.0
        for (i, p) in positive.enumerated() where p {
            for (j, q) in positive.enumerated() where !q {
                pairs += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0
            }
        }
        let curve = try ROCCurve(scores: scores, isPositive: positive)
        #expect(agrees(curve.area, pairs / 16))
        let turned = try ROCCurve(scores: scores.map { -$0 }, isPositive: positive)
        #expect(agrees(turned.area, 1 - pairs / 16))
        #expect(curve.youdenPoint.threshold == 5 || curve.youdenPoint.threshold == 2)
        // Order of the examples, and examples of weight 0, make no difference.
        let weighted = try ROCCurve(
            scores: scores.reversed() + [9], isPositive: positive.reversed() + [false],
            weights: Array(repeating: 1, count: 8) + [0])
        #expect(weighted == curve)
    }

    @Test func whatHasNoValueIsRefused() throws {
        let all = [true, true]
        #expect(throws: MetricError.oneClass(metric: "a ROC curve", missing: "is negative")) {
            try ROCCurve(scores: [1, 2], isPositive: all)
        }
        #expect(throws: MetricError.oneClass(metric: "a precision-recall curve", missing: "is positive")) {
            try PrecisionRecallCurve(scores: [1, 2], isPositive: [false, false])
        }
        #expect(try PrecisionRecallCurve(scores: [1, 2], isPositive: all).averagePrecision == 1)
        #expect(throws: MetricError.notFinite(what: "score", index: 1, value: "nan")) {
            try ROCCurve(scores: [1, .nan], isPositive: [true, false])
        }
        // A positive example of weight 0 is none.
        #expect(throws: MetricError.self) {
            try ROCCurve(scores: [1, 2], isPositive: [true, false], weights: [0, 1])
        }
        func metrics(_ p: [Double], _ labels: [Int]) throws -> ProbabilityMetrics {
            try ProbabilityMetrics(
                probabilities: Matrix(rows: labels.count, columns: 3, elements: p), labels: labels,
                classNames: ["a", "b", "c"])
        }
        let third = 1.0 / 3
        #expect(throws: MetricError.empty) { try metrics([], []) }
        #expect(throws: MetricError.notFinite(what: "probability", index: 1, value: "nan")) {
            try metrics([third, third, third, third, .nan, third], [0, 1])
        }
        #expect(throws: MetricError.notProbabilities(index: 0, found: "sum to 2.0")) {
            try metrics([1, 0.5, 0.5], [0])
        }
        #expect(throws: MetricError.notProbabilities(index: 0, found: "include -1.0")) {
            try metrics([-1, 1, 1], [0])
        }
        let two = try metrics([third, third, third, third, third, third], [0, 1])
        let error = #expect(throws: MetricError.self) { try two.rocAUC() }
        #expect(error?.description.contains("class \"c\"") == true)
        #expect(ClassificationReport(two).probabilityScores?.rocAUC == nil)
    }

    /// A class that gets the same probability as another is not in front of it if it comes later.
    @Test func tiesGoToTheFirstClass() throws {
        let metrics = try ProbabilityMetrics(
            probabilities: Matrix(
                rows: 2, columns: 3, elements: [0.25, 0.5, 0.25, 0.25, 0.5, 0.25] as [Double]),
            labels: [0, 2])
        #expect(metrics.topKAccuracy(2) == 0.5)
        #expect(metrics.topKAccuracy(3) == 1 && metrics.topKAccuracy(7) == 1)
    }
}
