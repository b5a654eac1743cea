import Glibc
import Testing

@testable import DescentDatasets

/// Numbers as text against the C library's `strtod`, which is correctly rounded.
@Suite struct CSVNumberTests {
    /// As many as fit into a second; set NUMBER_CASES for more.
    private static let caseCount = getenv("NUMBER_CASES").flatMap { Int(String(cString: $0)) } ?? 200_000

    private static func ours(_ text: String) -> Double? {
        let isNegative = text.hasPrefix("-")
        var text = text
        return text.withUTF8 { bytes in
            switch CSVNumber.parse(UnsafeRawBufferPointer(bytes)) {
            case .number(let value): value
            // Only for numbers that strtod takes for infinite.
            case .overflow: isNegative ? -.infinity : .infinity
            case .text: nil
            }
        }
    }

    /// The texts that are not rounded as `strtod` does.
    private static func differences(_ texts: some Sequence<String>) -> [String] {
        texts.filter { ours($0)?.bitPattern != strtod($0, nil).bitPattern }
    }

    enum Kind: CaseIterable {
        case shortest, seventeenDigits, halfway, subnormal, overflow, longDigits, integers, hugeExponents
        case fixedPoint
    }

    @Test(arguments: Kind.allCases)
    func roundsAsStrtod(kind: Kind) {
        var random = Cases(seed: 0x5EED + UInt64(Kind.allCases.firstIndex(of: kind)!))
        let wrong = Self.differences(
            (0..<Self.caseCount / Kind.allCases.count).lazy.map { _ in random.next(kind) })
        #expect(wrong.isEmpty, "\(wrong.count), the first of them \(wrong[0])")
    }

    /// Threads of a team flush subnormal results to zero, and read the same numbers.
    @Test func workersReadSubnormals() {
        var random = Cases(seed: 7)
        let texts = (0..<2000).map { _ in random.next(.subnormal) } + ["2.4703282292062328e-324", "5e-324"]
        let long = texts.map { $0.replacing("e", with: "00000000000000000001e") }
        let all = texts + long
        let read = Parallel.map(all) { Self.ours($0)?.bitPattern }
        #expect(read == all.map { strtod($0, nil).bitPattern })
        #expect(read.contains { $0 != 0 && $0! < 1 << 52 })
    }

    @Test(arguments: [
        "0", "0.000", "0e5", "00000000000000000000000000", "0." + String(repeating: "0", count: 400),
        "1" + String(repeating: "0", count: 308), "0." + String(repeating: "0", count: 322) + "1",
        // One above and one below a tie, in the last of many digits.
        "9007199254740993" + String(repeating: "0", count: 800) + "1",
        "9007199254740992." + String(repeating: "9", count: 800),
        "9007199254740993.", "9007199254740993.00000000000000000000",
        "1" + String(repeating: "0", count: 1000) + "e-1000",
        "0." + String(repeating: "0", count: 1000) + "1e1001",
        "18446744073709551615", "18446744073709551616", "9999999999999999999", "99999999999999999999",
        "1.7976931348623158e308", "1.7976931348623159e308", "179769313486231580793e289",
        "2.2250738585072011e-308", "2.22507385850720113605740979670913197593481954635164564e-308",
        "4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
        "2.47032822920623272088284396434110686182e-324", "2.47032822920623272088284396434110686183e-324",
        "1e99999999999999999999", "1e-99999999999999999999", "123456789e-330", "6929495644600919.5",
        "3.237883913302901e-319", "7.2057594037927933e16", "1.00000000000000011102230246251565",
        "1.00000000000000011102230246251566",
    ])
    func hardCases(text: String) {
        let wrong = Self.differences([text, "-" + text])
        #expect(wrong.isEmpty)
    }

    /// Every length of integer and fraction, so that each way through eight digits at a time is taken.
    @Test func everyLength() {
        let digits = "73906281547390628154739062815"
        var texts: [String] = []
        for whole in 0...24 {
            for fraction in 0...24 where whole + fraction > 0 {
                let text = digits.prefix(whole) + "." + digits.suffix(fraction)
                texts += ["\(text)", "-\(text)e-7", "+\(text)E+11", "00\(text)"]
            }
        }
        let wrong = Self.differences(texts)
        #expect(wrong.isEmpty)
    }

    /// Bytes next to the digits, which a trick with eight of them could let through.
    @Test func onlyDigitsAreDigits() {
        for position in 0..<12 {
            for byte in UInt8.min...UInt8.max where !(48...57).contains(byte) {
                var bytes = Array("123456789012".utf8)
                bytes[position] = byte
                let outcome = bytes.withUnsafeBytes { CSVNumber.parse($0) }
                let isPartOfNumber: Bool =
                    switch byte {
                    case UInt8(ascii: "."): true
                    case UInt8(ascii: "e"), UInt8(ascii: "E"): position > 0 && position < 11
                    case UInt8(ascii: "-"), UInt8(ascii: "+"): position == 0
                    case 32, 9: position == 0 || position == 11
                    default: false
                    }
                if case .text = outcome {
                    #expect(!isPartOfNumber, "byte \(byte) at \(position)")
                } else {
                    #expect(isPartOfNumber, "byte \(byte) at \(position)")
                }
            }
        }
    }

