import ArgumentParser

/// Words that a person lists on the command line, and what was probably meant by one that is not known.
enum WordList {
    /// The words of a list, separated by commas; spaces do not count.
    static func words(_ list: String) -> [String] {
        list.split(separator: ",").map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
    }

    /// `128,64` as widths.
    static func widths(_ list: String) throws -> [Int] {
        let widths = try words(list).map { word in
            guard let width = Int(word), (1...1_000_000).contains(width) else {
                throw ValidationError(
                    "'\(word)' is not the width of a layer: whole numbers from 1, as in 128,64.")
            }
            return width
        }
        if widths.isEmpty { throw ValidationError("no width is named, as in 128,64.") }
        return widths
    }

    /// One of the words that are known.
    ///
    /// - Parameters:
    ///   - word: What was given.
    ///   - known: What there is.
    ///   - kind: What they are, for the message.
    /// - Throws: `ValidationError` that says what is known, and what was probably meant.
    static func choice(_ word: String, of known: [String], as kind: String) throws -> String {
        if known.contains(word) { return word }
        // However it is written: leakyReLU, leaky_relu.
        let lower = word.lowercased()
        if let same = known.first(where: { plain($0) == plain(lower) }) { return same }
        let nearest = known.map { (name: $0, distance: distance($0, lower)) }.min {
            $0.distance < $1.distance
        }
        var message = "there is no \(kind) '\(word)'."
        if let nearest, nearest.distance <= 2 { message += " Did you mean \(nearest.name)?" }
        throw ValidationError(message + " Known: \(known.joined(separator: ", ")).")
    }

    /// A name of Swift's as one of the command line: `heUniform` as `he-uniform`.
    static func hyphenated(_ name: String) -> String {
        var result = ""
        var wasCapital = true
        // The one word with a capital inside.
        for letter in name.split(separator: "ReLU", omittingEmptySubsequences: false).joined(
            separator: "Relu")
        {
            if letter.isUppercase && !wasCapital { result.append("-") }
            wasCapital = letter.isUppercase
            result += letter.lowercased()
        }
        return result
    }

    /// Letters and digits alone.
    private static func plain(_ word: String) -> String { word.filter { $0 != "-" && $0 != "_" } }

    /// The number of letters to insert, remove or replace to make one word of the other (Levenshtein).
    static func distance(_ first: String, _ second: String) -> Int {
        let second = Array(second)
        var row = Array(0...second.count)
        for (i, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in second.indices {
                let above = row[j + 1]
                row[j + 1] = letter == second[j] ? diagonal : min(diagonal, above, row[j]) + 1
                diagonal = above
            }
        }
        return row[second.count]
    }
}
