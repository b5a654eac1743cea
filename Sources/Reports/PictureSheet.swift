/// Pictures side by side, each with a caption, and beside them, if wanted, bars of probabilities.
///
/// ```swift
/// let tiles = digits.examples(ofClass: "7").prefix(16).map { PictureSheet.Tile(of: digits, example: Int($0)) }
/// try PictureSheet(title: "Sixteen sevens", tiles: tiles, columns: 4).write(to: "sevens.svg")
/// ```
public struct PictureSheet: Sendable, Equatable {
    /// One picture.
    public struct Tile: Sendable, Equatable {
        /// Pixels in a row.
        public var width: Int
        /// Rows.
        public var height: Int
        /// The brightness of each pixel from 0 to 1, row by row from the top.
        public var brightness: [Double]
        /// Lines above the picture.
        public var caption: [String]

        /// A picture.
        public init(width: Int, height: Int, brightness: [Double], caption: [String] = []) {
            precondition(
                brightness.count == width * height,
                "\(brightness.count) pixels for a picture of \(width) × \(height)")
            self.width = width
            self.height = height
            self.brightness = brightness
            self.caption = caption
        }
    }

    /// What brightness looks like.
    public enum Palette: String, Sendable, CaseIterable {
        /// 0 black, 1 white.
        case gray
        /// 0 white, 1 black: ink on paper.
        case ink
        /// 0 blue, ½ white, 1 red: numbers of either sign.
        case diverging

        fileprivate var command: String {
            switch self {
            case .gray: "set palette gray"
            case .ink: "set palette gray negative"
            case .diverging:
                "set palette defined (0 '#2166AC', 0.25 '#92C5DE', 0.5 '#FFFFFF', 0.75 '#F4A582', 1 '#B2182B')"
            }
        }
    }

    /// The first line.
    public var title: String
    /// A smaller line beneath it.
    public var subtitle: String
    /// The pictures, row by row.
    public var tiles: [Tile]
    /// How many stand in a row.
    public var columns: Int
    /// The longer side of a picture in pixels; `nil` for large where there is one, and small where there are many.
    public var tileSize: Double?
    /// What brightness looks like.
    public var palette: Palette
    /// Bars to the right of the pictures; none for an empty list.
    public var bars: [ProbabilityBars.Bar]

    /// A sheet of pictures.
    public init(
        title: String, subtitle: String = "", tiles: [Tile], columns: Int = 5, tileSize: Double? = nil,
        palette: Palette = .gray, bars: [ProbabilityBars.Bar] = []
    ) {
        precondition(columns >= 1, "a sheet needs at least one column, not \(columns)")
        self.title = title
        self.subtitle = subtitle
        self.tiles = tiles
        self.columns = columns
        self.tileSize = tileSize
        self.palette = palette
        self.bars = bars
    }

    // MARK: Layout, in pixels

    private static let gap = 14.0
    private static let captionLine = 15.0
    private static let head = 62.0
    private var side: Double { tileSize ?? (tiles.count == 1 ? 260 : 130) }
    /// The size of a place that holds any of the pictures, the longer side being `side`.
    private var cell: (width: Double, height: Double) {
        let sizes = tiles.map { size(of: $0) }
        return (sizes.map(\.width).max() ?? 0, sizes.map(\.height).max() ?? 0)
    }
    private func size(of tile: Tile) -> (width: Double, height: Double) {
        let scale = side / Double(max(tile.width, tile.height))
        return (scale * Double(tile.width), scale * Double(tile.height))
    }
    private var columnCount: Int { max(1, min(columns, tiles.count)) }
    private var rowCount: Int { (tiles.count + columnCount - 1) / columnCount }
    private var captionHeight: Double {
        Double(tiles.map(\.caption.count).max() ?? 0) * Self.captionLine + 4
    }
    private var gridWidth: Double {
        tiles.isEmpty ? 0 : Self.gap + Double(columnCount) * (cell.width + Self.gap)
    }
    private var barsWidth: Double { bars.isEmpty ? 0 : 380 }
    private var width: Double { max(420, gridWidth + barsWidth) }
    private var height: Double {
        let grid = Double(rowCount) * (cell.height + captionHeight + Self.gap)
        return Self.head + max(grid, bars.isEmpty ? 0 : Double(bars.count) * 24 + 30) + 10
    }

    // MARK: Script

    /// The script that draws the sheet.
    package func script(name: String) -> GnuplotScript {
        var data = ""
        var body = ""
        for (index, tile) in tiles.enumerated() {
            if index > 0 { data += "\n\n" }
            for row in 0..<tile.height {
                let line = tile.brightness[row * tile.width..<(row + 1) * tile.width]
                data += line.map { NumberFormat.significant($0, digits: 3) }.joined(separator: " ") + "\n"
            }
            body += plot(tile, at: index)
        }
        if !bars.isEmpty {
            if !tiles.isEmpty { data += "\n\n" }
            for (index, bar) in bars.enumerated() { data += "\(index) \(bar.probability)\n" }
            body += plotBars(index: tiles.count)
        }
        // The title is drawn with the first plot, and so there has to be one.
        if body.isEmpty { body = "unset border\nplot [0:1] [0:1] 2\n" }
        return GnuplotScript(name: name, script: opening(name: name) + body + Self.closing, data: data)
    }

