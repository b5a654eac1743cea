import DescentLinearAlgebra

/// A closed convex set that knows the nearest of its points.
public protocol ConvexSet<Scalar>: Sendable {
    /// The type of one coordinate.
    associatedtype Scalar: MatrixScalar

    /// Replaces a point by the nearest one of the set, in the Euclidean norm.
    func project(_ point: inout [Scalar])
}

extension Bounds: ConvexSet {
    /// Replaces a point by the nearest one within the bounds.
    public func project(_ point: inout [Scalar]) {
        point = nearest(to: point)
    }
}

/// All points without a negative coordinate.
public struct NonNegativeOrthant<Scalar: MatrixScalar>: ConvexSet, Equatable {
    /// The orthant, of any dimension.
    public init() {}

    /// Sets negative coordinates to 0.
    public func project(_ point: inout [Scalar]) {
        for i in point.indices where point[i] < 0 { point[i] = 0 }
    }
}

/// All points at most a radius away from a center.
public struct Ball<Scalar: MatrixScalar>: ConvexSet, Equatable {
    /// The center; the origin if `nil`.
    public let center: [Scalar]?

    /// The radius.
    public let radius: Double

    /// A ball.
    ///
    /// - Precondition: `radius` ≥ 0.
    public init(center: [Scalar]? = nil, radius: Double) {
        precondition(radius >= 0, "Ball: a radius of \(radius) is negative or NaN")
        self.center = center
        self.radius = radius
    }

    /// Shortens the way from the center to the radius.
    public func project(_ point: inout [Scalar]) {
        if let center {
            precondition(
                center.count == point.count,
                "Ball: a center of \(center.count) numbers and a point of \(point.count)")
            add(center, times: -1, to: &point)
        }
        let length = dot(point, point).squareRoot()
        if length > radius { combine(point, times: radius / length, with: &point, times: 0) }
        if let center { add(center, times: 1, to: &point) }
    }
}

/// All points without a negative coordinate whose coordinates have a given sum: the probabilities, if it is
/// 1.
public struct Simplex<Scalar: MatrixScalar>: ConvexSet, Equatable {
    /// The sum of the coordinates.
    public let total: Double

    /// A simplex.
    ///
    /// - Precondition: `total` > 0.
    public init(total: Double = 1) {
        precondition(total > 0 && total.isFinite, "Simplex: a sum of \(total) is not positive and finite")
        self.total = total
    }

    /// Lowers all coordinates by one threshold, found by sorting, and sets negative ones to 0.
    ///
    /// Source: Held, Wolfe and Crowder, Math. Programming 6 (1974) 62.
    public func project(_ point: inout [Scalar]) {
        precondition(!point.isEmpty, "Simplex: a point without coordinates has no sum")
        var sum = 0.0
        var threshold = 0.0
        for (index, value) in point.map({ Double($0) }).sorted(by: >).enumerated() {
            sum += value
            let candidate = (sum - total) / Double(index + 1)
            if candidate >= value { break }
            threshold = candidate
        }
        for i in point.indices { point[i] = Scalar(max(0, Double(point[i]) - threshold)) }
    }
}
