import Testing

@testable import DescentLinearAlgebra
@testable import DescentModels

/// Intervals and tests, against statsmodels' and SciPy's.
@Suite struct IntervalTests {
    @Test func wilsonsIntervalIsThatOfTheReference() {
        for golden in MetricFixture.shared.wilson {
            let interval = ConfidenceInterval.wilson(
                successes: golden.successes, of: golden.count, confidence: golden.confidence)
            #expect(agrees(interval.lowerBound, golden.low), "\(golden)")
            #expect(agrees(interval.upperBound, golden.high), "\(golden)")
            #expect(interval.lowerBound >= 0 && interval.upperBound <= 1)
            #expect(interval.lowerBound <= interval.estimate && interval.estimate <= interval.upperBound)
        }
    }

    @Test func mcNemarsTestIsThatOfTheReference() {
        for golden in MetricFixture.shared.mcnemar {
            let exact = McNemarTest(onlyFirst: golden.b, onlySecond: golden.c)
            #expect((exact.pValue / golden.exact - 1).magnitude < 1e-12, "\(golden)")
            #expect(exact.statistic == Double(min(golden.b, golden.c)))
            guard let corrected = golden.corrected else { continue }
            let approximate = McNemarTest(
                onlyFirst: golden.b, onlySecond: golden.c, method: .chiSquared)
            #expect(agrees(approximate.statistic, corrected.statistic))
            #expect((approximate.pValue / corrected.p - 1).magnitude < 1e-12, "\(golden)")
        }
    }

    @Test func mcNemarsTestOfEqualClassifiersFindsNothing() throws {
        for method in McNemarTest.Method.allCases {
            #expect(McNemarTest(onlyFirst: 0, onlySecond: 0, method: method).pValue == 1)
            #expect(McNemarTest(onlyFirst: 12, onlySecond: 12, method: method).pValue == 1)
        }
        let test = try McNemarTest(
            labels: [0, 1, 2, 1, 0], first: [0, 1, 2, 0, 1], second: [0, 0, 1, 1, 1])
        #expect(test.onlyFirst == 2 && test.onlySecond == 1)
        #expect(test.pValue == 1)
        // Beyond the smallest number that 2⁻ⁿ can be.
        #expect(McNemarTest(onlyFirst: 0, onlySecond: 1000).pValue == 0x1p-999)
        #expect(McNemarTest(onlyFirst: 10_000, onlySecond: 10_000).pValue == 1)
    }

    @Test(arguments: MetricFixture.shared.bootstrap)
    func bootstrapIsThatOfTheReference(_ golden: MetricFixture.Bootstrap) {
        for (method, expected) in [(Bootstrap.Method.percentile, golden.percentile), (.bca, golden.bca)] {
            let interval = Bootstrap(
                resampleCount: golden.resamples, confidence: golden.confidence, method: method,
                seed: golden.seed
            ).interval(exampleCount: golden.values.count) { examples in
                let values = examples.map { golden.values[$0] }
                let mean = values.reduce(0, +) / Double(values.count)
                guard golden.name == "deviation" else { return mean }
                return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
                    .squareRoot()
            }
            #expect(agrees(interval.lowerBound, expected.low), "\(method)")
            #expect(agrees(interval.upperBound, expected.high), "\(method)")
            #expect(agrees(interval.standardError, expected.standardError))
            #expect(interval.method == (method == .bca ? .bootstrapBCa : .bootstrapPercentile))
        }
    }

    @Test func theSeedDecides() {
        let values = MetricFixture.shared.bootstrap[0].values
        func interval(_ seed: UInt64) -> ConfidenceInterval {
            Bootstrap(resampleCount: 200, seed: seed).interval(exampleCount: values.count) { examples in
                examples.reduce(0) { $0 + values[$1] }
            }
        }
        #expect(interval(1) == interval(1))
        #expect(interval(1) != interval(2))
    }

    @Test func aMetricThatIsTheSameEverywhereIsAPoint() {
        let interval = Bootstrap(resampleCount: 50).interval(exampleCount: 8) { _ in 1 }
        #expect(interval.lowerBound == 1 && interval.upperBound == 1 && interval.standardError == 0)
        let single = Bootstrap(resampleCount: 50).interval(exampleCount: 1) { Double($0[0] + 3) }
        #expect(single.lowerBound == 3 && single.method == .bootstrapPercentile)
    }

    /// The largest value: no resample exceeds it, and its bias has no end.
    @Test func withoutABiasToTellPercentilesAreUsed() {
        var calls = 0
        let interval = Bootstrap(resampleCount: 100).interval(exampleCount: 10) { examples in
            calls += 1
            return calls == 1 ? 100 : Double(examples[0])
        }
        #expect(interval.method == .bootstrapPercentile)
        #expect(interval.lowerBound.isFinite && interval.upperBound.isFinite)
    }

    @Test func metricsMayThrowAndStrataKeepClasses() throws {
        let positive = [true] + Array(repeating: false, count: 9)
        let scores = (0..<10).map(Double.init)
        func area(_ examples: [Int]) throws(MetricError) -> Double {
            try ROCCurve(scores: examples.map { scores[$0] }, isPositive: examples.map { positive[$0] }).area
        }
        #expect(throws: MetricError.oneClass(metric: "a ROC curve", missing: "is positive")) {
            try Bootstrap(resampleCount: 100, method: .percentile).interval(exampleCount: 10, of: area)
        }
        let interval = try Bootstrap(resampleCount: 100, method: .percentile).interval(
            exampleCount: 10, strata: positive.map { $0 ? 1 : 0 }, of: area)
        #expect(interval.estimate == 0 && interval.upperBound == 0)
    }

    /// A 90 % interval of a mean covers it about nine times of ten.
    @Test func theIntervalCoversWhatItPromises() {
        var covered = 0
        for seed in 0..<300 as Range<UInt64> {
            var generator = RandomGenerator(seed: seed)
            let values = (0..<40).map { _ in generator.nextNormal(as: Double.self) }
            let interval = Bootstrap(resampleCount: 300, confidence: 0.9, seed: seed)
                .interval(exampleCount: 40) { $0.reduce(0) { $0 + values[$1] } / 40 }
            if interval.lowerBound <= 0 && 0 <= interval.upperBound { covered += 1 }
        }
        // Binomial with p a little below 0.9: four standard deviations are 21.
        #expect((243...291).contains(covered), "\(covered) of 300")
    }
}
