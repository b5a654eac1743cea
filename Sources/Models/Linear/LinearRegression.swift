import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// Linear regression: coefficients that minimize the mean squared error.
///
/// ```swift
/// let model = try LinearRegression().fit(features, target, names: ["age", "dose"])
/// print(model.leastSquares!.summary)
/// ```
///
/// By least squares (`fit(_:_:)`), which has a minimum without iterations and a statistician's report; or, to see
/// optimizers at work, by any minimizer or update rule on the same objective, a `LinearObjective`. Those standardize
/// features inside and report coefficients for features as they are given.
public struct LinearRegression: Codable, Equatable, Sendable {
    /// Whether the model has a constant term.
    public var fitsIntercept: Bool

    /// A configuration.
    public init(fitsIntercept: Bool = true) {
        self.fitsIntercept = fitsIntercept
    }

    /// Fits by least squares.
    ///
    /// - Parameters:
    ///   - features: The features, a row for each example.
    ///   - target: The values to explain, one for each row.
    ///   - weights: How much each example counts, 0 or more; all 1 when nil.
    ///   - names: The names of the features; `x1`, `x2`, … when nil.
    ///   - targetName: What the report calls the target.
    /// - Throws: `LeastSquaresError`: for no rows or columns, numbers that are not finite.
    /// - Precondition: as many rows, target values and weights, and as many names as features.
    public func fit(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil, names: [String]? = nil,
        targetName: String = "y"
    ) throws(LeastSquaresError) -> LinearModel {
        let fit = try LeastSquares(fitsIntercept: fitsIntercept).fit(
            features, target, weights: weights, names: names, targetName: targetName)
        return LinearModel(fit)
    }

    /// Fits by a minimizer, such as `LBFGS()`, started at 0 on standardized features.
    ///
    /// - Returns: The model, and the search: whether and why it stopped where it did.
    /// - Throws: ``LinearRegressionError``: for data as `fit(_:_:weights:names:)` does.
    /// - Precondition: as many rows, target values and weights, and as many names as features.
    public func fit(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil, names: [String]? = nil,
        by minimizer: some Minimizer
    ) throws(LinearRegressionError) -> (model: LinearModel, search: Solution<Double>) {
        let problem = try standardized(features, target, weights, names)
        do {
            let solution = try minimizer.minimize(
                problem.objective, from: [Double](repeating: 0, count: problem.objective.parameterCount))
            return (problem.model(solution.point), solution)
        } catch {
            throw .minimizer(error)
        }
    }

    /// Fits by an update rule over batches, such as `SGD(learningRate: 0.1)`, started at 0 on standardized features.
    ///
    /// - Returns: The model, and what happened epoch by epoch, with the training loss ½ mean squared error.
    /// - Throws: ``LinearRegressionError``: for data as `fit(_:_:weights:names:)` does, and training that diverges.
    /// - Precondition: as many rows, target values and weights, and as many names as features.
    public func fit<Rule: UpdateRule>(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil, names: [String]? = nil,
        with rule: Rule, batchSize: BatchSize = .all, for budget: Budget, seed: UInt64 = 0
    ) throws(LinearRegressionError) -> (model: LinearModel, history: History) {
        let problem = try standardized(features, target, weights, names)
        var loop = TrainingLoop(
            minimizing: problem.objective, with: rule,
            from: [Double](repeating: 0, count: problem.objective.parameterCount), batchSize: batchSize,
            seed: seed)
        do {
            let history = try loop.run(
                for: budget, evaluate: { Evaluation(trainingLoss: problem.objective.value(at: $0)) })
            return (problem.model(loop.parameters), history)
        } catch {
            throw .training(error)
        }
    }

    /// The objective on standardized features, and the way back.
    private func standardized(
        _ features: Matrix<Double>, _ target: [Double], _ weights: [Double]?, _ names: [String]?
    ) throws(LinearRegressionError) -> (
        objective: LinearObjective<Double>, model: @Sendable ([Double]) -> LinearModel
    ) {
        let problem: ElasticNetProblem
        do {
            // The same checks, means and sizes.
            problem = try ElasticNetProblem(
                features, target, weights: weights, names: names, fitsIntercept: fitsIntercept,
                standardizes: false)
        } catch {
            throw .data(error)
        }
        let (active, means, sizes) = (problem.active, problem.means, problem.sizes)
        let scaled = Matrix(
            (0..<features.rows).map { row in active.map { (features[row, $0] - means[$0]) / sizes[$0] } })
        let hasIntercept = fitsIntercept
        return (
            LinearObjective(
                active.isEmpty ? Matrix(rows: features.rows, columns: 0) : scaled, target, weights: weights,
                hasIntercept: hasIntercept),
            { parameters in
                var coefficients = [Double](repeating: 0, count: problem.names.count)
                var intercept = hasIntercept ? parameters[active.count] : 0
                for (position, j) in active.enumerated() {
                    coefficients[j] = parameters[position] / sizes[j]
                    intercept -= means[j] * coefficients[j]
                }
                return LinearModel(
                    coefficients: coefficients, intercept: intercept, hasIntercept: hasIntercept,
                    featureNames: problem.names)
            }
        )
    }
}
