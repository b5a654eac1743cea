import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Testing

@testable import DescentModels

/// Small batches, which threads share layer by layer, against large ones, which they share by examples: a batch that
/// stands often enough in a list to make it a large one has the mean, and the gradient, of the batch.
@Suite(.serialized) struct LayeredPassTests {
    /// Pictures of 20 × 15 bytes with a margin that is the same in all of them, in part other than 0.
    static func pictures(asBytes: Bool, features: Int = 300) throws -> Dataset {
        var state: UInt64 = 7
        let bytes = (0..<80 * features).map { index -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let column = index % features % 15
            return column < 3
                ? 0 : column > 12 ? 200 : state >> 62 == 0 ? UInt8(truncatingIfNeeded: state >> 40) : 0
        }
        let labels = NumericArray((0..<80).map { UInt8($0 * $0 % 7) })
        let shape = [80, features]
        let array =
            asBytes ? NumericArray(bytes, shape: shape) : NumericArray(bytes.map { Float($0) }, shape: shape)
        return try Dataset(
            features: array, labels: labels, classNames: (0..<7).map(String.init), nominalRange: 0...255)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var layers: [Layer]
        var asBytes = true
        var scaling = Scaling.automatic
        var penalty = Penalty.none
        var loss = NetworkLoss.crossEntropy()
        var testDescription: String { "\(layers.count) layers, bytes: \(asBytes), \(scaling), \(loss)" }
    }

    static let narrow: [Layer] = [
        .dense(40), .activation(.relu), .dense(24), .activation(.gelu), .dense(7),
    ]
    static let cases = [
        Case(layers: narrow), Case(layers: narrow, asBytes: false),
        Case(layers: narrow, scaling: .standardize), Case(layers: narrow, scaling: .none, penalty: .l2(0.1)),
        Case(layers: narrow, loss: .squaredError), Case(layers: [.dense(7)]),
        Case(layers: [.dense(7, bias: false)], scaling: .standardize),
        Case(layers: [.activation(.tanh), .dense(30), .dense(7), .activation(.silu)]),
        Case(layers: [.dense(280), .activation(.tanh), .dense(300), .activation(.relu), .dense(7)]),
        Case(layers: [.dense(20), .dense(4000), .activation(.relu), .dense(7)]),
    ]

    @Test(arguments: cases)
    func aBatchIsTheMeanOfItsExamples(_ of: Case) throws {
        let dataset = try Self.pictures(asBytes: of.asBytes)
        let layout = NetworkLayout(inputs: 300, layers: of.layers)
        let objective = NetworkObjective<Double>(
            layout, on: dataset, scaler: Scaler(of.scaling, fittedOn: dataset), loss: of.loss,
            penalty: of.penalty)
        var parameters: [Double] = layout.randomParameters(seed: 3)
        for count in [1, 15, 64] {
            let batch = (0..<count).map { Int32($0 * 13 % 80) }
            let many = (0..<(640 / count + 1)).flatMap { _ in batch }
            var small = [Double](repeating: .nan, count: layout.valueCount)
            var large = small
            let value = objective.trainingValueAndGradient(
                at: &parameters, examples: batch.span, update: 0, gradient: &small)
            let expected = objective.trainingValueAndGradient(
                at: &parameters, examples: many.span, update: 0, gradient: &large)
            #expect(abs(value - expected) <= 1e-12 * max(1, abs(expected)))
            let scale = large.reduce(0) { max($0, abs($1)) }
            let worst = zip(small, large).reduce(0) { max($0, abs($1.0 - $1.1)) }
            #expect(worst <= 1e-12 * scale, "batch of \(count)")
            #expect(small.allSatisfy { $0.isFinite })
        }
    }

    /// Dropout's masks follow from the places in the batch, not from who works on them.
    @Test(arguments: [narrow, [.dense(280), .dropout(0.4), .dense(300), .activation(.relu), .dense(7)]])
    func anyNumberOfThreadsGivesTheSameBits(layers: [Layer]) throws {
        let before = Compute.threadCount
        defer { Compute.threadCount = before }
        let dataset = try Self.pictures(asBytes: true)
        let layout = NetworkLayout(inputs: 300, layers: layers)
        let objective = NetworkObjective<Float>(
            layout, on: dataset, scaler: Scaler(.automatic, fittedOn: dataset), seed: 5)
        func run(_ threads: Int) -> [[Float]] {
            Compute.threadCount = threads
            return [1, 17, 64].map { count in
                var parameters: [Float] = layout.randomParameters(seed: 3)
                var gradient = parameters
                let batch = (0..<count).map { Int32($0 * 13 % 80) }
                let value = objective.trainingValueAndGradient(
                    at: &parameters, examples: batch.span, update: 4, gradient: &gradient)
                return gradient + [Float(value)]
            }
        }
        let one = run(1)
        for threads in [2, 3, 8] { #expect(run(threads) == one) }
    }

    /// Parts of inputs too long to be looked through.
    @Test func manyInputs() throws {
        let dataset = try Self.pictures(asBytes: true, features: 17_000)
        let layout = NetworkLayout(sizes: [17_000, 3, 7])
        let objective = NetworkObjective<Double>(
            layout, on: dataset, scaler: Scaler(.automatic, fittedOn: dataset))
        var parameters: [Double] = layout.randomParameters(seed: 3)
        var small = parameters, large = parameters
        let batch = (0..<Int32(60)).map { $0 }
        let many = (0..<10).flatMap { _ in batch }
        _ = objective.trainingValueAndGradient(
            at: &parameters, examples: batch.span, update: 0, gradient: &small)
        _ = objective.trainingValueAndGradient(
            at: &parameters, examples: many.span, update: 0, gradient: &large)
        #expect(zip(small, large).allSatisfy { abs($0 - $1) <= 1e-12 })
    }
}
