/// Ways to write numbers that are not read, and what to do about them.
package enum NumberNotation {
    /// What keeps a text from being a number, though a person would take it for one; `nil` for numbers and all
    /// other text.
    ///
    /// Such texts are never guessed at: 1,234 is one and a bit in some countries and more than a thousand in
    /// others.
    package static func complaint(about text: String) -> String? {
        let text = text.trimmingBlanks
        if isNumber(text) { return nil }
        if text.contains("\u{2212}") {
            let plain = text.replacing("\u{2212}", with: "-")
            return isNumber(plain) ? "the minus sign must be an ASCII hyphen, as in \(plain)" : nil
        }
        if let hexadecimal = number(hexadecimal: text) {
            return "hexadecimal numbers are not read; write \(hexadecimal)"
        }
        if text.last == "%", isNumber(text.dropLast().trimmingBlanks) { return "leave the percent sign out" }
        if let sign = text.unicodeScalars.first, currencies.contains(sign),
            isNumber(text.dropFirst().trimmingBlanks)
        {
            return "leave the \(sign) out"
        }
        if text.contains(where: { "dD".contains($0) }) {
            let plain = text.replacing("D", with: "e").replacing("d", with: "e")
            return isNumber(plain) ? "an exponent must follow an e, as in \(plain)" : nil
        }
        return grouped(text)
    }

    private static let currencies: Set<Unicode.Scalar> = ["$", "€", "£", "¥"]

    /// About commas, and points, blanks, apostrophes and underscores between thousands.
    private static func grouped(_ text: String) -> String? {
        for separator in [",", ".", " ", "'", "_", "\u{A0}", "\u{202F}"] as [Character]
        where text.contains(separator) {
            // 1.234.567,8 and 1,234,567.8
            let decimal: Character = separator == "," || separator != "." && !text.contains(",") ? "." : ","
            let parts = text.split(separator: decimal, omittingEmptySubsequences: false)
            let groups = parts[0].split(separator: separator, omittingEmptySubsequences: false)
            guard parts.count <= 2, groups.count > 1, isNumber(groups[0]), groups[0].count <= 4,
                groups.dropFirst().allSatisfy({ $0.count == 3 && $0.allSatisfy(\.isASCIIDigit) })
            else { continue }
            let plain = groups.joined() + (parts.count > 1 ? ".\(parts[1])" : "")
            guard isNumber(plain) else { continue }
            if separator == ",", parts.count == 1, groups.count == 2 {
                return "write \(plain), or \(groups.joined(separator: ".")) if the comma is a decimal sign"
            }
            return "write \(plain), without separators of thousands"
        }
        let plain = text.replacing(",", with: ".")
        guard isNumber(plain) else { return nil }
        return "the decimal sign must be a point, as in \(plain)"
    }

    private static func number(hexadecimal text: String) -> Int? {
        guard text.lowercased().hasPrefix("0x") else { return nil }
        return Int(text.dropFirst(2), radix: 16)
    }

    /// Whether a text is a finite number as CSV files have them.
    private static func isNumber(_ text: some StringProtocol) -> Bool {
        // Not nan and inf, which have no digits.
        guard text.utf8.contains(where: { $0 &- 48 < 10 }) else { return false }
        return Array(text.utf8).withUnsafeBytes { bytes in
            if case .number = CSVNumber.parse(bytes) { return true }
            return false
        }
    }
}

extension StringProtocol {
    fileprivate var trimmingBlanks: String {
        var text = Substring(self)
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
