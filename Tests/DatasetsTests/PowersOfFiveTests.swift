import Testing

@testable import DescentDatasets

@Suite struct PowersOfFiveTests {
    /// 5^n exactly, the lowest word first.
    private func power(_ exponent: Int) -> [UInt32] {
        var words: [UInt32] = [1]
        for _ in 0..<exponent {
            var carry: UInt64 = 0
            for index in words.indices {
                carry += UInt64(words[index]) * 5
                words[index] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            if carry > 0 { words.append(UInt32(carry)) }
        }
        return words
    }

    /// The bits of a number, the highest first.
    private func bits(_ words: [UInt32]) -> [Bool] {
        let all = words.reversed().flatMap { word in (0..<32).map { word >> (31 - $0) & 1 != 0 } }
        return Array(all.drop { !$0 })
    }

    private func number(_ bits: some Sequence<Bool>) -> UInt128 {
        bits.reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
    }

    /// The leading 128 bits of 1/5^n by long division.
    private func reciprocal(_ divisor: [UInt32]) -> UInt128 {
        // The remainder begins as the power of two above the divisor, and doubles.
        var remainder = [UInt32](repeating: 0, count: divisor.count + 1)
        let length = bits(divisor).count
        remainder[length / 32] = 1 << UInt32(length % 32)
        let divisor = divisor + [0]
        var quotient: UInt128 = 0
        for step in 0..<128 {
            if step > 0 {
                var carry: UInt32 = 0
                for index in remainder.indices {
                    let word = remainder[index]
                    remainder[index] = word << 1 | carry
                    carry = word >> 31
                }
            }
            quotient <<= 1
            guard !remainder.reversed().lexicographicallyPrecedes(divisor.reversed()) else { continue }
            quotient |= 1
            var borrow: Int64 = 0
            for index in remainder.indices {
                let difference = Int64(remainder[index]) - Int64(divisor[index]) - borrow
                remainder[index] = UInt32(truncatingIfNeeded: difference)
                borrow = difference < 0 ? 1 : 0
            }
        }
        return quotient
    }

    @Test func allEntriesAreExact() {
        let table = PowersOfFive.shared
        for exponent in PowersOfFive.exponents {
            let entry = UInt128(table.high(exponent)) << 64 | UInt128(table.low(exponent))
            let power = power(abs(exponent))
            let expected: UInt128
            if exponent >= 0 {
                let leading = bits(power).prefix(128)
                expected = number(leading) << UInt128(128 - leading.count)
            } else {
                expected = reciprocal(power) + (exponent >= -27 ? 1 : 0)
            }
            #expect(entry == expected, "5^\(exponent)")
        }
    }
}
