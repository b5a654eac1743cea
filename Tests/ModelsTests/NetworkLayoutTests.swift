import DescentLinearAlgebra
import Foundation
import Testing

@testable import DescentModels

/// Where layers lie, what they are called, how they begin.
@Suite struct NetworkLayoutTests {
    static let layers: [Layer] = [
        .dense(5, bias: false), .batchNorm, .activation(.leakyReLU(slope: 0.2)), .dropout(0.25), .dense(4),
        .layerNorm, .activation(.gelu), .dense(3, initializer: .heNormal),
    ]

    @Test func rangesFollowEachOther() {
        let layout = NetworkLayout(inputs: 6, layers: Self.layers)
        #expect(layout.parameterCount == 30 + 10 + 24 + 8 + 15 && layout.valueCount == 87 + 10)
        #expect(layout.layers[0].weights == 0..<30 && layout.layers[0].bias.isEmpty)
        #expect(layout.layers[1].scale == 30..<35 && layout.layers[1].shift == 35..<40)
        #expect(layout.layers[1].runningMean == 87..<92 && layout.layers[1].runningVariance == 92..<97)
        #expect(layout.layers[4].weights == 40..<60 && layout.layers[4].bias == 60..<64)
        #expect(layout.weightRanges == [0..<30, 40..<60, 72..<84])
        #expect(layout.sizes == [6, 5, 4, 3] && layout.outputCount == 3)
        // Weights and the others together are all that gradients change, once each.
        let covered = (layout.weightRanges + layout.unpenalizedRanges).flatMap { $0 }.sorted()
        #expect(covered == Array(0..<87))
        #expect(layout.statisticsRange == 87..<97)
    }

