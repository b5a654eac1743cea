import Foundation
import Testing

@testable import DescentLinearAlgebra

/// Golden numbers of NumPy and SciPy; `Fixtures/make_random_fixture.py` writes them.
private struct RandomFixture: Decodable {
    struct Sequence: Decodable {
        var seed: String
        var values: [String]
    }
    struct Advanced: Decodable {
        var seed: String
        var count: String
        var values: [String]
    }
    struct Jumped: Decodable {
        var seed: String
        var jumps: Int
        var values: [String]
    }
    struct Integers: Decodable {
        var seed: String
        var bound: String
        var values: [String]
    }
    struct Permutation: Decodable {
        var seed: String
        var order: [Int32]
    }
    struct Quantile: Decodable {
        var k: String
        var value: String
    }

    var raw: [Sequence]
    var unit: [Sequence]
    var advanced: [Advanced]
    var jumped: [Jumped]
    var integers: [Integers]
    var permutations: [Permutation]
    var normal: [Sequence]
    var quantiles: [Quantile]

    static let golden: RandomFixture = {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/random.json")
        return try! JSONDecoder().decode(RandomFixture.self, from: Data(contentsOf: url))
    }()
}

private func hex(_ text: String) -> UInt64 { UInt64(text, radix: 16)! }

private func generator(_ seed: String) -> RandomGenerator { RandomGenerator(seed: UInt64(seed)!) }

/// `count` of whatever `draw` draws.
private func numbers<T>(
    _ count: Int, from generator: RandomGenerator, _ draw: (inout RandomGenerator) -> T
) -> [T] {
    var generator = generator
    return (0..<count).map { _ in draw(&generator) }
}

@Suite struct RandomGeneratorTests {
    private let golden = RandomFixture.golden

    // MARK: Against NumPy

