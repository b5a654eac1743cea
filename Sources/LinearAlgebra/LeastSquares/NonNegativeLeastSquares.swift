/// Least squares with coefficients that may not be negative; the intercept may.
///
/// By the active set method of Lawson and Hanson on the problem's triangle, so that its steps do not depend on
/// the number of rows. (C. L. Lawson, R. J. Hanson, Solving Least Squares Problems, 1974, chapter 23.)
public struct NonNegativeLeastSquares: Sendable, Equatable {
    /// Whether the model has a constant term.
    public var fitsIntercept: Bool
    /// The highest power of each feature in the model.
    public var degree: Int
    /// The features, counted from 0, that enter by themselves alone, whatever the degree.
    public var linearFeatures: Set<Int>

    /// A configuration.
    ///
    /// - Precondition: 1 ≤ degree ≤ 64.
    public init(fitsIntercept: Bool = false, degree: Int = 1, linearFeatures: Set<Int> = []) {
        precondition(degree >= 1 && degree <= 64, "the degree must be from 1 to 64, not \(degree)")
        self.fitsIntercept = fitsIntercept
        self.degree = degree
        self.linearFeatures = linearFeatures
    }

    /// A fit with coefficients of 0 or more.
    public struct Fit: Sendable {
        /// Coefficients, predictions, and what a row contributes.
        ///
        /// There are no standard errors: next to a bound an estimate is far from normally distributed, and
        /// which coefficients are at their bound is itself a matter of chance.
        public let model: LinearFit
        /// The names of the coefficients: `(Intercept)` first when there is one.
        public let names: [String]
        /// The coefficients in the order of the names.
        public let estimates: [Double]
        /// Σ w·(y − ŷ)².
        public let residualSumOfSquares: Double
        /// 1 − Σwr²/Σw(y − ȳ)²; ȳ is 0 without an intercept.
        public let rSquared: Double
        /// How many coefficients are positive.
        public let positiveCount: Int
        /// Rows that count, less positive coefficients and the intercept.
        public let degreesOfFreedom: Int
        /// √(Σwr² / degrees of freedom), the positive coefficients taken as those of a model without the
        /// others; NaN when there are none.
        public let residualStandardError: Double

        /// The coefficients, without standard errors.
        public var coefficients: [Coefficient] { model.coefficients }

        /// The expected target for each row of features.
        ///
        /// - Precondition: as many columns as the model has features.
        public func predict(_ features: Matrix<Double>) -> [Double] { model.predict(features) }
    }

    /// Fits one target.
    ///
    /// - Throws: ``LeastSquaresError``: for no rows or columns, numbers that are not finite,
    ///   ``LeastSquaresError/notConverged(_:)``.
    /// - Precondition: as many rows, target values and weights, and as many names as features.
    public func fit(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil, names: [String]? = nil
    ) throws(LeastSquaresError) -> Fit {
        let problem = try LinearProblem(
            features, target, weights: weights, names: names, fitsIntercept: fitsIntercept, degree: degree,
            linear: linearFeatures)
        let (design, z) = problem.centredDesign
        let norms = (0..<design.columns).map { design.column($0).norm }
        let scales = norms.map { $0 > 0 ? PolynomialBasis.power(-Int($0.exponent)) : 1 }
        let scaled = try Self.solve(design.scalingColumns(by: scales), z)
        let slopes = zip(scaled, scales).map { $0 * $1 }
        var rest = z
        rest.add(design.times(slopes), scaledBy: -1)
        let squares = problem.restSquares + rest.dot(rest)
        let positive = slopes.indices.filter { slopes[$0] > 0 }
        let degreesOfFreedom = problem.observations.count - positive.count - (fitsIntercept ? 1 : 0)
        let sigma = degreesOfFreedom > 0 ? (squares / Double(degreesOfFreedom)).squareRoot() : .nan
        let hat = problem.workingFactor(slopes: Self.factor(design, positive))
        let estimates = problem.coefficients(slopes: slopes)
        let model = LinearFit(
            featureNames: problem.featureNames, basis: problem.basis,
            working: problem.workingCoefficients(slopes: slopes), estimates: estimates,
            covarianceFactor: nil, hatFactor: hat, squaredHatFactor: nil, sigma: sigma,
            degreesOfFreedom: Double(max(degreesOfFreedom, 0)), confidence: 0.95,
            totalSquares: problem.totalSquares)
        return Fit(
            model: model, names: model.coefficients.map(\.name), estimates: estimates,
            residualSumOfSquares: squares * problem.scale * problem.scale,
            rSquared: problem.totalSquares > 0 ? 1 - squares / problem.totalSquares : .nan,
            positiveCount: positive.count, degreesOfFreedom: degreesOfFreedom,
            residualStandardError: sigma * problem.scale)
    }

