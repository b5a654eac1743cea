import DescentLinearAlgebra

// λ₁ Σ |w| + (λ₂/2) Σ w² over the weights of dense layers; the derivative of |w| at 0 is taken as 0.

extension NetworkObjective {
    func penaltyValue(at parameters: [Scalar]) -> Double {
        parameters.withUnsafeBufferPointer { penaltyValue(at: $0.baseAddress!) }
    }

    func penaltyValue(at parameters: UnsafePointer<Scalar>) -> Double {
        guard !penalty.isNone else { return 0 }
        var value = 0.0
        for layer in layout.layers where !layer.weights.isEmpty {
            let weights = UnsafeBufferPointer(
                start: parameters + layer.weights.lowerBound, count: layer.weights.count)
            if penalty.l2 > 0 { value += penalty.l2 / 2 * sumOfSquares(weights) }
            if penalty.l1 > 0 { value += penalty.l1 * sumOfMagnitudes(weights) }
        }
        return value
    }

    func addPenalty(at parameters: UnsafePointer<Scalar>, to gradient: UnsafeMutablePointer<Scalar>) {
        guard !penalty.isNone else { return }
        for layer in layout.layers where !layer.weights.isEmpty {
            addDerivative(
                of: parameters + layer.weights.lowerBound, to: gradient + layer.weights.lowerBound,
                count: layer.weights.count, l1: Scalar(penalty.l1), l2: Scalar(penalty.l2))
        }
    }
}

/// Σ x², in Double.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func sumOfSquares<Scalar: MatrixScalar>(_ values: UnsafeBufferPointer<Scalar>) -> Double {
    // Eight sums side by side: a fixed order that the compiler may still vectorize.
    var sums = SIMD8<Double>(repeating: 0)
    var i = 0
    while i + 8 <= values.count {
        var x = SIMD8<Double>()
        for lane in 0..<8 { x[lane] = Double(values[i + lane]) }
        sums += x * x
        i += 8
    }
    var total = sums.sum()
    while i < values.count {
        total += Double(values[i]) * Double(values[i])
        i += 1
    }
    return total
}

/// Σ |x|, in Double.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func sumOfMagnitudes<Scalar: MatrixScalar>(_ values: UnsafeBufferPointer<Scalar>) -> Double {
    var total = 0.0
    for value in values { total += Double(abs(value)) }
    return total
}

/// g ← g + λ₂ w + λ₁ sign w.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func addDerivative<Scalar: MatrixScalar>(
    of w: UnsafePointer<Scalar>, to gradient: UnsafeMutablePointer<Scalar>, count: Int, l1: Scalar, l2: Scalar
) {
    for i in 0..<count { gradient[i] += l2 * w[i] }
    guard l1 > 0 else { return }
    for i in 0..<count { gradient[i] += w[i] > 0 ? l1 : w[i] < 0 ? -l1 : 0 }
}
