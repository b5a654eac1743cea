/// A least-squares problem after the pass over its rows: a triangle, and which of its columns to use.
///
/// With R upper triangular and Z beside it, ‖W·x − y‖² = ‖R·x − z‖² + a constant. All that remains to be
/// decided and computed is a matter of this k × k problem.
struct ReducedProblem: Sendable {
    /// R, k × k, in the columns of the basis.
    let triangle: Matrix<Double>
    /// The norms of its columns, which are those of the columns of the basis.
    let columnNorms: [Double]
    /// Z, k × q.
    let rightHandSides: Matrix<Double>
    /// How R was obtained.
    let method: LeastSquaresFit.Method
    /// The number of columns found independent.
    let rank: Int
    /// The columns that have coefficients of their own, rising; all of them with the singular value
    /// decomposition.
    let independent: [Int]
    /// Y, k × rank: the columns of W·Y are orthonormal, and Y·Yᵀ is the (generalized) inverse of WᵀW.
    let inverseFactor: Matrix<Double>
    /// A basis of the null space, k × (k − rank).
    let nullSpace: Matrix<Double>
    /// The condition number of the independent columns, scaled to unit norm, as estimated in the 1-norm.
    let conditionNumber: Double

    /// Decides on rank and columns.
    ///
    /// - Parameters:
    ///   - triangle: R and Z above the residual's triangle, (k + q) columns; lower rows are not used.
    ///   - tolerance: The relative size from which on a column, or a singular value, counts.
    init(
        triangle full: Matrix<Double>, basis: PolynomialBasis, rows: Int, method: LeastSquaresFit.Method,
        tolerance: Double?
    ) throws(LeastSquaresError) {
        let (k, q) = (basis.columnCount, basis.targetCount)
        let triangle = Matrix(full[rows: 0..<k, columns: 0..<k])
        let z = Matrix(full[rows: 0..<k, columns: k..<k + q])
        self.triangle = triangle
        rightHandSides = z
        self.method = method
        // Columns to about unit norm, by powers of two.
        let norms = triangle.columnNorms
        columnNorms = norms
        let scales = norms.map { $0 > 0 ? PolynomialBasis.power(-Int($0.exponent)) : 1 }
        let equilibrated = triangle.scalingColumns(by: scales)
        let tolerance = tolerance ?? Self.defaultTolerance(rows: rows, columns: k)

        if method == .svd {
            (rank, inverseFactor, nullSpace, conditionNumber) = try Self.bySingularValues(
                equilibrated, scales, tolerance)
            independent = Array(0..<k)
            return
        }
        // What rounding of the features themselves leaves of a dependent column: an ulp of the offset.
        let unit = basis.hasIntercept && k > 0 ? abs(triangle[0, 0]) : 0
        var limits = (0..<k).map { tolerance * norms[$0] * scales[$0] }
        for (feature, powers) in basis.powerColumns.enumerated() {
            let noise =
                Double.ulpOfOne * abs(basis.centers[feature])
                * PolynomialBasis.power(-basis.exponents[feature]) * unit
            for column in powers {
                limits[column] += Double(column - powers.lowerBound + 1) * noise * scales[column]
            }
        }
        let columns = Self.independentColumns(equilibrated, limits)
        let chosen: Matrix<Double>
        if columns.count == k {
            chosen = equilibrated
        } else {
            let selected = Matrix<Double>(rows: k, columns: columns.count) { target in
                for row in 0..<k {
                    for (index, column) in columns.enumerated() {
                        target[row * columns.count + index] = equilibrated[row, column]
                    }
                }
            }
            chosen = Self.triangle(of: selected)
        }
        let inverse = chosen.upperInverse()
        independent = columns
        rank = columns.count
        conditionNumber = rank == 0 ? 1 : chosen.oneNorm * inverse.oneNorm
        var factor = Matrix<Double>(rows: k, columns: rank)
        for (index, column) in columns.enumerated() {
            factor.setRow(column, to: inverse.row(index).scaled(by: scales[column]))
        }
        inverseFactor = factor
        nullSpace = Self.nullSpace(triangle, factor, independent: columns)
    }

    /// From which relative size on a column counts: a few rounding errors, more of them for more rows.
    static func defaultTolerance(rows: Int, columns: Int) -> Double {
        8 * Double.ulpOfOne * max(Double(columns), Double(rows).squareRoot())
    }

    // MARK: Rank

    /// The columns that do not depend on those before them, in order, as in R.
    ///
    /// A column whose part orthogonal to the earlier independent ones is within its limit is left out.
    private static func independentColumns(_ triangle: Matrix<Double>, _ limits: [Double]) -> [Int] {
        let k = triangle.columns
        // Until the first is left out, the diagonal tells.
        guard let first = (0..<k).first(where: { !(abs(triangle[$0, $0]) > limits[$0]) }) else {
            return Array(0..<k)
        }
        var columns = Array(0..<first)
        var basis: [[Double]] = []
        for column in first..<k {
            // The leading triangle spans the leading coordinates.
            var rest = triangle.column(column)
            for index in 0..<first { rest[index] = 0 }
            // Twice is enough (W. Kahan, B. N. Parlett).
            for _ in 0..<2 {
                for direction in basis { rest.add(direction, scaledBy: -direction.dot(rest)) }
            }
            let norm = rest.norm
            guard norm > limits[column] else { continue }
            columns.append(column)
            basis.append(rest.scaled(by: 1 / norm))
        }
        return columns
    }

