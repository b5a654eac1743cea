import DescentLinearAlgebra

/// Shortens a gradient that is too long: g ← g · min(1, c / ‖g‖₂).
///
/// Pascanu, Mikolov and Bengio, *On the difficulty of training recurrent neural networks*, ICML 2013;
/// `optax.clip_by_global_norm` (PyTorch's `clip_grad_norm_` divides by ‖g‖₂ + 10⁻⁶).
public struct NormClipping: GradientStep {
    /// The greatest length, c.
    public var limit: Double

    /// Clipping at a length.
    ///
    /// - Parameter limit: c, positive.
    public init(limit: Double) {
        precondition(limit > 0, "NormClipping: a limit of \(limit) is not positive")
        self.limit = limit
    }

    /// See `GradientStep`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func apply<Scalar: MatrixScalar>(
        to gradient: Span<Scalar>, output: inout MutableSpan<Scalar>, parameters: inout MutableSpan<Scalar>,
        learningRate: Double, state: inout RuleState<Scalar>
    ) -> Bool {
        let norm = euclideanNorm(gradient)
        // Not `norm <= limit`: a norm that is NaN changes nothing, so that it is seen further on.
        guard norm > limit else { return false }
        let factor = Scalar(limit / norm)
        sweep(&output, gradient) { clipped, g in clipped = factor * g }
        return true
    }
}

/// Confines each coordinate of the gradient to −c…c.
///
/// `torch.nn.utils.clip_grad_value_`, `optax.clip`.
public struct ValueClipping: GradientStep {
    /// The greatest magnitude, c.
    public var limit: Double

    /// Clipping at a magnitude.
    ///
    /// - Parameter limit: c, positive.
    public init(limit: Double) {
        precondition(limit > 0, "ValueClipping: a limit of \(limit) is not positive")
        self.limit = limit
    }

    /// See `GradientStep`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func apply<Scalar: MatrixScalar>(
        to gradient: Span<Scalar>, output: inout MutableSpan<Scalar>, parameters: inout MutableSpan<Scalar>,
        learningRate: Double, state: inout RuleState<Scalar>
    ) -> Bool {
        let c = Scalar(limit)
        sweep(&output, gradient) { clipped, g in clipped = g > c ? c : g < -c ? -c : g }
        return true
    }
}

extension UpdateRule {
    /// This rule, after the gradient was shortened to a greatest Euclidean norm.
    public func clipping(norm limit: Double) -> Preceded<NormClipping, Self> {
        Preceded(NormClipping(limit: limit), before: self)
    }

    /// This rule, after each coordinate of the gradient was confined to −limit…limit.
    public func clipping(value limit: Double) -> Preceded<ValueClipping, Self> {
        Preceded(ValueClipping(limit: limit), before: self)
    }
}

/// ‖x‖₂ in Double, safe from overflow; summed in eight parts in a fixed order.
@inline(__always)
func euclideanNorm<Scalar: MatrixScalar>(_ x: Span<Scalar>) -> Double {
    x.withUnsafeBufferPointer { x in
        let direct = sumOfSquares(x, scaledBy: 1)
        if direct.isFinite && direct > 1e-200 { return direct.squareRoot() }
        let largest = x.reduce(0.0) { abs(Double($1)) > $0 ? abs(Double($1)) : $0 }
        guard largest > 0, largest.isFinite else { return direct.squareRoot() }
        return largest * sumOfSquares(x, scaledBy: 1 / largest).squareRoot()
    }
}

@inline(__always)
private func sumOfSquares<Scalar: MatrixScalar>(_ x: UnsafeBufferPointer<Scalar>, scaledBy factor: Double)
    -> Double
{
    var sums = SIMD8<Double>.zero
    let whole = x.count & ~7
    for start in stride(from: 0, to: whole, by: 8) {
        var part = SIMD8<Double>()
        for lane in 0..<8 { part[lane] = factor * Double(x[start + lane]) }
        sums += part * part
    }
    var sum = sums.sum()
    for i in whole..<x.count {
        let value = factor * Double(x[i])
        sum += value * value
    }
    return sum
}
