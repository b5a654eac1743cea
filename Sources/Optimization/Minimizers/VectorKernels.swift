import DescentLinearAlgebra

// The few passes over vectors that every minimizer is made of. Sums are accumulated in Double whatever the
// scalar, in eight partial sums of fixed order: the same bits on every machine, which BLAS does not promise,
// and enough of them for the processor to overlap.

/// Σ aᵢ bᵢ.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func dot<Scalar: MatrixScalar>(_ a: [Scalar], _ b: [Scalar]) -> Double {
    precondition(a.count == b.count, "dot: vectors of \(a.count) and \(b.count) numbers")
    return a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
            var sums = SIMD8<Double>.zero
            var i = 0
            while i + 8 <= a.count {
                for lane in 0..<8 { sums[lane] += Double(a[i + lane]) * Double(b[i + lane]) }
                i += 8
            }
            var sum = sums.sum()
            while i < a.count {
                sum += Double(a[i]) * Double(b[i])
                i += 1
            }
            return sum
        }
    }
}

/// max |aᵢ|, NaN if any is NaN.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func largestMagnitude<Scalar: MatrixScalar>(_ a: [Scalar]) -> Double {
    var largest: Scalar = 0
    var allNumbers = true
    for x in a {
        let magnitude = x.magnitude
        if magnitude > largest { largest = magnitude }
        if x.isNaN { allNumbers = false }
    }
    return allNumbers ? Double(largest) : .nan
}

/// y ← y + α x.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func add<Scalar: MatrixScalar>(_ x: [Scalar], times factor: Double, to y: inout [Scalar]) {
    precondition(x.count == y.count, "add: vectors of \(x.count) and \(y.count) numbers")
    let factor = Scalar(factor)
    let count = y.count
    y.withUnsafeMutableBufferPointer { y in
        x.withUnsafeBufferPointer { x in
            for i in 0..<count { y[i] += factor * x[i] }
        }
    }
}

/// y ← α x + β y.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func combine<Scalar: MatrixScalar>(
    _ x: [Scalar], times alpha: Double, with y: inout [Scalar], times beta: Double
) {
    precondition(x.count == y.count, "combine: vectors of \(x.count) and \(y.count) numbers")
    let (alpha, beta) = (Scalar(alpha), Scalar(beta))
    let count = y.count
    y.withUnsafeMutableBufferPointer { y in
        x.withUnsafeBufferPointer { x in
            for i in 0..<count { y[i] = alpha * x[i] + beta * y[i] }
        }
    }
}

/// target ← x + α d.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func move<Scalar: MatrixScalar>(
    _ x: [Scalar], along d: [Scalar], by step: Double, into target: inout [Scalar]
) {
    precondition(
        x.count == d.count && d.count == target.count,
        "move: vectors of \(x.count), \(d.count) and \(target.count) numbers")
    let step = Scalar(step)
    let count = x.count
    target.withUnsafeMutableBufferPointer { target in
        x.withUnsafeBufferPointer { x in
            d.withUnsafeBufferPointer { d in
                for i in 0..<count { target[i] = x[i] + step * d[i] }
            }
        }
    }
}

/// target ← a − b.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func subtract<Scalar: MatrixScalar>(_ b: [Scalar], from a: [Scalar], into target: inout [Scalar]) {
    precondition(
        a.count == b.count && b.count == target.count,
        "subtract: vectors of \(a.count), \(b.count) and \(target.count) numbers")
    let count = a.count
    target.withUnsafeMutableBufferPointer { target in
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                for i in 0..<count { target[i] = a[i] - b[i] }
            }
        }
    }
}

/// max |aᵢ − bᵢ|.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func distance<Scalar: MatrixScalar>(_ a: [Scalar], _ b: [Scalar]) -> Double {
    precondition(a.count == b.count, "distance: vectors of \(a.count) and \(b.count) numbers")
    var largest: Scalar = 0
    for i in a.indices {
        let magnitude = (a[i] - b[i]).magnitude
        if magnitude > largest { largest = magnitude }
    }
    return Double(largest)
}

/// a ← −a.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func negate<Scalar: MatrixScalar>(_ a: inout [Scalar]) {
    for i in a.indices { a[i] = -a[i] }
}

/// Whether all numbers of a vector are finite.
///
/// A key path in place of the loop would be looked up for each number, at the price of a block of memory.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func areFinite<Scalar: MatrixScalar>(_ values: [Scalar]) -> Bool {
    for value in values where !value.isFinite { return false }
    return true
}