    @Test func theReaderStopsBehindTheNumber() {
        for (text, count) in [
            ("12;3", 2), ("-1.5e3,", 6), ("123456789,1", 9), (".5\n", 2), ("7", 1), ("1.\t", 2),
        ] {
            Array(text.utf8).withUnsafeBytes { bytes in
                let base = bytes.baseAddress!
                let number = CSVNumberReader(base, limit: base + bytes.count, rounding: .shared)
                #expect(number.end == base + count)
            }
        }
    }
}

/// Random numbers as text, in the ways that are hard.
private struct Cases {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    private mutating func bits() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    private mutating func below(_ bound: Int) -> Int { Int(bits() % UInt64(bound)) }

    private mutating func finite() -> Double {
        while true {
            let value = Double(bitPattern: bits())
            if value.isFinite { return value }
        }
    }

    private mutating func digits(_ count: Int) -> String {
        String(decoding: (0..<count).map { _ in UInt8(48 + below(10)) }, as: UTF8.self)
    }

    mutating func next(_ kind: CSVNumberTests.Kind) -> String {
        switch kind {
        case .shortest: return "\(finite())"
        case .seventeenDigits: return printed("%.*e", 16, finite())
        case .halfway:
            // The middle between two neighbours, exactly, and cut off or changed behind some digit.
            let lower = finite().magnitude
            let middle = exactMiddle(above: lower)
            guard below(3) > 0 else { return middle }
            let mark = middle.firstIndex(of: "e")!
            let mantissa = middle[..<mark].prefix(2 + below(middle[..<mark].count))
            return mantissa + (below(2) == 0 ? "" : digits(1)) + middle[mark...]
        case .subnormal:
            return printed("%.*e", below(20), Double(bitPattern: bits() >> UInt64(11 + below(53))))
        case .overflow:
            return "\(below(2) == 0 ? "" : "-")\(below(10)).\(digits(below(22)))e\(300 + below(20))"
        case .longDigits:
            let count = 18 + below(40)
            let point = below(count)
            return "\(digits(point)).\(digits(count - point))e\(below(700) - 350)"
        case .integers: return "\(bits() >> UInt64(below(64)))\(below(4) == 0 ? "e\(below(40) - 20)" : "")"
        case .hugeExponents: return "\(digits(1 + below(19)))e\(below(2) == 0 ? "-" : "")\(below(1_000_000))"
        case .fixedPoint:
            let scale = Double(bitPattern: UInt64(1023 - 20 + below(40)) << 52 | bits() >> 12)
            return printed("%.*f", below(20), scale)
        }
    }

    /// The text that `printf` makes of a number.
    private func printed(_ format: String, _ precision: Int, _ value: Double) -> String {
        withVaList([Int32(precision), value]) { arguments in
            var buffer = [CChar](repeating: 0, count: 1600)
            let count = vsnprintf(&buffer, buffer.count, format, arguments)
            return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// All digits of the number in the middle between one and the next.
    private func exactMiddle(above value: Double) -> String {
        // Twice the significand and one, times a power of two: an integer of decimal digits, doubled or multiplied
        // by five (and then divided by ten) as often as the power says.
        let significand = value.significandBitPattern | (value.isNormal ? 1 << 52 : 0)
        let exponent = max(Int(value.exponentBitPattern), 1) - 1075 - 1
        var number: [UInt64] = []
        var rest = 2 * significand + 1
        while rest > 0 {
            number.append(rest % Self.limb)
            rest /= Self.limb
        }
        for _ in 0..<abs(exponent) / 8 { Self.multiply(&number, by: exponent < 0 ? 390_625 : 256) }
        for _ in 0..<abs(exponent) % 8 { Self.multiply(&number, by: exponent < 0 ? 5 : 2) }
        var text = "\(number.last!)"
        for limb in number.dropLast().reversed() {
            let digits = "\(limb)"
            text += String(repeating: "0", count: 12 - digits.count) + digits
        }
        return "\(text)e\(min(exponent, 0))"
    }

    private static let limb: UInt64 = 1_000_000_000_000

    private static func multiply(_ number: inout [UInt64], by factor: UInt64) {
        var carry: UInt64 = 0
        for index in number.indices {
            let product = number[index] * factor + carry
            number[index] = product % limb
            carry = product / limb
        }
        if carry > 0 { number.append(carry) }
    }
}
