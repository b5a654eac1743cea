/// Sums of one pass over the rows about coefficients that some of the rows gave, which are as good as two passes.
///
/// With residuals u = y − W·β₀ in place of y, the normal equations are those of the correction δ = β − β₀. Where δ is
/// small so is the error that they make, κ²ε‖δ‖, and everything that a second pass over the residuals at β would
/// tell, their products with the columns and the sum of their squares, follows from the first without cancellation.
struct PreliminaryFit: Sendable {
    /// β₀.
    let coefficients: [Double]
    /// WᵀW, upper triangle, with Wᵀu beside it and uᵀu below that.
    private let gram: Matrix<Double>

    private var columnCount: Int { coefficients.count }

    init(coefficients: [Double], gram: Matrix<Double>) {
        self.coefficients = coefficients
        self.gram = gram
    }

    /// The right-hand side beside the triangle for y, from that for u: R⁻ᵀWᵀy = R⁻ᵀWᵀu + R·β₀.
    func restoringTargets(_ triangle: Matrix<Double>) -> Matrix<Double> {
        let k = columnCount
        var result = triangle
        for row in 0..<k {
            for column in row..<k { result[row, k] += triangle[row, column] * coefficients[column] }
        }
        return result
    }

    /// What is known of the coefficients.
    struct Correction {
        let coefficients: [Double]
        /// Wᵀr.
        let gradient: [Double]
        /// rᵀr.
        let sumOfSquares: Double
    }

    /// The coefficients; nil where those of the sample were not close enough for one pass to be as good as two.
    ///
    /// - Parameter norms: Those of the columns.
    func correction(_ problem: ReducedProblem, norms: [Double]) -> Correction? {
        let k = columnCount
        guard problem.rank == k else { return nil }
        let right = (0..<k).map { gram[$0, k] }
        var (change, gradient) = ([Double](repeating: 0, count: k), right)
        // The second time for the rounding of the first.
        for _ in 0..<2 {
            change.add(problem.solveNormal(gradient), scaledBy: 1)
            gradient = right
            gram.withUnsafeElements { elements in
                let width = gram.columns
                for row in 0..<k {
                    gradient[row] -= elements[row &* width &+ row] * change[row]
                    for column in row &+ 1..<max(k, row &+ 1) {
                        let product = elements[row &* width &+ column]
                        gradient[row] -= product * change[column]
                        gradient[column] -= product * change[row]
                    }
                }
            }
        }
        let before = gram[k, k]
        let explained = change.dot(right)
        let squares = before - explained
        let values = zip(coefficients, change).map { $0 + $1 }
        func size(_ x: [Double]) -> Double { zip(x, norms).map { $0 * $1 }.norm }
        // Those of QR err by κε‖β‖ + κ²ε‖r‖, the columns scaled to unit norm.
        let condition = problem.conditionNumber
        let allowed = size(values) + condition * max(0, squares).squareRoot()
        guard explained <= 0.5 * before, condition * size(change) <= allowed else { return nil }
        return Correction(coefficients: values, gradient: gradient, sumOfSquares: squares)
    }
}

extension LeastSquaresData {
    /// Coefficients of the columns of a basis from a few of many rows; nil where it does not pay, and where they
    /// could not be trusted.
    func preliminaryCoefficients(_ basis: PolynomialBasis) -> [Double]? {
        let (k, width) = (basis.columnCount, basis.width)
        let count = max(1024, 16 * k)
        guard k > 0, basis.targetCount == 1, basis.degree == 1, PackedGram.pays(width: width) else {
            return nil
        }
        // The sample's own sums must be cheaper than the pass that it saves, whose share falls with the columns.
        guard rows >= count * max(8, k / 12) else { return nil }
        let step = rows / count
        let sample = LeastSquaresData(
            features: sampled(features, every: step), targets: sampled(targets, every: step),
            weights: weights.map { weights in stride(from: 0, to: rows, by: step).map { weights[$0] } })
        let factor = GramFactor(sample.gram(basis), columns: k)
        guard let triangle = factor.triangle, factor.conditionNumber <= LeastSquares.normalLimit else {
            return nil
        }
        var result = triangle.column(k)
        triangle.withUnsafeElements { Double._trsm(false, false, k, 1, $0.baseAddress!, width, &result, 1) }
        return result.allSatisfy(\.isFinite) ? result : nil
    }

    private func sampled(_ matrix: Matrix<Double>, every step: Int) -> Matrix<Double> {
        let width = matrix.columns
        let count = (rows + step - 1) / step
        return Matrix<Double>(rows: count, columns: width) { target in
            guard width > 0 else { return }
            matrix.withUnsafeElements { source in
                for row in 0..<count {
                    (target.baseAddress! + row * width).initialize(
                        from: source.baseAddress! + row * step * width, count: width)
                }
            }
        }
    }
}
