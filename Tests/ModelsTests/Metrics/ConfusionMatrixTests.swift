import Foundation
import Testing

@testable import DescentModels

/// Scores from counts, against scikit-learn's.
@Suite struct ConfusionMatrixTests {
    static func matrix(_ golden: MetricFixture.Classification) throws -> ConfusionMatrix {
        try ConfusionMatrix(
            labels: golden.labels, predictions: golden.predictions, classNames: golden.classNames,
            weights: golden.weights)
    }

    @Test(arguments: MetricFixture.shared.classification)
    func scoresAreThoseOfTheReference(_ golden: MetricFixture.Classification) throws {
        let matrix = try Self.matrix(golden)
        for (row, expected) in zip(matrix.counts, golden.confusion) { #expect(agrees(row, expected)) }
        #expect(agrees(matrix.accuracy, golden.accuracy))
        #expect(agrees(matrix.balancedAccuracy, golden.balancedAccuracy))
        #expect(agrees(matrix.matthewsCorrelation, golden.mcc))
        if let kappa = golden.kappa {
            #expect(kappa.count == 3)
            for (name, expected) in kappa {
                let weighting = try #require(ConfusionMatrix.Disagreement(rawValue: name))
                #expect(agrees(matrix.cohensKappa(weighting), expected), "\(name)")
            }
        }
        for (index, expected) in golden.classes.enumerated() {
            #expect(agrees(matrix.support(ofClass: index), expected.support))
            #expect(agrees(matrix.precision(ofClass: index), expected.precision))
            #expect(agrees(matrix.recall(ofClass: index), expected.recall))
            #expect(agrees(matrix.f1(ofClass: index), expected.f1))
        }
    }

    @Test(arguments: MetricFixture.shared.classification)
    func averagesAreThoseOfTheReference(_ golden: MetricFixture.Classification) throws {
        let matrix = try Self.matrix(golden)
        #expect(golden.averages.count == 9)
        for expected in golden.averages {
            let average = try #require(ScoreAverage(rawValue: expected.average))
            let undefined = try #require(UndefinedScore(rawValue: expected.undefined))
            let label = "\(expected.average), 0/0 \(expected.undefined)"
            #expect(
                agrees(matrix.precision(average, undefined: undefined), expected.precision),
                "precision \(label)")
            #expect(agrees(matrix.recall(average, undefined: undefined), expected.recall), "recall \(label)")
            #expect(agrees(matrix.f1(average, undefined: undefined), expected.f1), "F1 \(label)")
            #expect(
                agrees(matrix.fScore(average, beta: 2, undefined: undefined), expected.f2), "F2 \(label)")
        }
    }

    @Test func aWeightOfTwoIsTheExampleTwice() throws {
        let golden = try #require(MetricFixture.shared.classification.first)
        let weights = golden.labels.indices.map { Double($0 % 3) }
        let repeated = golden.labels.indices.flatMap { Array(repeating: $0, count: $0 % 3) }
        let weighted = try ConfusionMatrix(
            labels: golden.labels, predictions: golden.predictions, classNames: golden.classNames,
            weights: weights)
        let copied = try ConfusionMatrix(
            labels: repeated.map { golden.labels[$0] }, predictions: repeated.map { golden.predictions[$0] },
            classNames: golden.classNames)
        #expect(weighted.counts == copied.counts)
        #expect(weighted.matthewsCorrelation == copied.matthewsCorrelation)
        #expect(weighted.isWeighted && !copied.isWeighted)
    }

    @Test func whatHasNoValueIsSaidOrStated() throws {
        let same = try ConfusionMatrix(labels: [0, 0], predictions: [0, 0], classNames: ["a", "b"])
        #expect(same.precision(ofClass: 1) == nil && same.recall(ofClass: 1) == nil)
        #expect(same.f1(ofClass: 1) == nil)
        #expect(same.matthewsCorrelation == 0 && same.cohensKappa() == 0)
        #expect(same.f1(.macro) == 1)
        let none = [Int]()
        #expect(throws: MetricError.empty) {
            try ConfusionMatrix(labels: none, predictions: none, classNames: ["a"])
        }
        #expect(
            throws: MetricError.unknownClass(what: "prediction", index: 1, value: 2, classCount: 2)
        ) {
            try ConfusionMatrix(labels: [0, 1], predictions: [0, 2], classNames: ["a", "b"])
        }
        #expect(throws: MetricError.unknownClass(what: "label", index: 0, value: -1, classCount: 2)) {
            try ConfusionMatrix(labels: [Int32(-1), 1], predictions: [0, 1], classNames: ["a", "b"])
        }
        for weights in [[1, -1], [1, .nan], [.infinity, 1]] as [[Double]] {
            #expect(throws: MetricError.self) {
                try ConfusionMatrix(
                    labels: [0, 1], predictions: [0, 1], classNames: ["a", "b"], weights: weights)
            }
        }
        #expect(throws: MetricError.noWeight) {
            try ConfusionMatrix(
                labels: [0, 1], predictions: [0, 1], classNames: ["a", "b"], weights: [0, 0])
        }
    }

    @Test func sharesSumToOne() throws {
        let matrix = try Self.matrix(MetricFixture.shared.classification[4])
        let (rows, columns) = (matrix.normalized(by: .actual), matrix.normalized(by: .predicted))
        let all = matrix.normalized(by: .all)
        for row in rows { #expect(agrees(row.reduce(0, +), 1)) }
        #expect(agrees(columns.map { $0[1] }.reduce(0, +), 1))
        #expect(columns.map { $0[2] } == [0, 0, 0])  // never predicted
        #expect(agrees(all.flatMap { $0 }.reduce(0, +), 1))
    }

    @Test func theTablesReadWell() throws {
        let matrix = try ConfusionMatrix(
            labels: [0, 0, 0, 1, 1, 2], predictions: [0, 0, 1, 1, 1, 1],
            classNames: ["cat", "dog", "a very long name"])
        #expect(
            matrix.description == """
                actual ↓  predicted →
                                cat    dog  a very long…    recall
                cat               2      1             0     0.667
                dog               0      2             0     1.000
                a very long…      0      1             0     0.000
                precision     1.000  0.500             –     0.667
                """)
        #expect(
            ClassificationReport(matrix).description == """
                                  precision  recall      F1  support
                cat                  1.0000  0.6667  0.8000        3
                dog                  0.5000  1.0000  0.6667        2
                a very long name          –  0.0000  0.0000        1

                macro average        0.5000  0.5556  0.4889        6
                weighted average     0.6667  0.6667  0.6222        6

                accuracy              0.6667  (95 % interval 0.3000 to 0.9032)
                balanced accuracy     0.5556
                Matthews correlation  0.5330
                Cohen's kappa         0.4545

                –: never predicted (precision) or without examples (recall); it counts as 0 in the averages
                """)
    }

    @Test func reportsAndMatricesSurviveJSON() throws {
        let golden = MetricFixture.shared.probabilities[6]
        let metrics = try ProbabilityMetricsTests.metrics(golden)
        let report = ClassificationReport(metrics)
        let data = try JSONEncoder().encode(report)
        #expect(try JSONDecoder().decode(ClassificationReport.self, from: data) == report)
        #expect(report.probabilityScores?.rocAUC == (try metrics.rocAUC()))
        for broken in [
            #"{"classNames":["a","b"],"counts":[[1,2]],"exampleCount":3,"isWeighted":false}"#,
            #"{"classNames":["a"],"counts":[[-1]],"exampleCount":3,"isWeighted":false}"#,
            #"{"classNames":["a"],"counts":[[0]],"exampleCount":0,"isWeighted":false}"#,
        ] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(ConfusionMatrix.self, from: Data(broken.utf8))
            }
        }
    }
}
