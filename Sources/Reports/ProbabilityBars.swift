/// The probabilities of classes as bars of characters, beside the picture that they are about if there is one.
public struct ProbabilityBars: Sendable {
    /// One class.
    public struct Bar: Sendable, Equatable {
        /// The name of the class.
        public var name: String
        /// From 0 to 1.
        public var probability: Double

        /// A bar.
        public init(name: String, probability: Double) {
            self.name = name
            self.probability = probability
        }
    }

    /// The bars, from top to bottom.
    public let bars: [Bar]

    /// At most so many classes are shown in their own order; of more, the most probable.
    public static let most = 20

    /// Bars for the probabilities of classes, as many as there are names.
    public init(classNames: [String], probabilities: [Double]) {
        precondition(
            classNames.count == probabilities.count,
            "\(classNames.count) classes and \(probabilities.count) probabilities")
        let all = zip(classNames, probabilities).map { Bar(name: $0, probability: $1) }
        guard all.count > Self.most else {
            bars = all
            return
        }
        let order = all.indices.sorted { (-all[$0].probability, $0) < (-all[$1].probability, $1) }
        bars = order.prefix(10).map { all[$0] }
    }

    /// The bars in lines of text.
    ///
    /// - Parameters:
    ///   - tile: The picture to stand at the left.
    ///   - width: Characters in a line, if they are limited.
    ///   - ascii: Whether to do without characters outside ASCII.
    public func lines(beside tile: PictureSheet.Tile? = nil, width: Int? = nil, ascii: Bool) -> [String] {
        let picture = tile.map { Self.lines(of: $0, ascii: ascii) } ?? []
        let pictureWidth = picture.map(\.count).max() ?? 0
        let indent = pictureWidth == 0 ? 0 : pictureWidth + 3
        let nameWidth = min(24, bars.map(\.name.count).max() ?? 0)
        let barWidth = max(8, min(40, (width ?? 80) - indent - nameWidth - 10))
        let text = bars.map { bar -> String in
            let name = bar.name.count > 24 ? String(bar.name.prefix(23)) + "…" : bar.name
            let padding = String(repeating: " ", count: max(0, nameWidth - name.count))
            let drawn = Self.bar(bar.probability, width: barWidth, ascii: ascii)
            let value = NumberFormat.fixed(bar.probability, decimals: 4)
            return "\(padding)\(name)  \(value)\(drawn.isEmpty ? "" : "  \(drawn)")"
        }
        guard !picture.isEmpty else { return text }
        // The shorter of the two stands in the middle of the other.
        let height = max(picture.count, text.count)
        let (above, before) = ((height - picture.count) / 2, (height - text.count) / 2)
        return (0..<height).map { row in
            let left = picture.indices.contains(row - above) ? picture[row - above] : ""
            let right = text.indices.contains(row - before) ? text[row - before] : ""
            var line = left + String(repeating: " ", count: indent - left.count) + right
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// A bar to an eighth of a character.
    private static func bar(_ share: Double, width: Int, ascii: Bool) -> String {
        let length = min(max(share, 0), 1) * Double(width)
        if ascii { return String(repeating: "#", count: Int(length.rounded())) }
        let eighths = Int((length * 8).rounded())
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    }

    /// A picture in characters, two rows of pixels in a line, as characters are twice as high as wide.
    private static func lines(of tile: PictureSheet.Tile, ascii: Bool) -> [String] {
        // Wider ones would leave no room for the bars.
        let factor = max(1, (tile.width + 39) / 40)
        let shades = Array(ascii ? " .:-=+*#%@" : " ░▒▓█")
        let (columns, rows) = (tile.width / factor, (tile.height + 2 * factor - 1) / (2 * factor))
        return (0..<rows).map { row in
            String(
                (0..<columns).map { column -> Character in
                    var (sum, count) = (0.0, 0.0)
                    for y in (row * 2 * factor)..<min((row + 1) * 2 * factor, tile.height) {
                        for x in (column * factor)..<((column + 1) * factor) {
                            sum += tile.brightness[y * tile.width + x]
                            count += 1
                        }
                    }
                    let shade = sum / count * Double(shades.count - 1)
                    return shades[min(max(Int(shade.rounded()), 0), shades.count - 1)]
                })
        }
    }
}
