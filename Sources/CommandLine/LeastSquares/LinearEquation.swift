import DescentDatasets

/// A linear equation between coefficients, as a person writes it: `a + b = 1`, `2*age - 0.5 dose = 0`,
/// `"size, m2" = region[north]`.
struct LinearEquation: Sendable, Equatable {
    /// The factor of each coefficient, all on the left side.
    let factors: [Double]
    /// The right side.
    let value: Double

    /// Why a text is no such equation, in words.
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads an equation.
    ///
    /// - Parameter names: The names of the coefficients; what stands in quotes is a name, and of the names that
    ///   fit elsewhere the longest is meant.
    init(_ text: String, names: [String]) throws(Malformed) {
        var parser = Parser(text: text, names: names)
        (factors, value) = try parser.equation()
    }

    private struct Parser {
        let text: String
        var rest: Substring
        /// The longest first.
        let names: [(name: String, index: Int)]

        init(text: String, names: [String]) {
            self.text = text
            rest = text[...]
            self.names = names.enumerated().map { ($1, $0) }.sorted { $0.0.count > $1.0.count }
        }

        mutating func equation() throws(Malformed) -> ([Double], Double) {
            var factors = [Double](repeating: 0, count: names.count)
            var value = 0.0
            var side = 1.0
            var isFirst = true
            while true {
                var sign = side
                skipSpace()
                if let first = rest.first, "+-−".contains(first) {
                    if first != "+" { sign = -sign }
                    rest.removeFirst()
                } else if !isFirst {
                    throw complaint(
                        "+, - or = is missing before \"\(DataFileError.printable(String(rest)))\"")
                }
                isFirst = false
                let (factor, index) = try term()
                if let index { factors[index] += sign * factor } else { value -= sign * factor }
                skipSpace()
                if rest.isEmpty { break }
                if rest.first == "=" {
                    guard side == 1 else { throw complaint("it has more than one =") }
                    side = -1
                    rest.removeFirst()
                    isFirst = true
                }
            }
            guard side == -1 else { throw complaint("it has no =") }
            guard factors.contains(where: { $0 != 0 }) else {
                throw complaint("no coefficient is left in it")
            }
            return (factors, value)
        }

        /// A number, a name, or a number times a name.
        private mutating func term() throws(Malformed) -> (Double, Int?) {
            skipSpace()
            let factor = number()
            if factor != nil {
                skipSpace()
                if rest.first == "*" {
                    rest.removeFirst()
                    guard let index = try name() else { throw noTerm() }
                    return (factor!, index)
                }
            }
            if let index = try name() { return (factor ?? 1, index) }
            guard let factor else {
                throw noTerm()
            }
            return (factor, nil)
        }

        private func noTerm() -> Malformed {
            if rest.isEmpty { return complaint("it ends where a number or a name is wanted") }
            return complaint(
                "\"\(DataFileError.printable(String(rest)))\" does not begin with the name of a coefficient;"
                    + " there are \(coefficients)")
        }

        private var coefficients: String {
            ColumnList.described(names.sorted { $0.index < $1.index }.map(\.name))
        }

        private mutating func number() -> Double? {
            // As far as digits, point and exponent go.
            var end = rest.startIndex
            var previous: Character = " "
            while end < rest.endIndex {
                let character = rest[end]
                let isExponent = "eE".contains(character) && previous.isNumber
                guard
                    character.isASCII && character.isNumber || character == "." || isExponent
                        || "+-".contains(character) && "eE".contains(previous)
                else { break }
                previous = character
                end = rest.index(after: end)
            }
            // The e may be the first letter of a name.
            while end > rest.startIndex {
                if let value = Double(rest[..<end]), value.isFinite {
                    rest = rest[end...]
                    return value
                }
                end = rest.index(before: end)
            }
            return nil
        }

        private mutating func name() throws(Malformed) -> Int? {
            skipSpace()
            if rest.first == "\"" {
                guard let end = rest.dropFirst().firstIndex(of: "\"") else {
                    throw complaint("a quotation mark is not closed")
                }
                let name = String(rest[rest.index(after: rest.startIndex)..<end])
                guard let index = names.first(where: { $0.name == name })?.index else {
                    throw complaint(
                        "there is no coefficient \"\(DataFileError.printable(name))\"; there are \(coefficients)"
                    )
                }
                rest = rest[rest.index(after: end)...]
                return index
            }
            for (name, index) in names where rest.hasPrefix(name) && !name.isEmpty {
                let after = rest.dropFirst(name.count)
                // Not the first letters of another word.
                if let next = after.first, next.isLetter || next.isNumber || next == "_",
                    name.last.map({ $0.isLetter || $0.isNumber || $0 == "_" }) ?? false
                {
                    continue
                }
                rest = after
                return index
            }
            return nil
        }

        private mutating func skipSpace() { rest = rest.drop { $0.isWhitespace } }

        private func complaint(_ words: String) -> Malformed {
            Malformed(description: "\"\(DataFileError.printable(text))\" is no equation: \(words)")
        }
    }
}
