import Glibc

/// Horizontal bars on a logarithmic axis, in groups with a title each, in columns side by side.
package struct BarChart: Sendable, Equatable {
    /// How a bar looks.
    package enum Style: Sendable, Equatable {
        /// The one that the picture is about.
        case own
        /// One to compare it with.
        case other
        /// A bound: hollow.
        case limit
    }

    /// A bar, with a text at its end.
    package struct Bar: Sendable, Equatable {
        /// What stands at its end.
        package var label: String
        /// Its length; `nil` for the text alone.
        package var value: Double?
        /// How it looks.
        package var style: Style

        /// A bar.
        package init(label: String, value: Double?, style: Style) {
            self.label = label
            self.value = value
            self.style = style
        }
    }

    /// Bars that belong together.
    package struct Group: Sendable, Equatable {
        /// What stands above them.
        package var title: String
        /// From top to bottom.
        package var bars: [Bar]

        /// A group.
        package init(title: String, bars: [Bar]) {
            self.title = title
            self.bars = bars
        }
    }

    /// Groups one below the other.
    package struct Column: Sendable, Equatable {
        /// What stands above it.
        package var title: String
        /// From top to bottom.
        package var groups: [Group]

        /// A column.
        package init(title: String, groups: [Group]) {
            self.title = title
            self.groups = groups
        }
    }

    /// The first line.
    package var title: String
    /// A smaller line beneath it.
    package var subtitle: String
    /// What the axis measures.
    package var axis: String
    /// Side by side; they share the axis' range.
    package var columns: [Column]

    /// A chart of bars.
    package init(title: String, subtitle: String = "", axis: String, columns: [Column]) {
        self.title = title
        self.subtitle = subtitle
        self.axis = axis
        self.columns = columns
    }

    // MARK: Layout, in pixels

    private static let head = 84.0
    private static let foot = 52.0
    private static let line = 16.0
    private static let columnWidth = 560.0
    private static let gap = 24.0
    /// Lines above a group for its title and some air.
    private static let titleLines = 1.6

    private var width: Double {
        Self.gap + Double(max(1, columns.count)) * (Self.columnWidth + Self.gap)
    }

    /// Lines of the longest column.
    private var lineCount: Double {
        let counts = columns.map { column in
            column.groups.reduce(0.0) { $0 + Self.titleLines + Double($1.bars.count) }
        }
        return max(1, counts.max() ?? 1) + 0.5
    }

    private var height: Double { Self.head + Self.line * lineCount + Self.foot }

    /// Whole decades around the values, and on the right enough room for the text at the longest bar.
    var range: ClosedRange<Double> {
        let values = columns.flatMap(\.groups).flatMap(\.bars).compactMap(\.value)
            .filter { $0 > 0 && $0.isFinite }
        guard let least = values.min(), let greatest = values.max() else { return 0.1...10 }
        let low = pow(10, (log10(least) - 0.1).rounded(.down))
        let decades = max(1, log10(greatest / low))
        // The text takes up to half of the width.
        return low...(low * pow(10, decades / 0.52))
    }

    // MARK: Script

    /// The script that draws the chart.
    package func script(name: String) -> GnuplotScript {
        let range = range
        var data = "# \(GnuplotScript.oneLine(title))\n# from to bottom top\n"
        var body = ""
        var block = 0
        for (index, column) in columns.enumerated() {
            var drawn: [String] = []
            body += head(of: column, at: index, range: range)
            var label = 10
            var place = 0.0
            for group in column.groups {
                place += Self.titleLines
                body += Self.text(group.title, label, x: "graph 0", y: place - 0.55, style: "font bold")
                label += 1
                for bar in group.bars {
                    let end = bar.value.map { min(max($0, range.lowerBound), range.upperBound) }
                    if let end {
                        data += "\n\n\(range.lowerBound) \(end) \(place + 0.1) \(place + 0.9)\n"
                        drawn.append(Self.plot(bar.style, block: block))
                        block += 1
                    }
                    body += Self.text(
                        bar.label, label, x: "first \(end ?? range.lowerBound)", y: place + 0.5,
                        style: "offset character 0.6,0")
                    label += 1
                    place += 1
                }
            }
            if drawn.isEmpty { drawn = ["-1 notitle"] }
            body += "plot " + drawn.joined(separator: ", \\\n     ") + "\nunset label\n"
        }
        if columns.isEmpty { body = "unset border\nunset tics\nplot [0:1] [0:1] 2 notitle\n" }
        return GnuplotScript(
            name: name, script: opening(name: name) + body + "unset multiplot\nunset output\n}\n", data: data)
    }

    private func opening(name: String) -> String {
        let size = "\(Int(width.rounded())),\(Int(height.rounded()))"
        return """
            # \(GnuplotScript.oneLine(title))
            # Draws \(name).svg and \(name).png from \(name).dat:  gnuplot \(name).gnuplot
            if (!exists("suffix")) suffix = ''
            data = '\(name).dat'
            set encoding utf8
            do for [format in "svg png"] {
            reset
            if (format eq "svg") {
                set terminal svg noenhanced size \(size) font 'sans-serif,12' background rgb 'white'
                bold = 'sans-serif,13'
            } else {
                set terminal pngcairo noenhanced size \(size) font 'Sans,9' background rgb 'white'
                bold = 'Sans:Bold,9'
            }
            set output '\(name).'.format.suffix
            set multiplot
            set label 1 \(GnuplotScript.quoted(title)) at screen 0.5, screen \(y(22)) center \\
                font (format eq 'svg' ? 'sans-serif,17' : 'Sans:Bold,12')
            set label 2 \(GnuplotScript.quoted(subtitle)) at screen 0.5, screen \(y(46)) center textcolor rgb '#444444'
            unset key
            set border 1 lc rgb '#555555'
            set tics nomirror out textcolor rgb '#222222'
            unset ytics
            set grid xtics lc rgb '#E4E4E4' lw 1 lt 1

            """
    }

    private func head(of column: Column, at index: Int, range: ClosedRange<Double>) -> String {
        let left = Self.gap + Double(index) * (Self.columnWidth + Self.gap)
        // No marks beyond the bars, where there is only text.
        let longest = columns.flatMap(\.groups).flatMap(\.bars).compactMap(\.value).max() ?? range.upperBound
        let decades = Axis(axis, scale: .logarithmic).ticks(
            in: range.lowerBound...max(longest, range.lowerBound * 10))
        let ticks = decades.filter { !$0.label.isEmpty }
            .map { "\(GnuplotScript.quoted($0.label)) \($0.position)" }
        var text = "\nset lmargin at screen \(x(left)); set rmargin at screen \(x(left + Self.columnWidth)); "
        text += "set tmargin at screen \(y(Self.head)); set bmargin at screen \(y(height - Self.foot))\n"
        text += "set logscale x\nset xrange [\(range.lowerBound):\(range.upperBound)]\n"
        text += "set yrange [\(lineCount):0]\nset xtics (\(ticks.joined(separator: ", ")))\n"
        text += "set xlabel \(GnuplotScript.quoted(self.axis))\n"
        text += "set label 3 \(GnuplotScript.quoted(column.title)) at graph 0.5, screen \(y(Self.head - 12)) "
        return text + "center font bold\n"
    }

    private static func text(_ text: String, _ number: Int, x: String, y: Double, style: String) -> String {
        "set label \(number) \(GnuplotScript.quoted(text)) at \(x), first \(y) left front \(style)\n"
    }

    private static func plot(_ style: Style, block: Int) -> String {
        let fill =
            switch style {
            case .own: "fs solid 0.9 noborder fc rgb '#0072B2'"
            case .other: "fs solid 0.75 noborder fc rgb '#E69F00'"
            case .limit: "lc rgb '#222222' lw 1 fs empty border"
            }
        return "data index \(block) using 1:3:1:2:3:4 with boxxyerror \(fill) notitle"
    }

    private func x(_ pixels: Double) -> Double { GnuplotScript.rounded(pixels / width) }

    /// From the top, as one reads.
    private func y(_ pixels: Double) -> Double { GnuplotScript.rounded(1 - pixels / height) }
}

extension Gnuplot {
    /// Draws a chart of bars into one file, svg or png by the ending of its name.
    ///
    /// - Throws: ``ReportError`` when the file cannot be written or gnuplot fails.
    package func draw(_ chart: BarChart, to path: String) throws(ReportError) {
        try draw(chart.script(name: "figure"), to: path)
    }
}
