import DescentLinearAlgebra
import RealModule

/// Where a layer norm's parameters lie.
struct LayerNormPlace: Sendable {
    var scale: Int
    var shift: Int
    var epsilon: Double
    /// Which of the network's layer norms it is.
    var index: Int
}

/// Layer normalization of rows: y = γ x̂ + β with x̂ = (x − μ) s, s = 1/√(σ² + ε), μ and σ² of the row.
enum LayerNormKernel {
    /// Writes y, and μ and s of each row, which the way back needs, into `statistics`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func apply<Scalar: MatrixScalar>(
        _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int,
        scale: UnsafePointer<Scalar>, shift: UnsafePointer<Scalar>, epsilon: Double,
        statistics: UnsafeMutablePointer<Scalar>
    ) {
        for row in 0..<rows {
            let x = x + row * columns
            let y = y + row * columns
            var sum: Scalar = 0
            for k in 0..<columns { sum += x[k] }
            let mean = sum / Scalar(columns)
            var squares: Scalar = 0
            for k in 0..<columns { squares += (x[k] - mean) * (x[k] - mean) }
            let inverse = 1 / (squares / Scalar(columns) + Scalar(epsilon)).squareRoot()
            for k in 0..<columns { y[k] = (x[k] - mean) * inverse * scale[k] + shift[k] }
            statistics[2 * row] = mean
            statistics[2 * row + 1] = inverse
        }
    }

    /// Adds ∂ℓ/∂γ = Σ d x̂ and ∂ℓ/∂β = Σ d for d = ∂ℓ/∂y, and replaces d by ∂ℓ/∂x.
    ///
    /// ∂ℓ/∂x = s (g − mean(g) − x̂ mean(g x̂)) with g = γ d.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func differentiate<Scalar: MatrixScalar>(
        _ derivative: UnsafeMutablePointer<Scalar>, x: UnsafePointer<Scalar>, rows: Int, columns: Int,
        scale: UnsafePointer<Scalar>, statistics: UnsafePointer<Scalar>,
        scaleGradient: UnsafeMutablePointer<Scalar>, shiftGradient: UnsafeMutablePointer<Scalar>
    ) {
        for row in 0..<rows {
            let x = x + row * columns
            let d = derivative + row * columns
            let (mean, inverse) = (statistics[2 * row], statistics[2 * row + 1])
            var sum: Scalar = 0
            var product: Scalar = 0
            for k in 0..<columns {
                let normalized = (x[k] - mean) * inverse
                scaleGradient[k] += d[k] * normalized
                shiftGradient[k] += d[k]
                d[k] *= scale[k]
                sum += d[k]
                product += d[k] * normalized
            }
            let (meanOfDerivative, meanOfProduct) = (sum / Scalar(columns), product / Scalar(columns))
            for k in 0..<columns {
                let normalized = (x[k] - mean) * inverse
                d[k] = inverse * (d[k] - meanOfDerivative - normalized * meanOfProduct)
            }
        }
    }
}
