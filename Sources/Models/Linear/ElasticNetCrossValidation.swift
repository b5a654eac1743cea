import DescentLinearAlgebra

/// An elastic net whose λ is chosen by k-fold cross-validation over a path.
///
/// The grid comes from all rows. For each fold a path is fitted to the others, and the weighted mean squared error on
/// the fold measured. The error of a λ is the mean over the folds, each with the weight of its rows, and its standard
/// error √(Σ w (eₖ − ē)² / Σ w / (K − 1)), as in glmnet.
public struct ElasticNetCrossValidation: Codable, Sendable {
    /// What is known of one λ.
    public struct Score: Codable, Equatable, Sendable {
        /// λ.
        public let lambda: Double
        /// The mean squared error on the rows held out.
        public let meanSquaredError: Double
        /// The standard error of that mean, from the spread of the folds.
        public let standardError: Double
        /// The mean squared error on each fold.
        public let foldErrors: [Double]
    }

    /// The scores, λ falling.
    public let scores: [Score]

    /// The path on all rows, at the same penalties.
    public let path: ElasticNetPath

    /// Where λ has the least error.
    public let minimumIndex: Int

    /// The largest λ whose error is within one standard error of the least.
    public let oneStandardErrorIndex: Int

    /// The fit to all rows with the λ of least error (glmnet's `lambda.min`).
    public var best: ElasticNetFit { path.fits[minimumIndex] }

    /// The fit to all rows with the largest λ whose error is within one standard error of the least.
    public var sparsest: ElasticNetFit { path.fits[oneStandardErrorIndex] }

    /// Which rows are held out together.
    public enum Folds: Codable, Equatable, Sendable {
        /// Rows at random in so many folds of sizes that differ by one at most.
        case random(count: Int = 10, seed: UInt64 = 0)
        /// Consecutive rows, in so many folds of sizes that differ by one at most, the larger first.
        case consecutive(count: Int)
        /// The fold of each row, counted from 0.
        case assigned([Int])
    }

