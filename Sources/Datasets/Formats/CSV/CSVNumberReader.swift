/// A number at the beginning of a text, read eight digits at a time.
///
/// Signs and the number of digits are as good as random in most data, and a branch that depends on them costs as
/// much as all the rest. So there is none where there need not be.
struct CSVNumberReader {
    /// The number; infinite where it is too large, and with ``isOpen`` only near it.
    let value: Double
    /// Behind the number; `nil` where there is none.
    let end: UnsafeRawPointer?
    /// Whether the number has more than 19 digits and is so close to the middle between two neighbours that the
    /// first 19 do not tell which of them is nearest.
    let isOpen: Bool

    /// Reads digits with an optional sign, point and exponent, from `start` on and not beyond `limit`.
    @inline(__always)
    init(_ start: UnsafeRawPointer, limit: UnsafeRawPointer, rounding: DecimalRounding) {
        guard start < limit else {
            self.init()
            return
        }
        // 1 where the byte is the sign: only then does the subtraction go below zero.
        let sign = UInt64(start.load(as: UInt8.self))
        let minus = ((sign ^ UInt64(UInt8(ascii: "-"))) &- 1) &>> 63
        let plus = ((sign ^ UInt64(UInt8(ascii: "+"))) &- 1) &>> 63
        let first = start + Int(minus | plus)
        var digits: UInt64 = 0
        var position = Self.digits(from: first, limit: limit, rounding, &digits)
        var count = position - first
        var exponent = 0
        if position < limit, position.load(as: UInt8.self) == UInt8(ascii: ".") {
            let fraction = position + 1
            position = Self.digits(from: fraction, limit: limit, rounding, &digits)
            exponent = fraction - position
            count &-= exponent
        }
        guard count > 0 else {
            self.init()
            return
        }
        let last = position
        if position < limit, position.load(as: UInt8.self) | 0x20 == UInt8(ascii: "e") {
            guard let explicit = Self.exponent(from: position + 1, limit: limit) else {
                self.init()
                return
            }
            exponent &+= explicit.value
            position = explicit.end
        }
        var magnitude: Double
        var isOpen = false
        if count <= 19 {
            magnitude = rounding.double(digits, tenTo: exponent)
        } else {
            (magnitude, isOpen) = Self.long(first, last, digits, exponent, rounding)
        }
        self.init(
            value: Double(bitPattern: magnitude.bitPattern | minus &<< 63), end: position, isOpen: isOpen)
    }

    /// No number.
    @inline(__always)
    private init() { self.init(value: 0, end: nil, isOpen: false) }

    @inline(__always)
    private init(value: Double, end: UnsafeRawPointer?, isOpen: Bool) {
        self.value = value
        self.end = end
        self.isOpen = isOpen
    }

    /// Appends all digits from a place on to a number, which wraps around if they are too many.
    @inline(__always)
    private static func digits(
        from start: UnsafeRawPointer, limit: UnsafeRawPointer, _ rounding: DecimalRounding,
        _ number: inout UInt64
    ) -> UnsafeRawPointer {
        var position = start
        while limit - position >= 8 {
            // A digit has its value in its byte, the first one in the lowest.
            let bytes =
                UInt64(littleEndian: position.loadUnaligned(as: UInt64.self)) ^ 0x3030_3030_3030_3030
            // The high bit of the bytes that are above 9. A carry goes into the bytes above only, and the lowest
            // one found counts.
            let others = (bytes &+ 0x7676_7676_7676_7676 | bytes) & 0x8080_8080_8080_8080
            if others == 0 {
                number = number &* 100_000_000 &+ eightDigits(bytes)
                position += 8
                continue
            }
            let count = others.trailingZeroBitCount &>> 3
            // Zeros in front of the digits there are; none are left for none.
            let shifted = (bytes &<< UInt64(56 &- 8 &* count)) &<< 8
            number = number &* rounding.integerPower(count) &+ eightDigits(shifted)
            return position + count
        }
        while position < limit {
            let digit = position.load(as: UInt8.self) &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            number = number &* 10 &+ UInt64(digit)
            position += 1
        }
        return position
    }

    /// The number that eight digits make, the first in the lowest byte: pairs, fours, all.
    @inline(__always)
    private static func eightDigits(_ digits: UInt64) -> UInt64 {
        let pairs = digits &* 10 &+ digits &>> 8
        let low = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let high = (pairs &>> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (low &+ high) &>> 32
    }

    /// The number behind an `e`; nil without digits.
    @inline(never)
    private static func exponent(
        from start: UnsafeRawPointer, limit: UnsafeRawPointer
    ) -> (value: Int, end: UnsafeRawPointer)? {
        var position = start
        func byte() -> UInt8 { position.load(as: UInt8.self) }
        var isNegative = false
        if position < limit, byte() == UInt8(ascii: "-") || byte() == UInt8(ascii: "+") {
            isNegative = byte() == UInt8(ascii: "-")
            position += 1
        }
        let first = position
        var exponent = 0
        while position < limit, byte() &- UInt8(ascii: "0") < 10 {
            // Further digits change nothing: no text is long enough to make up for them.
            if exponent < 1 << 50 { exponent = exponent * 10 + Int(byte() &- UInt8(ascii: "0")) }
            position += 1
        }
        return position > first ? (isNegative ? -exponent : exponent, position) : nil
    }

    /// The value of more than 19 digits, leading zeros among them perhaps; `wrapped` is right if the others are no
    /// more than that.
    @inline(never)
    private static func long(
        _ start: UnsafeRawPointer, _ end: UnsafeRawPointer, _ wrapped: UInt64, _ exponent: Int,
        _ rounding: DecimalRounding
    ) -> (value: Double, isOpen: Bool) {
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
        if significant <= 19 { return (rounding.double(wrapped, tenTo: exponent), false) }
        // The value lies between these two.
        let below = rounding.rounded(first, tenTo: exponent + significant - 19)
        return (below, below != rounding.rounded(first + 1, tenTo: exponent + significant - 19))
    }
}
