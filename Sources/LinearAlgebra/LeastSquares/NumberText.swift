import Glibc

// Numbers for people, the same in every locale.

/// A number to so many significant digits, as C's `%g` writes it: plain where short, else with an exponent.
package func significant(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    if value == 0 { return "0" }
    let (isNegative, text, exponent) = decimal(value, digits)
    var body: String
    if exponent < -4 || exponent >= max(digits, 6) {
        let mantissa = trimmed(String(text.prefix(1)) + "." + text.dropFirst())
        let magnitude = abs(exponent)
        body = mantissa + (exponent < 0 ? "e-" : "e+") + (magnitude < 10 ? "0" : "") + String(magnitude)
    } else if exponent < 0 {
        body = trimmed("0." + String(repeating: "0", count: -exponent - 1) + text)
    } else if exponent + 1 >= text.count {
        body = text + String(repeating: "0", count: exponent + 1 - text.count)
    } else {
        body = trimmed(String(text.prefix(exponent + 1)) + "." + text.dropFirst(exponent + 1))
    }
    if isNegative { body = "-" + body }
    return body
}

/// A number with so many digits after the point.
package func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return significant(value, max(decimals, 6)) }
    let exponent = value == 0 ? 0 : decimal(value, 1).exponent
    let digits = exponent + 1 + decimals
    var text = "0"
    var place = 0
    var isNegative = false
    if value != 0, digits >= 1 {
        var rounded = decimal(value, digits)
        // 0.96 to one digit is 1, a power of ten higher: then there was a digit too many.
        if rounded.exponent < exponent, digits > 1 { rounded = decimal(value, digits - 1) }
        (isNegative, text, place) = (rounded.isNegative, rounded.digits, rounded.exponent)
    } else if value.magnitude >= 0.5 * pow(10, Double(-decimals)) {
        (isNegative, text, place) = (value < 0, "1", -decimals)
    }
    if text.allSatisfy({ $0 == "0" }) {
        return decimals > 0 ? "0." + String(repeating: "0", count: decimals) : "0"
    }
    // Digits in front of and after the point.
    var whole = "0"
    var fraction = text
    if place >= 0 {
        whole = String(text.prefix(place + 1))
        fraction = String(text.dropFirst(place + 1))
    } else {
        fraction = String(repeating: "0", count: -place - 1) + text
    }
    if fraction.count < decimals { fraction += String(repeating: "0", count: decimals - fraction.count) }
    fraction = String(fraction.prefix(decimals))
    return (isNegative ? "-" : "") + whole + (decimals > 0 ? "." + fraction : "")
}

private func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var result = Substring(text)
    while result.hasSuffix("0") { result = result.dropLast() }
    if result.hasSuffix(".") { result = result.dropLast() }
    return String(result)
}

/// The decimal digits of a finite number, correctly rounded, and the power of ten of the first.
private func decimal(_ value: Double, _ digits: Int) -> (isNegative: Bool, digits: String, exponent: Int) {
    let wanted = min(max(digits, 1), 40)
    var buffer = [CChar](repeating: 0, count: 64)
    let count = withVaList([Int32(wanted - 1), value]) { vsnprintf(&buffer, buffer.count, "%.*e", $0) }
    let text = String(decoding: buffer[..<Int(count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let parts = text.split(separator: "e")
    // Whatever the locale's decimal point is, it is not a digit.
    return (text.hasPrefix("-"), String(parts[0].filter { $0.isASCII && $0.isNumber }), Int(parts[1]) ?? 0)
}
