import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Testing

@testable import DescentModels

/// The objective of softmax regression and networks: against PyTorch, against differences, and by its properties.
@Suite(.serialized) struct CrossEntropyObjectiveTests {
    typealias Problem = GoldenGradients.Problem

    func objective<Scalar: MatrixScalar>(
        _ problem: Problem, penalty: Penalty = .none, as type: Scalar.Type = Scalar.self
    ) throws -> CrossEntropyObjective<Scalar> {
        let dataset = try Dataset(
            features: NumericArray(
                problem.features.flatMap { $0 }, shape: [problem.features.count, problem.features[0].count]),
            labels: NumericArray(problem.labels, shape: [problem.labels.count]),
            classNames: (0..<problem.sizes.last!).map(String.init))
        return CrossEntropyObjective(
            NetworkLayout(sizes: problem.sizes, activation: Activation(rawValue: problem.activation)!),
            on: dataset,
            scaler: .identity(featureCount: dataset.featureCount), penalty: penalty)
    }

    @Test(arguments: GoldenGradients.problems)
    func agreesWithTheReference(problem: Problem) throws {
        for golden in problem.evaluations {
            let objective = try objective(problem, penalty: .l2(golden.lambda), as: Double.self)
            var gradient = [Double](repeating: .nan, count: objective.parameterCount)
            let value = objective.valueAndGradient(at: golden.parameters, gradient: &gradient)
            #expect(abs(value - golden.loss) <= 1e-14 * max(1, abs(golden.loss)))
            #expect(
                abs(objective.value(at: golden.parameters) - golden.loss) <= 1e-14 * max(1, abs(golden.loss)))
            let scale = golden.gradient.reduce(0) { max($0, abs($1)) }
            for (found, expected) in zip(gradient, golden.gradient) {
                #expect(abs(found - expected) <= 1e-13 * scale)
            }
            let (loss, accuracy) = objective.evaluate(at: golden.parameters)
            #expect(abs(loss - golden.meanCrossEntropy) <= 1e-14 * max(1, golden.meanCrossEntropy))
            #expect(accuracy == Double(golden.correct) / Double(problem.labels.count))
        }
    }

    @Test(arguments: GoldenGradients.problems)
    func agreesWithTheReferenceInSinglePrecision(problem: Problem) throws {
        for golden in problem.evaluations {
            let objective = try objective(problem, penalty: .l2(golden.lambda), as: Float.self)
            let parameters = golden.parameters.map { Float($0) }
            let scale = golden.gradient.reduce(0) { max($0, abs($1)) }
            #expect(abs(objective.value(at: parameters) - golden.loss) <= 1e-5 * max(1, abs(golden.loss)))
            for (found, expected) in zip(objective.gradient(at: parameters), golden.gradient) {
                #expect(abs(Double(found) - expected) <= 1e-5 * scale)
            }
        }
    }

    @Test(arguments: GoldenGradients.problems)
    func gradientsAgreeWithCentralDifferences(problem: Problem) throws {
        for golden in problem.evaluations {
            let objective = try objective(problem, penalty: .l2(golden.lambda), as: Double.self)
            #expect(GradientCheck(of: objective, at: golden.parameters).relativeError <= 1e-7)
        }
    }

    /// Real pictures, through the conversion from bytes, the scaler, and several pieces and blocks.
    @Test(arguments: [[64, 10], [64, 12, 10]])
    func gradientsOnDigitsAgreeWithCentralDifferences(sizes: [Int]) throws {
        let objective = try digits(sizes, penalty: .l2(0.1), as: Double.self)
        let parameters: [Double] = objective.layout.randomParameters(seed: 3)
        let some = stride(from: 0, to: parameters.count, by: 17).map { $0 }
        #expect(GradientCheck(of: objective, at: parameters, coordinates: some).relativeError <= 1e-7)
    }

    func digits<Scalar: MatrixScalar>(
        _ sizes: [Int], activation: Activation = .tanh, penalty: Penalty = .none, as type: Scalar.Type
    ) throws -> CrossEntropyObjective<Scalar> {
        let digits = Digits.load()
        return CrossEntropyObjective(
            NetworkLayout(sizes: sizes, activation: activation), on: digits,
            scaler: Scaler(.standardize, fittedOn: digits), penalty: penalty)
    }

    @Test(arguments: [[64, 10], [64, 33, 21, 10]])
    func anyNumberOfThreadsGivesTheSameBits(sizes: [Int]) throws {
        let before = Compute.threadCount
        defer { Compute.threadCount = before }
        let objective = try digits(sizes, activation: .relu, penalty: .l2(0.01), as: Float.self)
        let parameters: [Float] = objective.layout.randomParameters(seed: 1)
        let indices = Array(0..<Int32(objective.exampleCount)).reversed() + [5, 5, 700]
        func everything(_ threads: Int) -> ([Float], [Float], [Double]) {
            Compute.threadCount = threads
            var all = parameters, some = parameters
            let values = [
                objective.valueAndGradient(at: parameters, gradient: &all),
                objective.valueAndGradient(at: parameters, examples: indices.span, gradient: &some),
                objective.value(at: parameters),
            ]
            return (all, some, values)
        }
        let one = everything(1)
        for threads in [2, 3, 7] {
            for _ in 0..<5 {
                let many = everything(threads)
                #expect(many.0 == one.0 && many.1 == one.1 && many.2 == one.2)
            }
        }
    }

    /// The mean is taken once: every example twice, or a batch twice, changes nothing.
    @Test func doublingEveryExampleChangesNothing() throws {
        let objective = try digits([64, 9, 10], penalty: .l2(0.01), as: Double.self)
        let twice = CrossEntropyObjective<Double>(
            objective.layout,
            on: objective.dataset.subset((0..<2 * Int32(objective.exampleCount)).map { $0 / 2 }),
            scaler: objective.scaler, penalty: objective.penalty)
        let parameters: [Double] = objective.layout.randomParameters(seed: 2)
        var once = parameters, doubled = parameters
        let value = objective.valueAndGradient(at: parameters, gradient: &once)
        #expect(abs(twice.valueAndGradient(at: parameters, gradient: &doubled) - value) < 1e-13)
        for (a, b) in zip(once, doubled) { #expect(abs(a - b) < 1e-14) }

        let batch: [Int32] = [3, 1, 4, 1, 59]
        _ = objective.valueAndGradient(at: parameters, examples: batch.span, gradient: &once)
        _ = objective.valueAndGradient(at: parameters, examples: (batch + batch).span, gradient: &doubled)
        for (a, b) in zip(once, doubled) { #expect(abs(a - b) < 1e-14) }
    }

    /// Batches of unequal size, weighted by their sizes, make up the whole.
    @Test func batchesAddUpToTheWhole() throws {
        let objective = try digits([64, 10], as: Double.self)
        let parameters: [Double] = objective.layout.randomParameters(seed: 4)
        var whole = parameters, part = parameters
        let value = objective.valueAndGradient(at: parameters, gradient: &whole)
        var sum = 0.0
        var total = [Double](repeating: 0, count: parameters.count)
        for start in stride(from: 0, to: objective.exampleCount, by: 100) {
            let end = min(start + 100, objective.exampleCount)
            let share = Double(end - start) / Double(objective.exampleCount)
            let indices = Array(Int32(start)..<Int32(end))
            sum += share * objective.valueAndGradient(at: parameters, examples: indices.span, gradient: &part)
            for i in part.indices { total[i] += share * part[i] }
        }
        #expect(abs(sum - value) < 1e-13)
        for (a, b) in zip(total, whole) { #expect(abs(a - b) < 1e-14) }
    }

    /// Binary logistic regression is softmax regression of two classes, on the difference of the logits.
    @Test func twoClassesAreLogisticRegression() throws {
        let features: [Double] = [0.5, -1, 2, 3, -0.25, 1]
        let labels: [Int32] = [0, 1, 1]
        let dataset = try Dataset(
            features: NumericArray(features, shape: [3, 2]), labels: NumericArray(labels, shape: [3]))
        let objective = CrossEntropyObjective<Double>(
            NetworkLayout(sizes: [2, 2]), on: dataset, scaler: .identity(featureCount: 2))
        let w = [0.3, -0.7, 0.1, 0.9, -0.2, 0.4]
        var expected = 0.0
        for row in 0..<3 {
            let z =
                features[2 * row] * (w[1] - w[0]) + features[2 * row + 1] * (w[3] - w[2]) + (w[5] - w[4])
            expected += Double.log(onePlus: .exp(labels[row] == 1 ? -z : z)) / 3
        }
        #expect(abs(objective.value(at: w) - expected) < 1e-15)
    }

    /// Logits of ±10⁵ neither overflow nor lose the loss.
    @Test func largeLogitsGiveFiniteLosses() throws {
        let dataset = try Dataset(
            features: NumericArray([1e5, -1e5] as [Float], shape: [2, 1]),
            labels: NumericArray([0, 0] as [Int32], shape: [2]), classNames: ["0", "1"])
        let objective = CrossEntropyObjective<Float>(
            NetworkLayout(sizes: [1, 2]), on: dataset, scaler: .identity(featureCount: 1))
        #expect(objective.value(at: [1, 0, 0, 0]) == 0.5e5)
        #expect(objective.gradient(at: [1, 0, 0, 0]) == [0.5e5, -0.5e5, -0.5, 0.5])
    }

    @Test func parametersThatAreNotFiniteGiveAValueThatIsNot() throws {
        let objective = try digits([64, 7, 10], activation: .relu, as: Float.self)
        for poison in [Float.nan, .infinity] {
            var parameters: [Float] = objective.layout.randomParameters(seed: 4)
            parameters[100] = poison
            #expect(!objective.value(at: parameters).isFinite)
        }
    }
}
