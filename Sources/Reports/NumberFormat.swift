import Glibc

/// Numbers as people read them in tables and on axes, without full Foundation.
package enum NumberFormat {
    /// `value` with a fixed number of decimals: 0.0500.
    package static func fixed(_ value: Double, decimals: Int) -> String {
        printf("%.\(max(0, decimals))f", value)
    }

    /// `value` with so many significant digits, in the shorter of fixed and exponential form: 3.16e-05.
    package static func significant(_ value: Double, digits: Int) -> String {
        if value == 0 { return "0" }
        guard value.isFinite else { return nonFinite(value) }
        let exponent = decimalExponent(value, digits: digits)
        if exponent < -4 || exponent > 6 { return printf("%.\(max(0, digits - 1))e", value) }
        return fixed(value, decimals: max(0, digits - 1 - exponent))
    }

    /// A learning rate or another hyperparameter, in the shortest form that reads back to the same number.
    package static func shortest(_ value: Double) -> String {
        guard value.isFinite else { return nonFinite(value) }
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// A count with separators: 60,000.
    package static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + text
    }

    /// A mean with half the width of its interval: `0.9131 ± 0.0012`.
    ///
    /// The half-width has two significant digits and the mean as many decimals, but no mean has more than
    /// `digits` significant digits: an interval narrower than the last of them is written `± <0.00001`. Without an
    /// interval the mean stands alone, with four significant digits.
    package static func estimate(
        mean: Double, halfWidth: Double?, digits: Int = 5, sign: Bool = false, plusMinus: String = "±"
    ) -> String {
        guard mean.isFinite else { return nonFinite(mean) }
        let prefix = sign && mean > 0 ? "+" : ""
        guard let halfWidth else { return prefix + significant(mean, digits: 4) }
        guard halfWidth.isFinite else { return prefix + significant(mean, digits: 4) + " \(plusMinus) ?" }
        let leading = max(
            mean == 0 ? Int.min : decimalExponent(mean, digits: digits),
            halfWidth == 0 ? Int.min : decimalExponent(halfWidth, digits: 2))
        if leading == Int.min { return "0 \(plusMinus) 0" }
        let finest = min(max(0, digits - 1 - leading), 8)
        if halfWidth == 0 { return "\(prefix)\(trimmingZeros(fixed(mean, decimals: finest))) \(plusMinus) 0" }
        let wanted = max(0, 1 - decimalExponent(halfWidth, digits: 2))
        let decimals = min(wanted, finest)
        let meanText = fixed(mean, decimals: decimals)
        // Half a unit of the last digit would be printed as a plain 0, which an interval is not.
        let unit = power(10, -decimals)
        if halfWidth < unit / 2 {
            return "\(prefix)\(meanText) \(plusMinus) <\(fixed(unit, decimals: decimals))"
        }
        return "\(prefix)\(meanText) \(plusMinus) \(fixed(halfWidth, decimals: decimals))"
    }

    /// The same number without zeros at the end of its fraction: 0.5 for 0.500.
    package static func trimmingZeros(_ text: String) -> String {
        guard text.contains(".") && !text.contains("e") else { return text }
        var text = text
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }

    /// A span of time for people: 0.4 s, 12 s, 3 min 05 s, 1 h 02 min.
    package static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
        if seconds < 9.95 { return fixed(seconds, decimals: 1) + " s" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        func padded(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        if whole < 3600 { return "\(whole / 60) min \(padded(whole % 60)) s" }
        return "\(whole / 3600) h \(padded(whole % 3600 / 60)) min"
    }

    /// The power of ten of the first digit after rounding to so many digits: 0.0999 with two digits gives −1.
    static func decimalExponent(_ value: Double, digits: Int) -> Int {
        guard value != 0, value.isFinite else { return 0 }
        let text = printf("%.\(max(0, digits - 1))e", value)
        return text.lastIndex(of: "e").flatMap { Int(text[text.index(after: $0)...]) } ?? 0
    }

    private static func nonFinite(_ value: Double) -> String {
        value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double { Glibc.pow(base, Double(exponent)) }

    private static func printf(_ format: String, _ value: Double) -> String {
        withVaList([value]) { arguments in
            // The largest Double has 309 digits before the point.
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
                let length = vsnprintf(buffer.baseAddress!, buffer.count, format, arguments)
                let bytes = buffer.prefix(Int(min(length, 511))).map { UInt8(bitPattern: $0) }
                return String(decoding: bytes, as: UTF8.self)
            }
        }
    }
}
