/// A picture: panels in rows, one legend for all of them beneath, a title above.
///
/// A description only; ``GnuplotScript`` turns it into a script and a data file, and the command's small chart draws
/// a panel of it in characters.
public struct Figure: Codable, Sendable, Equatable {
    /// The first line above the panels.
    public var title: String
    /// A smaller line beneath the title.
    public var subtitle: String
    /// Smaller lines at the foot: what a reader has to know to read the curves right.
    public var notes: [String]
    /// Panels in a row.
    public var columns: Int
    /// The panels, row by row.
    public var panels: [Panel]
    /// The width in pixels.
    public var width: Int
    /// The height in pixels.
    public var height: Int

    /// A figure of panels.
    public init(
        title: String, subtitle: String = "", notes: [String] = [], columns: Int = 1, panels: [Panel],
        width: Int = 900, height: Int = 640
    ) {
        precondition(columns > 0, "a figure needs at least one column, not \(columns)")
        self.title = title
        self.subtitle = subtitle
        self.notes = notes
        self.columns = columns
        self.panels = panels
        self.width = width
        self.height = height
    }

    /// One entry of the legend.
    struct LegendEntry: Equatable {
        var label: String
        var color: Int
        var form: Curve.Form
    }

    /// Every label once, lines before marks, otherwise in the order in which the curves bring them up.
    var legend: [LegendEntry] {
        var entries: [LegendEntry] = []
        for curve in panels.flatMap(\.curves) where !curve.label.isEmpty {
            if !entries.contains(where: { $0.label == curve.label }) {
                entries.append(LegendEntry(label: curve.label, color: curve.color, form: curve.form))
            }
        }
        return entries.filter { !$0.form.isMark } + entries.filter(\.form.isMark)
    }
}

/// One pair of axes and what is drawn between them.
public struct Panel: Codable, Sendable, Equatable {
    /// The horizontal axis.
    public var x: Axis
    /// The vertical axis.
    public var y: Axis
    /// The curves, the first one lowest.
    public var curves: [Curve]

    /// A panel of curves.
    public init(x: Axis, y: Axis, curves: [Curve]) {
        self.x = x
        self.y = y
        self.curves = curves
    }
}

/// Points that belong together.
public struct Curve: Codable, Sendable, Equatable {
    /// How the points are drawn.
    public enum Form: String, Codable, Sendable {
        /// A line through the points, with a band where they have bounds.
        case line
        /// A line with a dot at each point.
        case dottedLine
        /// A thin dotted line: a run that is shown but counts in no mean.
        case excluded
        /// A ring at each point.
        case rings
        /// A cross at each point.
        case crosses

        /// Whether points stand alone.
        var isMark: Bool { self == .rings || self == .crosses }
    }

    /// One point, with the bounds of its band.
    public struct Point: Codable, Sendable, Equatable {
        /// The abscissa.
        public var x: Double
        /// The ordinate.
        public var y: Double
        /// The band's lower bound; no band without both.
        public var lower: Double?
        /// The band's upper bound.
        public var upper: Double?

        /// A point.
        public init(x: Double, y: Double, lower: Double? = nil, upper: Double? = nil) {
            self.x = x
            self.y = y
            self.lower = lower
            self.upper = upper
        }
    }

    /// The entry in the legend; an empty one makes none, the same one is listed once.
    public var label: String
    /// Which colour and dash of the palette, from 0.
    public var color: Int
    /// How the points are drawn.
    public var form: Form
    /// The points in drawing order.
    public var points: [Point]

    /// A curve.
    public init(label: String, color: Int, form: Form = .line, points: [Point]) {
        self.label = label
        self.color = color
        self.form = form
        self.points = points
    }
}
