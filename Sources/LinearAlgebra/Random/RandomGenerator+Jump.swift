extension RandomGenerator {
    /// Moves the generator as if `next()` had been called `count` times, in O(log `count`) steps.
    ///
    /// The period is 2¹²⁸, so advancing by `2¹²⁸ − n`, written `0 &- n`, goes back by `n`.
    ///
    /// Source: F. Brown, *Random Number Generation with Arbitrary Stride*, Trans. Am. Nucl. Soc. 71, 1994.
    public mutating func advance(by count: UInt128) {
        // The affine map of 2ⁱ steps, squared from one bit of `count` to the next, and their product so far.
        var (stepMultiplier, stepIncrement) = (UInt128(Self.multiplier), increment)
        var (multiplier, increment) = (UInt128(1), UInt128(0))
        var remaining = count
        while remaining > 0 {
            if remaining & 1 == 1 {
                multiplier &*= stepMultiplier
                increment = increment &* stepMultiplier &+ stepIncrement
            }
            stepIncrement &*= stepMultiplier &+ 1
            stepMultiplier &*= stepMultiplier
            remaining >>= 1
        }
        state = multiplier &* state &+ increment
    }

    /// Returns the generator `jumps · ⌊2¹²⁸/φ⌋` steps ahead (modulo 2¹²⁸): NumPy's `jumped`.
    ///
    /// A negative count jumps back.
    public func jumped(_ jumps: Int = 1) -> RandomGenerator {
        var copy = self
        copy.advance(by: 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835 &* UInt128(truncatingIfNeeded: jumps))
        return copy
    }
}
