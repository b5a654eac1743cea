import DescentLinearAlgebra

/// Which numbers of a layer are dropped: a pure function of seed, update, layer, position in the batch and column.
///
/// Nothing is stored and nothing depends on the order of work, so that any number of threads, and a run that was
/// resumed, drop the same numbers. Each pair of neighbouring columns takes its 64 bits from a counter, hashed with the
/// finalizer of SplitMix64 (Steele, Lea and Flood, *Fast Splittable Pseudorandom Number Generators*, 2014).
struct DropoutMask: Sendable {
    /// Of 2³², how many of the random numbers mean that a number is dropped.
    private let threshold: UInt32
    /// What the others are multiplied with.
    private let factor: Double
    private let layer: Int

    init(rate: Double, layer: Int) {
        threshold = UInt32(min((rate * 0x1p32).rounded(), 0x1p32 - 1))
        factor = 1 / (1 - rate)
        self.layer = layer
    }

    /// The key of a seed, from which the keys of updates follow.
    static func key(seed: UInt64) -> UInt64 {
        var generator = RandomGenerator(seed: seed, stream: RandomStream.dropout)
        return generator.next()
    }

    /// The key of an update, to be given to `apply`.
    static func key(_ seedKey: UInt64, update: Int) -> UInt64 {
        mixed(seedKey ^ mixed(UInt64(bitPattern: Int64(update))))
    }

    /// Multiplies rows by the mask: 0 or 1/(1 − rate); the way forward, and with derivatives the way back.
    ///
    /// - Parameter position: The first row's place in the batch.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func apply<Scalar: MatrixScalar>(
        _ source: UnsafePointer<Scalar>, _ target: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int,
        position: Int, key: UInt64
    ) {
        let key = Self.mixed(key &+ UInt64(layer))
        let factor = Scalar(factor)
        for row in 0..<rows {
            let x = source + row * columns
            let y = target + row * columns
            let start = key &+ UInt64(position + row) << 32
            var column = 0
            while column + 2 <= columns {
                let bits = Self.mixed(start &+ UInt64(column))
                y[column] = UInt32(truncatingIfNeeded: bits) < threshold ? 0 : x[column] * factor
                y[column + 1] =
                    UInt32(truncatingIfNeeded: bits >> 32) < threshold ? 0 : x[column + 1] * factor
                column += 2
            }
            if column < columns {
                let bits = Self.mixed(start &+ UInt64(column))
                y[column] = UInt32(truncatingIfNeeded: bits) < threshold ? 0 : x[column] * factor
            }
        }
    }

    @inline(__always)
    private static func mixed(_ counter: UInt64) -> UInt64 {
        var z = counter &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