    /// R of a QR factorization.
    private static func triangle(of matrix: Matrix<Double>) -> Matrix<Double> {
        let n = matrix.columns
        var update = TriangleUpdate(width: n)
        var stack = Matrix<Double>(rows: n + matrix.rows, columns: n)
        guard n > 0 else { return stack }
        for row in 0..<matrix.rows { stack.setRow(n + row, to: matrix.row(row)) }
        let rows = stack.rows
        stack.withUnsafeMutableElements { update.reduce($0.baseAddress!, rows: rows) }
        return update.value
    }

    /// For each dependent column a combination of columns that vanishes.
    private static func nullSpace(
        _ triangle: Matrix<Double>, _ inverseFactor: Matrix<Double>, independent: [Int]
    ) -> Matrix<Double> {
        let k = triangle.columns
        let dependent = Set(0..<k).subtracting(independent).sorted()
        guard !dependent.isEmpty else { return Matrix(rows: k, columns: 0) }
        var result = Matrix<Double>(rows: k, columns: dependent.count)
        let image = triangle * inverseFactor
        for (index, column) in dependent.enumerated() {
            let projected = image.times(triangle.column(column), transposed: true)
            var combination = inverseFactor.times(projected).scaled(by: -1)
            combination[column] = 1
            result.setColumn(index, to: combination)
        }
        return result
    }

    private static func bySingularValues(
        _ equilibrated: Matrix<Double>, _ scales: [Double], _ tolerance: Double
    ) throws(LeastSquaresError) -> (Int, Matrix<Double>, Matrix<Double>, Double) {
        let k = equilibrated.columns
        let svd: SVD<Double>
        do {
            svd = try SVD(equilibrated)
        } catch {
            throw .notConverged("the iteration for singular values")
        }
        let values = svd.singularValues
        let threshold = tolerance * (values.first ?? 0)
        let rank = values.prefix { $0 > threshold }.count
        var factor = Matrix<Double>(rows: k, columns: rank)
        var null = Matrix<Double>(rows: k, columns: k - rank)
        for row in 0..<k {
            for index in 0..<rank {
                factor[row, index] = svd.vTransposed[index, row] / values[index] * scales[row]
            }
            for index in rank..<k { null[row, index - rank] = svd.vTransposed[index, row] * scales[row] }
        }
        return (rank, factor, null, rank == 0 ? 1 : values[0] / values[rank - 1])
    }

    // MARK: Solving

    /// The solution x = Y·(R·Y)ᵀ·z for a target.
    func solution(target: Int) -> [Double] {
        let z = rightHandSides.column(target)
        if rank == triangle.columns, method != .svd {
            // By substitution, which is backward stable where a product with the inverse is not.
            var x = Matrix(rows: z.count, columns: 1, elements: z)
            let n = z.count
            guard n > 0 else { return [] }
            x.withUnsafeMutableElements { target in
                triangle.withUnsafeElements {
                    Double._trsm(false, false, n, 1, $0.baseAddress!, n, target.baseAddress!, 1)
                }
            }
            return x.elements
        }
        return inverseFactor.times((triangle * inverseFactor).times(z, transposed: true))
    }

    /// (WᵀW)⁻¹·g.
    func solveNormal(_ gradient: [Double]) -> [Double] {
        inverseFactor.times(inverseFactor.times(gradient, transposed: true))
    }
}

extension Matrix where Scalar == Double {
    /// The Euclidean norm of each column.
    var columnNorms: [Double] {
        var sums = [Double](repeating: 0, count: columns)
        let n = columns
        withUnsafeElements { elements in
            for row in 0..<rows {
                for column in 0..<n {
                    let value = elements[row &* n &+ column]
                    sums[column] += value * value
                }
            }
        }
        // One column at a time where squares leave the range.
        return sums.enumerated().map { column, sum in
            sum > 1e-280 && sum < 1e300 ? sum.squareRoot() : self.column(column).norm
        }
    }

    /// The matrix with each column times a number.
    func scalingColumns(by factors: [Double]) -> Matrix {
        var result = self
        let n = columns
        result.withUnsafeMutableElements { elements in
            for row in 0..<rows { for column in 0..<n { elements[row * n + column] *= factors[column] } }
        }
        return result
    }

    /// The inverse of an upper triangular matrix with nonzero diagonal.
    func upperInverse() -> Matrix {
        let n = columns
        if n > 64 {
            // A third of the work. Row-major upper is column-major lower.
            var inverse = self
            let info = inverse.withUnsafeMutableElements { Double._trtri(.lower, n, $0.baseAddress!, n) }
            if info == 0 { return inverse }
        }
        var inverse = Matrix.identity(columns)
        guard n > 0 else { return inverse }
        inverse.withUnsafeMutableElements { target in
            withUnsafeElements {
                Double._trsm(false, false, n, n, $0.baseAddress!, n, target.baseAddress!, n)
            }
        }
        return inverse
    }
}
