import DescentLinearAlgebra
import RealModule

/// The loops that apply an activation and its derivative to a block of numbers.
enum ActivationKernel {
    /// Writes φ(z) for each z; both may lie at the same place.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func apply<Scalar: MatrixScalar>(
        _ activation: Activation, _ z: UnsafePointer<Scalar>, _ a: UnsafeMutablePointer<Scalar>, count: Int
    ) {
        switch activation {
        case .relu: map(z, a, count) { $0 < 0 ? 0 : $0 }  // NaN stays NaN
        case .leakyReLU(let slope):
            let slope = Scalar(slope)
            map(z, a, count) { $0 > 0 ? $0 : slope * $0 }
        case .elu(let alpha):
            let alpha = Scalar(alpha)
            map(z, a, count) { $0 > 0 ? $0 : alpha * .expMinusOne($0) }
        case .selu:
            let scale = Scalar(seluScale)
            let scaleAlpha = Scalar(seluScale * seluAlpha)
            map(z, a, count) { $0 > 0 ? scale * $0 : scaleAlpha * .expMinusOne($0) }
        case .gelu: map(z, a, count) { $0 * normalDistribution($0) }
        case .geluTanh:
            map(z, a, count) { z in z * (Scalar(0.5) * (1 + .tanh(geluArgument(z)))) }
        case .silu: map(z, a, count) { $0 * sigmoid($0) }
        case .tanh: map(z, a, count) { .tanh($0) }
        case .sigmoid: map(z, a, count) { sigmoid($0) }
        case .softplus: map(z, a, count) { softplus($0) }
        case .identity: if z != UnsafePointer(a) { a.update(from: z, count: count) }
        }
    }

    /// Multiplies each derivative ∂ℓ/∂a by da/dz.
    ///
    /// - Parameters:
    ///   - z: What went in; looked at only if `differentiatesFromInput`.
    ///   - a: What came out; looked at only if not.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    static func differentiate<Scalar: MatrixScalar>(
        _ activation: Activation, _ derivative: UnsafeMutablePointer<Scalar>, z: UnsafePointer<Scalar>,
        a: UnsafePointer<Scalar>, count: Int
    ) {
        switch activation {
        case .relu:
            ElementaryFunctions.rectifyDerivative(derivative, a: a, count: count)
        case .leakyReLU(let slope):
            let slope = Scalar(slope)
            for i in 0..<count { derivative[i] *= a[i] > 0 ? 1 : slope }
        case .elu(let alpha):
            let alpha = Scalar(alpha)
            for i in 0..<count { derivative[i] *= a[i] > 0 ? 1 : a[i] + alpha }
        case .selu:
            let scale = Scalar(seluScale)
            let scaleAlpha = Scalar(seluScale * seluAlpha)
            for i in 0..<count { derivative[i] *= a[i] > 0 ? scale : a[i] + scaleAlpha }
        case .gelu:
            let density = 1 / (2 * Scalar.pi).squareRoot()
            for i in 0..<count {
                derivative[i] *=
                    normalDistribution(z[i]) + z[i] * density * .exp(Scalar(-0.5) * z[i] * z[i])
            }
        case .geluTanh:
            for i in 0..<count {
                let t = Scalar.tanh(geluArgument(z[i]))
                let slope = Scalar(geluFactor) * (1 + Scalar(3 * geluCubic) * z[i] * z[i])
                derivative[i] *= Scalar(0.5) * ((1 + t) + z[i] * (1 - t * t) * slope)
            }
        case .silu:
            for i in 0..<count {
                let s = sigmoid(z[i])
                derivative[i] *= s * (1 + z[i] * (1 - s))
            }
        case .tanh: for i in 0..<count { derivative[i] *= 1 - a[i] * a[i] }
        case .sigmoid: for i in 0..<count { derivative[i] *= a[i] * (1 - a[i]) }
        case .softplus: for i in 0..<count { derivative[i] *= -.expMinusOne(-a[i]) }
        case .identity: break
        }
    }

    @inline(__always)
    private static func map<Scalar: MatrixScalar>(
        _ z: UnsafePointer<Scalar>, _ a: UnsafeMutablePointer<Scalar>, _ count: Int, _ f: (Scalar) -> Scalar
    ) {
        for i in 0..<count { a[i] = f(z[i]) }
    }

    // The constants for which mean 0 and variance 1 are a fixed point.
    static let seluScale = 1.0507009873554804934193349852946
    static let seluAlpha = 1.6732632423543772848170429916717
    private static let geluFactor = 0.79788456080286535588  // √(2/π)
    private static let geluCubic = 0.044715

    @inline(__always)
    private static func geluArgument<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar {
        Scalar(geluFactor) * (z + Scalar(geluCubic) * z * z * z)
    }

    /// 1 / (1 + e⁻ᶻ), by the branch on which the exponential cannot overflow.
    @inline(__always)
    static func sigmoid<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar {
        if z >= 0 { return 1 / (1 + .exp(-z)) }
        let e = Scalar.exp(z)
        return e / (1 + e)
    }

    /// log(1 + eᶻ) without overflow, and without losing a small result.
    @inline(__always)
    static func softplus<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar {
        (z > 0 ? z : 0) + .log(onePlus: .exp(z > 0 ? -z : z))
    }

    /// Φ(z), by the complementary error function, which keeps its digits where Φ is small.
    @inline(__always)
    private static func normalDistribution<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar {
        Scalar(0.5) * .erfc(-z * Scalar(0.70710678118654752440))
    }
}
