/// A panel drawn in characters: in dots of Braille where there is colour, otherwise with a letter for each curve.
package struct TextChart: Sendable {
    /// What to draw.
    package var panel: Panel
    /// Characters in a line, labels included.
    package var width: Int
    /// Lines between the axes.
    package var height: Int
    /// Whether the terminal shows colours; Braille dots of two curves cannot be told apart without.
    package var color: Bool
    /// Whether to do without characters outside ASCII.
    package var ascii: Bool

    /// A chart.
    package init(_ panel: Panel, width: Int, height: Int = 14, color: Bool, ascii: Bool) {
        self.panel = panel
        self.width = max(width, 30)
        self.height = max(height, 4)
        self.color = color
        self.ascii = ascii
    }

    /// The chart's lines, the legend last.
    package func lines() -> [String] {
        let curves = panel.curves.filter { $0.form == .line && !$0.points.isEmpty }
        guard !curves.isEmpty else { return [] }
        let xRange = panel.x.drawnRange(fitting: curves.flatMap { $0.points.map(\.x) })
        let yRange = panel.y.drawnRange(fitting: curves.flatMap { $0.points.map(\.y) })
        let yTicks = ticks(panel.y, yRange)
        let margin = (yTicks.map(\.label.count).max() ?? 0) + 1
        let columns = width - margin - 1
        let dotted = color && !ascii
        var canvas = Canvas(columns: columns, rows: height, dotted: dotted)
        for (index, curve) in curves.enumerated() {
            let places = curve.points.filter { panel.x.shows($0.x) && panel.y.shows($0.y) }.map {
                (
                    x: panel.x.fraction(panel.x.drawn($0.x), in: xRange),
                    y: panel.y.fraction(panel.y.drawn($0.y), in: yRange)
                )
            }
            canvas.draw(places, ink: index)
        }
        let (vertical, corner, horizontal): (String, String, String) =
            ascii ? ("|", "+", "-") : ("│", "└", "─")
        var result = [String(repeating: " ", count: margin) + panel.y.label]
        for row in 0..<height {
            let label =
                yTicks.last {
                    height - 1
                        - Int((panel.y.fraction($0.position, in: yRange) * Double(height - 1)).rounded())
                        == row
                }?.label ?? ""
            result.append(
                String(repeating: " ", count: margin - 1 - label.count) + label + " " + vertical
                    + canvas.line(row, inks: curves.map(\.color), letters: letters(curves)))
        }
        result.append(
            String(repeating: " ", count: margin) + corner + String(repeating: horizontal, count: columns))
        result.append(xLabels(xRange, columns: columns, margin: margin))
        result.append(String(repeating: " ", count: margin + 1) + panel.x.label)
        result.append(String(repeating: " ", count: margin + 1) + legend(curves, dotted: dotted))
        return result
    }

    // MARK: Parts

    private func ticks(_ axis: Axis, _ range: ClosedRange<Double>) -> [Axis.Tick] {
        let ticks = axis.ticks(in: range).filter { !$0.label.isEmpty }
        guard ticks.isEmpty else { return ticks }
        return [0, 0.5, 1].map { fraction in
            let position = range.lowerBound + fraction * (range.upperBound - range.lowerBound)
            return Axis.Tick(position: position, label: NumberFormat.significant(position, digits: 3))
        }
    }

    private func xLabels(_ range: ClosedRange<Double>, columns: Int, margin: Int) -> String {
        var line = [Character](repeating: " ", count: margin + 1 + columns)
        var free = 0
        for tick in ticks(panel.x, range) {
            let center =
                margin + 1 + Int((panel.x.fraction(tick.position, in: range) * Double(columns - 1)).rounded())
            let start = min(max(center - tick.label.count / 2, 0), line.count - tick.label.count)
            guard start >= free else { continue }
            line.replaceSubrange(start..<start + tick.label.count, with: Array(tick.label))
            free = start + tick.label.count + 1
        }
        return trimmed(String(line))
    }

    private func legend(_ curves: [Curve], dotted: Bool) -> String {
        let letters = letters(curves)
        return curves.enumerated().map { index, curve in
            dotted
                ? Canvas.paint("⠒⠒", color: curve.color) + " " + curve.label
                : "\(letters[index]) \(curve.label)"
        }.joined(separator: "   ")
    }

    /// A letter for each curve: the first of its name that is still free.
    private func letters(_ curves: [Curve]) -> [Character] {
        var taken: Set<Character> = []
        return curves.map { curve in
            let letter =
                (curve.label + "abcdefghijklmnopqrstuvwxyz").first { $0.isLetter && !taken.contains($0) }
                ?? "*"
            taken.insert(letter)
            return letter
        }
    }
}

private func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
}

/// Cells of characters, each of 2 × 4 dots where dots are drawn.
private struct Canvas {
    let columns: Int
    let rows: Int
    private let dotted: Bool
    private var dots: [UInt8]
    private var inks: [Int?]

    init(columns: Int, rows: Int, dotted: Bool) {
        self.columns = columns
        self.rows = rows
        self.dotted = dotted
        dots = Array(repeating: 0, count: columns * rows)
        inks = Array(repeating: nil, count: columns * rows)
    }

    /// Joins places between 0 and 1, from bottom left, by straight lines.
    mutating func draw(_ places: [(x: Double, y: Double)], ink: Int) {
        let width = Double(dotted ? columns * 2 : columns) - 1
        let height = Double(dotted ? rows * 4 : rows) - 1
        var last: (x: Double, y: Double)?
        for place in places {
            let here = (x: place.x * width, y: (1 - place.y) * height)
            let from = last ?? here
            let steps = max(1, Int(max(abs(here.x - from.x), abs(here.y - from.y)).rounded(.up)))
            for step in 0...min(steps, 10_000) {
                let t = Double(step) / Double(steps)
                set(from.x + (here.x - from.x) * t, from.y + (here.y - from.y) * t, ink: ink)
            }
            last = here
        }
    }

    private mutating func set(_ x: Double, _ y: Double, ink: Int) {
        let (column, row) = (Int(x.rounded()), Int(y.rounded()))
        let (dotColumns, dotRows) = dotted ? (columns * 2, rows * 4) : (columns, rows)
        guard (0..<dotColumns).contains(column), (0..<dotRows).contains(row) else { return }
        let cell = dotted ? row / 4 * columns + column / 2 : row * columns + column
        inks[cell] = ink
        if dotted { dots[cell] |= Self.bits[row % 4][column % 2] }
    }

    /// Where the bits of a Braille character stand: Unicode numbers the dots down the left side, then down the right,
    /// and the bottom row last.
    private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

    func line(_ row: Int, inks colors: [Int], letters: [Character]) -> String {
        var text = ""
        for column in 0..<columns {
            let cell = row * columns + column
            guard let ink = inks[cell] else {
                text += " "
                continue
            }
            guard dotted, let braille = Unicode.Scalar(0x2800 + UInt32(dots[cell])) else {
                text.append(letters[ink])
                continue
            }
            text += Self.paint(String(Character(braille)), color: colors[ink])
        }
        return trimmed(text)
    }

    /// The nearest of the 256 colours of terminals to those of the pictures.
    private static let terminalColors = [32, 208, 36, 175, 214, 75, 250, 245]

    static func paint(_ text: String, color: Int) -> String {
        "\u{1B}[38;5;\(terminalColors[color % terminalColors.count])m\(text)\u{1B}[0m"
    }
}