    /// G with D·G·Gᵀ·Dᵀ the projection onto some columns of D.
    private static func factor(_ design: Matrix<Double>, _ columns: [Int]) -> Matrix<Double> {
        let r = columns.count
        var stack = Matrix<Double>(rows: r + design.rows, columns: r)
        for (index, column) in columns.enumerated() {
            for row in 0..<design.rows { stack[r + row, index] = design[row, column] }
        }
        var update = TriangleUpdate(width: r)
        let rows = stack.rows
        if r > 0 { stack.withUnsafeMutableElements { update.reduce($0.baseAddress!, rows: rows) } }
        let inverse = update.value.upperInverse()
        var result = Matrix<Double>(rows: design.columns, columns: r)
        for (index, column) in columns.enumerated() { result.setRow(column, to: inverse.row(index)) }
        return result
    }

    /// The x ≥ 0 that minimizes ‖A·x − b‖.
    static func solve(_ a: Matrix<Double>, _ b: [Double]) throws(LeastSquaresError) -> [Double] {
        let n = a.columns
        var x = [Double](repeating: 0, count: n)
        var passive: [Int] = []
        var refused = Set<Int>()
        let tolerance = 10 * Double.ulpOfOne * Double(max(n, 1)) * max(a.frobeniusNorm, 1e-300) * b.norm
        for _ in 0..<max(30, 10 * n) {
            var residual = b
            residual.add(a.times(x), scaledBy: -1)
            let gradient = a.times(residual, transposed: true)
            let candidates = (0..<n).filter { !passive.contains($0) && !refused.contains($0) }
            guard let entering = candidates.max(by: { gradient[$0] < gradient[$1] }),
                gradient[entering] > tolerance
            else { return x }
            var tried = passive + [entering]
            var trial = leastSquares(a, tried, b)
            // Dependent on the others, or pushed back at once by rounding: not to be tried again for now.
            guard let first = trial, first[tried.count - 1] > 0 else {
                refused.insert(entering)
                continue
            }
            refused = []
            passive = tried
            while let values = trial, values.contains(where: { $0 <= 0 }) {
                // As far as the first coefficient that would turn negative.
                var step = 1.0
                for (index, column) in passive.enumerated() where values[index] <= 0 {
                    step = min(step, x[column] / (x[column] - values[index]))
                }
                for (index, column) in passive.enumerated() {
                    x[column] += step * (values[index] - x[column])
                }
                let smallest = zip(passive, values).filter { $0.1 <= 0 }.map { x[$0.0] }.min() ?? 0
                tried = passive.filter { x[$0] > max(smallest, 0) }
                for column in passive where !tried.contains(column) { x[column] = 0 }
                passive = tried
                trial = leastSquares(a, passive, b)
            }
            if let values = trial {
                for (index, column) in passive.enumerated() { x[column] = values[index] }
            }
        }
        throw .notConverged("the active set iteration for coefficients that are not negative")
    }

    /// The solution for some columns; nil when they are dependent.
    private static func leastSquares(_ a: Matrix<Double>, _ columns: [Int], _ b: [Double]) -> [Double]? {
        let r = columns.count
        guard r > 0 else { return [] }
        var stack = Matrix<Double>(rows: r + 1 + a.rows, columns: r + 1)
        for row in 0..<a.rows {
            for (index, column) in columns.enumerated() { stack[r + 1 + row, index] = a[row, column] }
            stack[r + 1 + row, r] = b[row]
        }
        var update = TriangleUpdate(width: r + 1)
        let rows = stack.rows
        stack.withUnsafeMutableElements { update.reduce($0.baseAddress!, rows: rows) }
        let triangle = update.value
        var x = [Double](repeating: 0, count: r)
        for row in stride(from: r - 1, through: 0, by: -1) {
            guard triangle[row, row].magnitude > 1e-13 else { return nil }
            var value = triangle[row, r]
            for column in row + 1..<max(r, row + 1) { value -= triangle[row, column] * x[column] }
            x[row] = value / triangle[row, row]
        }
        return x
    }
}
