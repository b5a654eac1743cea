/// From an integer and a power of ten to the nearest `Double`, ties to even.
///
/// Where both factors are exact, a single operation rounds once: W. D. Clinger, How to read floating point
/// numbers accurately, PLDI 1990. Otherwise 128 bits of the power of five are enough: D. Lemire, Number parsing
/// at a gigabyte per second, Software: Practice and Experience 51, 2021; that they always are, so that no slower
/// method has to stand behind: N. Mushtak, D. Lemire, Fast number parsing without fallback, ibid. 53, 2023.
///
/// Integer arithmetic decides about every bit of a subnormal result: it is the same while they are flushed to
/// zero.
struct DecimalRounding: @unchecked Sendable {
    // Unchecked: what the pointer leads to was written before anyone else knew of it.
    private let exactPowers: UnsafePointer<Double>
    private let integerPowers: UnsafePointer<UInt64>
    private let powersOfFive = PowersOfFive.shared

    /// With its tables, which take some microseconds to compute once.
    static let shared = DecimalRounding()

    private init() {
        // 10⁰ … 10²², the powers of ten that a Double holds exactly.
        let powers = UnsafeMutablePointer<Double>.allocate(capacity: 23)
        powers[0] = 1
        for exponent in 1...22 { powers[exponent] = powers[exponent - 1] * 10 }
        exactPowers = UnsafePointer(powers)
        let integers = UnsafeMutablePointer<UInt64>.allocate(capacity: 8)
        integers[0] = 1
        for exponent in 1...7 { integers[exponent] = integers[exponent - 1] * 10 }
        integerPowers = UnsafePointer(integers)
    }

    /// 10^exponent, for 0 to 7.
    @inline(__always)
    func integerPower(_ exponent: Int) -> UInt64 { integerPowers[exponent] }

    /// The `Double` nearest to integer · 10^exponent; infinity where that is too large.
    @inline(__always)
    func double(_ integer: UInt64, tenTo exponent: Int) -> Double {
        // Rather 15 digits than 53 bits: which of the numbers of 16 digits have no more than 53 bits, no branch
        // predictor knows.
        if integer < 1_000_000_000_000_000, exponent.magnitude <= 22 {
            let value = Double(Int64(bitPattern: integer))
            return exponent < 0 ? value / exactPowers[0 &- exponent] : value * exactPowers[exponent]
        }
        return rounded(integer, tenTo: exponent)
    }

    /// The same for any factors, by integer arithmetic.
    @inline(__always)
    func rounded(_ integer: UInt64, tenTo exponent: Int) -> Double {
        if integer == 0 || exponent < PowersOfFive.exponents.lowerBound { return 0 }
        if exponent > PowersOfFive.exponents.upperBound { return .infinity }

        // The leading 128 bits of the product; the second product only where the first leaves the 55 bits open
        // that the result is rounded from.
        let zeros = integer.leadingZeroBitCount
        let factor = integer &<< UInt64(zeros)
        var (high, low) = factor.multipliedFullWidth(by: powersOfFive.high(exponent))
        if high & 0x1FF == 0x1FF {
            let more = factor.multipliedFullWidth(by: powersOfFive.low(exponent)).high
            let (sum, overflow) = low.addingReportingOverflow(more)
            low = sum
            if overflow { high &+= 1 }
        }

        // 54 bits: one to round, and the exponent of the result as IEEE 754 stores it. The line of slope
        // log₂ 5 + 1 is that of the paper: ⌊q · log₂ 10⌋.
        let leading = high &>> 63
        let shift = leading &+ 9
        var significand = high &>> shift
        var power = (exponent &* 217_706) >> 16 &+ 63 &+ Int(leading) &- zeros &+ 1023
        if power <= 0 {
            // Subnormal, or zero. No tie is possible here.
            if power < -62 { return 0 }
            significand = significand >> UInt64(1 &- power)
            significand = (significand &+ significand & 1) >> 1
            // Rounded up to the smallest normal number, the significand's bit 52 is the exponent.
            return Double(bitPattern: significand)
        }
        // A tie needs a power of five that divides, or is contained in, an integer of 64 bits.
        if low <= 1, -4...23 ~= exponent, significand & 3 == 1, significand &<< shift == high {
            significand &= ~1
        }
        significand = (significand &+ significand & 1) &>> 1
        if significand >= 1 << 53 {
            significand = 1 << 52
            power &+= 1
        }
        if power >= 0x7FF { return .infinity }
        return Double(bitPattern: UInt64(power) &<< 52 | significand & ((1 << 52) - 1))
    }
}
