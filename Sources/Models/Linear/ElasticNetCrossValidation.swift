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
    /// - Throws: ``LeastSquaresError``: as a path does, and for folds that are not usable.
    /// - Precondition: as many rows, target values and weights, and as many names as features.
    public init(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil, names: [String]? = nil,
        folds: Folds = .random(), grid: ElasticNetPath.Grid = .automatic(), l1Ratio: Double = 1,
        fitsIntercept: Bool = true, standardizes: Bool = false, stopping: CoordinateDescentStopping = .init()
    ) throws(LeastSquaresError) {
        fatalError()
    }
}
