/// Reads one number from text, eight digits at a time, and stops behind it.
struct CSVNumberReader {
    /// The byte to be read next: behind the number, after ``read()``.
    private(set) var position: UnsafeRawPointer
    /// The number; infinite where it is too large, and with ``isOpen`` only near it.
    private(set) var value = 0.0
    /// Whether the number has more than 19 digits and is so close to the middle between two neighbours that the
    /// first 19 do not tell which of them is nearest.
    private(set) var isOpen = false

    private let end: UnsafeRawPointer
    private let rounding: DecimalRounding

    /// A reader of the bytes from `start` to `end`.
    @inline(__always)
    init(_ start: UnsafeRawPointer, end: UnsafeRawPointer, rounding: DecimalRounding) {
        position = start
        self.end = end
        self.rounding = rounding
    }

    /// Reads digits with an optional sign, point and exponent; false if there is no number.
    @inline(__always)
    mutating func read() -> Bool {
        var isNegative = false
        if position < end, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
            isNegative = byte == UInt8(ascii: "-")
            position += 1
        }
        let start = position
        var digits: UInt64 = 0
        skipDigits(&digits)
        var count = position - start
        var exponent = 0
        if position < end, byte == UInt8(ascii: ".") {
            position += 1
            let fraction = position
            skipDigits(&digits)
            exponent = fraction - position
            count -= exponent
        }
        guard count > 0 else { return false }
        let last = position
        if position < end, byte | 0x20 == UInt8(ascii: "e") {
            guard let explicit = readExponent() else { return false }
            exponent += explicit
        }
        let magnitude =
            count <= 19
            ? rounding.double(digits, tenTo: exponent)
            : long(start, last, digits, exponent)
        value = isNegative ? -magnitude : magnitude
        return true
    }

    @inline(__always)
    private var byte: UInt8 { position.load(as: UInt8.self) }

    /// Appends all digits from here on to a number, which wraps around if they are too many.
    @inline(__always)
    private mutating func skipDigits(_ number: inout UInt64) {
        while end - position >= 8 {
            // A digit has its value in its byte, the first one in the lowest.
            let bytes =
                UInt64(littleEndian: position.loadUnaligned(as: UInt64.self)) ^ 0x3030_3030_3030_3030
            // The high bit of the bytes that are above 9. A carry goes into the bytes above only, and the lowest
            // one found counts.
            let others = (bytes &+ 0x7676_7676_7676_7676 | bytes) & 0x8080_8080_8080_8080
            if others == 0 {
                number = number &* 100_000_000 &+ Self.eightDigits(bytes)
                position += 8
                continue
            }
            let count = others.trailingZeroBitCount >> 3
            if count > 0 {
                number = number &* Self.power(count) &+ Self.eightDigits(bytes &<< UInt64(64 &- 8 &* count))
                position += count
            }
            return
        }
        while position < end, byte &- UInt8(ascii: "0") < 10 {
            number = number &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
            position += 1
        }
    }

    /// The number that eight digits make, the first in the lowest byte: pairs, fours, all.
    @inline(__always)
    private static func eightDigits(_ digits: UInt64) -> UInt64 {
        let pairs = digits &* 10 &+ digits >> 8
        let low = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let high = (pairs >> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (low &+ high) >> 32
    }

    /// 10^count, for 1 to 7 digits.
    @inline(__always)
    private static func power(_ count: Int) -> UInt64 {
        // Two products instead of a load: 10^(count & 1) · 100^(count >> 1).
        let odd: UInt64 = count & 1 != 0 ? 10 : 1
        let pair: UInt64 = count & 2 != 0 ? 100 : 1
        let four: UInt64 = count & 4 != 0 ? 10_000 : 1
        return odd &* pair &* four
    }

    /// The number behind an `e`; nil without digits.
    private mutating func readExponent() -> Int? {
        position += 1
        var isNegative = false
        if position < end, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
            isNegative = byte == UInt8(ascii: "-")
            position += 1
        }
        let start = position
        var exponent = 0
        while position < end, byte &- UInt8(ascii: "0") < 10 {
            // Further digits change nothing: no text is long enough to make up for them.
            if exponent < 1 << 50 { exponent = exponent * 10 + Int(byte &- UInt8(ascii: "0")) }
            position += 1
        }
        guard position > start else { return nil }
        return isNegative ? -exponent : exponent
    }

    /// The value of more than 19 digits, leading zeros among them perhaps; `wrapped` is right if they are enough.
    @inline(never)
    private mutating func long(
        _ start: UnsafeRawPointer, _ end: UnsafeRawPointer, _ wrapped: UInt64, _ exponent: Int
    ) -> Double {
        // The first 19 digits that count.
        var (first, significant) = (UInt64(0), 0)
        var place = start
        while place < end {
            let digit = place.load(as: UInt8.self) &- UInt8(ascii: "0")
            place += 1
            // The point is no digit.
            guard digit < 10, significant > 0 || digit > 0 else { continue }
            significant += 1
            if significant <= 19 { first = first * 10 + UInt64(digit) }
        }
        if significant <= 19 { return rounding.double(wrapped, tenTo: exponent) }
        // The value lies between these two.
        let below = rounding.rounded(first, tenTo: exponent + significant - 19)
        isOpen = below != rounding.rounded(first + 1, tenTo: exponent + significant - 19)
        return below
    }
}
