extension LeastSquaresFit {
    /// Wald's statistic over its degrees of freedom, for all coefficients but the constant.
    ///
    /// - Parameter meat: The covariance of the coefficients u of orthonormal columns.
    func robustFStatistic(_ meat: Matrix<Double>) -> Double? {
        // Fitted values in orthonormal coordinates are P·u; with an intercept the first is along the constant.
        let p = triangle * inverseFactor
        let u = p.times(triangle.times(workingCoefficients.map(\.value)), transposed: true)
        var directions = Matrix<Double>.identity(rank)
        if hasIntercept {
            let constant = p.row(0)
            guard constant.norm > 0.5 else { return nil }
            directions = Self.complement(of: constant)
        }
        let effects = directions.times(u, transposed: true)
        let covariance = directions.times(meat * directions, transposing: .first)
        // To about unit diagonal, so that its scale does not matter.
        let q = effects.count
        let scales = (0..<q).map { covariance[$0, $0] > 0 ? 1 / covariance[$0, $0].squareRoot() : 0 }
        guard !scales.contains(0) else { return nil }
        let scaled = Matrix<Double>(rows: q, columns: q) { target in
            for row in 0..<q {
                for column in 0..<q {
                    target[row * q + column] =
                        0.5 * (covariance[row, column] + covariance[column, row]) * scales[row]
                        * scales[column]
                }
            }
        }
        let right = zip(effects, scales).map { $0 * $1 }
        guard let factor = try? Cholesky(scaled), factor.conditionNumber < 1e14,
            let solution = try? factor.solve(Matrix(rows: q, columns: 1, elements: right))
        else { return nil }
        return right.dot(solution.elements) / Double(q)
    }

    /// Orthonormal columns that are orthogonal to a vector, by the reflection that maps it to an axis.
    private static func complement(of vector: [Double]) -> Matrix<Double> {
        let n = vector.count
        var v = vector.scaled(by: 1 / vector.norm)
        v[0] += v[0] < 0 ? -1 : 1
        let factor = 2 / v.dot(v)
        return Matrix<Double>(rows: n, columns: n - 1) { target in
            for row in 0..<n {
                for column in 1..<n {
                    target[row * (n - 1) + column - 1] =
                        (row == column ? 1 : 0) - factor * v[row] * v[column]
                }
            }
        }
    }
}
