// Arithmetic with twice the precision of Double, for residuals and polynomial terms.
//
// A number is an unevaluated sum of two, high + low, |low| ≤ ½ ulp(high): about 106 bits. (T. J. Dekker, A
// floating-point technique for extending the available precision, Numer. Math. 18, 1971; D. E. Knuth, TAOCP 2,
// 4.2.2 for the sum.)

/// The sum of two Doubles that together hold a number to about 32 digits.
struct DoubleDouble: Sendable, Equatable, Codable {
    var high: Double
    var low: Double

    @inline(__always)
    init(_ high: Double, _ low: Double = 0) {
        self.high = high
        self.low = low
    }

    /// a + b without error.
    @inline(__always)
    static func sum(_ a: Double, _ b: Double) -> DoubleDouble {
        let sum = a + b
        let part = sum - a
        return DoubleDouble(sum, (a - (sum - part)) + (b - part))
    }

    /// a − b without error.
    @inline(__always)
    static func difference(_ a: Double, _ b: Double) -> DoubleDouble { sum(a, -b) }

    /// a · b without error, unless the error underflows.
    @inline(__always)
    static func product(_ a: Double, _ b: Double) -> DoubleDouble {
        let product = a * b
        return DoubleDouble(product, (-product).addingProduct(a, b))
    }

    /// a + b without error where |a| ≥ |b|.
    @inline(__always)
    private static func ordered(_ a: Double, _ b: Double) -> DoubleDouble {
        let sum = a + b
        return DoubleDouble(sum, b - (sum - a))
    }

    static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let high = sum(a.high, b.high)
        let low = sum(a.low, b.low)
        let first = ordered(high.high, high.low + low.high)
        return ordered(first.high, first.low + low.low)
    }

    static prefix func - (a: DoubleDouble) -> DoubleDouble { DoubleDouble(-a.high, -a.low) }

    static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + -b }

    static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let product = product(a.high, b.high)
        return ordered(product.high, product.low + (a.high * b.low + a.low * b.high))
    }

    static func * (a: DoubleDouble, b: Double) -> DoubleDouble {
        let product = product(a.high, b)
        return ordered(product.high, product.low + a.low * b)
    }

    static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let first = a.high / b.high
        guard first.isFinite else { return DoubleDouble(first) }
        let rest = a - b * first
        return ordered(first, rest.high / b.high)
    }

    static func += (a: inout DoubleDouble, b: DoubleDouble) { a = a + b }

    /// The number times a power of two.
    func scaled(by powerOfTwo: Double) -> DoubleDouble { DoubleDouble(high * powerOfTwo, low * powerOfTwo) }

    /// The square root; 0 for what is not positive.
    var squareRoot: DoubleDouble {
        guard high > 0 else { return DoubleDouble(0) }
        let root = high.squareRoot()
        let rest = self - Self.product(root, root)
        return Self.ordered(root, rest.high / (2 * root))
    }

    /// The nearest Double.
    var value: Double { high + low }
}

/// Four numbers of twice the precision of Double, one in each lane.
///
/// Products are split by Veltkamp's constant instead of using a fused multiply-add, which without a compiler
/// flag for newer processors would be a call for each lane.
struct DoubleDouble4: Sendable {
    var high: SIMD4<Double>
    var low: SIMD4<Double>

    @inline(__always)
    init(_ high: SIMD4<Double>, _ low: SIMD4<Double>) {
        self.high = high
        self.low = low
    }

    @inline(__always)
    init(repeating value: DoubleDouble) {
        high = SIMD4(repeating: value.high)
        low = SIMD4(repeating: value.low)
    }

    static var zero: DoubleDouble4 { DoubleDouble4(.zero, .zero) }

    @inline(__always)
    static func sum(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> DoubleDouble4 {
        let sum = a + b
        let part = sum - a
        return DoubleDouble4(sum, (a - (sum - part)) + (b - part))
    }

    @inline(__always)
    private static func ordered(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> DoubleDouble4 {
        let sum = a + b
        return DoubleDouble4(sum, b - (sum - a))
    }

    @inline(__always)
    private static func split(_ a: SIMD4<Double>) -> (SIMD4<Double>, SIMD4<Double>) {
        let scaled = a * 134_217_729.0  // 2²⁷ + 1
        let upper = scaled - (scaled - a)
        return (upper, a - upper)
    }

    @inline(__always)
    static func product(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> DoubleDouble4 {
        let product = a * b
        let (a1, a2) = split(a)
        let (b1, b2) = split(b)
        return DoubleDouble4(product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2)
    }

    @inline(__always)
    static func + (a: DoubleDouble4, b: DoubleDouble4) -> DoubleDouble4 {
        let high = sum(a.high, b.high)
        let low = sum(a.low, b.low)
        let first = ordered(high.high, high.low + low.high)
        return ordered(first.high, first.low + low.low)
    }

    @inline(__always)
    static func * (a: DoubleDouble4, b: DoubleDouble4) -> DoubleDouble4 {
        let product = product(a.high, b.high)
        return ordered(product.high, product.low + (a.high * b.low + a.low * b.high))
    }

    /// The sum of the lanes, in their order.
    var laneSum: DoubleDouble {
        var total = DoubleDouble(high[0], low[0])
        for lane in 1..<4 { total += DoubleDouble(high[lane], low[lane]) }
        return total
    }
}
