import DescentDatasets
import Foundation
import Testing

/// Histograms of NumPy; `Fixtures/make_histogram_fixture.py` writes them.
private struct GoldenHistogram: Decodable, CustomTestStringConvertible {
    struct Result: Decodable {
        var counts: [Int]
        var edges: [Double]
    }
    var name: String
    var values: [Double]
    var sturges: Result
    var freedmanDiaconis: Result
    var automatic: Result
    var testDescription: String { name }

    static let all: [GoldenHistogram] = {
        let data = try! Data(contentsOf: URL(filePath: fixture("histogram.json")))
        return try! JSONDecoder().decode([GoldenHistogram].self, from: data)
    }()
}

@Suite struct HistogramTests {
    @Test(arguments: GoldenHistogram.all)
    private func asNumPyCounts(golden: GoldenHistogram) {
        let rules: [(Histogram.Bins, GoldenHistogram.Result)] = [
            (.sturges, golden.sturges), (.freedmanDiaconis, golden.freedmanDiaconis),
            (.automatic, golden.automatic),
        ]
        for (rule, expected) in rules {
            let histogram = Histogram(of: golden.values, bins: rule)
            #expect(histogram.counts == expected.counts, "\(rule)")
            #expect(histogram.edges.count == expected.edges.count)
            for (edge, other) in zip(histogram.edges, expected.edges) {
                #expect(abs(edge - other) <= 4 * max(abs(other), 1).ulp, "\(rule)")
            }
            #expect(histogram.counts.reduce(0, +) == golden.values.count)
        }
    }

    @Test func automaticTakesTheMoreOfBothRules() {
        for golden in GoldenHistogram.all {
            #expect(
                golden.automatic.counts.count
                    == max(golden.sturges.counts.count, golden.freedmanDiaconis.counts.count))
        }
    }

    @Test func givenBinsAndTheirCenters() {
        let histogram = Histogram(of: [0, 1, 1.5, 4], bins: .count(4))
        #expect(histogram.edges == [0, 1, 2, 3, 4])
        #expect(histogram.counts == [1, 2, 0, 1])
        #expect(histogram.centers == [0.5, 1.5, 2.5, 3.5])
    }

    /// A few far values would otherwise ask for as many bins as there are inner quartile ranges between.
    @Test func farValuesDoNotAskForBillionsOfBins() {
        let values = (0..<100).map { Double($0) } + [1e15]
        #expect(Histogram(of: values).counts.count == 1000)
    }
}

/// Single examples, those of a class, and scaled ones.
@Suite struct DatasetExamplesTests {
    @Test func examplesAsTheyAre() {
        let digits = Digits.load()
        let first = digits.example(0)
        // The first line of the UCI file.
        #expect(first.prefix(10) == [0, 0, 5, 13, 9, 1, 0, 0, 0, 0])
        #expect(first.reduce(0, +) == 294)
        #expect(first.allSatisfy { (0...16).contains($0) && $0 == $0.rounded() })
    }

    @Test func examplesOfAClass() {
        let digits = Digits.load()
        let sevens = digits.examples(ofClass: "7")
        #expect(sevens.count == 179 && sevens.allSatisfy { digits.labels[Int($0)] == 7 })
        #expect(digits.classNames.reduce(0) { $0 + digits.examples(ofClass: $1).count } == 1797)
        #expect(digits.examples(ofClass: "x").isEmpty)
    }

    @Test func scaledExamplesAreThoseOfTheScaler() {
        let digits = Digits.load()
        let scaler = Scaler(.standardize, fittedOn: digits)
        let scaled = digits.scaled(by: scaler)
        #expect(scaled.example(17) == scaler.scaled(digits.example(17)))
        #expect(scaled.labels == digits.labels && scaled.classNames == digits.classNames)
        #expect(scaled.exampleShape == [8, 8] && scaled.nominalRange == nil)
        // Mean 0 and deviation 1, but for the pixels that are constant.
        let again = Scaler(.standardize, fittedOn: scaled)
        #expect(again.constantColumns == [0, 32, 39])
        #expect(again.shift.allSatisfy { abs($0) < 1e-12 })
    }
}
