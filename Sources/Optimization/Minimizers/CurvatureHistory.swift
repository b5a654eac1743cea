import DescentLinearAlgebra

/// The last pairs (s, y) of steps and gradient changes, and the inverse Hessian they imply.
struct CurvatureHistory<Scalar: MatrixScalar> {
    private struct Pair {
        var step: [Scalar]
        var change: [Scalar]
        /// sᵀy and yᵀy.
        var curvature: Double
        var changeSquared: Double
    }

    private let capacity: Int
    /// A ring: the oldest pair stands at `next` once the ring is full, and its memory is used again.
    private var pairs: [Pair] = []
    private var next = 0
    private var spare: Pair?

    init(capacity: Int) {
        self.capacity = capacity
    }

    var isEmpty: Bool { pairs.isEmpty }

    mutating func removeAll() {
        pairs.removeAll(keepingCapacity: true)
        next = 0
    }

    /// Takes in the step between two points, unless it shows no positive curvature.
    mutating func append(
        from point: [Scalar], _ gradient: [Scalar], to newPoint: [Scalar], _ newGradient: [Scalar]
    ) {
        var pair = spare ?? Pair(step: point, change: point, curvature: 0, changeSquared: 0)
        spare = nil
        subtract(point, from: newPoint, into: &pair.step)
        subtract(gradient, from: newGradient, into: &pair.change)
        pair.curvature = dot(pair.step, pair.change)
        pair.changeSquared = dot(pair.change, pair.change)
        let threshold = Double(Scalar.ulpOfOne) * pair.changeSquared
        guard pair.curvature > threshold, pair.curvature.isFinite, pair.changeSquared.isFinite else {
            spare = pair
            return
        }
        if pairs.count < capacity {
            pairs.append(pair)
        } else {
            swap(&pairs[next], &pair)
            spare = pair
        }
        next = (next + 1) % capacity
    }

    /// v ← Hv, by the two-loop recursion.
    func applyInverse(to vector: inout [Scalar]) {
        guard let newest = pairs.isEmpty ? nil : pairs[index(age: 0)] else { return }
        var factors = [Double](repeating: 0, count: pairs.count)
        for age in 0..<pairs.count {
            let pair = pairs[index(age: age)]
            factors[age] = dot(pair.step, vector) / pair.curvature
            add(pair.change, times: -factors[age], to: &vector)
        }
        combine(vector, times: newest.curvature / newest.changeSquared, with: &vector, times: 0)
        for age in (0..<pairs.count).reversed() {
            let pair = pairs[index(age: age)]
            let factor = dot(pair.change, vector) / pair.curvature
            add(pair.step, times: factors[age] - factor, to: &vector)
        }
    }

    /// v ← Hv within a subspace: only the pairs' components that are `free` count; v is zero elsewhere before
    /// and after.
    func applyInverse(to vector: inout [Scalar], free: [Bool]) {
        func inner(_ a: [Scalar], _ b: [Scalar]) -> Double {
            var sum = 0.0
            for i in a.indices where free[i] { sum += Double(a[i]) * Double(b[i]) }
            return sum
        }
        func add(_ x: [Scalar], times factor: Double, to y: inout [Scalar]) {
            let factor = Scalar(factor)
            for i in x.indices where free[i] { y[i] += factor * x[i] }
        }
        var used: [(pair: Pair, curvature: Double, factor: Double)] = []
        var scale = 1.0
        for age in 0..<pairs.count {
            let pair = pairs[index(age: age)]
            // Cut down to the subspace, a pair may have lost its curvature.
            let curvature = inner(pair.step, pair.change)
            let changeSquared = inner(pair.change, pair.change)
            guard curvature > Double(Scalar.ulpOfOne) * changeSquared else { continue }
            if used.isEmpty { scale = curvature / changeSquared }
            let factor = inner(pair.step, vector) / curvature
            add(pair.change, times: -factor, to: &vector)
            used.append((pair, curvature, factor))
        }
        for i in vector.indices { vector[i] *= Scalar(scale) }
        for (pair, curvature, factor) in used.reversed() {
            add(pair.step, times: factor - inner(pair.change, vector) / curvature, to: &vector)
        }
    }

    /// Where the pair of a given age stands; the newest has age 0.
    private func index(age: Int) -> Int {
        (next - 1 - age + 2 * capacity) % capacity
    }
}
