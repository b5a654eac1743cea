import CBLAS
import Glibc

/// Least squares under linear equations: β that minimizes Σ wᵢ·(yᵢ − xᵢβ)² subject to C·β = d.
///
/// By the generalized RQ factorization of LAPACK's `gglse` on the problem's triangle.
public struct ConstrainedLeastSquares: Sendable {
    /// The coefficients of the constraints C, a row for each; the intercept first when there is one.
    public var constraints: Matrix<Double>
    /// The right-hand sides d.
    public var values: [Double]
    /// Whether the model has a constant term.
    public var fitsIntercept: Bool
    /// The highest power of each feature in the model.
    public var degree: Int
    /// The features, counted from 0, that enter by themselves alone, whatever the degree.
    public var linearFeatures: Set<Int>
    /// The probability that an interval contains the true coefficient.
    public var confidence: Double

    /// A configuration.
    ///
    /// - Precondition: as many values as constraints; 1 ≤ degree ≤ 64; 0 < confidence < 1.
    public init(
        constraints: Matrix<Double>, values: [Double], fitsIntercept: Bool = true, degree: Int = 1,
        linearFeatures: Set<Int> = [], confidence: Double = 0.95
    ) {
        precondition(degree >= 1 && degree <= 64, "the degree must be from 1 to 64, not \(degree)")
        precondition(
            constraints.rows == values.count,
            "\(constraints.rows) constraints cannot have \(values.count) values")
        precondition(
            confidence > 0 && confidence < 1, "confidence lies between 0 and 1, \(confidence) does not")
        self.constraints = constraints
        self.values = values
        self.fitsIntercept = fitsIntercept
        self.degree = degree
        self.linearFeatures = linearFeatures
        self.confidence = confidence
    }

    /// A fit under constraints.
    public struct Fit: Sendable {
        /// Coefficients, predictions, and what a row contributes; the constraints are taken as certain.
        public let model: LinearFit
        /// Σ w·(y − ŷ)².
        public let residualSumOfSquares: Double
        /// Rows that count, less columns, plus constraints.
        public let degreesOfFreedom: Int
        /// √(Σwr² / degrees of freedom); NaN when there are none.
        public let residualStandardError: Double
        /// 1 − Σwr²/Σw(y − ȳ)²; ȳ is 0 without an intercept. Negative when the mean fits better.
        public let rSquared: Double
        /// The F-statistic of the hypothesis that the constraints hold, against the fit without them.
        ///
        /// Nil when that has no residual degrees of freedom, or more than one solution.
        public let constraintFStatistic: Double?
        /// The probability of an F this large if the constraints hold.
        public let constraintFPValue: Double?

        /// The coefficients with their inference, which takes the constraints as certain.
        public var coefficients: [Coefficient] { model.coefficients }

        /// The estimates in the order of ``coefficients``.
        public var estimates: [Double] { model.estimates }

        /// The expected target for each row of features.
        ///
        /// - Precondition: as many columns as the model has features.
        public func predict(_ features: Matrix<Double>) -> [Double] { model.predict(features) }
    }

    /// Fits one target.
    ///
    /// - Throws: ``LeastSquaresError``: for no rows or columns, numbers that are not finite,
    ///   ``LeastSquaresError/dependentConstraints(rank:count:)``, and
    ///   ``LeastSquaresError/invalidParameter(_:)`` when the constraints leave dependent columns undecided.
    /// - Precondition: as many rows, target values and weights; a column of C for each coefficient.
    public func fit(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil, names: [String]? = nil
    ) throws(LeastSquaresError) -> Fit {
        let problem = try LinearProblem(
            features, target, weights: weights, names: names, fitsIntercept: fitsIntercept, degree: degree,
            linear: linearFeatures)
        let basis = problem.basis
        let (k, p) = (basis.columnCount, constraints.rows)
        precondition(
            constraints.columns == k,
            "constraints on \(k) coefficients need \(k) columns, not \(constraints.columns)")
        guard constraints.withUnsafeElements({ firstNonFinite($0) }) == nil, values.allSatisfy(\.isFinite)
        else {
            throw .invalidParameter("the constraints have numbers that are not finite")
        }
        guard p <= k else { throw .dependentConstraints(rank: k, count: p) }
        // C·β with β as combinations of the working coefficients; what the target's centre adds goes over.
        let map = basis.originalCoefficients(columnsOf: Matrix.identity(k))
        var working = constraints * map
        var right = values
        if basis.hasIntercept {
            for row in 0..<p { right[row] -= constraints[row, 0] * basis.targetCenters[0] }
        }
        for row in 0..<p {
            // Rows to about unit size, in the target's scale.
            let size = working.row(row).norm
            let factor = size > 0 ? 1 / size : 1
            working.setRow(row, to: working.row(row).map { $0 * factor })
            right[row] *= factor / problem.scale
        }
        let rank = try rank(of: working)
        guard rank == p else { throw .dependentConstraints(rank: rank, count: p) }

        let x = try Self.solve(problem.triangle, problem.rightHandSide, working, right)
        var rest = problem.rightHandSide
        rest.add(problem.triangle.times(x), scaledBy: -1)
        let squares = problem.restSquares + rest.dot(rest)
        let degreesOfFreedom = problem.observations.count - k + p
        let sigma = degreesOfFreedom > 0 ? (squares / Double(degreesOfFreedom)).squareRoot() : .nan

        // Within the constraints' null space Z the factor is Z·(R·Z)⁻¹.
        let null = Self.nullSpace(working)
        var free = Matrix<Double>(rows: null.columns + k, columns: null.columns)
        let image = problem.triangle * null
        for row in 0..<k { free.setRow(null.columns + row, to: image.row(row)) }
        var update = TriangleUpdate(width: null.columns)
        let height = free.rows
        free.withUnsafeMutableElements { update.reduce($0.baseAddress!, rows: height) }
        let factor = null * update.value.upperInverse()

        let original = basis.originalCoefficients(x.map { DoubleDouble($0) })
        var estimates = original.map { $0.scaled(by: problem.scale) }
        if basis.hasIntercept { estimates[0] += DoubleDouble(basis.targetCenters[0]) }
        let test = hypothesisTest(problem, squares: squares)
        return Fit(
            model: LinearFit(
                featureNames: problem.featureNames, basis: basis, working: x,
                estimates: estimates.map(\.value), covarianceFactor: factor.map { $0 * sigma },
                hatFactor: factor, squaredHatFactor: factor, sigma: sigma,
                degreesOfFreedom: Double(max(degreesOfFreedom, 0)), confidence: confidence,
                totalSquares: problem.totalSquares, isProjection: true),
            residualSumOfSquares: squares * problem.scale * problem.scale, degreesOfFreedom: degreesOfFreedom,
            residualStandardError: sigma * problem.scale,
            rSquared: problem.totalSquares > 0 ? 1 - squares / problem.totalSquares : .nan,
            constraintFStatistic: test?.statistic, constraintFPValue: test?.p)
    }

