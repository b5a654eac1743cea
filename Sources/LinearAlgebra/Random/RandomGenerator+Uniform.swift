// Uniform numbers: on the unit interval, on any interval, integers, permutations. Each is a documented function
// of the raw 64-bit numbers, so that it stays the same whatever the standard library does.

extension RandomGenerator {
    /// Returns a number uniform on [0, 1): the top 53 bits of `next()` times 2⁻⁵³.
    @inlinable
    public mutating func nextUnit() -> Double {
        nextUnit(as: Double.self)
    }

    /// Returns a number uniform on [0, 1) with every bit of the significand random.
    ///
    /// The top 53 bits of `next()` times 2⁻⁵³ for `Double`, the top 24 bits times 2⁻²⁴ for `Float`: one raw number
    /// each.
    @inlinable
    public mutating func nextUnit<Scalar: MatrixScalar>(as type: Scalar.Type) -> Scalar {
        let bits = Scalar.significandBitCount + 1
        return Scalar(next() >> UInt64(64 - bits)) * (Scalar.ulpOfOne / 2)
    }

    /// Returns an integer uniform on 0, 1, …, `bound` − 1, without bias.
    ///
    /// The upper half of the 128-bit product of `next()` and `bound`; where the lower half falls among the
    /// `2⁶⁴ mod bound` values that would favour some results, another number is drawn.
    ///
    /// Source: D. Lemire, *Fast Random Integer Generation in an Interval*, ACM TOMACS 29, 2019.
    @inlinable
    public mutating func nextInteger(below bound: Int) -> Int {
        precondition(bound > 0, "no integer is at least 0 and below \(bound)")
        let bound = UInt64(bound)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let excess = (0 &- bound) % bound
            while product.low < excess {
                product = next().multipliedFullWidth(by: bound)
            }
        }
        return Int(product.high)
    }

    /// Puts elements into a random order, each order equally likely.
    ///
    /// Fisher–Yates in Durstenfeld's form: for `i` from the last index down to 1, exchange the elements `i` and
    /// `nextInteger(below: i + 1)`.
    @inlinable
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        elements.withUnsafeMutableBufferPointer { shuffle($0) }
    }

    /// Puts the elements of a buffer into a random order, as `shuffle(_:)` of an array does.
    @inlinable
    package mutating func shuffle<Element>(_ elements: UnsafeMutableBufferPointer<Element>) {
        guard elements.count > 1 else { return }
        for index in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(index, nextInteger(below: index + 1))
        }
    }

    /// Returns 0, 1, …, `count` − 1 in a random order.
    public mutating func permutation(of count: Int) -> [Int32] {
        precondition(
            count >= 0 && count <= Int(Int32.max),
            "a permutation has 0 to \(Int32.max) elements, not \(count)")
        var indices = [Int32](0..<Int32(count))
        shuffle(&indices)
        return indices
    }

    /// Fills an array with numbers uniform between two bounds.
    ///
    /// Each is `lower + (upper − lower) · nextUnit()`, one raw number each. The upper bound occurs only by rounding.
    public mutating func fillUniform<Scalar: MatrixScalar>(
        _ values: inout [Scalar], in range: ClosedRange<Scalar>
    ) {
        values.withUnsafeMutableBufferPointer { fillUniform($0, in: range) }
    }

    /// Fills a buffer with numbers uniform between two bounds, as `fillUniform(_:in:)` of an array does.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package mutating func fillUniform<Scalar: MatrixScalar>(
        _ values: UnsafeMutableBufferPointer<Scalar>, in range: ClosedRange<Scalar>
    ) {
        let width = range.upperBound - range.lowerBound
        precondition(
            width.isFinite, "the bounds \(range.lowerBound) and \(range.upperBound) are too far apart")
        for index in values.indices {
            values[index] = range.lowerBound + width * nextUnit(as: Scalar.self)
        }
    }
}
