/// The Cholesky factorization of a Gram matrix, and whether to believe it.
struct GramFactor {
    /// R and R⁻ᵀWᵀy beside it; nil when the matrix is not positive definite to working precision.
    let triangle: Matrix<Double>?
    /// The condition number of the columns scaled to unit norm, estimated in the 1-norm; infinite without R.
    let conditionNumber: Double

    /// Factorizes the leading block of a Gram matrix of columns and targets.
    ///
    /// - Parameter gram: The matrix; its upper triangle is used.
    init(_ gram: Matrix<Double>, columns k: Int) {
        let width = gram.columns
        // To about unit diagonal, exactly.
        let exponents = (0..<k).map { gram[$0, $0] > 0 ? (Int(gram[$0, $0].exponent) + 1) >> 1 : 0 }
        let scales = exponents.map { PolynomialBasis.power(-$0) }
        var factor = Matrix<Double>(rows: k, columns: k)
        factor.withUnsafeMutableElements { factor in
            gram.withUnsafeElements { gram in
                for row in 0..<k {
                    for column in row..<k {
                        factor[row &* k &+ column] =
                            gram[row &* width &+ column] * scales[row] * scales[column]
                    }
                }
            }
        }
        // Row-major upper is column-major lower.
        let info =
            k == 0 ? 0 : factor.withUnsafeMutableElements { Double._potrf(.lower, k, $0.baseAddress!, k) }
        guard info == 0 else {
            triangle = nil
            conditionNumber = .infinity
            return
        }
        conditionNumber = estimatedConditionNumber(size: k) { reciprocal, work, integers in
            factor.withUnsafeElements {
                Double._trcon(.oneNorm, .lower, k, $0.baseAddress!, k, &reciprocal, work, integers)
            }
        }
        // R·D⁻¹, and R⁻ᵀ·D·Wᵀy.
        var right = Matrix<Double>(rows: k, columns: width - k)
        for row in 0..<k {
            for target in k..<width { right[row, target - k] = gram[row, target] * scales[row] }
        }
        if k > 0, width > k {
            right.withUnsafeMutableElements { target in
                factor.withUnsafeElements {
                    Double._trsm(
                        false, true, k, width - k, $0.baseAddress!, k, target.baseAddress!, width - k)
                }
            }
        }
        var result = Matrix<Double>(rows: k, columns: width)
        let sizes = exponents.map { PolynomialBasis.power($0) }
        result.withUnsafeMutableElements { result in
            factor.withUnsafeElements { factor in
                for row in 0..<k {
                    for column in row..<k {
                        result[row &* width &+ column] = factor[row &* k &+ column] * sizes[column]
                    }
                }
            }
        }
        for row in 0..<k {
            for target in k..<width { result[row, target] = right[row, target - k] }
        }
        triangle = result
    }
}