    /// The F test of the constraints, from the sums of squares with and without them.
    private func hypothesisTest(
        _ problem: LinearProblem, squares: Double
    ) -> (statistic: Double, p: Double)? {
        let (k, p) = (problem.basis.columnCount, constraints.rows)
        let rest = problem.observations.count - k
        let diagonal = (0..<k).map { problem.triangle[$0, $0].magnitude }
        let norms = (0..<k).map { problem.triangle.column($0).norm }
        guard p > 0, rest > 0, problem.restSquares > 0,
            zip(diagonal, norms).allSatisfy({ $0 > 1e-10 * $1 })
        else { return nil }
        let statistic =
            max(0, squares - problem.restSquares) / Double(p) / (problem.restSquares / Double(rest))
        let distribution = FDistribution(
            numeratorDegrees: Double(p), denominatorDegrees: Double(rest))
        return (statistic, distribution.upperTail(statistic))
    }

    private func rank(of matrix: Matrix<Double>) throws(LeastSquaresError) -> Int {
        do {
            return try SVD(matrix).rank
        } catch {
            throw .notConverged("the iteration for singular values")
        }
    }

    /// Orthonormal columns that span the vectors on which all constraints vanish.
    private static func nullSpace(_ constraints: Matrix<Double>) -> Matrix<Double> {
        let (p, k) = (constraints.rows, constraints.columns)
        // A square matrix has a square Q.
        var padded = Matrix<Double>(rows: k, columns: k)
        for row in 0..<p { padded.setColumn(row, to: constraints.row(row)) }
        guard let qr = try? QR(padded) else { return Matrix(rows: k, columns: 0) }
        return Matrix(qr.orthogonal[columns: p...])
    }

    /// The x that minimizes ‖R·x − z‖ subject to B·x = d.
    private static func solve(
        _ r: Matrix<Double>, _ z: [Double], _ b: Matrix<Double>, _ d: [Double]
    ) throws(LeastSquaresError) -> [Double] {
        let (k, p) = (r.columns, b.rows)
        var x = [Double](repeating: 0, count: k)
        guard k > 0 else { return x }
        // Column-major copies, to be overwritten.
        var matrix = r.transposed()
        var constraints = b.transposed()
        var (c, right) = (z, d.isEmpty ? [0] : d)
        var info: Int32 = 0
        matrix.withUnsafeMutableElements { a in
            constraints.withUnsafeMutableElements { b in
                _ = withWorkspace { (work: UnsafeMutablePointer<Double>, length: Int) -> Int in
                    info = LAPACKE_dgglse_work(
                        LAPACK_COL_MAJOR, Int32(k), Int32(k), Int32(p), a.baseAddress!, Int32(k),
                        b.baseAddress ?? a.baseAddress!, Int32(max(p, 1)), &c, &right, &x, work, Int32(length)
                    )
                    return length == -1 ? Int(info) : 0
                }
            }
        }
        // 1: the constraints, which were looked at; 2: the columns where they leave them free.
        guard info == 0, x.allSatisfy(\.isFinite) else {
            throw .invalidParameter(
                "the constraints leave columns that depend on each other undecided; add constraints or remove"
                    + " columns")
        }
        return x
    }
}
