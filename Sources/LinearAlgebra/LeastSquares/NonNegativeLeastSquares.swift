/// Least squares with coefficients that may not be negative; the intercept may.
///
/// By the active set method of Lawson and Hanson on the problem's triangle, so that its steps do not depend on
/// the number of rows. (C. L. Lawson, R. J. Hanson, Solving Least Squares Problems, 1974, chapter 23.)
public struct NonNegativeLeastSquares: Sendable, Equatable {
    /// Whether the model has a constant term.
    public var fitsIntercept: Bool

    /// A configuration.
    public init(fitsIntercept: Bool = false) { self.fitsIntercept = fitsIntercept }

    /// A fit with coefficients of 0 or more.
    public struct Fit: Sendable {
        /// The names of the coefficients: `(Intercept)` first when there is one.
        public let names: [String]
        /// The coefficients in the order of the names.
        public let estimates: [Double]
        /// Σ w·(y − ŷ)².
        public let residualSumOfSquares: Double

        let basis: PolynomialBasis
        let working: [Double]

        /// The expected target for each row of features.
        ///
        /// - Precondition: as many columns as the model has features.
        public func predict(_ features: Matrix<Double>) -> [Double] {
            basis.predict(features, working: working)
        }
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
            features, target, weights: weights, names: names, fitsIntercept: fitsIntercept)
        let (design, z) = problem.centredDesign
        let norms = (0..<design.columns).map { design.column($0).norm }
        let scales = norms.map { $0 > 0 ? PolynomialBasis.power(-Int($0.exponent)) : 1 }
        let scaled = try Self.solve(design.scalingColumns(by: scales), z)
        let slopes = zip(scaled, scales).map { $0 * $1 }
        var rest = z
        rest.add(design.times(slopes), scaledBy: -1)
        return Fit(
            names: problem.names, estimates: problem.coefficients(slopes: slopes),
            residualSumOfSquares: (problem.restSquares + rest.dot(rest)) * problem.scale * problem.scale,
            basis: problem.basis, working: problem.workingCoefficients(slopes: slopes))
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
