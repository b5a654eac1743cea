import DescentLinearAlgebra
import RealModule

/// Where a batch norm's parameters and running statistics lie.
struct BatchNormPlace: Sendable {
    var scale: Int
    var shift: Int
    var mean: Int
    var variance: Int
    var momentum: Double
    var epsilon: Double
    /// Which of the network's batch norms it is.
    var index: Int
}

/// Batch normalization of rows: y = γ x̂ + β with x̂ = (x − μ) s, s = 1/√(σ² + ε), μ and σ² of each column.
///
/// Over a batch, μ = Σ wᵢ xᵢ / W and σ² = Σ wᵢ (xᵢ − μ)² / W with the weights of the examples and W their sum, so that an
/// example of weight 2 is one that stands twice. Sums over rows are accumulated in Double.
enum BatchNormKernel {
    /// Adds Σ wᵢ (xᵢ − μ) for each column, or Σ wᵢ (xᵢ − μ)².
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func addMoments<Scalar: MatrixScalar>(
        of x: UnsafePointer<Scalar>, rows: Int, columns: Int, weights: UnsafePointer<Scalar>?,
        mean: UnsafePointer<Scalar>?, to sums: UnsafeMutablePointer<Double>
    ) {
        for row in 0..<rows {
            let x = x + row * columns
            let weight = weights.map { Double($0[row]) } ?? 1
            if let mean {
                for k in 0..<columns {
                    let deviation = Double(x[k]) - Double(mean[k])
                    sums[k] += weight * (deviation * deviation)
                }
            } else {
                for k in 0..<columns { sums[k] += weight * Double(x[k]) }
            }
        }
    }

    /// Writes y; `statistics` are μ of all columns, then s.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func apply<Scalar: MatrixScalar>(
        _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int,
        scale: UnsafePointer<Scalar>, shift: UnsafePointer<Scalar>, statistics: UnsafePointer<Scalar>
    ) {
        let (mean, inverse) = (statistics, statistics + columns)
        for row in 0..<rows {
            let x = x + row * columns
            let y = y + row * columns
            for k in 0..<columns { y[k] = (x[k] - mean[k]) * inverse[k] * scale[k] + shift[k] }
        }
    }

    /// Adds Σ d and Σ d x̂ for each column, the first sums before the second, for d = ∂ℓ/∂y.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func addDerivatives<Scalar: MatrixScalar>(
        _ derivative: UnsafePointer<Scalar>, x: UnsafePointer<Scalar>, rows: Int, columns: Int,
        statistics: UnsafePointer<Scalar>, to sums: UnsafeMutablePointer<Double>
    ) {
        let (mean, inverse) = (statistics, statistics + columns)
        for row in 0..<rows {
            let x = x + row * columns
            let d = derivative + row * columns
            for k in 0..<columns {
                let normalized = (x[k] - mean[k]) * inverse[k]
                sums[k] += Double(d[k])
                sums[columns + k] += Double(d[k] * normalized)
            }
        }
    }

    /// Replaces d by ∂ℓ/∂x, μ and s being functions of x:
    /// ∂ℓ/∂xᵢ = γ s (dᵢ − (wᵢ/W)(Σ d + x̂ᵢ Σ d x̂)).
    ///
    /// - Parameters:
    ///   - sums: Σ d, then Σ d x̂, over the whole batch.
    ///   - total: W.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func differentiate<Scalar: MatrixScalar>(
        _ derivative: UnsafeMutablePointer<Scalar>, x: UnsafePointer<Scalar>, rows: Int, columns: Int,
        weights: UnsafePointer<Scalar>?, total: Double, scale: UnsafePointer<Scalar>,
        statistics: UnsafePointer<Scalar>, sums: UnsafePointer<Double>
    ) {
        let (mean, inverse) = (statistics, statistics + columns)
        for row in 0..<rows {
            let x = x + row * columns
            let d = derivative + row * columns
            let share = Scalar((weights.map { Double($0[row]) } ?? 1) / total)
            for k in 0..<columns {
                let normalized = (x[k] - mean[k]) * inverse[k]
                let common = share * (Scalar(sums[k]) + normalized * Scalar(sums[columns + k]))
                d[k] = scale[k] * inverse[k] * (d[k] - common)
            }
        }
    }

    /// Adds ∂ℓ/∂γ and ∂ℓ/∂β and replaces d by ∂ℓ/∂x = γ s d, μ and s being constants.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func differentiateFixed<Scalar: MatrixScalar>(
        _ derivative: UnsafeMutablePointer<Scalar>, x: UnsafePointer<Scalar>, rows: Int, columns: Int,
        scale: UnsafePointer<Scalar>, statistics: UnsafePointer<Scalar>,
        scaleGradient: UnsafeMutablePointer<Scalar>, shiftGradient: UnsafeMutablePointer<Scalar>
    ) {
        let (mean, inverse) = (statistics, statistics + columns)
        for row in 0..<rows {
            let x = x + row * columns
            let d = derivative + row * columns
            for k in 0..<columns {
                scaleGradient[k] += d[k] * ((x[k] - mean[k]) * inverse[k])
                shiftGradient[k] += d[k]
                d[k] *= scale[k] * inverse[k]
            }
        }
    }
}
