import DescentDatasets
import DescentLinearAlgebra
import DescentModels
import DescentOptimization
import Testing

/// Every rule, option by option, against PyTorch: the parameters after 1, 2, 3, 5, 10, 20, 50 and 100 steps.
@Suite struct GoldenTrajectoriesTests {
    static let problems = ["quadratic", "softmax", "mlp-relu", "mlp-tanh"]
    static let cases = problems.flatMap { name in
        let golden = GoldenTrajectories.load(name)
        return golden.trajectories.map { Case(problem: name, golden: golden, trajectory: $0) }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var problem: String
        var golden: GoldenTrajectories
        var trajectory: GoldenTrajectories.Trajectory
        var testDescription: String { "\(problem): \(trajectory.testDescription)" }
    }

    @Test(arguments: cases)
    func followsTheReference(_ golden: Case) throws {
        try follow(golden, as: Double.self, tolerance: 1e-12)
    }

    @Test(arguments: cases)
    func followsTheReferenceInSinglePrecision(_ golden: Case) throws {
        try follow(golden, as: Float.self, tolerance: 2e-4)
    }

    func follow<Scalar: MatrixScalar>(_ golden: Case, as type: Scalar.Type, tolerance: Double) throws {
        let trajectory = golden.trajectory
        switch trajectory.rule {
        case "sgd":
            let rule = SGD(
                learningRate: trajectory.learningRate, momentum: trajectory.momentum!,
                dampening: trajectory.dampening!, nesterov: trajectory.nesterov!,
                weightDecay: trajectory.weightDecay, maximize: trajectory.maximize!)
            try follow(golden, rule, as: type, tolerance: tolerance)
            if rule == SGD(learningRate: rule.learningRate) {
                try follow(
                    golden, GradientDescent(learningRate: rule.learningRate), as: type, tolerance: tolerance)
            }
        case "adam":
            let rule = Adam(
                learningRate: trajectory.learningRate, beta1: trajectory.beta1!, beta2: trajectory.beta2!,
                epsilon: trajectory.epsilon!, weightDecay: trajectory.weightDecay)
            try follow(golden, rule, as: type, tolerance: tolerance)
        default:
            Issue.record("no rule is called \(trajectory.rule)")
        }
    }

    func follow<Scalar: MatrixScalar>(
        _ golden: Case, _ rule: some UpdateRule, as type: Scalar.Type, tolerance: Double
    ) throws {
        var rule = rule
        let objective: any FiniteSumObjective<Scalar> = try problem(golden)
        var parameters = golden.golden.initial.map { Scalar($0) }
        var gradient = parameters
        var state = rule.initialState(parameterCount: parameters.count, of: Scalar.self)
        // Where the reference maximized, it climbed the negated objective.
        let sign: Scalar = golden.trajectory.maximize == true ? -1 : 1
        for step in 1...100 {
            rule.learningRate =
                step <= golden.trajectory.changeAfter
                ? golden.trajectory.learningRate : golden.trajectory.laterLearningRate
            if golden.trajectory.batches == "mini" {
                let batch = golden.golden.batches![step - 1]
                _ = objective.valueAndGradient(at: parameters, examples: batch.span, gradient: &gradient)
            } else {
                _ = objective.valueAndGradient(at: parameters, gradient: &gradient)
            }
            for index in gradient.indices { gradient[index] *= sign }
            rule.update(&parameters, gradient: gradient, state: &state)
            guard let expected = golden.trajectory.steps.first(where: { $0.step == step }) else { continue }
            let scale = expected.parameters.reduce(0) { max($0, abs($1)) }
            for (found, expected) in zip(parameters, expected.parameters) {
                #expect(
                    abs(Double(found) - expected) <= tolerance * max(abs(expected), 1e-2 * scale),
                    "step \(step)")
            }
            #expect(
                abs(objective.value(at: parameters) - expected.objective)
                    <= 10 * tolerance * max(1, abs(expected.objective)))
        }
        #expect(state.step == 100)
    }

    func problem<Scalar: MatrixScalar>(_ golden: Case) throws -> any FiniteSumObjective<Scalar> {
        let (name, golden) = (golden.problem, golden.golden)
        if let a = golden.a, let b = golden.b {
            return Quadratic(a: a.map { $0.map { Scalar($0) } }, b: b.map { Scalar($0) })
        }
        let dataset = try Dataset(
            features: NumericArray(
                golden.features!.flatMap { $0 }, shape: [golden.features!.count, golden.features![0].count]),
            labels: NumericArray(golden.labels!, shape: [golden.labels!.count]),
            classNames: (0..<golden.sizes!.last!).map(String.init))
        let activation: Activation = name == "mlp-tanh" ? .tanh : .relu
        return CrossEntropyObjective<Scalar>(
            NetworkLayout(sizes: golden.sizes!, activation: activation), on: dataset,
            scaler: .identity(featureCount: dataset.featureCount))
    }
}

/// ½ xᵀAx − bᵀx, of one example.
struct Quadratic<Scalar: MatrixScalar>: FiniteSumObjective {
    var a: [[Scalar]]
    var b: [Scalar]

    var parameterCount: Int { b.count }
    var exampleCount: Int { 1 }

    func value(at x: [Scalar]) -> Double {
        var gradient = x
        return valueAndGradient(at: x, gradient: &gradient)
    }

    func valueAndGradient(at x: [Scalar], gradient: inout [Scalar]) -> Double {
        var value = 0.0
        for i in x.indices {
            var product: Scalar = 0
            for j in x.indices { product += a[i][j] * x[j] }
            gradient[i] = product - b[i]
            value += Double(x[i]) * (Double(product) / 2 - Double(b[i]))
        }
        return value
    }

    func valueAndGradient(at x: [Scalar], examples: Span<Int32>, gradient: inout [Scalar]) -> Double {
        valueAndGradient(at: x, gradient: &gradient)
    }
}
