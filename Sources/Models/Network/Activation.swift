import DescentLinearAlgebra
import RealModule

/// The function between the layers of a network, applied to each number.
public enum Activation: String, Codable, CaseIterable, Sendable {
    /// max(0, z).
    case relu
    /// tanh z.
    case tanh
    /// 1 / (1 + e⁻ᶻ).
    case sigmoid
    /// z itself: layers without anything between them.
    case identity

    /// Replaces each z by its activation.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func apply<Scalar: MatrixScalar>(to values: UnsafeMutableBufferPointer<Scalar>) {
        switch self {
        case .relu: for i in values.indices { values[i] = values[i] < 0 ? 0 : values[i] }  // NaN stays NaN
        case .tanh: for i in values.indices { values[i] = .tanh(values[i]) }
        case .sigmoid: for i in values.indices { values[i] = stableSigmoid(values[i]) }
        case .identity: break
        }
    }

    /// Multiplies each derivative ∂ℓ/∂a by da/dz, which all of these functions can tell from a alone.
    ///
    /// At z = 0 the derivative of the rectifier is taken as 0, as PyTorch takes it.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func multiplyByDerivative<Scalar: MatrixScalar>(
        _ derivatives: UnsafeMutableBufferPointer<Scalar>, activations: UnsafeBufferPointer<Scalar>
    ) {
        switch self {
        case .relu:
            for i in derivatives.indices { derivatives[i] = activations[i] > 0 ? derivatives[i] : 0 }
        case .tanh:
            for i in derivatives.indices { derivatives[i] *= 1 - activations[i] * activations[i] }
        case .sigmoid:
            for i in derivatives.indices { derivatives[i] *= activations[i] * (1 - activations[i]) }
        case .identity: break
        }
    }
}

/// 1 / (1 + e⁻ᶻ), by the branch on which the exponential cannot overflow.
@inline(__always)
private func stableSigmoid<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar {
    if z >= 0 { return 1 / (1 + .exp(-z)) }
    let e = Scalar.exp(z)
    return e / (1 + e)
}
