/// What White's covariance takes, Σ rᵢ²·xᵢxᵢᵀ, summed before the coefficients in r are known.
///
/// With u = y − xβ₀ for preliminary coefficients β₀ and δ = β − β₀, r² = u² − 2u·xδ + (xδ)²: a quadratic form
/// in the products of the entries of (x, u). So the Gram matrix of those products has all that is needed,
/// and since β₀ is close, nothing cancels. (A. J. Miller, AS 274, Appl. Stat. 41, 1992, sums similar products,
/// as R's biglm does.)
struct SquaredResidualMoments: Sendable, Codable {
    /// β₀, from the first rows, in the columns of the basis.
    private var preliminary: [Double]
    /// The Gram matrix of the products of pairs (i ≤ j) of the k columns and u.
    private var gram: Matrix<Double>

    private var entries: Int { preliminary.count + 1 }

    init(_ triangle: Matrix<Double>, columns k: Int) {
        // Coefficients of no use are as good as any: those of dependent columns are left at zero.
        preliminary = [Double](repeating: 0, count: k)
        for row in stride(from: k - 1, through: 0, by: -1) {
            var value = triangle[row, k]
            for column in row + 1..<max(k, row + 1) { value -= triangle[row, column] * preliminary[column] }
            let diagonal = triangle[row, row]
            let norm = triangle.column(row).norm
            preliminary[row] = diagonal.magnitude > 1e-6 * norm ? value / diagonal : 0
        }
        let pairs = (k + 1) * (k + 2) / 2
        gram = Matrix(rows: pairs, columns: pairs)
    }

    /// Whether the sums are those of so many columns.
    func fits(columns k: Int) -> Bool {
        let pairs = (k + 1) * (k + 2) / 2
        return preliminary.count == k && gram.rows == pairs && gram.columns == pairs
    }

    /// Adds rows.
    mutating func add(_ data: LeastSquaresData, _ basis: PolynomialBasis) {
        let (k, width) = (basis.columnCount, basis.width)
        let pairs = gram.rows
        let step = max(16, min(256, (1 << 18) / pairs))
        let preliminary = preliminary
        data.forEachBlock(of: 0..<data.rows, basis, blockRows: step) { block, rows in
            let products = Matrix<Double>(rows: rows.count, columns: pairs) { target in
                var out = target.baseAddress!
                for row in 0..<rows.count {
                    let x = block + row * width
                    for column in 0..<k { x[k] -= x[column] * preliminary[column] }
                    for first in 0...k {
                        for second in first...k {
                            out.pointee = x[first] * x[second]
                            out += 1
                        }
                    }
                }
            }
            DescentLinearAlgebra.gram(of: products, into: &gram, beta: 1)
        }
    }

    /// The index of the product of two entries.
    private func pair(_ a: Int, _ b: Int) -> Int {
        let (first, second) = (min(a, b), max(a, b))
        return first * entries - first * (first - 1) / 2 + second - first
    }

    /// Yᵀ·(Σ rᵢ²·xᵢxᵢᵀ)·Y for the residuals at some coefficients.
    func meat(coefficients: [Double], scores: Matrix<Double>) -> Matrix<Double> {
        let k = preliminary.count
        // r = u − x·δ
        var form = [Double](repeating: 1, count: k + 1)
        for index in 0..<k { form[index] = preliminary[index] - coefficients[index] }
        // The products' coefficients in r².
        var square = [Double](repeating: 0, count: gram.rows)
        for first in 0...k {
            for second in first...k {
                square[pair(first, second)] = (first == second ? 1 : 2) * form[first] * form[second]
            }
        }
        let sums = gram.times(square)
        var middle = Matrix<Double>(rows: k, columns: k)
        for first in 0..<k {
            for second in 0..<k { middle[first, second] = sums[pair(first, second)] }
        }
        return scores.times(middle, transposing: .first) * scores
    }

    /// The same sums in other columns, W_new = W_old · change.
    func changed(by change: Matrix<Double>) -> SquaredResidualMoments {
        let k = preliminary.count
        // The new entries (x', u') as combinations of the old (x, u): y = u + xβ₀.
        var result = self
        let map = entryMap(change, newPreliminary: &result.preliminary)
        var products = Matrix<Double>(rows: gram.rows, columns: gram.rows)
        for first in 0...k {
            for second in first...k {
                let column = pair(first, second)
                for a in 0...k {
                    for b in 0...k { products[pair(a, b), column] += map[a, first] * map[b, second] }
                }
            }
        }
        result.gram = products.times(gram, transposing: .first) * products
        return result
    }

    /// How the new entries (x, u) come from the old ones, with preliminary coefficients chosen to leave u as it
    /// was but for its scale.
    private func entryMap(_ change: Matrix<Double>, newPreliminary: inout [Double]) -> Matrix<Double> {
        let k = preliminary.count
        var map = Matrix<Double>(rows: k + 1, columns: k + 1)
        for row in 0..<k { for column in 0..<k { map[row, column] = change[row, column] } }
        // y' = x·s + y·c = x·(s + c·β₀) + c·u; choose β₀' with x'·β₀' = x·(s + c·β₀), so u' = c·u.
        let c = change[k, k]
        var right = (0..<k).map { change[$0, k] + c * preliminary[$0] }
        // The change of columns is upper triangular.
        for row in stride(from: k - 1, through: 0, by: -1) {
            for column in row + 1..<max(k, row + 1) { right[row] -= change[row, column] * right[column] }
            right[row] /= change[row, row]
        }
        newPreliminary = right
        map[k, k] = c
        return map
    }

    /// The sums of both, in the columns and with the preliminary coefficients of this one.
    ///
    /// - Parameter change: The change of columns from the other's to this one's.
    func merged(with other: SquaredResidualMoments, change: Matrix<Double>) -> SquaredResidualMoments {
        var theirs = other.changed(by: change)
        theirs = theirs.shifted(to: preliminary)
        var result = self
        result.gram += theirs.gram
        return result
    }

    /// The same sums with other preliminary coefficients: u' = u + x·(β₀ − β₀').
    private func shifted(to preliminary: [Double]) -> SquaredResidualMoments {
        let k = preliminary.count
        var map = Matrix<Double>.identity(k + 1)
        for row in 0..<k { map[row, k] = self.preliminary[row] - preliminary[row] }
        var products = Matrix<Double>(rows: gram.rows, columns: gram.rows)
        for first in 0...k {
            for second in first...k {
                for a in 0...k where map[a, first] != 0 {
                    for b in 0...k where map[b, second] != 0 {
                        products[pair(a, b), pair(first, second)] += map[a, first] * map[b, second]
                    }
                }
            }
        }
        var result = self
        result.preliminary = preliminary
        result.gram = products.times(gram, transposing: .first) * products
        return result
    }
}
