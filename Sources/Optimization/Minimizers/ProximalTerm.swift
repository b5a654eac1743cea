import DescentLinearAlgebra

/// The part of an objective that need not be smooth, but whose proximal map is simple.
public protocol ProximalTerm<Scalar>: Sendable {
    /// The type of one parameter.
    associatedtype Scalar: MatrixScalar

    /// g(x); +∞ outside of a set, if it stands for one.
    func value(at point: [Scalar]) -> Double

    /// Replaces x by argmin over u of g(u) + ‖u − x‖² / 2t.
    func applyProximalMap(_ point: inout [Scalar], step: Double)
}

/// λ₁‖x‖₁ + ½ λ₂‖x‖₂²: the lasso's penalty, the ridge's, and their mixture.
public struct ElasticNetPenalty<Scalar: MatrixScalar>: ProximalTerm, Equatable {
    /// λ₁.
    public let l1: Double

    /// λ₂.
    public let l2: Double

    /// A penalty.
    ///
    /// - Precondition: neither is negative.
    public init(l1: Double, l2: Double = 0) {
        precondition(l1 >= 0 && l2 >= 0, "ElasticNetPenalty: \(l1) or \(l2) is negative or NaN")
        self.l1 = l1
        self.l2 = l2
    }

    /// λ₁‖x‖₁ + ½ λ₂‖x‖₂².
    public func value(at point: [Scalar]) -> Double {
        l1 * point.reduce(0) { $0 + abs(Double($1)) } + l2 * dot(point, point) / 2
    }

    /// Moves each coordinate towards 0 by λ₁t, not beyond, and divides it by 1 + λ₂t.
    public func applyProximalMap(_ point: inout [Scalar], step: Double) {
        for i in point.indices {
            point[i] = Scalar(softThreshold(Double(point[i]), by: l1 * step) / (1 + l2 * step))
        }
    }
}

/// The term that is 0 in a set and +∞ outside: its proximal map is the projection.
public struct Indicator<Constraint: ConvexSet>: ProximalTerm {
    /// The set.
    public let set: Constraint

    /// The indicator of a set.
    public init(_ set: Constraint) {
        self.set = set
    }

    /// 0 for a point of the set (to rounding: one that projection moves by no more than 8 ε ‖x‖∞), +∞ for
    /// another.
    public func value(at point: [Constraint.Scalar]) -> Double {
        var nearest = point
        set.project(&nearest)
        let allowed = 8 * Double(Constraint.Scalar.ulpOfOne) * max(1, largestMagnitude(nearest))
        return distance(point, nearest) <= allowed ? 0 : .infinity
    }

    /// The projection, whatever the step.
    public func applyProximalMap(_ point: inout [Constraint.Scalar], step: Double) {
        set.project(&point)
    }
}

/// x moved towards 0 by a threshold, and not beyond.
func softThreshold(_ x: Double, by threshold: Double) -> Double {
    x > threshold ? x - threshold : x < -threshold ? x + threshold : x.isNaN ? x : 0
}
