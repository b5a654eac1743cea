import DescentLinearAlgebra
import Foundation
import Testing

@testable import DescentDatasets

private func sampler(_ sampling: Sampling, of count: Int = 23, by size: Int = 7, seed: UInt64 = 4)
    -> BatchSampler
{
    BatchSampler(
        exampleCount: count, batchSize: size, sampling: sampling, generator: RandomGenerator(seed: seed))
}

/// The examples of the next batches.
private func batches(_ count: Int, of sampler: inout BatchSampler) -> [[Int32]] {
    (0..<count).map { _ in
        let range = sampler.next()
        return Array(sampler.order[range])
    }
}

@Suite struct BatchSamplerTests {
    @Test func everyEpochTakesEachExampleOnceInANewOrder() {
        var sampler = sampler(.reshuffle)
        var orders: Set<[Int32]> = []
        for _ in 0..<5 {
            let epoch = batches(4, of: &sampler)
            #expect(epoch.map(\.count) == [7, 7, 7, 2])
            #expect(epoch.flatMap { $0 }.sorted() == (0..<23).map { Int32($0) })
            #expect(sampler.isAtEpochEnd)
            orders.insert(epoch.flatMap { $0 })
        }
        #expect(orders.count == 5)
    }

    @Test func ordersAreThePermutationsOfTheGenerator() {
        var generator = RandomGenerator(seed: 4)
        var sampler = sampler(.reshuffle)
        for _ in 0..<3 {
            #expect(batches(4, of: &sampler).flatMap { $0 } == generator.permutation(of: 23))
        }
    }

    @Test func sequentialBatchesKeepTheOrder() {
        var sampler = sampler(.sequential)
        for _ in 0..<2 {
            #expect(batches(4, of: &sampler).flatMap { $0 } == (0..<23).map { Int32($0) })
        }
        var full = BatchSampler(
            exampleCount: 5, batchSize: 5, sampling: .sequential, generator: RandomGenerator(seed: 0))
        #expect(full.next() == 0..<5 && full.next() == 0..<5)
    }

    @Test func drawsWithReplacementAreFromAllExamples() {
        var sampler = sampler(.withReplacement)
        var counts = [Int](repeating: 0, count: 23)
        var repeats = 0
        for _ in 0..<500 {
            let epoch = batches(4, of: &sampler)
            #expect(epoch.map(\.count) == [7, 7, 7, 2])
            for batch in epoch where Set(batch).count < batch.count { repeats += 1 }
            for index in epoch.flatMap({ $0 }) { counts[Int(index)] += 1 }
        }
        // Mean 500, standard deviation 22.
        #expect(counts.allSatisfy { abs($0 - 500) < 110 })
        #expect(repeats > 100)
    }

    @Test(arguments: Sampling.allCases, 0...9)
    func aSavedSamplerGoesOnWhereItWas(sampling: Sampling, taken: Int) throws {
        var sampler = sampler(sampling)
        _ = batches(taken, of: &sampler)
        var read = try JSONDecoder().decode(BatchSampler.self, from: JSONEncoder().encode(sampler))
        #expect(read.isAtEpochEnd == sampler.isAtEpochEnd)
        #expect(batches(13, of: &read) == batches(13, of: &sampler))
    }

    @Test func theSeedDecides() {
        var (a, b, c) = (sampler(.reshuffle), sampler(.reshuffle), sampler(.reshuffle, seed: 5))
        let first = batches(9, of: &a)
        #expect(first == batches(9, of: &b))
        #expect(first != batches(9, of: &c))
    }

    @Test(arguments: [(23, 7, 8), (23, 7, 24), (23, 7, -7), (23, 0, 0), (23, 24, 0), (0, 1, 0)])
    func damagedStatesAreRefused(count: Int, size: Int, position: Int) throws {
        let generator = String(decoding: try JSONEncoder().encode(RandomGenerator(seed: 0)), as: UTF8.self)
        let json = """
            {"exampleCount": \(count), "batchSize": \(size), "position": \(position), "sampling": "reshuffle",
             "generator": \(generator)}
            """
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(BatchSampler.self, from: Data(json.utf8))
        }
    }
}
