import DescentLinearAlgebra
import Testing

@testable import DescentOptimization

@Suite struct BatchSizeFinderTests {
    /// An update costs `overhead` and 1 for each example; a batch takes `bytes` an example beside a thousand.
    struct Machine {
        var overhead = 100.0
        var bytesPerExample = 10
        var tried: [Int] = []

        mutating func measure(_ size: Int) -> BatchSizeFinder.Measurement {
            tried.append(size)
            return .init(
                secondsPerExample: overhead / Double(size) + 1, residentBytes: 1000 + bytesPerExample * size)
        }
    }

    @Test func theKneeOfTheThroughput() throws {
        var machine = Machine()
        let finder = BatchSizeFinder(memoryLimit: .max)
        let search = try finder.search(exampleCount: 1_000_000) { machine.measure($0) }
        // At 1024 an example costs 1.098, which is within a tenth of the best, 1.0244 at 4096. From 512 (1.195) to 1024
        // it became cheaper by less than a tenth, and from there to 2048 too.
        #expect(machine.tried == [8, 16, 32, 64, 128, 256, 512, 1024, 2048])
        #expect(search.recommended == 1024)
        #expect(search.ending == .throughput)
        #expect(search.trials.map(\.batchSize) == machine.tried)
        #expect(search.trials[1].measurement.secondsPerExample == 7.25)
        #expect(search.description.contains("batch size 1024: 1097656.3 µs an example, 0 MB  ← recommended"))
        #expect(search.description.contains("at most 10 % more"))
    }

    @Test func moreToleranceIsASmallerBatch() throws {
        var machine = Machine()
        let finder = BatchSizeFinder(
            criterion: .throughput(tolerance: 0.5, patience: 1), memoryLimit: .max)
        let search = try finder.search(exampleCount: 1_000_000) { machine.measure($0) }
        // An example costs 2.56 at 64 and 1.78 at 128: less than half as much more.
        #expect(machine.tried == [8, 16, 32, 64, 128])
        #expect(search.recommended == 64)
    }

    @Test func aSizeThatWillNotFitIsNotTried() throws {
        var machine = Machine()
        let finder = BatchSizeFinder(criterion: .memory, smallest: 1, memoryLimit: 1500)
        let search = try finder.search(exampleCount: 1_000_000) { machine.measure($0) }
        // 64 examples would take 1640 bytes, as 16 and 32 tell.
        #expect(machine.tried == [1, 2, 4, 8, 16, 32])
        #expect(search.recommended == 32)
        #expect(search.ending == .memory(nextSize: 64, bytes: 1640))
        #expect(search.memoryLimit == 1500)
    }

    /// Memory that jumps where nobody could know: back to the size before, as in the lectures.
    @Test func aSizeThatDidNotFitIsTakenBack() throws {
        var tried: [Int] = []
        let finder = BatchSizeFinder(memoryLimit: 5000)
        let search = try finder.search(exampleCount: 1000) { size in
            tried.append(size)
            return .init(secondsPerExample: 1 / Double(size), residentBytes: size > 100 ? 6000 : 1000)
        }
        #expect(tried == [8, 16, 32, 64, 128])
        #expect(search.recommended == 64)
        #expect(search.trials.count == 4)
        #expect(search.ending == .memory(nextSize: 128, bytes: 6000))
    }

    @Test func theEndOfTheExamplesIsTheEnd() throws {
        for (largest, sizes, ending) in [
            (nil, [8, 16, 32, 50], .wholeTrainingSet), (20, [8, 16, 20], .largestSize),
            (80, [8, 16, 32, 50], .wholeTrainingSet),
        ] as [(Int?, [Int], BatchSizeSearch.Ending)] {
            var machine = Machine()
            let finder = BatchSizeFinder(largest: largest, memoryLimit: .max)
            let search = try finder.search(exampleCount: 50) { machine.measure($0) }
            #expect(machine.tried == sizes)
            #expect(search.recommended == sizes.last)
            #expect(search.ending == ending)
        }
        var machine = Machine()
        let search = try BatchSizeFinder(memoryLimit: .max).search(exampleCount: 3) { machine.measure($0) }
        #expect(search.trials.map(\.batchSize) == [3])
    }

    @Test func nothingFits() throws {
        var machine = Machine()
        let finder = BatchSizeFinder(smallest: 4, memoryLimit: 1000)
        let error = #expect(throws: BatchSizeError.self) {
            try finder.search(exampleCount: 50) { machine.measure($0) }
        }
        #expect(error == .nothingFits(batchSize: 4, residentBytes: 1040, memoryLimit: 1000))
        #expect(machine.tried == [4])
    }

    /// A loop measures real updates, each size alike, and stays as it was.
    @Test func aLoopMeasuresItsOwnUpdates() throws {
        var loop = checkpointedLoop(
            Adam(learningRate: 1e300), as: Double.self, batchSize: 5, exampleCount: 100)
        // A rate of 1e300 would not survive two updates.
        loop.learningRateSchedule = .constant(1e300)
        let before = loop
        var clock = 0
        let search = try loop.search(BatchSizeFinder(memoryLimit: .max, updatesPerSize: 2)) { work in
            try work()
            clock += 1
            return 64
        }
        // Two updates of 8 examples in 64 seconds; two of the whole set at the end.
        #expect(search.trials.map(\.batchSize) == [8, 16, 32, 64, 100])
        #expect(search.trials.map(\.measurement.secondsPerExample) == [4, 2, 1, 0.64, 0.32])
        #expect(clock == 15)
        #expect(search.trials.allSatisfy { $0.measurement.residentBytes > 1_000_000 })
        #expect(loop.parameters == before.parameters)
        #expect(loop.progress == before.progress)
        #expect(loop.rule == before.rule)

        let real = try loop.findBatchSize(BatchSizeFinder(criterion: .memory, largest: 32))
        #expect(real.recommended == 32)
        #expect(real.trials.allSatisfy { $0.measurement.secondsPerExample > 0 })
    }

    @Test func theKernelTellsOfMemory() {
        #expect(ProcessMemory.resident > 1 << 20)
        #expect(ProcessMemory.limit > ProcessMemory.resident)
        ProcessMemory.forgetPeak()
        let before = ProcessMemory.peak
        let bytes = [UInt8](repeating: 1, count: 64 << 20)
        #expect(ProcessMemory.peak >= before + 32 << 20 || before == 0)
        #expect(bytes.last == 1)
    }
}
