import DescentReports

/// Times as tables have them.
enum TimeText {
    /// Three digits and a unit: `1.23 s`, `45.6 ms`, `812 µs`.
    static func text(_ seconds: Double) -> String {
        let (scale, unit) = unit(for: seconds)
        return "\(digits(seconds * scale)) \(unit)"
    }

    /// The median, and in parentheses the least and the greatest, all in the median's unit: `271 ms (265–290)`.
    static func text(_ sample: Sample) -> String {
        let (scale, _) = unit(for: sample.median)
        return "\(text(sample.median)) (\(digits(sample.least * scale))–\(digits(sample.greatest * scale)))"
    }

    /// Bytes in millions: `87 MB`.
    static func megabytes(_ bytes: Double) -> String {
        let megabytes = bytes / 1e6
        return NumberFormat.fixed(megabytes, decimals: megabytes < 10 ? 1 : 0) + " MB"
    }

    /// How many times as large: `2.1`.
    static func ratio(_ value: Double) -> String { digits(value, 2) }

    private static func unit(for seconds: Double) -> (scale: Double, unit: String) {
        seconds < 0.9995e-3 ? (1e6, "µs") : seconds < 0.9995 ? (1e3, "ms") : (1, "s")
    }

    /// So many digits that mean something, or more before the point; never an exponent.
    private static func digits(_ value: Double, _ count: Int = 3) -> String {
        guard value.isFinite else { return NumberFormat.significant(value, digits: count) }
        var decimals = count - 1
        var bound = 10.0
        // What would be rounded up to the next power of ten has a digit more already.
        while decimals > 0, value.magnitude >= bound * (1 - 0.5 * power(-count)) {
            decimals -= 1
            bound *= 10
        }
        return NumberFormat.fixed(value, decimals: decimals)
    }

    private static func power(_ exponent: Int) -> Double {
        (0..<(-exponent)).reduce(1.0) { value, _ in value / 10 }
    }
}