    /// Chooses λ; the parameters are those of ``ElasticNetPath``.
    ///
    /// - Throws: `LeastSquaresError`: as a path does, and for folds that are not usable.
    /// - Precondition: as many rows, target values and weights, and as many names as features.
    public init(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil, names: [String]? = nil,
        folds: Folds = .random(), grid: ElasticNetPath.Grid = .automatic(), l1Ratio: Double = 1,
        fitsIntercept: Bool = true, standardizes: Bool = false, stopping: CoordinateDescentStopping = .init()
    ) throws(LeastSquaresError) {
        precondition(
            l1Ratio >= 0 && l1Ratio <= 1, "the share of L1 lies between 0 and 1, \(l1Ratio) does not")
        let whole = try ElasticNetProblem(
            features, target, weights: weights, names: names, fitsIntercept: fitsIntercept,
            standardizes: standardizes)
        let lambdas = try whole.lambdas(grid, l1Ratio: l1Ratio)
        let assignment = try folds.assignment(rows: features.rows)
        let count = assignment.max()! + 1
        let weights = weights ?? Array(repeating: 1, count: features.rows)

        // Each fold is fitted on one thread, as it would be alone.
        let results = Locked([Result<[Double], LeastSquaresError>?](repeating: nil, count: count))
        WorkerTeam.shared.forEach(count) { fold in
            let result = Result { () throws(LeastSquaresError) in
                try Self.errors(
                    holdingOut: fold, of: assignment, features, target, weights, lambdas, l1Ratio: l1Ratio,
                    fitsIntercept: fitsIntercept, standardizes: standardizes, stopping: stopping)
            }
            results.withLock { $0[fold] = result }
        }
        var errors: [[Double]] = []
        for result in results.withLock({ $0 }) { errors.append(try result!.get()) }

        var foldWeights = [Double](repeating: 0, count: count)
        for (fold, weight) in zip(assignment, weights) { foldWeights[fold] += weight }
        let total = foldWeights.reduce(0, +)
        scores = lambdas.enumerated().map { index, lambda in
            let foldErrors = errors.map { $0[index] }
            let mean = zip(foldErrors, foldWeights).reduce(0) { $0 + $1.0 * $1.1 } / total
            let spread =
                zip(foldErrors, foldWeights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) } / total
            return Score(
                lambda: lambda, meanSquaredError: mean,
                standardError: (spread / Double(count - 1)).squareRoot(),
                foldErrors: foldErrors)
        }
        path = ElasticNetPath(whole, lambdas: lambdas, l1Ratio: l1Ratio, stopping: stopping)
        let scores = self.scores
        let best = scores.indices.min { scores[$0].meanSquaredError < scores[$1].meanSquaredError }!
        minimumIndex = best
        let limit = scores[best].meanSquaredError + scores[best].standardError
        oneStandardErrorIndex = scores.firstIndex { $0.meanSquaredError <= limit }!
    }

    /// The mean squared error on a fold for each penalty, after a path on the other rows.
    private static func errors(
        holdingOut fold: Int, of assignment: [Int], _ features: Matrix<Double>, _ target: [Double],
        _ weights: [Double], _ lambdas: [Double], l1Ratio: Double, fitsIntercept: Bool, standardizes: Bool,
        stopping: CoordinateDescentStopping
    ) throws(LeastSquaresError) -> [Double] {
        func part(_ rows: [Int]) -> (features: Matrix<Double>, target: [Double], weights: [Double]) {
            (Matrix(rows.map { features.row($0) }), rows.map { target[$0] }, rows.map { weights[$0] })
        }
        let training = part(assignment.indices.filter { assignment[$0] != fold })
        let held = part(assignment.indices.filter { assignment[$0] == fold })
        let problem = try ElasticNetProblem(
            training.features, training.target, weights: training.weights, names: nil,
            fitsIntercept: fitsIntercept, standardizes: standardizes)
        let path = ElasticNetPath(problem, lambdas: lambdas, l1Ratio: l1Ratio, stopping: stopping)
        let total = held.weights.reduce(0, +)
        guard total > 0 else { throw .invalidParameter("fold \(fold) has no rows with any weight") }
        return path.fits.map { fit in
            var sum = 0.0
            for (index, expected) in fit.predict(held.features).enumerated() {
                let error = held.target[index] - expected
                sum += held.weights[index] * error * error
            }
            return sum / total
        }
    }
}

extension ElasticNetCrossValidation.Folds {
    /// The fold of each row.
    func assignment(rows: Int) throws(LeastSquaresError) -> [Int] {
        func sizes(_ count: Int) throws(LeastSquaresError) -> [Int] {
            guard count >= 2, count <= rows else {
                throw .invalidParameter(
                    "\(rows) rows cannot be cut into \(count) folds; take from 2 to \(rows)")
            }
            return (0..<count).map { rows / count + ($0 < rows % count ? 1 : 0) }
        }
        switch self {
        case .consecutive(let count):
            return try sizes(count).enumerated().flatMap { Array(repeating: $0, count: $1) }
        case .random(let count, let seed):
            let ordered = try sizes(count).enumerated().flatMap { Array(repeating: $0, count: $1) }
            var generator = RandomGenerator(seed: seed, stream: RandomStream.splits)
            var assignment = ordered
            for (position, row) in generator.permutation(of: rows).enumerated() {
                assignment[Int(row)] = ordered[position]
            }
            return assignment
        case .assigned(let assignment):
            guard assignment.count == rows else {
                throw .invalidParameter("\(rows) rows need as many folds assigned, not \(assignment.count)")
            }
            let folds = Set(assignment)
            guard folds.count >= 2, folds == Set(0..<folds.count) else {
                throw .invalidParameter("folds must be numbered 0, 1, … without gaps, and be at least 2")
            }
            return assignment
        }
    }
}
