/// Points that belong together.
public struct Curve: Codable, Sendable, Equatable {
    /// How the points are drawn.
    public enum Form: String, Codable, Sendable {
        /// A line through the points, with a band where they have bounds.
        case line
        /// A line with a dot at each point, with a band where they have bounds.
        case dottedLine
        /// A thin dotted line: a run that is shown but counts in no mean.
        case excluded
        /// A ring at each point.
        case rings
        /// A small ring at each point.
        case smallRings
        /// A cross at each point.
        case crosses
        /// A small dot at each point, in the curve's colour: a cloud of measurements.
        case dots
        /// Thin grey lines, broken where a coordinate is NaN: the shape of a function.
        case contour
        /// A bar from 0 to each point, points being evenly spaced.
        case bars
        /// A dot on the curve at some of its points.
        case steps

        /// Whether points stand alone.
        var isMark: Bool { [.rings, .smallRings, .crosses, .dots, .steps].contains(self) }
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
