/// A seeded pseudo-random generator whose numbers are the same on every platform and in every version.
///
/// The goals, in order: the same seed gives the same bits forever; streams for different purposes never
/// overlap; the numbers pass the known statistical tests; speed.
///
/// The algorithm is PCG64-DXSM: a linear congruential generator modulo 2¹²⁸,
///
///     state ← state · 0xDA94_2042_E4DD_58B5 + increment,
///
/// whose state, before the step, is turned into 64 bits by the "double xorshift multiply" permutation. The
/// seed is expanded by the hash of NumPy's `SeedSequence`. So `RandomGenerator(seed: 42)` gives the raw 64-bit
/// numbers of `numpy.random.PCG64DXSM(42)`, and `nextUnit()` the numbers of
/// `numpy.random.Generator(PCG64DXSM(42)).random()`.
///
/// What is promised to stay as it is: `next()`, `nextUnit(as:)`, `nextInteger(below:)`, `nextNormal(as:)`,
/// `shuffle(_:)`, the fills, `advance(by:)` and `jumped(_:)`. What the standard library draws *from* this
/// generator (`Int.random(in:using:)`, `shuffled(using:)`) is the standard library's own affair and may change
/// with its version; for numbers to be repeated, use the methods here.
///
/// Not for cryptography.
///
/// Sources: M. E. O'Neill, *PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for
/// Random Number Generation*, HMC-CS-2014-0905, 2014; NumPy's documentation of `PCG64DXSM`, `SeedSequence` and
/// `jumped`.
public struct RandomGenerator: RandomNumberGenerator, Equatable, Sendable {
    /// The state of the linear congruential generator.
    @usableFromInline var state: UInt128

    /// The constant added at every step; odd, so that the period is 2¹²⁸.
    @usableFromInline let increment: UInt128

    @usableFromInline static let multiplier: UInt64 = 0xDA94_2042_E4DD_58B5

    /// Creates the generator that a seed names.
    ///
    /// Neighbouring seeds give unrelated sequences. For sequences that belong together and must not overlap
    /// (initial parameters, shuffles, replicates) take streams of one seed: `init(seed:stream:)`.
    public init(seed: UInt64) {
        let words = SeedSequence(seed).words64()
        increment = (UInt128(words.2) << 64 | UInt128(words.3)) << 1 | 1
        // From state 0 one step gives the increment; then the seed is added, and a second step taken. NumPy takes it
        // with the 128-bit multiplier of plain PCG64, and so it is taken here.
        state = increment &+ (UInt128(words.0) << 64 | UInt128(words.1))
        state = state &* 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645 &+ increment
    }

    /// Creates the `stream`-th of the independent streams of one seed; stream 0 is `init(seed:)`.
    ///
    /// Stream `k` starts `k · ⌊2¹²⁸/φ⌋` steps (modulo 2¹²⁸, φ the golden ratio) into the sequence of the seed:
    /// it is `RandomGenerator(seed: seed).jumped(k)`, and NumPy's `PCG64DXSM(seed).jumped(k)`. Any two of the
    /// first million streams are more than 2¹⁰⁶ numbers apart, so they do not overlap in practice.
    ///
    /// Paired comparisons draw each purpose from its own stream, so that a method that uses more numbers for one
    /// purpose does not change the numbers of another.
    public init(seed: UInt64, stream: Int) {
        precondition(stream >= 0, "a stream is numbered from 0, not \(stream)")
        self = RandomGenerator(seed: seed).jumped(stream)
    }

    /// Restores a generator from its state, or nothing where `increment` is even.
    init?(state: UInt128, increment: UInt128) {
        guard increment & 1 == 1 else { return nil }
        self.state = state
        self.increment = increment
    }

    /// Returns the next 64 random bits.
    @inlinable
    public mutating func next() -> UInt64 {
        // DXSM of the state before the step, as O'Neill's and NumPy's implementations have it.
        let low = UInt64(truncatingIfNeeded: state) | 1
        var high = UInt64(truncatingIfNeeded: state >> 64)
        high ^= high >> 32
        high &*= Self.multiplier
        high ^= high >> 48
        high &*= low
        step()
        return high
    }

    @inlinable
    mutating func step() {
        state = state &* UInt128(Self.multiplier) &+ increment
    }
}