    private func opening(name: String) -> String {
        let size = "\(Int(width.rounded())),\(Int(height.rounded()))"
        let title = GnuplotScript.quoted(self.title)
        let subtitle = GnuplotScript.quoted(self.subtitle)
        return """
            # \(GnuplotScript.oneLine(self.title))
            # Draws \(name).svg and \(name).png from \(name).dat:  gnuplot \(name).gnuplot
            if (!exists("suffix")) suffix = ''
            data = '\(name).dat'
            set encoding utf8
            do for [format in "svg png"] {
            reset
            if (format eq "svg") {
                set terminal svg noenhanced size \(size) font 'sans-serif,12' background rgb 'white'
            } else {
                set terminal pngcairo noenhanced size \(size) font 'Sans,9' background rgb 'white'
            }
            set output '\(name).'.format.suffix
            set multiplot
            set label 1 \(title) at screen 0.5, screen \(y(20)) center font (format eq 'svg' ? 'sans-serif,16' : 'Sans:Bold,11')
            set label 2 \(subtitle) at screen 0.5, screen \(y(42)) center textcolor rgb '#444444'
            unset key
            unset tics
            unset colorbox
            \(palette.command)
            set cbrange [0:1]
            set border 15 lc rgb '#B0B0B0'

            """
    }

    private static let closing = "unset multiplot\nunset output\n}\n"

    private func plot(_ tile: Tile, at index: Int) -> String {
        let (row, column) = (index / columnCount, index % columnCount)
        let top = Self.head + Double(row) * (cell.height + captionHeight + Self.gap) + captionHeight
        let indent = max(0, (width - gridWidth - barsWidth) / 2)
        let left = indent + Self.gap + Double(column) * (cell.width + Self.gap)
        let (tileWidth, tileHeight) = size(of: tile)
        var text = "\n"
        text += margins(left: left, right: left + tileWidth, top: top, bottom: top + tileHeight)
        text +=
            "set xrange [-0.5:\(Double(tile.width) - 0.5)]; set yrange [\(Double(tile.height) - 0.5):-0.5]\n"
        for (line, words) in tile.caption.enumerated() {
            let place = top - 9 - Double(tile.caption.count - 1 - line) * Self.captionLine
            text += "set label \(line + 3) \(GnuplotScript.quoted(words)) "
            text += "at screen \(x(left + tileWidth / 2)), screen \(y(place)) center\n"
        }
        text += "plot data index \(index) matrix with image\n"
        // Labels before the next plot would be drawn again with it.
        text += "unset label\n"
        return text
    }

    private func plotBars(index: Int) -> String {
        let names = bars.enumerated().map { "\(GnuplotScript.quoted($1.name)) \($0)" }.joined(separator: ", ")
        let longest = bars.map(\.name.count).max() ?? 1
        let left = gridWidth + 24 + min(160, Double(longest) * 7.5)
        var text = "\n"
        text += margins(
            left: left, right: width - 66, top: Self.head + (tiles.isEmpty ? 0 : captionHeight),
            bottom: Self.head + (tiles.isEmpty ? 0 : captionHeight)
                + max(
                    tiles.isEmpty ? 0 : cell.height, Double(bars.count) * 24))
        text += "set xrange [0:1]; set yrange [\(Double(bars.count) - 0.4):-0.6]\n"
        text += "set border 2 lc rgb '#B0B0B0'\nset ytics scale 0 (\(names)) textcolor rgb '#222222'\n"
        for (row, bar) in bars.enumerated() {
            let value = GnuplotScript.quoted(NumberFormat.fixed(bar.probability, decimals: 4))
            text +=
                "set label \(row + 3) \(value) at first \(bar.probability), first \(row) offset character 0.7,0\n"
        }
        text += "plot data index \(index) using (0):1:(0):2:($1-0.36):($1+0.36) with boxxyerror "
        text += "fs solid 0.85 noborder fc rgb '#0072B2'\nunset label\n"
        return text
    }

    private func margins(left: Double, right: Double, top: Double, bottom: Double) -> String {
        "set lmargin at screen \(x(left)); set rmargin at screen \(x(right)); "
            + "set tmargin at screen \(y(top)); set bmargin at screen \(y(bottom))\n"
    }

    private func x(_ pixels: Double) -> Double { GnuplotScript.rounded(pixels / width) }

    /// From the top, as one reads.
    private func y(_ pixels: Double) -> Double { GnuplotScript.rounded(1 - pixels / height) }
}

extension PictureSheet {
    /// Draws the sheet into a file, SVG or PNG by the ending of its name.
    ///
    /// - Throws: ``ReportError`` when the ending is another, gnuplot is missing or fails, or the file cannot be written.
    public func write(to path: String) throws(ReportError) {
        try Gnuplot.drawing(to: path, endings: [".svg", ".png"]).draw(self, to: path)
    }
}

extension Gnuplot {
    /// Draws pictures into one file, svg or png by the ending of its name.
    ///
    /// - Throws: ``ReportError`` when the file cannot be written or gnuplot fails.
    package func draw(_ sheet: PictureSheet, to path: String) throws(ReportError) {
        try draw(sheet.script(name: "figure"), to: path)
    }
}
