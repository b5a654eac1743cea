import DescentLinearAlgebra

/// A Hessian, or the nearest thing to it that is positive definite.
///
/// A Hessian that has a Cholesky factorization is taken as it is. Otherwise each eigenvalue is replaced by
/// its absolute value, but at least √ε times the largest: a step along negative curvature then leads away
/// from the saddle instead of into it.
struct PositiveDefiniteHessian<Scalar: MatrixScalar> {
    private enum Form {
        case whole(Matrix<Scalar>, Cholesky<Scalar>)
        case reflected(values: [Scalar], vectors: Matrix<Scalar>)
    }
    private let form: Form

    /// `nil` if the Hessian is not finite or not symmetric.
    init?(_ hessian: Matrix<Scalar>) {
        if let cholesky = try? Cholesky(hessian),
            Double(cholesky.conditionNumber) < 0.1 / Double(Scalar.ulpOfOne)
        {
            form = .whole(hessian, cholesky)
            return
        }
        guard let eigen = try? SymmetricEigen(hessian) else { return nil }
        let largest = eigen.values.reduce(0) { max($0, abs($1)) }
        // A Hessian of zeros says as much as none: the unit matrix, which leads along the gradient.
        let floor = largest > 0 ? largest * Scalar.ulpOfOne.squareRoot() : 1
        form = .reflected(values: eigen.values.map { max(abs($0), floor) }, vectors: eigen.vectors)
    }

    /// H⁻¹v.
    func solve(_ v: [Scalar]) -> [Scalar]? {
        switch form {
        case .whole(_, let cholesky): return try? cholesky.solve(v)
        case .reflected(let values, let vectors):
            let coefficients = vectors.times(v, transposed: true)
            return vectors.times(zip(coefficients, values).map { $0 / $1 })
        }
    }

    /// Hv.
    func times(_ v: [Scalar]) -> [Scalar] {
        switch form {
        case .whole(let hessian, _): return hessian.times(v)
        case .reflected(let values, let vectors):
            let coefficients = vectors.times(v, transposed: true)
            return vectors.times(zip(coefficients, values).map { $0 * $1 })
        }
    }
}
