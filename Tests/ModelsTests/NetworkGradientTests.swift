import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Testing

@testable import DescentModels

/// Backpropagation against central differences: every activation with every loss and every kind of layer.
@Suite struct NetworkGradientTests {
    /// A network in training mode with everything random held fixed, as a function of what gradients change.
    struct TrainingMode: Objective {
        let network: NetworkObjective<Double>
        let statistics: [Double]
        let update: Int
        let examples: [Int32]

        var parameterCount: Int { network.trainedParameterCount }

        func value(at parameters: [Double]) -> Double {
            var gradient = parameters
            return valueAndGradient(at: parameters, gradient: &gradient)
        }

        func valueAndGradient(at parameters: [Double], gradient: inout [Double]) -> Double {
            var whole = parameters + statistics
            var wholeGradient = [Double](repeating: .nan, count: whole.count)
            let value = network.trainingValueAndGradient(
                at: &whole, examples: examples.span, update: update, gradient: &wholeGradient)
            gradient = Array(wholeGradient[..<parameterCount])
            return value
        }
    }

    /// A network in use, as a function of what gradients change.
    struct UseMode: Objective {
        let network: NetworkObjective<Double>
        let statistics: [Double]

        var parameterCount: Int { network.trainedParameterCount }

        func value(at parameters: [Double]) -> Double { network.value(at: parameters + statistics) }

        func valueAndGradient(at parameters: [Double], gradient: inout [Double]) -> Double {
            var whole = [Double](repeating: .nan, count: network.parameterCount)
            let value = network.valueAndGradient(at: parameters + statistics, gradient: &whole)
            gradient = Array(whole[..<parameterCount])
            return value
        }
    }

    enum Kind: String, CaseIterable {
        case plain, noBias, dropout, dropoutFirst, batchNorm, layerNorm, activationLast, everything

        func layers(_ activation: Activation, outputs: Int) -> [Layer] {
            let φ = Layer.activation(activation)
            return switch self {
            case .plain: [.dense(5), φ, .dense(4), φ, .dense(outputs)]
            case .noBias: [.dense(5, bias: false), φ, .dense(outputs, bias: false)]
            case .dropout: [.dense(6), φ, .dropout(0.4), .dense(outputs)]
            case .dropoutFirst: [.dropout(0.2), .dense(6), .dropout(0.3), φ, .dense(outputs)]
            case .batchNorm: [.dense(5), .batchNorm, φ, .dense(4), φ, .batchNorm, .dense(outputs)]
            case .layerNorm: [.layerNorm, .dense(5), .layerNorm, φ, .dense(outputs)]
            case .activationLast: [.dense(5), φ, φ, .dropout(0.3), .dense(outputs), φ]
            case .everything:
                [
                    .batchNorm, .dense(6, bias: false), .batchNorm, φ, .dropout(0.3), .dense(5), .layerNorm,
                    φ,
                    .dropout(0.2), .dense(outputs),
                ]
            }
        }
    }

    static let losses: [NetworkLoss] = [
        .crossEntropy(), .crossEntropy(labelSmoothing: 0.15), .binaryCrossEntropy, .hinge(.crammerSinger),
        .hinge(.oneVersusRest), .squaredError, .absoluteError, .huber(delta: 0.6), .power(1.5), .power(2.5),
    ]

    static let activations: [Activation] = Activation.allCases + [.leakyReLU(slope: 0.3), .elu(alpha: 0.5)]

    @Test(arguments: Kind.allCases, losses)
    func gradientsAgreeWithDifferences(kind: Kind, loss: NetworkLoss) throws {
        for (number, activation) in Self.activations.enumerated() {
            let layout = NetworkLayout(inputs: 4, layers: kind.layers(activation, outputs: 3))
            var generator = RandomGenerator(seed: UInt64(100 + number))
            var features = [Double](repeating: 0, count: 4 * 20)
            generator.fillNormal(&features)
            let weights = (0..<20).map { _ in 0.5 + generator.nextUnit() }
            let dataset = try self.dataset(features, loss, &generator).weighted(by: weights)
            let network = NetworkObjective<Double>(
                layout, on: dataset, scaler: .identity(featureCount: 4), loss: loss,
                penalty: .l2(0.02), seed: 5)
            var parameters = [Double](repeating: 0, count: layout.valueCount)
            generator.fillNormal(&parameters, standardDeviation: 0.7)
            for layer in layout.layers {
                for index in layer.scale { parameters[index] += 1 }
                for index in layer.runningVariance { parameters[index] = 0.5 + parameters[index].magnitude }
            }
            let statistics = Array(parameters[layout.statisticsRange])
            let point = Array(parameters[..<layout.parameterCount])
            let training = TrainingMode(
                network: network, statistics: statistics, update: 3,
                examples: [3, 1, 4, 1, 5, 9, 2, 6, 19, 12, 0])
            let use = UseMode(network: network, statistics: statistics)
            for (mode, error) in [
                ("training", relativeError(of: training, at: point)),
                ("use", relativeError(of: use, at: point)),
            ] {
                #expect(error <= 1e-7, "\(activation) in \(mode)")
            }
        }
    }

    /// The check's error but for coordinates whose step crosses a kink: those are told by a smaller step, at which they
    /// agree.
    private func relativeError(of objective: some Objective<Double>, at point: [Double]) -> Double {
        let check = GradientCheck(of: objective, at: point)
        if check.relativeError <= 1e-7 { return check.relativeError }
        let gradient = objective.gradient(at: point)
        guard gradient.allSatisfy({ $0.isFinite }) else { return .infinity }
        let scale = gradient.reduce(0) { max($0, abs($1)) }
        var worst = 0.0
        var moved = point
        for index in point.indices {
            var smallest = Double.infinity
            for step in [6e-6, 1e-6, 2e-7] {
                moved[index] = point[index] + step
                let above = objective.value(at: moved)
                moved[index] = point[index] - step
                let below = objective.value(at: moved)
                moved[index] = point[index]
                smallest = min(smallest, abs((above - below) / (2 * step) - gradient[index]) / scale)
            }
            worst = max(worst, smallest)
        }
        return worst
    }

    private func dataset(
        _ features: [Double], _ loss: NetworkLoss, _ generator: inout RandomGenerator
    ) throws -> Dataset {
        let features = Matrix(rows: 20, columns: 4, elements: features)
        if loss.isRegression {
            var targets = [Double](repeating: 0, count: 60)
            generator.fillNormal(&targets)
            return try Dataset(features: features, targets: Matrix(rows: 20, columns: 3, elements: targets))
        }
        return try Dataset(
            features: features, labels: (0..<20).map { $0 % 3 }, classNames: ["0", "1", "2"])
    }
}
