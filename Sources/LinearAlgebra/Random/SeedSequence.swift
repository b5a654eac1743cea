/// The hash that spreads a seed over the whole state of a generator: NumPy's `SeedSequence` without spawn keys.
///
/// The seed's 32-bit words are mixed into a pool of four words, every word into every other; the state is then
/// hashed out of the pool. Constants and order are those of NumPy, after M. E. O'Neill, *Developing a seed_seq
/// Alternative*, 2015.
struct SeedSequence {
    private var words: [UInt32]

    init(_ seed: UInt64) {
        var constant: UInt32 = 0x43B0_D7E5
        func hash(_ value: UInt32) -> UInt32 {
            var value = value ^ constant
            constant &*= 0x931E_8875
            value &*= constant
            return value ^ value >> 16
        }
        func mix(_ a: UInt32, _ b: UInt32) -> UInt32 {
            let mixed = 0xCA01_F9DD &* a &- 0x4973_F715 &* b
            return mixed ^ mixed >> 16
        }

        words = [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32), 0, 0].map(hash)
        for source in 0..<4 {
            for target in 0..<4 where target != source {
                words[target] = mix(words[target], hash(words[source]))
            }
        }
    }

    /// The first four 64-bit words of state, as `generate_state(4, numpy.uint64)` gives them.
    func words64() -> (UInt64, UInt64, UInt64, UInt64) {
        var constant: UInt32 = 0x8B51_F9DD
        func word32(_ index: Int) -> UInt32 {
            var value = words[index % 4] ^ constant
            constant &*= 0x58F3_8DED
            value &*= constant
            return value ^ value >> 16
        }
        func word64(_ index: Int) -> UInt64 {
            let low = word32(2 * index)
            let high = word32(2 * index + 1)
            return UInt64(high) << 32 | UInt64(low)
        }
        return (word64(0), word64(1), word64(2), word64(3))
    }
}
