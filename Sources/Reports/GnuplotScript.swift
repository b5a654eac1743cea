/// A figure as a gnuplot script and the data file that it reads.
///
/// The script writes NAME.svg and NAME.png and can be run by hand, in the folder where it lies:
/// `gnuplot NAME.gnuplot`. Defining `suffix` (`gnuplot -e "suffix='.partial'" …`) makes it append that to the names.
/// Colours are those of Okabe and Ito (*Color Universal Design*, 2008), which the colour-blind can tell apart; lines
/// differ in their dashes too.
package struct GnuplotScript: Sendable, Equatable {
    /// The name that the files share, without extension.
    package let name: String
    /// The script.
    package let script: String
    /// The data: a block for each curve, columns x, y, lower and upper bound, blocks separated by two empty lines.
    package let data: String

    /// The name of the script's file.
    package var scriptName: String { name + ".gnuplot" }
    /// The name of the data file.
    package var dataName: String { name + ".dat" }
    /// Whether the script also draws an animation.
    package let isAnimated: Bool
    /// The names of the pictures that the script draws.
    package var pictureNames: [String] {
        [name + ".svg", name + ".png"] + (isAnimated ? [name + ".gif"] : [])
    }

    /// A script that has been written already, and its data.
    init(name: String, script: String, data: String) {
        self.name = name
        self.script = script
        self.data = data
        isAnimated = false
    }

    /// The script that draws `figure`.
    ///
    /// - Parameters:
    ///   - figure: What to draw.
    ///   - name: The name that the files are to share: letters, digits, `-` and `_`.
    package init(_ figure: Figure, name: String) {
        self.init(figure, animation: nil, name: name)
    }

    /// The script that draws an animation, NAME.gif, and its last frame as NAME.svg and NAME.png.
    ///
    /// - Parameters:
    ///   - animation: What to draw.
    ///   - name: The name that the files are to share: letters, digits, `-` and `_`.
    package init(_ animation: FigureAnimation, name: String) {
        self.init(animation.figure, animation: animation, name: name)
    }

    private init(_ figure: Figure, animation: FigureAnimation?, name: String) {
        self.name = name
        isAnimated = animation != nil
        var data = "# \(Self.oneLine(figure.title))\n# x y lower upper\n"
        var plots: [String] = []
        var block = 0
        for (index, panel) in figure.panels.enumerated() {
            let xRange = panel.x.drawnRange(fitting: panel.curves.flatMap(\.horizontalExtent))
            // Only what is in a mean decides what is in sight: a diverged run would leave the rest a flat line.
            let counted = panel.curves.filter { $0.form != .excluded }
            let fitted = counted.isEmpty ? panel.curves : counted
            let yRange = panel.y.drawnRange(fitting: fitted.flatMap(\.verticalExtent))
            var layers: [(order: Int, text: String)] = []
            for curve in panel.curves {
                let points = curve.points.filter {
                    panel.x.shows($0.x) && panel.y.shows($0.y) || ($0.x.isNaN && $0.y.isNaN)
                }
                guard !points.isEmpty else { continue }
                data += Self.block(curve, points, panel: panel, yRange: yRange)
                layers += Self.layers(curve, points, block: block, isAnimated: isAnimated)
                block += 1
            }
            plots.append(
                Self.panel(panel, at: index, of: figure, xRange: xRange, yRange: yRange, layers: layers))
        }
        self.data = data
        self.script =
            Self.head(figure, animation: animation, name: name) + plots.joined()
            + Self.foot(figure, isAnimated: isAnimated)
    }

    // MARK: Palette

    private static let colors = [
        "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C8C8C",
    ]
    private static let dashes = [
        "solid", "(14,5)", "(5,4)", "(14,4,3,4)", "(2,3)", "(20,5)", "solid", "(8,8)",
    ]

    private static let contourColor = "#A9B8C6"

    private static func color(_ index: Int) -> String { "'\(colors[index % colors.count])'" }

    private static func stroke(_ index: Int, width: Double) -> String {
        // Where the colours begin again, they have other dashes.
        let dash = dashes[(index + index / colors.count) % dashes.count]
        return "lc rgb \(color(index)) lw \(NumberFormat.shortest(width)) dt \(dash)"
    }

    // MARK: Data

    private static func block(
        _ curve: Curve, _ points: [Curve.Point], panel: Panel, yRange: ClosedRange<Double>
    ) -> String {
        var text =
            "\n\n# \(oneLine(panel.y.label)) against \(oneLine(panel.x.label)): \(oneLine(curve.label))\n"
        for point in points {
            // An empty line breaks the curve.
            if point.x.isNaN {
                text += "\n"
                continue
            }
            let y = panel.y.drawn(point.y)
            var bounds = [point.lower ?? point.y, point.upper ?? point.y].map { bound in
                // On a logarithmic scale a band may reach down to numbers that have no place there.
                panel.y.shows(bound) ? panel.y.drawn(bound) : yRange.lowerBound / 10
            }
            bounds.sort()
            text += "\(panel.x.drawn(point.x)) \(y) \(bounds[0]) \(bounds[1])\n"
        }
        return text
    }

    private static func layers(
        _ curve: Curve, _ points: [Curve.Point], block: Int, isAnimated: Bool
    ) -> [(order: Int, text: String)] {
        let source = "data index \(block)"
        let ink = color(curve.color)
        if isAnimated, curve.form == .line {
            return [
                (2, "\(source) every ::::last using 1:2 with lines \(stroke(curve.color, width: 2.2))"),
                (4, "\(source) every ::last::last using 1:2 with points lc rgb \(ink) pt 7 ps 1.1"),
            ]
        }
        let hasBand = points.contains { $0.lower != nil && $0.upper != nil }
        let band =
            hasBand
            ? [
                (
                    0,
                    "\(source) using 1:3:4 with filledcurves fs transparent solid 0.2 noborder fc rgb \(ink)"
                )
            ] : []
        switch curve.form {
        case .line:
            return [(2, "\(source) using 1:2 with lines \(stroke(curve.color, width: 2.2))")] + band
        case .dottedLine:
            return [
                (2, "\(source) using 1:2 with linespoints \(stroke(curve.color, width: 2)) pt 7 ps 0.7")
            ] + band
        case .excluded:
            return [(1, "\(source) using 1:2 with lines lc rgb \(ink) lw 1.7 dt (2,3)")]
        case .rings:
            return [(3, "\(source) using 1:2 with points lc rgb \(ink) lw 2 pt 6 ps 2.4")]
        case .smallRings:
            return [(3, "\(source) using 1:2 with points lc rgb \(ink) lw 2 pt 6 ps 1")]
        case .crosses:
            return [(3, "\(source) using 1:2 with points lc rgb \(ink) lw 2 pt 2 ps 1.3")]
        case .contour:
            return [(0, "\(source) using 1:2 with lines lc rgb '\(contourColor)' lw 1")]
        case .steps:
            return [(3, "\(source) using 1:2 with points lc rgb \(ink) pt 7 ps 0.55")]
        case .bars:
            // A bar's box: x and y, then its left, right, lower and upper ends.
            let half = NumberFormat.significant(curve.barWidth / 2, digits: 6)
            return [
                (
                    1,
                    "\(source) using 1:2:($1-\(half)):($1+\(half)):(0):2 with boxxyerror fs solid 0.85 noborder fc rgb \(ink)"
                )
            ]
        case .dots:
            return [(1, "\(source) using 1:2 with points lc rgb \(ink) pt 7 ps 0.6")]
        }
    }

    // MARK: Script

    private static func head(_ figure: Figure, animation: FigureAnimation?, name: String) -> String {
        let size = "\(figure.width),\(figure.height)"
        if let animation { return head(animation, size: size, name: name) }
        return """
            # \(oneLine(figure.title))
            # Draws \(name).svg and \(name).png from \(name).dat:  gnuplot \(name).gnuplot
            if (!exists("suffix")) suffix = ''
            data = '\(name).dat'
            set encoding utf8
            do for [format in "svg png"] {
            reset
            if (format eq "svg") {
                set terminal svg noenhanced size \(size) font 'sans-serif,13' background rgb 'white'
            } else {
                set terminal pngcairo noenhanced size \(size) font 'Sans,10' background rgb 'white'
            }
            set output '\(name).'.format.suffix
            set multiplot
            set border 3 lc rgb '#555555'
            set tics nomirror out textcolor rgb '#222222'
            set grid lc rgb '#E4E4E4' lw 1 lt 1
            unset key

            """
    }

    private static func head(_ animation: FigureAnimation, size: String, name: String) -> String {
        """
        # \(oneLine(animation.figure.title))
        # Draws \(name).gif, \(name).svg and \(name).png from \(name).dat:  gnuplot \(name).gnuplot
        if (!exists("suffix")) suffix = ''
        data = '\(name).dat'
        set encoding utf8
        do for [format in "svg png gif"] {
        if (format eq "svg") {
            set terminal svg noenhanced size \(size) font 'sans-serif,13' background rgb 'white'
        } else { if (format eq "png") {
            set terminal pngcairo noenhanced size \(size) font 'Sans,10' background rgb 'white'
        } else {
            set terminal gif noenhanced animate delay \(animation.delay) loop 0 optimize size \(size) font 'Sans,10' background rgb 'white'
        } }
        set output '\(name).'.format.suffix
        do for [frame = 0:(format eq "gif" ? \(animation.frameCount - 1) : 0)] {
        # The last point that is drawn of a curve; the last frame stands a while.
        last = format eq "gif" && frame * \(animation.stride) < \(animation.steps) ? frame * \(animation.stride) : \(animation.steps)
        reset
        # How much of the loop is over, at the foot; and frames that show the same all the same are not left out.
        if (format eq "gif") {
            set object 1 rectangle from screen 0, screen 0 to screen (frame + 1.0) / \(animation.frameCount), screen 0.006 behind fillcolor rgb '#C8C8C8' fillstyle solid noborder
        }
        set multiplot
        set border 3 lc rgb '#555555'
        set tics nomirror out textcolor rgb '#222222'
        set grid lc rgb '#E4E4E4' lw 1 lt 1
        unset key

        """
    }

    private static func panel(
        _ panel: Panel, at index: Int, of figure: Figure, xRange: ClosedRange<Double>,
        yRange: ClosedRange<Double>,
        layers: [(order: Int, text: String)]
    ) -> String {
        let frame = frame(at: index, of: figure)
        var text = "\n# \(oneLine(panel.y.label)) against \(oneLine(panel.x.label))\n"
        text += "set lmargin at screen \(frame.left); set rmargin at screen \(frame.right)\n"
        text += "set bmargin at screen \(frame.bottom); set tmargin at screen \(frame.top)\n"
        text += panel.title.isEmpty ? "unset title\n" : "set title \(quoted(panel.title)) offset 0,-0.6\n"
        text += axis("x", panel.x, range: xRange) + axis("y", panel.y, range: yRange)
        // The contours are grid enough.
        let isMap = panel.curves.contains { $0.form == .contour }
        text += isMap ? "unset grid\n" : "set grid lc rgb '#E4E4E4' lw 1 lt 1\n"
        let drawn = layers.sorted { $0.order < $1.order }.map(\.text)
        // An empty panel still shows its axes: a line out of sight.
        let hidden = "\(yRange.upperBound * 10 + 10) with lines lc rgb '#FFFFFF'"
        text += "plot " + (drawn.isEmpty ? [hidden] : drawn).joined(separator: ", \\\n     ") + "\n"
        return text
    }

    private static func axis(_ letter: String, _ axis: Axis, range: ClosedRange<Double>) -> String {
        let (low, high) = (range.lowerBound, range.upperBound)
        var text = axis.scale == .linear ? "unset logscale \(letter)\n" : "set logscale \(letter)\n"
        // Accuracies are drawn as errors, upside down.
        text += "set \(letter)range [\(axis.scale == .accuracy ? "\(high):\(low)" : "\(low):\(high)")]\n"
        let ticks = axis.ticks(in: range)
        if ticks.isEmpty {
            text +=
                "set \(letter)tics \(axis.step.map { NumberFormat.shortest($0) } ?? "autofreq")\nset format \(letter) '%g'\n"
        } else {
            let list = ticks.map { tick in
                tick.label.isEmpty ? "'' \(tick.position) 1" : "\(quoted(tick.label)) \(tick.position) 0"
            }
            text += "set \(letter)tics (\(list.joined(separator: ", ")))\n"
        }
        // The SVG terminal puts the label below an axis farther away than the PNG one does.
        let offset = letter == "x" ? " offset 0,(format eq 'svg' ? 0.7 : 0)" : ""
        return text + "set \(letter)label \(quoted(axis.label))\(offset)\n"
    }

    private static func foot(_ figure: Figure, isAnimated: Bool) -> String {
        let lines = figure.notes
        var text = "\n# Title, legend and notes\n"
        text +=
            "set lmargin at screen 0; set rmargin at screen 1; set bmargin at screen 0; set tmargin at screen 1\n"
        text +=
            "unset logscale; unset tics; unset border; unset grid; unset xlabel; unset ylabel; unset title\n"
        text += "set xrange [0:1]; set yrange [0:1]\n"
        let pixel = 1 / Double(figure.height)
        let small = "(format eq 'svg' ? 'sans-serif,12' : 'Sans,9')"
        text += "set label 1 \(quoted(figure.title)) at screen 0.5, screen \(rounded(1 - 20 * pixel)) center "
        text += "font (format eq 'svg' ? 'sans-serif,17' : 'Sans:Bold,12')\n"
        text +=
            "set label 2 \(quoted(figure.subtitle)) at screen 0.5, screen \(rounded(1 - 44 * pixel)) center "
        text += "font \(small) textcolor rgb '#444444'\n"
        for (index, note) in lines.enumerated() {
            let y = rounded(Double(lines.count - index) * noteHeight * pixel - 6 * pixel)
            text += "set label \(index + 3) \(quoted(note)) at screen 0.5, screen \(y) center "
            text += "font \(small) textcolor rgb '#444444'\n"
        }
        let y = rounded((Double(lines.count) * noteHeight + figure.legendHeight / 2 + 4) * pixel)
        text +=
            "set key horizontal center center at screen 0.5, screen \(y) reverse Left samplen 4 spacing 1.2 width 3\n"
        let entries = figure.legend.map { entry -> String in
            let title = "title \(quoted(entry.label))"
            // A mark means the same whatever the colour.
            let ink = "lc rgb \(entry.form == .excluded ? color(entry.color) : "'#444444'")"
            switch entry.form {
            case .line: return "2 with lines \(stroke(entry.color, width: 2.2)) \(title)"
            case .dottedLine:
                return "2 with linespoints \(stroke(entry.color, width: 2)) pt 7 ps 0.7 \(title)"
            case .excluded: return "2 with lines \(ink) lw 1.7 dt (2,3) \(title)"
            case .rings: return "2 with points \(ink) lw 2 pt 6 ps 2.4 \(title)"
            case .smallRings: return "2 with points \(ink) lw 2 pt 6 ps 1 \(title)"
            case .crosses: return "2 with points \(ink) lw 2 pt 2 ps 1.3 \(title)"
            case .contour: return "2 with lines lc rgb '\(contourColor)' lw 1 \(title)"
            case .steps: return "2 with points lc rgb \(color(entry.color)) pt 7 ps 0.55 \(title)"
            case .dots: return "2 with points lc rgb \(color(entry.color)) pt 7 ps 0.6 \(title)"
            case .bars: return "2 with boxes fs solid 0.85 noborder fc rgb \(color(entry.color)) \(title)"
            }
        }
        text += "plot " + (entries.isEmpty ? ["2 notitle"] : entries).joined(separator: ", \\\n     ") + "\n"
        return text
            + (isAnimated ? "unset multiplot\n}\nunset output\n}\n" : "unset multiplot\nunset output\n}\n")
    }

    // MARK: Layout

    private static let titleHeight = 66.0
    private static let noteHeight = 19.0

    /// Where a panel's axes stand, in fractions of the figure.
    private static func frame(
        at index: Int, of figure: Figure
    ) -> (left: Double, right: Double, bottom: Double, top: Double) {
        let rows = max(1, (figure.panels.count + figure.columns - 1) / figure.columns)
        let (row, column) = (index / figure.columns, index % figure.columns)
        let (width, height) = (Double(figure.width), Double(figure.height))
        let foot = figure.legendHeight + noteHeight * Double(figure.notes.count) + 8
        let cell = (
            width: (width - 16) / Double(figure.columns), height: (height - titleHeight - foot) / Double(rows)
        )
        // Room for tick labels; and for an axis label in those columns and rows that have one.
        let peers = figure.panels.indices.filter { $0 % figure.columns == column }.map { figure.panels[$0] }
        let roomLeft = peers.contains { !$0.y.label.isEmpty } ? 78.0 : 52.0
        let start = figure.panels.indices.filter { $0 / figure.columns == row }.map { figure.panels[$0] }
        let roomBelow = start.contains { !$0.x.label.isEmpty } ? 52.0 : 34.0
        let left = Double(column) * cell.width + roomLeft
        let right = Double(column + 1) * cell.width
        let roomAbove = start.contains { !$0.title.isEmpty } ? Figure.panelTitleHeight : 0
        let ceiling = height - titleHeight - Double(row) * cell.height
        let (top, bottom) = (ceiling - roomAbove, ceiling - cell.height + roomBelow)
        return (
            rounded(left / width), rounded(right / width), rounded(bottom / height), rounded(top / height)
        )
    }

    static func rounded(_ value: Double) -> Double { (value * 1e5).rounded() / 1e5 }

    /// A string for gnuplot in single quotes, in which nothing is expanded, backquotes least of all.
    static func quoted(_ text: String) -> String {
        "'" + oneLine(text).split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            + "'"
    }

    static func oneLine(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : Character($0) })
    }
}
