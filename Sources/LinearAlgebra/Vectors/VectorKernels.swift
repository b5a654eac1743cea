/// Below this length OpenBLAS stays on the calling thread; also short enough to be in the cache.
private let chunkLength = 8192

/// Calls `body` with the start and length of each chunk of a vector, in order.
@inline(__always)
func forEachChunk(of count: Int, length chunkLength: Int = chunkLength, _ body: (Int, Int) -> Void) {
    var start = 0
    while start < count {
        let length = min(chunkLength, count - start)
        body(start, length)
        start += length
    }
}

/// xᵀy, chunk by chunk.
func chunkedDot<Scalar: MatrixScalar>(
    _ x: UnsafeBufferPointer<Scalar>, _ y: UnsafeBufferPointer<Scalar>
) -> Scalar {
    var sum: Scalar = 0
    forEachChunk(of: x.count) { sum += Scalar._dot($1, x.baseAddress! + $0, y.baseAddress! + $0) }
    return sum
}

/// Σ |xᵢ|, chunk by chunk.
func chunkedAbsoluteSum<Scalar: MatrixScalar>(_ x: UnsafeBufferPointer<Scalar>) -> Scalar {
    var sum: Scalar = 0
    forEachChunk(of: x.count) { sum += Scalar._asum($1, x.baseAddress! + $0) }
    return sum
}

/// The Euclidean norm.
///
/// The plain sum of squares serves where it neither overflowed nor lost a square to underflow that matters;
/// otherwise the elements are divided first by the largest magnitude's power of two, which is exact.
/// (J. L. Blue, A portable Fortran program to find the Euclidean norm of a vector, ACM TOMS 4, 1978, keeps
/// three sums instead; two passes in the rare case are simpler.)
func euclideanNorm<Scalar: MatrixScalar>(_ x: UnsafeBufferPointer<Scalar>) -> Scalar {
    let plain = chunkedDot(x, x)
    // Each square lost to underflow is below the least normal number.
    let smallestSafe = Scalar(x.count + 1) * (Scalar.leastNormalMagnitude / Scalar.ulpOfOne)
    if plain.isFinite, plain >= smallestSafe { return plain.squareRoot() }
    let largest = largestMagnitude(x)
    // Zero, infinity or NaN is the answer.
    guard largest > 0, largest.isFinite else { return largest }
    let exponent = largest.exponent
    // In two steps: 2^−exponent alone may overflow.
    let half = exponent / 2
    let first = Scalar(sign: .plus, exponent: -half, significand: 1)
    let second = Scalar(sign: .plus, exponent: -(exponent - half), significand: 1)
    let sum = sumOfSquares(x, scaledBy: first, second)
    return sum.squareRoot() / second / first
}

@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func sumOfSquares<Scalar: MatrixScalar>(
    _ x: UnsafeBufferPointer<Scalar>, scaledBy first: Scalar, _ second: Scalar
) -> Scalar {
    var sum: Scalar = 0
    // Sums of sums, so that the rounding of long vectors does not pile up.
    forEachChunk(of: x.count, length: 256) { start, length in
        var part: Scalar = 0
        for index in start..<start &+ length {
            let scaled = x[index] * first * second
            part += scaled * scaled
        }
        sum += part
    }
    return sum
}

/// The largest |xᵢ|; 0 for none, NaN when one is NaN.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
func largestMagnitude<Scalar: MatrixScalar>(_ x: UnsafeBufferPointer<Scalar>) -> Scalar {
    var largest: Scalar = 0
    var poison: Scalar = 0
    for value in x {
        let magnitude = value.magnitude
        largest = magnitude > largest ? magnitude : largest
        poison += value != value ? 1 : 0
    }
    return poison > 0 ? .nan : largest
}

/// Adds the magnitudes of the elements to those of another vector.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
func addMagnitudes<Scalar: MatrixScalar>(
    of x: UnsafeBufferPointer<Scalar>, to sums: UnsafeMutableBufferPointer<Scalar>
) {
    for index in x.indices { sums[index] += x[index].magnitude }
}

/// Multiplies each element by a number.
///
/// Not BLAS' scal, which in some versions turns NaN times zero into zero.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
func multiply<Scalar: MatrixScalar>(_ x: UnsafeMutableBufferPointer<Scalar>, by factor: Scalar) {
    for index in x.indices { x[index] *= factor }
}

/// The index of the first element that is NaN or infinite.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
func firstNonFinite<Scalar: MatrixScalar>(_ x: UnsafeBufferPointer<Scalar>) -> Int? {
    // Zero times a finite number is zero, times anything else NaN: a sum without a branch finds whether.
    var sums = SIMD8<Scalar>(repeating: 0)
    var index = 0
    while index &+ 8 <= x.count {
        let values = SIMD8<Scalar>(
            x[index], x[index &+ 1], x[index &+ 2], x[index &+ 3], x[index &+ 4], x[index &+ 5],
            x[index &+ 6],
            x[index &+ 7])
        sums += values * 0
        index &+= 8
    }
    var sum = sums.sum()
    while index < x.count {
        sum += x[index] * 0
        index &+= 1
    }
    return sum == 0 ? nil : x.firstIndex { !$0.isFinite }
}