    @Test func theTableCountsParameters() {
        #expect(
            "\(NetworkLayout(sizes: [784, 128, 64, 10]))" == """
                layer  shape      parameters
                ────────────────────────────
                dense  784 → 128     100,480
                relu   128                 0
                dense  128 → 64        8,256
                relu   64                  0
                dense  64 → 10           650
                ────────────────────────────
                total                109,386
                """)
        #expect("\(NetworkLayout(inputs: 6, layers: Self.layers))".hasSuffix("and 10 running statistics"))
    }

    @Test func tensorsHaveNamesAndShapes() {
        let layout = NetworkLayout(inputs: 6, layers: Self.layers)
        let tensors = layout.namedTensors(of: (0..<97).map { Double($0) })
        #expect(
            tensors.map(\.name) == [
                "dense1.weights", "batchNorm1.scale", "batchNorm1.shift", "batchNorm1.runningMean",
                "batchNorm1.runningVariance", "dense2.weights", "dense2.bias", "layerNorm1.scale",
                "layerNorm1.shift", "dense3.weights", "dense3.bias",
            ])
        #expect(tensors[0].shape == [6, 5] && tensors[0].values == (0..<30).map { Double($0) })
        #expect(tensors[3].shape == [5] && tensors[3].values == [87, 88, 89, 90, 91])
    }

    @Test func layoutsRoundTripThroughJSON() throws {
        let layout = NetworkLayout(inputs: 6, layers: Self.layers)
        let json = try JSONEncoder().encode(layout)
        #expect(try JSONDecoder().decode(NetworkLayout.self, from: json) == layout)
    }

    @Test(arguments: [
        (#""rate":0.25"#, #""rate":1.5"#), (#""outputs":4"#, #""outputs":0"#),
        (#""inputs":6"#, #""inputs":-1"#),
        (#""epsilon":1e-05"#, #""epsilon":-1"#), (#"leakyReLU(0.2)"#, #"leakyReLU(-2)"#),
    ])
    func damagedLayoutsAreRefused(part: String, damage: String) throws {
        let layout = NetworkLayout(inputs: 6, layers: Self.layers)
        let text = String(decoding: try JSONEncoder().encode(layout), as: UTF8.self)
        try #require(text.contains(part))
        let damaged = Data(text.replacing(part, with: damage).utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(NetworkLayout.self, from: damaged) }
    }

    @Test(arguments: NetworkGradientTests.activations)
    func activationsAreFoundByName(activation: Activation) {
        #expect(Activation(rawValue: activation.rawValue) == activation)
    }

    @Test func otherNamesAreNoActivations() {
        for name in ["", "RELU", "elu()", "elu(-1)", "elu(nan)", "relu(1)", "leakyReLU(0.1"] {
            #expect(Activation(rawValue: name) == nil, "\(name)")
        }
    }

    /// Extremes: no overflow, and limits that are right.
    @Test func activationsHoldAtTheEdges() {
        for activation in NetworkGradientTests.activations {
            for z in [-1e4, -800, -40, 0, 40, 800, 1e4] as [Double] {
                var a = Double.nan, derivative = 1.0
                withUnsafePointer(to: z) {
                    ActivationKernel.apply(activation, $0, &a, count: 1)
                    ActivationKernel.differentiate(activation, &derivative, z: $0, a: &a, count: 1)
                }
                #expect(a.isFinite && derivative.isFinite, "\(activation) at \(z)")
                #expect(derivative > -0.2 && derivative < 1.8)
            }
        }
    }

    /// Mean 0 and the variance that the rule says, within five standard errors; uniform ones within their bounds.
    @Test(arguments: Initializer.allCases)
    func initialWeightsHaveTheirVariance(initializer: Initializer) {
        let variance: Double
        switch initializer {
        case .fanIn: variance = 1.0 / 600
        case .xavierUniform, .xavierNormal: variance = 2.0 / 300
        case .heUniform, .heNormal: variance = 2.0 / 200
        case .lecunUniform, .lecunNormal: variance = 1.0 / 200
        case .orthogonal, .zeros: return
        }
        let layout = NetworkLayout(inputs: 200, layers: [.dense(100, initializer: initializer)])
        let parameters: [Double] = layout.randomParameters(seed: 3)
        let weights = parameters[layout.layers[0].weights]
        let n = Double(weights.count)
        let mean = weights.reduce(0, +) / n
        let square = weights.reduce(0) { $0 + $1 * $1 } / n
        #expect(abs(mean) < 5 * (variance / n).squareRoot())
        #expect(abs(square / variance - 1) < 5 * (2 / n).squareRoot())
        let largest = weights.reduce(0) { max($0, abs($1)) }
        switch initializer {
        case .fanIn, .xavierUniform, .heUniform, .lecunUniform:
            #expect(largest <= (3 * variance).squareRoot() && largest > 0.999 * (3 * variance).squareRoot())
        default: #expect(largest > 3 * variance.squareRoot())
        }
        let bias = parameters[layout.layers[0].bias]
        #expect(initializer == .fanIn ? bias.allSatisfy { $0 != 0 } : bias.allSatisfy { $0 == 0 })
    }

    @Test func zerosAreZero() {
        let layout = NetworkLayout(inputs: 3, layers: [.dense(2, initializer: .zeros)])
        let parameters: [Float] = layout.randomParameters(seed: 3)
        #expect(parameters == [0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test(arguments: [(7, 4), (4, 7), (5, 5)])
    func orthogonalWeightsAreOrthonormal(inputs: Int, outputs: Int) {
        let layout = NetworkLayout(inputs: inputs, layers: [.dense(outputs, initializer: .orthogonal)])
        let parameters: [Double] = layout.randomParameters(seed: 3)
        let w = Matrix(
            rows: inputs, columns: outputs, elements: Array(parameters[layout.layers[0].weights]))
        let product = gram(of: w, transposed: inputs < outputs)
        let identity = Matrix<Double>.identity(min(inputs, outputs))
        for (a, b) in zip(product.elements, identity.elements) { #expect(abs(a - b) < 1e-14) }
    }
}
