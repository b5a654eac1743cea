import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Testing

@testable import DescentModels

/// Networks against PyTorch and against exact arithmetic.
@Suite struct NetworkGoldenTests {
    @Test(arguments: GoldenNetwork.all)
    func agreesWithTheReferenceInUse(golden: GoldenNetwork) throws {
        let objective = try golden.objective(as: Double.self)
        var gradient = [Double](repeating: .nan, count: objective.parameterCount)
        let value = objective.valueAndGradient(at: golden.parameters, gradient: &gradient)
        #expect(abs(value - golden.used.loss) <= 1e-14 * max(1, golden.used.loss))
        #expect(abs(objective.value(at: golden.parameters) - golden.used.loss) <= 1e-14)
        #expect(worst(gradient, golden.used.gradient) <= 1e-12)
        let outputs = networkOutputs(
            golden.layout, golden.parameters, for: try golden.dataset(),
            scaler: .identity(featureCount: golden.inputs))
        for (row, expected) in golden.used.outputs.enumerated() {
            #expect(worst(outputs.row(row), expected) <= 1e-13)
        }
    }

    @Test(arguments: GoldenNetwork.all)
    func agreesWithTheReferenceInTraining(golden: GoldenNetwork) throws {
        let objective = try golden.objective(as: Double.self)
        var parameters = golden.parameters
        var gradient = [Double](repeating: .nan, count: objective.parameterCount)
        let value = objective.trainingValueAndGradient(at: &parameters, update: 0, gradient: &gradient)
        #expect(abs(value - golden.trained.loss) <= 1e-14 * max(1, golden.trained.loss))
        #expect(worst(gradient, golden.trained.gradient) <= 1e-12)
        let trained = 0..<golden.layout.parameterCount
        #expect(parameters[trained] == golden.parameters[trained])
        #expect(
            worst(Array(parameters[golden.layout.statisticsRange]), golden.trained.statistics) <= 1e-14)
    }

    @Test(arguments: GoldenNetwork.all)
    func agreesWithTheReferenceInSinglePrecision(golden: GoldenNetwork) throws {
        let objective = try golden.objective(as: Float.self)
        var parameters = golden.parameters.map { Float($0) }
        var gradient = parameters
        let value = objective.trainingValueAndGradient(at: &parameters, update: 0, gradient: &gradient)
        #expect(abs(value - golden.trained.loss) <= 1e-5 * max(1, golden.trained.loss))
        #expect(worst(gradient.map { Double($0) }, golden.trained.gradient) <= 2e-4)
    }

    @Test(arguments: GoldenNetworkTraining.all)
    func twentyUpdatesAreThoseOfTheReference(golden: GoldenNetworkTraining) throws {
        let layout = NetworkLayout(inputs: golden.inputs, layers: golden.layers.map(\.layer))
        let objective = NetworkObjective<Double>(
            layout, on: try Dataset(features: Matrix<Double>(golden.features), labels: golden.labels),
            scaler: .identity(featureCount: golden.inputs))
        var parameters = golden.start
        var gradient = parameters
        func run(_ rule: some UpdateRule) {
            var state: RuleState<Double> = rule.initialState(parameterCount: layout.parameterCount)
            for (step, expected) in golden.losses.enumerated() {
                let batch = (0..<8).map { Int32((7 * step + 3 * $0) % 32) }
                let loss = objective.trainingValueAndGradient(
                    at: &parameters, examples: batch.span, update: step, gradient: &gradient)
                #expect(abs(loss - expected) <= 1e-10 * max(1, expected))
                rule.update(
                    &parameters, gradient: gradient, first: objective.trainedParameterCount, state: &state)
            }
        }
        if golden.name == "Adam" {
            run(Adam(learningRate: 0.01))
        } else {
            run(SGD(learningRate: 0.05, momentum: 0.9))
        }
        #expect(worst(parameters, golden.end) <= 1e-9)
        #expect(abs(objective.value(at: parameters) - golden.finalLoss) <= 1e-9)
    }

    @Test(arguments: ExactNetwork.all)
    func smallNetworksAreExact(exact: ExactNetwork) throws {
        let activation = try #require(Activation(rawValue: exact.activation))
        let objective = NetworkObjective<Double>(
            NetworkLayout(sizes: [2, 3, 3], activation: activation),
            on: try Dataset(features: Matrix<Double>(exact.features), labels: exact.labels),
            scaler: .identity(featureCount: 2))
        var gradient = exact.parameters
        let value = objective.valueAndGradient(at: exact.parameters, gradient: &gradient)
        #expect(abs(value - exact.loss) <= 1e-14 * max(1, exact.loss))
        for (found, expected) in zip(gradient, exact.gradient) {
            #expect(abs(found - expected) <= 1e-13 * max(1, abs(expected)))
        }
    }

    /// The largest difference, divided by the largest number expected.
    private func worst(_ found: [Double], _ expected: [Double]) -> Double {
        guard found.count == expected.count else { return .infinity }
        let scale = expected.reduce(1e-300) { max($0, abs($1)) }
        return zip(found, expected).reduce(0) { $1.0.isNaN ? .infinity : max($0, abs($1.0 - $1.1)) } / scale
    }
}
