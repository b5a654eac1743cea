import DescentLinearAlgebra
import Glibc

/// What maximum likelihood says about an unpenalized logistic or softmax regression.
///
/// Weights count as numbers of examples: weight 2 is the example given twice.
public struct LogisticInference: Codable, Equatable, Sendable {
    /// The coefficients, class after class, the intercept of each first.
    ///
    /// For two classes those of the second against the first; for more, of each class after the first against the
    /// first: log(P(class)/P(first class)) = intercept + Σ coefficient · feature.
    public let coefficients: [WaldCoefficient]

    /// The covariance of the estimates, in the order of `coefficients`; nil if they are not unique.
    public let covariance: Matrix<Double>?

    /// The probability of the intervals.
    public let confidence: Double

    /// Σ s log P(class of the example).
    public let logLikelihood: Double

    /// The same with intercepts alone; without intercepts, with equal probabilities.
    public let nullLogLikelihood: Double

    /// Σ s, the number of examples.
    public let totalWeight: Double

    /// The number of free parameters.
    public let parameterCount: Int

    /// −2 log-likelihood.
    public var deviance: Double { -2 * logLikelihood }

    /// The deviance with intercepts alone.
    public var nullDeviance: Double { -2 * nullLogLikelihood }

    /// McFadden's: 1 − log-likelihood / that with intercepts alone.
    public var pseudoRSquared: Double { 1 - logLikelihood / nullLogLikelihood }

    /// Akaike's criterion: deviance + 2 · parameters.
    public var akaikeInformationCriterion: Double { deviance + 2 * Double(parameterCount) }

    /// Schwarz' criterion: deviance + log(Σ s) · parameters.
    public var bayesianInformationCriterion: Double { deviance + log(totalWeight) * Double(parameterCount) }
}

extension LogisticInference {
    /// Beyond this the inverse of the Hessian is not made.
    static let largestParameterCount = 1000

    /// The inference at a minimum, in the solvers' coordinates.
    init(
        _ problem: LogisticProblem, _ objective: LogitObjective<Double>, at point: [Double],
        confidence: Double = 0.95, warnings: inout [LogisticWarning]
    ) {
        let p = problem.dataset.featureCount
        let columns = problem.columnCount
        // Constant features have a coefficient of 0, and no error.
        let active = (0..<columns).filter { $0 == p || problem.scaler.factor[$0] > 0 }
        let first = problem.isBinary ? 0 : 1
        let contrasts = problem.logitCount - first
        let rank = Self.rank(objective, active)
        if rank < active.count { warnings.append(.dependentFeatures(rank: rank, columns: active.count)) }

        self.confidence = confidence
        totalWeight = problem.totalWeight
        parameterCount = rank * contrasts
        logLikelihood = -problem.meanLoss(at: point) * problem.totalWeight
        let classCount = Double(problem.dataset.classCount)
        nullLogLikelihood = problem.classTotals.reduce(0) { sum, total in
            sum + total * log(problem.fitsIntercept ? total / problem.totalWeight : 1 / classCount)
        }

        // The place of a coefficient of the report: intercepts first.
        let width = columns
        func place(_ contrast: Int, _ column: Int) -> Int {
            contrast * width + (problem.fitsIntercept ? (column == p ? 0 : column + 1) : column)
        }
        var covariance: Matrix<Double>?
        if rank == active.count,
            let working = Self.workingCovariance(objective, at: point, active, first: first)
        {
            // From standardized features to those given: w = φ v, b = c − Σ μ φ v.
            let size = contrasts * active.count
            var map = Matrix<Double>(rows: contrasts * width, columns: size)
            for contrast in 0..<contrasts {
                for (position, column) in active.enumerated() {
                    let index = contrast * active.count + position
                    if column == p {
                        map[place(contrast, p), index] = 1
                    } else {
                        let factor = problem.scaler.factor[column]
                        map[place(contrast, column), index] = factor
                        if problem.fitsIntercept {
                            map[place(contrast, p), index] = -problem.scaler.shift[column] * factor
                        }
                    }
                }
            }
            var result = map.times(working).times(map, transposing: .second)
            result.withUnsafeMutableElements { for i in $0.indices { $0[i] /= problem.totalWeight } }
            covariance = result
        }
        self.covariance = covariance

        let given = problem.givenParameters(point)
        let logits = problem.logitCount
        let quantile = StandardNormal().quantile(0.5 + confidence / 2)
        var coefficients: [WaldCoefficient] = []
        for contrast in 0..<contrasts {
            func estimate(_ row: Int) -> Double {
                given[row * logits + contrast + first] - (first == 1 ? given[row * logits] : 0)
            }
            let className = problem.dataset.classNames[contrast + 1]
            for column in (problem.fitsIntercept ? [p] : []) + (0..<p) {
                let variance = covariance.map { $0[place(contrast, column), place(contrast, column)] }
                coefficients.append(
                    WaldCoefficient(
                        name: column == p ? "(Intercept)" : problem.featureNames[column], className: className,
                        estimate: estimate(column), standardError: variance?.squareRoot(), quantile: quantile))
            }
        }
        self.coefficients = coefficients
    }

    /// How many of the columns are independent, by the eigenvalues of their weighted second moments.
    private static func rank(_ objective: LogitObjective<Double>, _ active: [Int]) -> Int {
        let moments = objective.gramMatrix()
        let selected = Matrix<Double>(rows: active.count, columns: active.count) { target in
            for (i, row) in active.enumerated() {
                for (j, column) in active.enumerated() { target[i * active.count + j] = moments[row, column] }
            }
        }
        guard let eigen = try? SymmetricEigen(selected), let largest = eigen.values.last else { return 0 }
        // As R takes columns for dependent at 1e-7 of their length; these are squares.
        return eigen.values.count { $0 > 1e-14 * Double(active.count) * largest }
    }

    /// The inverse of the Hessian of the mean loss, of the logits from `first` on against the one before.
    private static func workingCovariance(
        _ objective: LogitObjective<Double>, at point: [Double], _ active: [Int], first: Int
    ) -> Matrix<Double>? {
        let columns = objective.columnCount
        let plain = LogitObjective<Double>(
            objective.dataset, scaler: objective.scaler, loss: objective.loss,
            hasIntercept: objective.hasIntercept, rowWeights: objective.rowWeights)
        let hessian = plain.hessian(at: point)
        let indices = (first..<objective.logitCount).flatMap { k in active.map { k * columns + $0 } }
        let selected = Matrix<Double>(rows: indices.count, columns: indices.count) { target in
            for (i, row) in indices.enumerated() {
                for (j, column) in indices.enumerated() { target[i * indices.count + j] = hessian[row, column] }
            }
        }
        return try? Cholesky(selected).inverse()
    }
}
