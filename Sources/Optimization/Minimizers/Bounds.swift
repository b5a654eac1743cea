import DescentLinearAlgebra

/// A lower and an upper bound for every parameter.
public struct Bounds<Scalar: MatrixScalar>: Equatable, Sendable {
    /// The lower bounds, −∞ where there is none.
    public let lower: [Scalar]

    /// The upper bounds, +∞ where there is none.
    public let upper: [Scalar]

    /// Bounds parameter by parameter.
    ///
    /// - Precondition: as many lower bounds as upper, no lower one above its upper one, none NaN.
    public init(lower: [Scalar], upper: [Scalar]) {
        precondition(
            lower.count == upper.count, "Bounds: \(lower.count) lower and \(upper.count) upper bounds")
        for i in lower.indices {
            precondition(
                lower[i] <= upper[i], "Bounds: \(lower[i]) is not at most \(upper[i]) for parameter \(i)")
        }
        self.lower = lower
        self.upper = upper
    }

    /// The same bounds for every parameter.
    ///
    /// - Precondition: the range is not that of NaN.
    public init(_ range: ClosedRange<Scalar>, count: Int) {
        self.init(
            lower: [Scalar](repeating: range.lowerBound, count: count),
            upper: [Scalar](repeating: range.upperBound, count: count))
    }

    /// The number of parameters.
    public var count: Int { lower.count }

    /// The nearest point within the bounds.
    public func nearest(to point: [Scalar]) -> [Scalar] {
        precondition(point.count == count, "Bounds: \(count) of them for a point of \(point.count) numbers")
        // NaN stays NaN: a comparison with it is false.
        return point.indices.map {
            point[$0] < lower[$0] ? lower[$0] : point[$0] > upper[$0] ? upper[$0] : point[$0]
        }
    }

    /// The largest component of x − P(x − ∇f): 0 exactly at points that no feasible direction improves.
    func projectedGradientNorm(at point: [Scalar], gradient: [Scalar]) -> Double {
        var largest = 0.0
        for i in point.indices {
            // By cases, not by the difference, which would lose the digits of a small gradient.
            let g = Double(gradient[i])
            let room = g > 0 ? Double(point[i]) - Double(lower[i]) : Double(upper[i]) - Double(point[i])
            largest = max(largest, min(abs(g), room))
        }
        return largest
    }
}