    @Test func rawNumbersAreThoseOfNumPy() {
        #expect(golden.raw.count >= 7)
        for row in golden.raw {
            #expect(
                numbers(row.values.count, from: generator(row.seed)) { $0.next() } == row.values.map(hex),
                "seed \(row.seed)")
        }
    }

    @Test func unitNumbersAreThoseOfNumPy() {
        #expect(golden.unit.count >= 7)
        for row in golden.unit {
            let ours = numbers(row.values.count, from: generator(row.seed)) { $0.nextUnit().bitPattern }
            #expect(ours == row.values.map(hex), "seed \(row.seed)")
        }
    }

    @Test func advancingIsThatOfNumPy() {
        #expect(golden.advanced.count >= 9)
        for row in golden.advanced {
            var generator = generator(row.seed)
            generator.advance(by: UInt128(row.count)!)
            #expect(
                numbers(row.values.count, from: generator) { $0.next() } == row.values.map(hex),
                "\(row.count)")
        }
    }

    @Test func streamsAreTheJumpsOfNumPy() {
        #expect(golden.jumped.count >= 6)
        for row in golden.jumped {
            let jumped = generator(row.seed).jumped(row.jumps)
            #expect(
                numbers(row.values.count, from: jumped) { $0.next() } == row.values.map(hex), "\(row.jumps)")
            #expect(RandomGenerator(seed: UInt64(row.seed)!, stream: row.jumps) == jumped)
        }
    }

    // MARK: Against the transcription of the documented draws

    @Test func integersAreAsDocumented() {
        #expect(golden.integers.count >= 9)
        for row in golden.integers {
            let bound = Int(row.bound)!
            let ours = numbers(row.values.count, from: generator(row.seed)) { $0.nextInteger(below: bound) }
            #expect(ours == row.values.map { Int($0)! }, "bound \(row.bound)")
        }
    }

    @Test func shufflesAreAsDocumented() {
        #expect(golden.permutations.count >= 5)
        for row in golden.permutations {
            var generator = generator(row.seed)
            #expect(generator.permutation(of: row.order.count) == row.order)
        }
    }

    @Test func normalDeviatesAreAsDocumentedToTheLastBit() {
        #expect(golden.normal.count >= 2 && golden.quantiles.count >= 200)
        for row in golden.normal {
            let ours = numbers(row.values.count, from: generator(row.seed)) { $0.nextNormal().bitPattern }
            #expect(ours == row.values.map(hex), "seed \(row.seed)")
        }
        for row in golden.quantiles {
            #expect(
                RandomGenerator.normalQuantile(signed: Int64(row.k)!).bitPattern == hex(row.value),
                "k = \(row.k)")
        }
    }

    @Test func normalDeviatesAreSymmetricAndBounded() {
        for k: Int64 in [0, 1, 12345, 1 << 40, 1 << 51, (1 << 52) - 1] {
            let (above, below) = (
                RandomGenerator.normalQuantile(signed: k), RandomGenerator.normalQuantile(signed: -1 - k)
            )
            #expect(above > 0 && above == -below && above < 8.3)
        }
    }

    @Test func logarithmAgreesWithTheLibrary() {
        for exponent in -60...3 {
            for significand in [1, 1.1, 1.3, 1.4142135623730951, 1.4142135623730954, 1.7, 1.9999999999999998]
            {
                let x = Double(sign: .plus, exponent: exponent, significand: significand)
                let (ours, theirs) = (RandomGenerator.logarithm(x), log(x))
                #expect(abs(ours - theirs) <= 2 * theirs.ulp, "log \(x)")
            }
        }
    }

    // MARK: Moving

    @Test(arguments: [0, 1, 2, 3, 17, 1000, 4097])
    func advancingEqualsStepping(count: Int) {
        var stepped = RandomGenerator(seed: 5)
        var advanced = stepped
        for _ in 0..<count { _ = stepped.next() }
        advanced.advance(by: UInt128(count))
        #expect(advanced == stepped)
        advanced.advance(by: 0 &- UInt128(count))
        #expect(advanced == RandomGenerator(seed: 5))
    }

    @Test func jumpsAddUpAndComeBack() {
        let start = RandomGenerator(seed: 5)
        #expect(start.jumped().jumped(2) == start.jumped(3))
        #expect(start.jumped(4).jumped(-4) == start)
        #expect(start.jumped() != start)
    }

    @Test func everyScalarDrawTakesOneRawNumber() {
        var drawn = RandomGenerator(seed: 9)
        _ = drawn.nextUnit(as: Float.self)
        _ = drawn.nextUnit()
        _ = drawn.nextNormal(as: Float.self)
        _ = drawn.nextNormal()
        var floats = [Float](repeating: 0, count: 10)
        drawn.fillUniform(&floats, in: -1...1)
        drawn.fillNormal(&floats)
        var advanced = RandomGenerator(seed: 9)
        advanced.advance(by: 24)
        #expect(drawn == advanced)
    }

    // MARK: Saving

    @Test func aSavedGeneratorGoesOnWhereItWas() throws {
        var generator = RandomGenerator(seed: 3, stream: 2)
        for _ in 0..<100 { _ = generator.next() }
        let data = try JSONEncoder().encode(generator)
        #expect(try JSONDecoder().decode(RandomGenerator.self, from: data) == generator)
    }

    @Test(arguments: [
        #"{"algorithm": "PCG64", "state": "1", "increment": "1"}"#,
        #"{"algorithm": "PCG64-DXSM", "state": "x", "increment": "1"}"#,
        #"{"algorithm": "PCG64-DXSM", "state": "1", "increment": "100000000000000000000000000000001"}"#,
        #"{"algorithm": "PCG64-DXSM", "state": "1", "increment": "2"}"#,
        #"{"algorithm": "PCG64-DXSM", "state": "1"}"#,
    ])
    func aDamagedStateIsRefused(json: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(RandomGenerator.self, from: Data(json.utf8))
        }
    }

    // MARK: Statistics, with fixed seeds

    @Test func momentsOfUniformAndNormalNumbers() {
        let count = 200_000
        var generator = RandomGenerator(seed: 2024)
        var uniform = [Double](repeating: 0, count: count)
        generator.fillUniform(&uniform, in: -1...3)
        var normal = [Float](repeating: 0, count: count)
        generator.fillNormal(&normal, mean: 2, standardDeviation: 0.5)

        /// Mean, variance, skewness, kurtosis.
        func moments(_ x: [Double]) -> [Double] {
            let n = Double(x.count)
            let mean = x.reduce(0, +) / n
            func central(_ power: Int) -> Double {
                x.reduce(0) { $0 + pow($1 - mean, Double(power)) } / n
            }
            let variance = central(2)
            return [mean, variance, central(3) / pow(variance, 1.5), central(4) / (variance * variance)]
        }
        // Tolerances: about four standard errors at this count.
        for (found, (expected, tolerance)) in zip(
            moments(uniform), [(1.0, 0.011), (4.0 / 3.0, 0.011), (0.0, 0.02), (1.8, 0.015)])
        {
            #expect(abs(found - expected) < tolerance)
        }
        for (found, (expected, tolerance)) in zip(
            moments(normal.map(Double.init)), [(2.0, 0.005), (0.25, 0.0035), (0.0, 0.022), (3.0, 0.045)])
        {
            #expect(abs(found - expected) < tolerance)
        }
        #expect(uniform.allSatisfy { $0 >= -1 && $0 <= 3 })
    }

    @Test func streamsAreUncorrelated() {
        let count = 100_000
        for stream in 1...4 {
            var (a, b) = (RandomGenerator(seed: 0), RandomGenerator(seed: 0, stream: stream))
            var sum = 0.0
            for _ in 0..<count { sum += (a.nextUnit() - 0.5) * (b.nextUnit() - 0.5) }
            // The standard error of the correlation is 1/√count.
            #expect(abs(12 * sum / Double(count)) < 4 / Double(count).squareRoot())
        }
    }

    @Test func everyOrderOfFourIsEquallyLikely() {
        var generator = RandomGenerator(seed: 11)
        let trials = 24_000
        var counts: [[Int32]: Int] = [:]
        for _ in 0..<trials { counts[generator.permutation(of: 4), default: 0] += 1 }
        #expect(counts.count == 24)
        let chiSquared = counts.values.reduce(0.0) { $0 + pow(Double($1) - 1000, 2) / 1000 }
        #expect(chiSquared < 49.7)  // 99.9 % of χ² with 23 degrees of freedom
    }

    @Test func emptyAndSingleArraysShuffleToThemselves() {
        var generator = RandomGenerator(seed: 0)
        var empty: [Int32] = []
        var one: [Int32] = [7]
        generator.shuffle(&empty)
        generator.shuffle(&one)
        #expect(empty == [] && one == [7] && generator == RandomGenerator(seed: 0))
    }

    @Test func aBoundOfZeroIsAProgrammingError() async {
        await #expect(processExitsWith: .failure) {
            var generator = RandomGenerator(seed: 0)
            _ = generator.nextInteger(below: 0)
        }
    }
}
