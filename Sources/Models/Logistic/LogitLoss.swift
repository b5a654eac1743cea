import DescentLinearAlgebra
import RealModule

/// What is made of the logits of an example.
enum LogitLoss: Equatable, Sendable {
    /// −log softmax(z)_c, for a logit a class.
    case softmax
    /// −log σ(z) for the second class, −log(1 − σ(z)) for the first, for one logit.
    case logistic
    /// ½ (σ(z) − y)², y = 1 for the second class and 0 for the first, for one logit.
    case squaredError

    /// Sums the losses of a block and replaces its logits by the derivatives, both times the weights.
    ///
    /// The logits of example i are `z[i]`, `z[i + stride]`, …: one row a logit, so that the products with the features
    /// run along the examples.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func differentiate<Scalar: MatrixScalar>(
        _ z: UnsafeMutablePointer<Scalar>, stride: Int, logits: Int, labels: UnsafePointer<Int32>,
        weights: UnsafePointer<Double>, rows: Int
    ) -> Double {
        var sum = 0.0
        switch self {
        case .softmax:
            for row in 0..<rows {
                let z = z + row
                let label = Int(labels[row])
                var maximum = z[0]
                for k in 1..<max(logits, 1) where z[k &* stride] > maximum { maximum = z[k &* stride] }
                let margin = z[label &* stride] - maximum
                var total: Scalar = 0
                for k in 0..<logits {
                    let e = Scalar.exp(z[k &* stride] - maximum)
                    z[k &* stride] = e
                    total += e
                }
                let weight = Scalar(weights[row])
                let factor = weight / total
                for k in 0..<logits { z[k &* stride] *= factor }
                z[label &* stride] -= weight
                sum += weights[row] * Double(.log(total) - margin)
            }
        case .logistic:
            for row in 0..<rows {
                // ±z: positive where the example is classified rightly.
                let isSecond = labels[row] == 1
                let margin = isSecond ? z[row] : -z[row]
                sum += weights[row] * Double(Sigmoid.softplus(-margin))
                let error = Sigmoid.value(-margin) * Scalar(weights[row])
                z[row] = isSecond ? -error : error
            }
        case .squaredError:
            for row in 0..<rows {
                let (p, q) = (Sigmoid.value(z[row]), Sigmoid.value(-z[row]))
                // σ − 1 without cancellation.
                let error = labels[row] == 1 ? -q : p
                sum += weights[row] * Double(error * error) / 2
                z[row] = error * p * q * Scalar(weights[row])
            }
        }
        return sum
    }

    /// Sums the losses of a block, times the weights, and leaves the logits as they are.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func value<Scalar: MatrixScalar>(
        _ z: UnsafePointer<Scalar>, stride: Int, logits: Int, labels: UnsafePointer<Int32>,
        weights: UnsafePointer<Double>, rows: Int
    ) -> Double {
        var sum = 0.0
        for row in 0..<rows {
            switch self {
            case .softmax:
                let z = z + row
                var maximum = z[0]
                for k in 1..<max(logits, 1) where z[k &* stride] > maximum { maximum = z[k &* stride] }
                var total: Scalar = 0
                for k in 0..<logits { total += .exp(z[k &* stride] - maximum) }
                sum += weights[row] * Double(.log(total) - (z[Int(labels[row]) &* stride] - maximum))
            case .logistic:
                sum += weights[row] * Double(Sigmoid.softplus(labels[row] == 1 ? -z[row] : z[row]))
            case .squaredError:
                let error = Sigmoid.value(labels[row] == 1 ? -z[row] : z[row])
                sum += weights[row] * Double(error * error) / 2
            }
        }
        return sum
    }

    /// Replaces logits by what the second derivatives are made of: probabilities, or the second derivative itself.
    ///
    /// For softmax ∂²ℓ/∂zₖ∂zₗ = pₖ (δₖₗ − pₗ), made of probabilities p. For one logit the second derivative: σ(1 − σ)
    /// for the logistic loss; for the squared error it can be negative.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func prepareCurvature<Scalar: MatrixScalar>(
        _ z: UnsafeMutablePointer<Scalar>, stride: Int, logits: Int, labels: UnsafePointer<Int32>, rows: Int
    ) {
        for row in 0..<rows {
            switch self {
            case .softmax:
                let z = z + row
                var maximum = z[0]
                for k in 1..<max(logits, 1) where z[k &* stride] > maximum { maximum = z[k &* stride] }
                var total: Scalar = 0
                for k in 0..<logits {
                    let e = Scalar.exp(z[k &* stride] - maximum)
                    z[k &* stride] = e
                    total += e
                }
                for k in 0..<logits { z[k &* stride] /= total }
            case .logistic:
                z[row] = Sigmoid.value(z[row]) * Sigmoid.value(-z[row])
            case .squaredError:
                let (p, q) = (Sigmoid.value(z[row]), Sigmoid.value(-z[row]))
                let error = labels[row] == 1 ? -q : p
                z[row] = p * q * (p * q + error * (q - p))
            }
        }
    }
}

/// The logistic function and its kin, without overflow or cancellation.
public enum Sigmoid {
    /// σ(z) = 1 / (1 + e⁻ᶻ), to full relative accuracy on either side.
    ///
    /// σ(z) + σ(−z) = 1, and σ(−z) is small where 1 − σ(z) would be 0.
    @inlinable
    public static func value<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar {
        // The exponential of a number that is not positive cannot overflow.
        let e = Scalar.exp(-abs(z))
        return z >= 0 ? 1 / (1 + e) : e / (1 + e)
    }

    /// log(1 + eᶻ) = −log σ(−z), without overflow for large z, and to full relative accuracy for small.
    @inlinable
    public static func softplus<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar {
        max(z, 0) + .log(onePlus: .exp(-abs(z)))
    }
}
