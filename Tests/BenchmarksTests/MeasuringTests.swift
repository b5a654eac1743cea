import Glibc
import Testing

@testable import descent_perf

@Suite struct SampleTests {
    @Test func medianIsInTheMiddle() {
        #expect(Sample([3, 1, 2]).median == 2)
        #expect(Sample([4, 1, 2, 100]).median == 3)
        #expect(Sample([7]).median == 7)
        #expect(Sample().median.isNaN)
    }

    @Test func extremesAreThoseOfAllRuns() {
        let sample = Sample([3, 1, 2])
        #expect(sample.least == 1)
        #expect(sample.greatest == 3)
        // The order of the runs is kept.
        #expect(sample.values == [3, 1, 2])
    }
}

@Suite struct PowerLawTests {
    @Test(arguments: [-1.0, 0, 0.5, 1, 2]) func exponentOfAPowerIsFound(exponent: Double) throws {
        let points = (0..<9).map { i in
            let x = pow(3.0, Double(i))
            return (x: x, y: 5 * pow(x, exponent))
        }
        let found = try #require(PowerLaw.exponent(ofUpperHalf: points.shuffled()))
        #expect(abs(found - exponent) < 1e-12)
    }

    @Test func onlyTheUpperHalfCounts() throws {
        // A constant cost, then proportional growth; of seven points the last four count.
        let points = [1.0, 10, 100, 1e3, 1e4, 1e5, 1e6].map { (x: $0, y: max($0, 1e3)) }
        #expect(abs(try #require(PowerLaw.exponent(ofUpperHalf: points)) - 1) < 1e-12)
        let even = [1.0, 2, 4, 8].map { (x: $0, y: $0 < 4 ? 100 : $0 * $0) }
        #expect(abs(try #require(PowerLaw.exponent(ofUpperHalf: even)) - 2) < 1e-12)
    }

    @Test func leastSquaresBalanceTheErrors() throws {
        // Of log2 y = 0, 2, 1 at log2 x = 0, 1, 2 the best line has the slope 1/2.
        let points = [(x: 1.0, y: 1.0), (2, 4), (4, 2)]
        let padded = [(x: 0.01, y: 9.0), (x: 0.02, y: 9.0)] + points
        #expect(abs(try #require(PowerLaw.exponent(ofUpperHalf: padded)) - 0.5) < 1e-12)
    }

    @Test func whatHasNoSlopeHasNone() {
        #expect(PowerLaw.exponent(ofUpperHalf: []) == nil)
        #expect(PowerLaw.exponent(ofUpperHalf: [(1, 1)]) == nil)
        #expect(PowerLaw.exponent(ofUpperHalf: [(2, 1), (2, 3)]) == nil)
        #expect(PowerLaw.exponent(ofUpperHalf: [(1, 1), (2, 0), (3, .nan)]) == nil)
    }
}

@Suite struct TimeTextTests {
    @Test(arguments: [
        (1.2345, "1.23 s"), (0.0456, "45.6 ms"), (0.000812, "812 µs"), (0.9999, "1.00 s"),
        (0.99949, "999 ms"),
        (123.4, "123 s"), (9.996, "10.0 s"), (2e-7, "0.20 µs"),
    ]) func timesHaveThreeDigitsAndAUnit(seconds: Double, text: String) {
        #expect(TimeText.text(seconds) == text)
    }

    @Test func spreadIsInTheUnitOfTheMedian() {
        #expect(TimeText.text(Sample([0.271, 0.265, 1.29])) == "271 ms (265–1290)")
    }

    @Test func memoryIsInMillionsOfBytes() {
        #expect(TimeText.megabytes(87_400_000) == "87 MB")
        #expect(TimeText.megabytes(8_740_000) == "8.7 MB")
    }
}

@Suite struct SystemFactTests {
    @Test func processorListsAreRanges() {
        #expect(ProcessorSet.numbers(in: "0-3,8") == [0, 1, 2, 3, 8])
        #expect(ProcessorSet.numbers(in: "5") == [5])
        #expect(ProcessorSet.numbers(in: "").isEmpty)
        #expect(!ProcessorSet.allowed.isEmpty)
    }

    @Test func limitingStartsThroughTaskset() {
        #expect(ProcessorSet.arguments(["a"], limitedTo: nil) == ["a"])
        #expect(ProcessorSet.arguments(["a"], limitedTo: ProcessorSet.allowed.count) == ["a"])
        if ProcessorSet.allowed.count > 1 {
            #expect(
                ProcessorSet.arguments(["a", "b"], limitedTo: 1)
                    == ["taskset", "-c", "\(ProcessorSet.allowed[0])", "a", "b"])
        }
    }

    @Test func valuesOfSystemFilesAreFound() {
        let text = "processor\t: 0\nmodel name\t: Some  CPU\nmodel\t\t: 17\nflags\t\t: fpu avx2\n"
        #expect(MachineFacts.value(of: "model name", in: text) == "Some CPU")
        #expect(MachineFacts.value(of: "model", in: text) == "17")
        #expect(MachineFacts.value(of: "stepping", in: text) == nil)
    }

    @Test func theShareOfBusyTimeIsThatBetweenTwoStates() {
        let begin = "cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 1 1 1 1\n"
        let end = "cpu  130 10 60 830 70 0 0 0 0 0\ncpu0 1 1 1 1 1\n"
        #expect(ProcessorLoad.share(from: begin, to: end) == 0.5)
        #expect(ProcessorLoad.share(from: begin, to: begin) == nil)
        #expect(ProcessorLoad.share(from: "", to: end) == nil)
    }

    @Test func peersLoseTheVariablesOfOurOpenBLAS() {
        #expect(!ProcessEnvironment.ofPeers.keys.contains { ProcessEnvironment.ofOpenBLAS.contains($0) })
        #expect(ProcessEnvironment.ofPeers["PATH"] == ProcessEnvironment.own["PATH"])
    }
}
