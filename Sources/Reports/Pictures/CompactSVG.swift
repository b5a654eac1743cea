/// Makes gnuplot's SVG about half as large, for pictures that are kept: the same picture.
///
/// Groups without contents go, the attributes that every group repeats are said once, and coordinates keep one decimal,
/// a tenth of a pixel. Pictures made of few pixels are shown as such, and not smoothed over.
enum CompactSVG {
    private static let shared = [
        " fill=\"none\" color=\"black\" stroke=\"currentColor\"",
        " stroke-linecap=\"butt\" stroke-linejoin=\"miter\"",
    ]

    /// The smaller text.
    static func compacted(_ text: String) -> String {
        var lines: [Substring] = []
        for line in text.split(separator: "\n") {
            let line = trimmed(line)
            if line == "</g>", let last = lines.last, last.hasPrefix("<g "), !last.contains("</g>") {
                lines.removeLast()
            } else if !line.isEmpty {
                lines.append(line)
            }
        }
        var result = ""
        var isOpen = false
        for line in lines {
            if line.contains("<text") || line.contains("<title") || line.hasPrefix("<?") {
                result += without(shared, String(line)) + "\n"
                continue
            }
            if line == "</svg>" {
                result += isOpen ? "</g>\n</svg>\n" : "</svg>\n"
                continue
            }
            if line.hasPrefix("<image ") {
                result += "<image image-rendering='pixelated' " + line.dropFirst(7) + "\n"
                continue
            }
            let short = without(shared + [" class=\"gridline\""], String(line))
            // What stands before the end of the definitions is the head, with numbers and attributes of its own.
            result += (isOpen ? rounded(short) : String(line)) + "\n"
            if line.hasSuffix("</defs>"), !isOpen {
                isOpen = true
                result += "<g" + shared.joined() + ">\n"
            }
        }
        return result
    }

    private static func trimmed(_ line: Substring) -> Substring {
        var line = line.drop { $0 == "\t" || $0 == " " }
        while let last = line.last, last == " " || last == "\r" { line.removeLast() }
        return line
    }

    private static func without(_ parts: [String], _ text: String) -> String {
        var text = text[...]
        var result = ""
        while let start = text.firstIndex(of: " ") {
            result += text[..<start]
            text = text[start...]
            if let part = parts.first(where: { text.hasPrefix($0) }) {
                text = text.dropFirst(part.count)
            } else {
                result += " "
                text = text.dropFirst()
            }
        }
        return result + text
    }

    /// Numbers with two decimals get one, or none where that is a zero.
    private static func rounded(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        func isDigit(_ index: Int) -> Bool { index < bytes.count && (48..<58).contains(bytes[index]) }
        while index < bytes.count {
            let isPoint = bytes[index] == UInt8(ascii: ".")
            guard isPoint, isDigit(index + 1), isDigit(index + 2), !isDigit(index + 3) else {
                result.append(bytes[index])
                index += 1
                continue
            }
            if bytes[index + 1] != UInt8(ascii: "0") { result += bytes[index...index + 1] }
            index += 3
        }
        return String(decoding: result, as: UTF8.self)
    }
}
