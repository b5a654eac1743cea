/// Points that belong together.
package struct Curve: Codable, Sendable, Equatable {
    /// How the points are drawn.
    package enum Form: String, Codable, Sendable {
        /// A line through the points, with a band where they have bounds.
        case line
        /// A line with a dot at each point.
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
    package struct Point: Codable, Sendable, Equatable {
        /// The abscissa.
        package var x: Double
        /// The ordinate.
        package var y: Double
        /// The band's lower bound; no band without both.
        package var lower: Double?
        /// The band's upper bound.
        package var upper: Double?

        /// A point.
        package init(x: Double, y: Double, lower: Double? = nil, upper: Double? = nil) {
            self.x = x
            self.y = y
            self.lower = lower
            self.upper = upper
        }
    }

    /// The entry in the legend; an empty one makes none, the same one is listed once.
    package var label: String
    /// Which colour and dash of the palette, from 0.
    package var color: Int
    /// How the points are drawn.
    package var form: Form
    /// The points in drawing order.
    package var points: [Point]

    /// A curve.
    package init(label: String, color: Int, form: Form = .line, points: [Point]) {
        self.label = label
        self.color = color
        self.form = form
        self.points = points
    }
}
