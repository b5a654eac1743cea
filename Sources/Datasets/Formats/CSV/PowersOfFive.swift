/// The leading 128 bits of the powers of five that decide how a decimal number is rounded to a `Double`.
///
/// Entry q holds 5^q · 2^k for the k that puts it between 2¹²⁷ and 2¹²⁸: rounded up for −27 ≤ q < 0, where the
/// product with an exact integer must not fall below the true value, and down otherwise.
///
/// They are computed at first use, in some 30 µs, one from the other with 256 bits. Every step loses less than
/// one unit of the last of these bits, all steps together less than ten bits; in no power are the bits that
/// follow the leading 128 all alike for so long that this could reach up to them. A test compares all entries
/// with exact arithmetic.
struct PowersOfFive: @unchecked Sendable {
    // Unchecked: written once, before anyone else knows of it.
    private let entries: UnsafePointer<UInt64>

    /// The exponents that are needed.
    ///
    /// 19 digits times a smaller power are less than half of the smallest `Double`; any number times a greater
    /// one is more than the greatest.
    static let exponents = -342...308

    /// The only table.
    static let shared = PowersOfFive()

    /// The leading 64 bits of a power.
    @inline(__always)
    func high(_ exponent: Int) -> UInt64 { entries[2 &* (exponent &+ 342)] }

    /// The 64 bits that follow.
    @inline(__always)
    func low(_ exponent: Int) -> UInt64 { entries[2 &* (exponent &+ 342) &+ 1] }

    private init() {
        let count = Self.exponents.count
        // It stays as long as the program runs.
        let entries = UnsafeMutablePointer<UInt64>.allocate(capacity: 2 * count)
        func store(_ words: [UInt64], at exponent: Int, roundedUp: Bool = false) {
            let (low, overflow) = words[2].addingReportingOverflow(roundedUp ? 1 : 0)
            entries[2 * (exponent + 342)] = words[3] + (overflow ? 1 : 0)
            entries[2 * (exponent + 342) + 1] = low
        }
        let one: [UInt64] = [0, 0, 0, 1 << 63]
        var power = one
        store(power, at: 0)
        for exponent in 1...Self.exponents.upperBound {
            power = Self.timesFive(power)
            store(power, at: exponent)
        }
        power = one
        for exponent in stride(from: -1, through: Self.exponents.lowerBound, by: -1) {
            power = Self.dividedByFive(power)
            store(power, at: exponent, roundedUp: exponent >= -27)
        }
        self.entries = UnsafePointer(entries)
    }

    /// Five times a number of 256 bits, the lowest word first, halved until it has 256 bits again.
    private static func timesFive(_ words: [UInt64]) -> [UInt64] {
        var result = words
        var carry: UInt64 = 0
        for index in words.indices {
            let product = words[index].multipliedFullWidth(by: 5)
            let (sum, overflow) = product.low.addingReportingOverflow(carry)
            result[index] = sum
            carry = product.high + (overflow ? 1 : 0)
        }
        let shift: UInt64 = carry >= 4 ? 3 : 2
        for index in words.indices {
            let above = index + 1 < words.count ? result[index + 1] : carry
            result[index] = result[index] >> shift | above << (64 - shift)
        }
        return result
    }

    /// A fifth of a number of 256 bits, the lowest word first, doubled until it has 256 bits again.
    private static func dividedByFive(_ words: [UInt64]) -> [UInt64] {
        // 8/5 of it, or 4/5 if that is too much.
        let isLarge = words[3] >> 61 >= 5
        let shift: UInt64 = isLarge ? 2 : 3
        var result = words
        var remainder = words[3] >> (64 - shift)
        for index in words.indices.reversed() {
            let below = index > 0 ? words[index - 1] : 0
            let word = words[index] << shift | below >> (64 - shift)
            (result[index], remainder) = UInt64(5).dividingFullWidth((remainder, word))
        }
        return result
    }
}
